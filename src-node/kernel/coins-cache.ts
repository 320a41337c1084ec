import { outpointKey, outpointOfKey, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { CoinChange, CoinsDb } from '../storage/coins-db.js';
import type { CoinEdit, KeyedCoins } from './block-coins.js';
import type { Coin, CoinsTrace } from './types.js';

interface CachedCoin {
  /** Undefined when spent since the last write. */
  readonly coin: Coin | undefined;
  /** The database has something else. */
  readonly dirty: boolean;
  /** The database has no such coin. */
  readonly fresh: boolean;
}

/** Bytes an entry takes besides its script, as measured: key, map slot, objects and amount. */
const entryOverhead = 430;

function sizeOf({ coin }: CachedCoin): number {
  return entryOverhead + (coin?.scriptPubKey.length ?? 0);
}

/** The unspent outputs at the tip: the database, with what changed since it was written kept in memory. */
export class CoinsCache implements KeyedCoins {
  readonly #db: CoinsDb;
  readonly #coins = new Map<string, CachedCoin>();
  readonly #traces = new Set<CoinsTrace>();
  #usage = 0;

  constructor(db: CoinsDb) {
    this.#db = db;
  }

  /** Estimated bytes of memory. */
  get usage(): number {
    return this.#usage;
  }

  get size(): number {
    return this.#coins.size;
  }

  #store(key: string, entry: CachedCoin): void {
    this.#remove(key);
    this.#coins.set(key, entry);
    this.#usage += sizeOf(entry);
  }

  #remove(key: string): void {
    const entry = this.#coins.get(key);
    if (entry === undefined) return;
    this.#coins.delete(key);
    this.#usage -= sizeOf(entry);
  }

  coinAt(key: string, outpoint: Outpoint): Coin | undefined {
    const cached = this.#coins.get(key);
    if (cached !== undefined) return cached.coin;
    const coin = this.#db.getCoin(outpoint);
    if (coin !== undefined) this.#store(key, { coin, dirty: false, fresh: false });
    return coin;
  }

  getCoin(outpoint: Outpoint): Coin | undefined {
    return this.coinAt(outpointKey(outpoint), outpoint);
  }

  hasCoin(outpoint: Outpoint): boolean {
    return this.getCoin(outpoint) !== undefined;
  }

  /** Reads coins that will be asked for, together and off the main thread. */
  async prefetch(outpoints: Iterable<Outpoint>): Promise<void> {
    const missing = new Map<string, Outpoint>();
    for (const outpoint of outpoints) {
      const key = outpointKey(outpoint);
      if (!this.#coins.has(key)) missing.set(key, outpoint);
    }
    if (missing.size === 0) return;
    const coins = await this.#db.getCoins([...missing.values()]);
    let i = 0;
    for (const key of missing.keys()) {
      const coin = coins[i++];
      if (coin !== undefined && !this.#coins.has(key)) this.#store(key, { coin, dirty: false, fresh: false });
    }
  }

  /** Tells of every change to come; returns a function that ends it. */
  trace(trace: CoinsTrace): () => void {
    this.#traces.add(trace);
    return () => this.#traces.delete(trace);
  }

  /** Takes over what a valid block changes. */
  apply(edits: ReadonlyMap<string, CoinEdit>): void {
    if (this.#traces.size > 0) this.#traceEdits(edits);
    for (const [key, { coin, fresh }] of edits) {
      const cached = this.#coins.get(key);
      if (coin === undefined && cached?.fresh === true) this.#remove(key);
      else this.#store(key, { coin, dirty: true, fresh: cached === undefined ? fresh : cached.fresh });
    }
  }

  #traceEdits(edits: ReadonlyMap<string, CoinEdit>): void {
    for (const [key, { coin }] of edits) {
      const outpoint = outpointOfKey(key);
      const spent = coin === undefined ? this.coinAt(key, outpoint) : undefined;
      for (const trace of this.#traces) {
        if (coin !== undefined) trace('add', outpoint, coin);
        else if (spent !== undefined) trace('spend', outpoint, spent);
      }
    }
  }

  /**
   * Writes all changes, so that the database holds the coins at `tip`. Nothing may be applied
   * meanwhile; reading goes on.
   * @param keep how many bytes of coins may stay in memory after.
   */
  async flush(tip: Uint8Array, keep: number): Promise<void> {
    await this.#db.write(this.#changes(), tip);
    for (const [key, entry] of this.#coins) {
      if (entry.coin === undefined) this.#remove(key);
      else if (entry.dirty) this.#coins.set(key, { ...entry, dirty: false, fresh: false });
    }
    // Old entries go first: a map iterates in the order of insertion.
    for (const key of this.#coins.keys()) {
      if (this.#usage <= keep) break;
      if (this.#traces.size > 0) this.#traceRemoval(key);
      this.#remove(key);
    }
  }

  #traceRemoval(key: string): void {
    const coin = this.#coins.get(key)?.coin;
    if (coin === undefined) return;
    for (const trace of this.#traces) trace('uncache', outpointOfKey(key), coin);
  }

  *#changes(): Generator<CoinChange> {
    for (const [key, { coin, dirty, fresh }] of this.#coins) {
      // Spent before it was ever written: the database does not know it.
      if (dirty && !(fresh && coin === undefined)) yield { outpoint: outpointOfKey(key), coin };
    }
  }
}
