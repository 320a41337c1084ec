import type { BlockEntry } from './block-entry.js';
import type { ChainState } from './chain-state.js';

export interface FlushOptions {
  /** Seconds between writes during initial download. */
  readonly interval: number;
  /** Seconds from a new tip to its write, outside initial download. */
  readonly delay: number;
  /** Seconds without a new tip after which one is written during initial download. */
  readonly idleDelay: number;
}

/** Share of its limit that the coins cache may keep after it was written because it was full. */
const keptWhenFull = 0.25;

/**
 * Decides when the chain state is written. While the chain is being downloaded, writing seldom saves
 * most of it: coins that come and go never reach the disk; only a pause is used to write what there is.
 * After that, new blocks are rare and their loss would be felt, so they are written at once, a little
 * delayed to take a run of them together.
 */
export class FlushSchedule {
  readonly #state: ChainState;
  readonly #options: FlushOptions;
  #lastFlush: number;
  #flushedTip: BlockEntry | undefined;
  #request: () => Promise<void> = () => Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is due, by the monotonic clock in milliseconds. */
  #due = Infinity;

  constructor(state: ChainState, options: FlushOptions) {
    this.#state = state;
    this.#options = options;
    this.#lastFlush = state.settings.now();
    this.#flushedTip = state.tip;
  }

  /** @param request asks for a flush in its turn. */
  start(request: () => Promise<void>): void {
    this.#request = request;
  }

  /** To be called between steps of work, when the state is consistent. */
  async afterStep(): Promise<void> {
    const { coinsMemory, now } = this.#state.settings;
    const isFull = this.#state.store.coins.usage > coinsMemory;
    if (isFull || now() - this.#lastFlush >= this.#options.interval) {
      await this.flush(isFull ? coinsMemory * keptWhenFull : coinsMemory);
    } else if (this.#state.tip !== this.#flushedTip) {
      this.#schedule();
    }
  }

  #schedule(): void {
    const { delay, idleDelay } = this.#options;
    const now = performance.now();
    if (this.#state.initialDownload) this.#due = now + idleDelay * 1000;
    else this.#due = Math.min(this.#due, now + delay * 1000);
    if (this.#timer === undefined || !this.#state.initialDownload) this.#arm(this.#due - now);
  }

  #arm(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const left = this.#due - performance.now();
      // There was more to do meanwhile: the pause has yet to come.
      if (left > 1) return this.#arm(left);
      this.#timer = undefined;
      // A failure has been reported where it happened.
      this.#request().catch(() => undefined);
    }, Math.max(milliseconds, 0));
  }

  /** Writes everything now. The state must not change meanwhile. */
  async flush(keepCoins = this.#state.settings.coinsMemory): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = Infinity;
    const { tip } = this.#state;
    await this.#state.store.flush(this.#state.tree, tip, keepCoins);
    this.#lastFlush = this.#state.settings.now();
    this.#flushedTip = tip;
    this.#state.events.emit((to) => to.flushed?.({ tip }));
  }

  /** Writes a last time. */
  async stop(): Promise<void> {
    await this.flush();
  }
}
