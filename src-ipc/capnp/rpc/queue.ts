import { withoutCycle } from './broken.js';
import type { RpcError } from './error.js';
import { CapHook } from './hook.js';
import { Outcome } from './outcome.js';
import type { ResolvableHook } from './outcome.js';
import type { CallRequest } from './request.js';

/** A promise of this process. Calls wait here in order until it is known where they go. */
export class QueueHook extends CapHook implements ResolvableHook {
  #resolution: CapHook | undefined;
  #waiting: QueuedOutcome[] = [];
  #isResolving = false;
  readonly #listeners = new Set<() => void>();

  override get resolution(): CapHook | undefined {
    return this.#resolution;
  }

  override get isPromise(): boolean {
    return this.#resolution === undefined;
  }

  override call(request: CallRequest): Outcome {
    if (this.#resolution !== undefined) return this.#resolution.call(request);
    const outcome = new QueuedOutcome(request);
    // Calls that wait keep the promise alive, as nobody else may hold it any more.
    if (this.#waiting.length === 0 && !this.#isResolving) this.addRef();
    this.#waiting.push(outcome);
    return outcome;
  }

  resolve(resolution: CapHook): void {
    if (this.#isResolving) {
      resolution.release();
      return;
    }
    this.#isResolving = true;
    const hook = withoutCycle(this, resolution);
    const hadCalls = this.#waiting.length > 0;
    // Until the queue is empty new calls join its end: one made while an earlier one is sent on must not overtake.
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next.send(hook);
    this.#resolution = hook;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
    if (hadCalls) this.release();
  }

  override onSettled(listener: () => void): () => void {
    if (!this.isPromise) return super.onSettled(listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected override dropped(): void {
    this.#resolution?.release();
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
