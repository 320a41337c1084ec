/** Deliveries to a subscriber that may be in another process: in order, one at a time, until it ends. */
import type { Handler } from '../../src-interfaces/generated/handler.js';

/**
 * Calls one subscriber. Each delivery waits for the one before, so that order is kept across processes.
 * A failed delivery ends the subscription: the subscriber is gone or broken.
 */
export class Deliveries {
  #tail: Promise<void> = Promise.resolve();
  #ended = false;
  #delivered = 0;
  /** How many had been delivered when it was last waited for in vain. */
  #stuckAt: number | undefined;
  readonly #onFailure: (error: unknown) => void;

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(deliver: () => Promise<void>): void {
    if (this.#ended) return;
    this.#tail = this.#tail.then(async () => {
      if (this.#ended) return;
      try {
        await deliver();
        this.#delivered++;
      } catch (error) {
        this.#ended = true;
        this.#onFailure(error);
      }
    });
  }

  /** Resolves when everything pushed so far has been delivered or dropped. */
  async drained(): Promise<void> {
    await this.#tail;
  }

  /**
   * The same, but waits only for as long as the subscriber takes in what it is told.
   * @param isInTime whether some work is done before one's patience ends
   */
  async drainedOrStuck(isInTime: (work: Promise<void>) => Promise<boolean>): Promise<void> {
    while (this.#stuckAt !== this.#delivered) {
      const before = this.#delivered;
      if (await isInTime(this.#tail)) return;
      if (this.#delivered === before) this.#stuckAt = before;
    }
  }

  end(): void {
    this.#ended = true;
  }
}

/** A Handler that runs `end` once, on disconnect or destroy, whichever comes first. */
export function handlerOf(end: () => void | Promise<void>): Handler {
  let ended: Promise<void> | undefined;
  const once = (): Promise<void> => (ended ??= Promise.resolve(end()));
  return { disconnect: once, destroy: once };
}
