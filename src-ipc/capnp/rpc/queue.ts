import { withoutCycle } from './broken.js';
import { toRpcError } from './error.js';
import type { RpcError } from './error.js';
import { CapHook, innermost, releaseInTurn } from './hook.js';
import { Outcome } from './outcome.js';
import type { ResolvableHook } from './outcome.js';
import type { CallRequest } from './request.js';
import { runInTurn } from './turn-queue.js';
import type { WaitingRoom } from './waiting-room.js';

/**
 * A promise of this process. Calls wait here in order until it is known where they go. A promise that has become
 * another one stands in that one's queue, where calls that are made on it from then on follow it: calls made on the
 * other directly must not overtake those that came by way of the first.
 */
export class QueueHook extends CapHook implements ResolvableHook {
  #resolution: CapHook | undefined;
  /** What it has been resolved to, which may be another promise that has to be waited for. */
  #target: CapHook | undefined;
  /** The other promise, while it is waited for. */
  #joined: QueueHook | undefined;
  #stopListening: (() => void) | undefined;
  readonly #waiting = new Set<QueuedOutcome | QueueHook>();
  readonly #listeners = new Set<() => void>();
  readonly #room: WaitingRoom | undefined;

  /** @param room of the peer that decides how long calls wait here, if one does */
  constructor(room?: WaitingRoom) {
    super();
    this.#room = room;
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
    let last = this.#joined;
    for (let next = last; next !== undefined; next = next.#joined) last = next;
    if (last !== undefined) return last.call(request);
    try {
      if (request.peer === undefined) this.#room?.enter(request.byteLength);
    } catch (error) {
      request.dispose();
      return Outcome.failed(toRpcError(error));
    }
    const outcome: QueuedOutcome = new QueuedOutcome(request, this.#room, () => this.#leave(outcome));
    this.#enter(outcome);
    return outcome;
  }

  resolve(hook: CapHook): void {
    if (this.#target !== undefined) {
      hook.release();
      return;
    }
    this.#target = withoutCycle(this, hook);
    this.#proceedInTurn();
  }

  #proceedInTurn(): void {
    this.addRef();
    runInTurn(() => {
      this.#proceed();
      this.release();
    });
  }

  /** Sends on what has waited, unless the target is itself a promise of this process. */
  #proceed(): void {
    const target = this.#target;
    if (target === undefined) return;
    const inner = innermost(target);
    if (inner instanceof QueueHook && inner.isPromise) {
      this.#joined = inner;
      if (this.#waiting.size > 0) inner.#enter(this);
      this.#stopListening = inner.onSettled(() => this.#proceedInTurn());
      return;
    }
    this.#send(inner);
    this.#joined = undefined;
    this.#resolution = target;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /** What waits keeps the promise alive, as nobody else may hold it any more. */
  #enter(waiting: QueuedOutcome | QueueHook): void {
    if (this.#waiting.size === 0) this.addRef();
    this.#waiting.add(waiting);
  }

  /** Takes something out. Returns whether nothing is left. */
  #takeOut(entry: QueuedOutcome | QueueHook): boolean {
    return this.#waiting.delete(entry) && this.#waiting.size === 0;
  }

  /** Something is not to be sent any more; nor are promises then that only it made wait in one another. */
  #leave(entry: QueuedOutcome): void {
    if (!this.#takeOut(entry)) return;
    const emptied: QueueHook[] = [this];
    for (const queue of emptied) {
      const next = queue.#joined;
      if (next !== undefined && next.#takeOut(queue)) emptied.push(next);
    }
    for (const queue of emptied.reverse()) releaseInTurn(queue);
  }

  /**
   * Sends what waits here and in the promises that stand in this queue, without going deeper on the stack for each.
   * Until the queue is empty new calls join its end: one made while an earlier one is sent on must not overtake.
   */
  #send(target: CapHook): void {
    const open: { readonly queue: QueueHook; readonly waiting: Iterator<QueuedOutcome | QueueHook> }[] = [];
    const begin = (queue: QueueHook): void => {
      if (queue.#waiting.size > 0) open.push({ queue, waiting: queue.#waiting.values() });
    };
    begin(this);
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      const next = last.waiting.next();
      if (next.done === true) {
        open.pop();
        last.queue.#waiting.clear();
        last.queue.release();
      } else if (next.value instanceof QueueHook) {
        begin(next.value);
      } else {
        next.value.send(target);
      }
    }
  }

  override onSettled(listener: () => void): () => void {
    if (!this.isPromise) return super.onSettled(listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected override dropped(): void {
    this.#stopListening?.();
    if (this.#target !== undefined) releaseInTurn(this.#target);
  }
}

/** The outcome of a call that waits in a queue. */
class QueuedOutcome extends Outcome {
  #request: CallRequest | undefined;
  readonly #room: WaitingRoom | undefined;
  readonly #onGivenUp: () => void;

  /**
   * @param room of the queue, in which it has been counted if it comes from here
   * @param onGivenUp told when the call is not to be sent any more
   */
  constructor(request: CallRequest, room: WaitingRoom | undefined, onGivenUp: () => void) {
    super();
    this.#request = request;
    this.#room = room;
    this.#onGivenUp = onGivenUp;
  }

  send(target: CapHook): void {
    const request = this.#take();
    if (request !== undefined) this.link(target.call(request));
  }

  override cancel(error: RpcError): void {
    const request = this.#take();
    super.cancel(error);
    if (request === undefined) return;
    request.dispose();
    this.#onGivenUp();
  }

  /** The request, which waits no longer; undefined when that was so already. */
  #take(): CallRequest | undefined {
    const request = this.#request;
    this.#request = undefined;
    if (request !== undefined && request.peer === undefined) this.#room?.leave(request.byteLength);
    return request;
  }

  protected override newPipeline(): ResolvableHook {
    return new QueueHook(this.#room);
  }
}
