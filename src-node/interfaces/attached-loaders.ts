/** The wallets of processes that attached to the node by themselves, for its windows to show. */
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';

export class AttachedLoaders {
  readonly #changed: () => void;
  readonly #loaders = new Set<WalletLoader>();
  readonly #listeners = new Set<(loader: WalletLoader) => void>();

  /** @param changed one has come or gone */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** In the order in which they came. */
  list(): readonly WalletLoader[] {
    return [...this.#loaders];
  }

  add(loader: WalletLoader): void {
    this.#loaders.add(loader);
    for (const listener of this.#listeners) listener(loader);
    this.#changed();
  }

  remove(loader: WalletLoader): void {
    if (this.#loaders.delete(loader)) this.#changed();
  }

  /** Called for each that comes; returns a function that calls it off. */
  onAdded(listener: (loader: WalletLoader) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
