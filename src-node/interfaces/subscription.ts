/** Deliveries to a subscriber that may be in another process: in order, one at a time, until it ends. */
import type { Handler } from '../../src-interfaces/generated/handler.js';

/** News that wait for a window that does not take them in. */
export const mostNews = 1000;

/** Something to tell a subscriber. */
interface Delivery {
  readonly deliver: () => Promise<void>;
  /** Told when it has been delivered, or is not going to be. */
  readonly over?: () => void;
}

/** Takes back what has not been told yet. */
export type TakeBack = () => void;

/**
 * Calls one subscriber. Each delivery waits for the one before, so that order is kept across processes.
 * A failed delivery ends the subscription: the subscriber is gone or broken.
 */
export class Deliveries {
  /** What comes next, first come first served. */
  readonly #waiting = new Set<Delivery>();
  readonly #most: number;
  readonly #onFailure: (error: unknown) => void;
  #isRunning = false;
  #ended = false;
  #delivered = 0;
  /** How many had been delivered when it was last waited for in vain. */
  #stuckAt: number | undefined;

  /** @param most that may wait: of more, the oldest are dropped, as is right where only the news count */
  constructor(onFailure: (error: unknown) => void, most = Infinity) {
    this.#onFailure = onFailure;
    this.#most = most;
  }

  /** Deliveries that have not begun. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @returns a function that takes it back, unless it has begun */
  push(deliver: () => Promise<void>): TakeBack {
    return this.#add({ deliver });
  }

  #add(delivery: Delivery): TakeBack {
    const takeBack = (): void => {
      if (this.#waiting.delete(delivery)) delivery.over?.();
    };
    if (this.#ended) {
      delivery.over?.();
      return takeBack;
    }
    this.#waiting.add(delivery);
    for (const oldest of this.#waiting) {
      if (this.#waiting.size <= this.#most) break;
      this.#waiting.delete(oldest);
      oldest.over?.();
    }
    if (!this.#isRunning) void this.#run();
    return takeBack;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Who pushes is in the middle of something.
    await Promise.resolve();
    for (const delivery of this.#waiting) {
      this.#waiting.delete(delivery);
      try {
        await delivery.deliver();
        this.#delivered++;
      } catch (error) {
        if (!this.#ended) this.#onFailure(error);
        this.end();
      }
      delivery.over?.();
    }
    this.#isRunning = false;
  }

  /** Resolves when everything pushed so far has been delivered or dropped. */
  drained(): Promise<void> {
    if (this.#ended || !this.#isRunning) return Promise.resolve();
    return new Promise((over) => this.#add({ deliver: () => Promise.resolve(), over }));
  }

  /**
   * The same, but waits only for as long as the subscriber takes in what it is told.
   * @param isInTime whether some work is done before one's patience ends
   */
  async drainedOrStuck(isInTime: (work: Promise<void>) => Promise<boolean>): Promise<void> {
    if (this.#stuckAt === this.#delivered) return;
    const drained = this.drained();
    while (this.#stuckAt !== this.#delivered) {
      const before = this.#delivered;
      if (await isInTime(drained)) return;
      if (this.#delivered === before) this.#stuckAt = before;
    }
  }

  /** Drops what has not begun. */
  end(): void {
    this.#ended = true;
    const dropped = [...this.#waiting];
    this.#waiting.clear();
    for (const { over } of dropped) over?.();
  }
}

/** A Handler that runs `end` once, on disconnect or destroy, whichever comes first. */
export function handlerOf(end: () => void | Promise<void>): Handler {
  let ended: Promise<void> | undefined;
  const once = (): Promise<void> => (ended ??= Promise.resolve(end()));
  return { disconnect: once, destroy: once };
}
