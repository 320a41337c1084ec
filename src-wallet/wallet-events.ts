import type { AddressPurpose } from './coins/address-book.js';

/** Something that happens again and again, and those who want to know. */
export class Signal<Arguments extends readonly unknown[]> {
  readonly #listeners = new Set<(...values: Arguments) => void>();

  /** @returns a function that ends the subscription. */
  listen(listener: (...values: Arguments) => void): () => void {
    const own = (...values: Arguments): void => listener(...values);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  emit(...values: Arguments): void {
    for (const listener of [...this.#listeners]) listener(...values);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}

export type Change = 'new' | 'updated' | 'deleted';

/** What a wallet tells the outside, after it is on disk. */
export class WalletEvents {
  /** The wallet is about to be closed: let go of it. */
  readonly unload = new Signal<[]>();
  /** Long work, in percent; 100 means done. */
  readonly progress = new Signal<[title: string, percent: number]>();
  /** Encrypted, locked or unlocked. */
  readonly status = new Signal<[]>();
  readonly addressBook = new Signal<[address: string, label: string, purpose: AddressPurpose | undefined, change: Change]>();
  /** @param txid hex as displayed */
  readonly transaction = new Signal<[txid: string, change: Change]>();
  readonly canGetAddresses = new Signal<[]>();
}
