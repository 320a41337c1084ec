import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { parseCoin, serializeCoin } from '../../src-bitcoin/coin.js';
import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { Coin } from '../kernel/types.js';
import { coinKey, parseCoinKey } from './coin-key.js';
import { LevelStore, type LevelBatch } from './level-store.js';
import { StorageError } from './storage-error.js';

export interface CoinsDbOptions {
  readonly directory: string;
  readonly cacheBytes: number;
  readonly wipe?: boolean;
  /** Largest write at once, bytes (`-dbbatchsize`). */
  readonly batchBytes?: number;
}

/** One changed coin; spent when `coin` is undefined. */
export interface CoinChange {
  readonly outpoint: Outpoint;
  readonly coin: Coin | undefined;
}

const defaultBatchBytes = 32 << 20;
const bestBlockKey = Uint8Array.of(0x42);
const headBlocksKey = Uint8Array.of(0x48);
const coinsStart = Uint8Array.of(0x43);
const coinsEnd = Uint8Array.of(0x44);
/** Before 0.15 coins were kept per transaction, under 'c'. */
const oldCoinsStart = Uint8Array.of(0x63, ...new Uint8Array(32));
const oldCoinsEnd = Uint8Array.of(0x64);
const zeroHash = new Uint8Array(32);

async function openStore(options: CoinsDbOptions): Promise<LevelStore> {
  try {
    return await LevelStore.open({ ...options, obfuscate: true });
  } catch (error) {
    if (error instanceof StorageError && error.code === 'corrupt') {
      throw new StorageError('corrupt-chainstate', 'Error opening coins database', error);
    }
    throw error;
  }
}

/** The database `chainstate`: unspent outputs, and the block they are those of. */
export class CoinsDb {
  readonly #store: LevelStore;
  readonly #batchBytes: number;

  private constructor(store: LevelStore, batchBytes: number) {
    this.#store = store;
    this.#batchBytes = batchBytes;
  }

  /** @throws StorageError */
  static async open(options: CoinsDbOptions): Promise<CoinsDb> {
    const store = await openStore(options);
    for await (const entry of store.entries(oldCoinsStart, oldCoinsEnd)) {
      await store.close();
      const message = 'Unsupported chainstate database format found. Please restart with -reindex-chainstate.';
      throw new StorageError('unsupported', message, entry);
    }
    return new CoinsDb(store, options.batchBytes ?? defaultBatchBytes);
  }

  /** The block the coins belong to; undefined in a new store and while a write is unfinished. */
  get bestBlock(): Uint8Array | undefined {
    return this.#store.get(bestBlockKey);
  }

  /**
   * Tips of an unfinished write: where it was going and where it came from (undefined: from nothing).
   * @throws StorageError `corrupt-chainstate`
   */
  get headBlocks(): { readonly to: Uint8Array; readonly from: Uint8Array | undefined } | undefined {
    const value = this.#store.get(headBlocksKey);
    if (value === undefined) return undefined;
    if (value.length !== 65 || value[0] !== 2) {
      throw new StorageError('corrupt-chainstate', 'head blocks of the chainstate are damaged');
    }
    const reader = new ByteReader(value, 1);
    const to = reader.bytes(32);
    const from = reader.bytes(32);
    return { to, from: equalBytes(from, zeroHash) ? undefined : from };
  }

  #coin(value: Uint8Array): Coin {
    try {
      return parseCoin(value);
    } catch (cause) {
      throw new StorageError('corrupt-chainstate', 'a coin in the chainstate is damaged', cause);
    }
  }

  getCoin(outpoint: Outpoint): Coin | undefined {
    const value = this.#store.get(coinKey(outpoint));
    return value === undefined ? undefined : this.#coin(value);
  }

  /** Coins in the order asked for; undefined where there is none. */
  async getCoins(outpoints: readonly Outpoint[]): Promise<(Coin | undefined)[]> {
    const values = await this.#store.getMany(outpoints.map(coinKey));
    return values.map((value) => (value === undefined ? undefined : this.#coin(value)));
  }

  /**
   * Applies changes that lead from the stored best block to `tip`. When they do not fit into one
   * write, the head blocks record says so until the last one, and a restart can finish the job.
   * @throws StorageError when an unfinished write was going somewhere else.
   */
  async write(changes: Iterable<CoinChange>, tip: Uint8Array): Promise<void> {
    const unfinished = this.headBlocks;
    if (unfinished !== undefined && !equalBytes(unfinished.to, tip)) {
      throw new StorageError('corrupt-chainstate', 'an unfinished write of coins was going to another block');
    }
    const from = unfinished === undefined ? (this.bestBlock ?? zeroHash) : (unfinished.from ?? zeroHash);
    let batch: LevelBatch = this.#store.batch();
    batch.delete(bestBlockKey);
    batch.put(headBlocksKey, new ByteWriter(65).compactSize(2).bytes(tip).bytes(from).finish());
    for (const { outpoint, coin } of changes) {
      if (coin === undefined) batch.delete(coinKey(outpoint));
      else batch.put(coinKey(outpoint), serializeCoin(coin));
      if (batch.size > this.#batchBytes) {
        await batch.write(false);
        batch = this.#store.batch();
      }
    }
    batch.delete(headBlocksKey);
    batch.put(bestBlockKey, tip);
    await batch.write(true);
  }

  /**
   * Every coin as of the time of the call, txids in the order of their bytes; within one, indices are
   * not always in order.
   */
  coins(): AsyncGenerator<{ outpoint: Outpoint; coin: Coin }> {
    return this.#coins(this.#store.entries(coinsStart, coinsEnd));
  }

  async *#coins(
    entries: AsyncIterable<readonly [Uint8Array, Uint8Array]>,
  ): AsyncGenerator<{ outpoint: Outpoint; coin: Coin }> {
    for await (const [key, value] of entries) yield { outpoint: parseCoinKey(key), coin: this.#coin(value) };
  }

  /** Bytes of table files, as `gettxoutsetinfo` reports them. */
  approximateSize(): Promise<number> {
    return this.#store.approximateSize(coinsStart, coinsEnd);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
