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
  /** The other promise, whose queue calls join meanwhile: those made on it directly must not overtake them. */
  #joined: QueueHook | undefined;
  readonly #waiting: QueuedOutcome[] = [];
  readonly #listeners = new Set<() => void>();

  /** @param isHandedOut whether calls may be made on the promise itself, besides those that come through others */
  constructor(private readonly isHandedOut = false) {
    super();
  }

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
    if (this.#joined !== undefined) return this.#joined.call(request);
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

  /** Sends on what has waited; to a promise of this process, too, which is then waited for. */
  #proceed(): void {
    const target = this.#target;
    if (target === undefined) return;
    const inner = innermost(target);
    if (inner instanceof QueueHook && inner.isPromise) {
      if (inner.isHandedOut) {
        this.#sendWaiting(inner);
        this.#joined = inner;
      }
      inner.onSettled(() => runInTurn(() => this.#proceed()));
      return;
    }
    this.#sendWaiting(inner);
    this.#joined = undefined;
    this.#resolution = target;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
    this.release();
  }

  /** Until the queue is empty new calls join its end: one made while an earlier one is sent on must not overtake. */
  #sendWaiting(target: CapHook): void {
    for (let next = 0; next < this.#waiting.length; next++) this.#waiting[next]?.send(target);
    this.#waiting.length = 0;
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
