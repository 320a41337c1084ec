import { outpointKey, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { Coin, CoinsView } from './types.js';

/** A coin as a block leaves it. */
export interface CoinEdit {
  /** Undefined when spent. */
  readonly coin: Coin | undefined;
  /** The view below has no such coin: when it is spent again, nothing is left to be done. */
  readonly fresh: boolean;
}

/** A view that can be asked by key, sparing the making of it. */
export interface KeyedCoins extends CoinsView {
  coinAt(key: string, outpoint: Outpoint): Coin | undefined;
}

/** What one or more blocks change in a view of coins, kept apart until they prove valid. */
export class BlockCoins implements KeyedCoins {
  readonly #below: KeyedCoins;
  readonly #edits = new Map<string, CoinEdit>();

  constructor(below: KeyedCoins) {
    this.#below = below;
  }

  /** Changes by outpoint key. */
  get edits(): ReadonlyMap<string, CoinEdit> {
    return this.#edits;
  }

  coinAt(key: string, outpoint: Outpoint): Coin | undefined {
    const edit = this.#edits.get(key);
    return edit === undefined ? this.#below.coinAt(key, outpoint) : edit.coin;
  }

  getCoin(outpoint: Outpoint): Coin | undefined {
    return this.coinAt(outpointKey(outpoint), outpoint);
  }

  hasCoin(outpoint: Outpoint): boolean {
    return this.getCoin(outpoint) !== undefined;
  }

  /** Takes a coin away and returns it; undefined when there is none. */
  spend(outpoint: Outpoint): Coin | undefined {
    const key = outpointKey(outpoint);
    const edit = this.#edits.get(key);
    const coin = edit === undefined ? this.#below.coinAt(key, outpoint) : edit.coin;
    if (coin === undefined) return undefined;
    if (edit?.fresh === true) this.#edits.delete(key);
    else this.#edits.set(key, { coin: undefined, fresh: false });
    return coin;
  }

  /**
   * Adds a coin.
   * @param mayExist there may be one already, to be replaced; where not, the view below has none.
   */
  add(outpoint: Outpoint, coin: Coin, mayExist: boolean): void {
    const key = outpointKey(outpoint);
    const edit = this.#edits.get(key);
    // A coin spent here before and added again (by a disconnect) may still be in the view below.
    this.#edits.set(key, { coin, fresh: edit === undefined ? !mayExist : edit.fresh });
  }
}
