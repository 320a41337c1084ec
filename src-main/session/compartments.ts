/** The three compartments of the bar at the bottom of the window. */
import type { Compartment, CompartmentId, CompartmentState } from '../../src-interfaces/facade.js';
import type { Push } from './wallet-session.js';

function same(a: Compartment, b: Compartment): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export class Compartments {
  readonly #push: Push;
  readonly #all: Map<CompartmentId, Compartment>;

  constructor(push: Push, version: string) {
    this.#push = push;
    const idle = { state: { kind: 'stopped' }, pid: null, startedAtMilliseconds: null, memoryBytes: null, version: '', connection: '', logPath: null } as const;
    this.#all = new Map<CompartmentId, Compartment>([
      [
        'window',
        {
          ...idle,
          id: 'window',
          state: { kind: 'running' },
          pid: process.pid,
          startedAtMilliseconds: Date.now() - Math.round(process.uptime() * 1000),
          version,
          connection: 'this window',
        },
      ],
      ['node', { ...idle, id: 'node' }],
      ['wallet', { ...idle, id: 'wallet' }],
    ]);
  }

  list(): readonly Compartment[] {
    return [...this.#all.values()];
  }

  get(id: CompartmentId): Compartment {
    const compartment = this.#all.get(id);
    if (compartment === undefined) throw new Error(`no compartment ${id}`);
    return compartment;
  }

  /** Changes some fields, and tells the window when that made a difference. */
  update(id: CompartmentId, change: Partial<Omit<Compartment, 'id'>>): void {
    const before = this.get(id);
    const after: Compartment = { ...before, ...change };
    if (same(before, after)) return;
    this.#all.set(id, after);
    this.#push('compartments.state', after);
  }

  setState(id: CompartmentId, state: CompartmentState): void {
    this.update(id, { state });
  }

  /** The state of a program that is gone: it has no process any more. */
  ended(id: CompartmentId, state: CompartmentState): void {
    this.update(id, { state, pid: null, startedAtMilliseconds: null, memoryBytes: null });
  }
}

export type Crashed = Extract<CompartmentState, { kind: 'crashed' }>;

/**
 * The state of a program that ended unasked.
 * @param reason a sentence in plain words
 * @param end left out when it is not known
 * @param atMilliseconds since 1970
 */
export function crashedState(reason: string, end: Partial<Pick<Crashed, 'exitCode' | 'signal' | 'lastLines'>> = {}, atMilliseconds = Date.now()): Crashed {
  const { exitCode = null, signal = null, lastLines = [] } = end;
  return { kind: 'crashed', reason, exitCode, signal, atMilliseconds, lastLines };
}

/** How a program ended, as one sentence: "The node was killed (SIGKILL)." Its last line says why, when it wrote one. */
export function endReason(program: 'node' | 'wallet', exitCode: number | null, signal: string | null, lastLines: readonly string[] = []): string {
  const how =
    signal !== null
      ? signal === 'SIGKILL'
        ? 'was killed (SIGKILL)'
        : `was ended by ${signal}`
      : exitCode === null
        ? 'stopped without saying why'
        : exitCode === 0
          ? 'stopped'
          : `stopped with exit status ${exitCode}`;
  // Of a fault's stack, the line with the error; else the last one.
  const last = (lastLines.find((line) => /^\w*Error: /.test(line)) ?? lastLines.at(-1))?.replace(/^Error: /, '');
  const sentence = `The ${program} ${how}${last === undefined || signal !== null ? '' : `: ${last}`}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
