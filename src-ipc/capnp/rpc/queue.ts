import { withoutCycle } from './broken.js';
import type { RpcError } from './error.js';
import { CapHook, innermost } from './hook.js';
import { Outcome } from './outcome.js';
import type { ResolvableHook } from './outcome.js';
import type { CallRequest } from './request.js';
import { runInTurn } from './turn-queue.js';

/** A promise of this process. Calls wait here in order until it is known where they go. */
export class QueueHook extends CapHook implements ResolvableHook {
  #resolution: CapHook | undefined;
  /** What it has been resolved to, which may be another promise that has to be waited for. */
  #target: CapHook | undefined;
  readonly #waiting: QueuedOutcome[] = [];
  readonly #listeners = new Set<() => void>();

  override get resolution(): CapHook | undefined {
    return this.#resolution;
  }

  override get isPromise(): boolean {
    return this.#resolution === undefined;
  }

  override get awaited(): CapHook | undefined {
    return this.#target;
  }

  override call(request: CallRequest): Outcome {
    if (this.#resolution !== undefined) return this.#resolution.call(request);
    const outcome = new QueuedOutcome(request);
    // Calls that wait keep the promise alive, as nobody else may hold it any more.
    if (this.#waiting.length === 0 && this.#target === undefined) this.addRef();
    this.#waiting.push(outcome);
    return outcome;
  }

  resolve(hook: CapHook): void {
    if (this.#target !== undefined) {
      hook.release();
      return;
    }
    if (this.#waiting.length === 0) this.addRef();
    this.#target = withoutCycle(this, hook);
    runInTurn(() => this.#proceed());
  }

  /** Sends on what has waited, unless the target is itself a promise of this process. */
  #proceed(): void {
    const target = this.#target;
    if (target === undefined) return;
    const inner = innermost(target);
    if (inner instanceof QueueHook && inner.isPromise) {
      inner.onSettled(() => runInTurn(() => this.#proceed()));
      return;
    }
    // Until the queue is empty new calls join its end: one made while an earlier one is sent on must not overtake.
    for (let next = 0; next < this.#waiting.length; next++) this.#waiting[next]?.send(inner);
    this.#waiting.length = 0;
    this.#resolution = target;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
    this.release();
  }

  override onSettled(listener: () => void): () => void {
    if (!this.isPromise) return super.onSettled(listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected override dropped(): void {
    this.#target?.release();
  }
}

/** The outcome of a call that waits in a queue. */
class QueuedOutcome extends Outcome {
  #request: CallRequest | undefined;

  constructor(request: CallRequest) {
    super();
    this.#request = request;
  }

  send(target: CapHook): void {
    const request = this.#request;
    this.#request = undefined;
    if (request !== undefined) this.link(target.call(request));
  }

  override cancel(error: RpcError): void {
    this.#request?.dispose();
    this.#request = undefined;
    super.cancel(error);
  }

  protected override newPipeline(): ResolvableHook {
    return new QueueHook();
  }
}
