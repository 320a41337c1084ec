/** The wallets of processes that attached to the node by themselves, for its windows to show. */
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { toGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';

/** A process that has connected. */
export interface Caller {
  /** What it offers in return. Of one that offers nothing, every call fails. */
  init(): Init;
  /** Fulfilled when it has gone. */
  ended(): Promise<void>;
}

export class AttachedLoaders {
  readonly #changed: () => void;
  readonly #log: Logger;
  readonly #loaders = new Set<WalletLoader>();
  readonly #listeners = new Set<(loader: WalletLoader) => void>();

  /** @param changed one has come or gone */
  constructor(changed: () => void, log: Logger) {
    this.#changed = changed;
    this.#log = log;
  }

  /** In the order in which they came. */
  list(): readonly WalletLoader[] {
    return [...this.#loaders];
  }

  /** Called for each that comes; returns a function that calls it off. */
  onAdded(listener: (loader: WalletLoader) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Has the loader of a process, if it offers one, until it leaves. To offer none is its own affair.
   * @param chain handed over for the loader, as its interface asks; the process has one already
   */
  async follow(caller: Caller, chain: Chain): Promise<void> {
    const loader = await this.#loaderOf(caller, chain);
    if (loader === undefined) return;
    this.#loaders.add(loader);
    for (const listener of this.#listeners) listener(loader);
    this.#changed();
    await caller.ended();
    this.#loaders.delete(loader);
    this.#changed();
  }

  async #loaderOf(caller: Caller, chain: Chain): Promise<WalletLoader | undefined> {
    try {
      return await caller.init().makeWalletLoader(toGlobalArgs(emptySettings(), ''), chain);
    } catch (error) {
      this.#log.debug('ipc', () => `No wallets of the attached process are shown: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}
