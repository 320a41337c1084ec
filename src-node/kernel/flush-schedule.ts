import type { ChainState } from './chain-state.js';

export interface FlushOptions {
  /** Seconds between writes during initial download. */
  readonly interval: number;
  /** Seconds from a new tip to its write, outside initial download. */
  readonly delay: number;
}

/** Share of its limit that the coins cache may keep after it was written because it was full. */
const keptWhenFull = 0.25;

/**
 * Decides when the chain state is written. While the chain is being downloaded, writing seldom saves
 * most of it: coins that come and go never reach the disk. After that, new blocks are rare and their
 * loss would be felt, so they are written at once, a little delayed to take a run of them together.
 */
export class FlushSchedule {
  readonly #state: ChainState;
  readonly #options: FlushOptions;
  #lastFlush: number;
  #request: () => Promise<void> = () => Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(state: ChainState, options: FlushOptions) {
    this.#state = state;
    this.#options = options;
    this.#lastFlush = state.settings.now();
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
    } else if (!this.#state.initialDownload) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        // A failure has been reported where it happened.
        this.#request().catch(() => undefined);
      }, this.#options.delay * 1000);
    }
  }

  /** Writes everything now. The state must not change meanwhile. */
  async flush(keepCoins = this.#state.settings.coinsMemory): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { tip } = this.#state;
    await this.#state.store.flush(this.#state.tree, tip, keepCoins);
    this.#lastFlush = this.#state.settings.now();
    this.#state.events.emit((to) => to.flushed?.({ tip }));
  }

  /** Writes a last time. */
  async stop(): Promise<void> {
    await this.flush();
  }
}
