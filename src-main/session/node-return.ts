/** Brings a node back that was there before: one of the window's own is started again, any other is connected to again. */
import type { CompartmentState } from '../../src-interfaces/facade.js';
import { IpcError, isPassing, reconnectPolicy, restartPolicy, Retrying, type RetryClock, type RetryState } from '../../src-ipc/process/index.js';
import { NodeStartFailure } from '../programs/node-connection.js';
import { crashedState, type Compartments, type Crashed } from './compartments.js';

export type Detached = Extract<CompartmentState, { kind: 'detached' }>;

export interface NodeReturnParts {
  readonly compartments: Compartments;
  /** Finds or starts the node and opens sessions with it. */
  attempt(): Promise<void>;
  /** The next attempt is waited for. */
  waits(): void;
  /** The node will not be back by itself. */
  gaveUp(): void;
  log(text: string): void;
  readonly clock?: RetryClock;
}

/** True when another attempt cannot mend it: the node said why it does not start, or the person has to do something. */
export function isFinal(error: unknown): boolean {
  if (error instanceof NodeStartFailure) return error.end.exitCode !== null;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof IpcError && !isPassing(cause.code);
}

export class NodeReturn {
  readonly #parts: NodeReturnParts;
  readonly #restarts: Retrying;
  readonly #reconnects: Retrying;
  #down: Crashed | Detached | undefined;

  constructor(parts: NodeReturnParts) {
    this.#parts = parts;
    const { clock } = parts;
    const common = { attempt: () => parts.attempt(), isFinal, changed: (state: RetryState) => this.#tell(state), ...(clock === undefined ? {} : { clock }) };
    this.#restarts = new Retrying({ ...common, policy: restartPolicy });
    this.#reconnects = new Retrying({ ...common, policy: reconnectPolicy });
  }

  /** True from the end of the node until it is back or given up. */
  get isUnderWay(): boolean {
    return [this.#restarts, this.#reconnects].some(({ state }) => state.kind === 'waiting' || state.kind === 'trying');
  }

  /** The window's own node crashed: it is started again. */
  crashed(state: Crashed): void {
    this.#down = state;
    this.#restarts.failed(state.reason);
  }

  /** The connection to a node was lost: it is looked for again, and never replaced by another. */
  lost(state: Detached): void {
    this.#down = state;
    this.#reconnects.failed(state.reason);
  }

  worked(): void {
    this.#down = undefined;
    this.#restarts.worked();
    this.#reconnects.worked();
  }

  /** Calls everything off: a person asked for something else, or the window leaves. */
  reset(): void {
    this.#down = undefined;
    this.#restarts.reset();
    this.#reconnects.reset();
  }

  #tell(state: RetryState): void {
    const { compartments, log } = this.#parts;
    const down = this.#down;
    if (down === undefined) return;
    if (state.kind === 'waiting') {
      const of = Number.isFinite(state.of) ? state.of : null;
      const retry = { atMilliseconds: state.at, attempt: state.attempt, of };
      // It may be lost again before it was back for long: then attempts count on.
      const failure = state.reason === down.reason ? null : state.reason;
      compartments.ended('node', down.kind === 'detached' ? { ...down, failure, retry } : { ...down, reason: failure ?? down.reason, retry });
      this.#parts.waits();
      log(`${state.reason} Attempt ${state.attempt}${of === null ? '' : ` of ${of}`} in ${Math.round((state.at - Date.now()) / 1000)} s`);
    } else if (state.kind === 'given-up') {
      compartments.ended('node', down.kind === 'crashed' ? { ...down, reason: state.reason, atMilliseconds: Date.now() } : { ...crashedState(state.reason), never: 'reached' });
      compartments.ended('wallet', { kind: 'stopped' });
      log(`given up: ${state.reason}`);
      this.#parts.gaveUp();
    }
  }
}
