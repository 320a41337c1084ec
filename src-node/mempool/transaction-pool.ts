import { outpointKey, type Outpoint, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Coin, CoinsView } from '../kernel/types.js';
import { mempoolHeight } from '../policy/limits.js';
import { ClusterIndex } from './cluster-index.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import type { PoolEntry } from './pool-entry.js';

/** Bytes a remembered fee change costs. */
const deltaMemory = 112;

/**
 * The entries and what is known about them, kept consistent. Makes no decision: who may come in is
 * up to acceptance, who has to go to the size limit and the chain.
 */
export class TransactionPool {
  readonly #byTxid = new Map<string, PoolEntry>();
  readonly #byWtxid = new Map<string, PoolEntry>();
  readonly #spenders = new Map<string, PoolEntry>();
  /** Fee changes of prioritisetransaction, also for transactions that are not here. */
  readonly deltas = new Map<string, bigint>();
  readonly clusters = new ClusterIndex();
  #virtualSize = 0;
  #fee = 0n;
  #entryMemory = 0;

  get size(): number {
    return this.#byTxid.size;
  }

  get totalVirtualSize(): number {
    return this.#virtualSize;
  }

  get totalFee(): bigint {
    return this.#fee;
  }

  get memoryUsage(): number {
    return this.#entryMemory + this.deltas.size * deltaMemory;
  }

  get(txid: Uint8Array): PoolEntry | undefined {
    return this.#byTxid.get(hashKey(txid));
  }

  getByWtxid(wtxid: Uint8Array): PoolEntry | undefined {
    return this.#byWtxid.get(hashKey(wtxid));
  }

  getByKey(key: string): PoolEntry | undefined {
    return this.#byTxid.get(key);
  }

  entries(): IterableIterator<PoolEntry> {
    return this.#byTxid.values();
  }

  spender(outpoint: Outpoint): PoolEntry | undefined {
    return this.#spenders.get(outpointKey(outpoint));
  }

  /** The output of an entry as a coin; undefined when no entry has it, spent or not. */
  outputCoin(outpoint: Outpoint): Coin | undefined {
    const output = this.get(outpoint.txid)?.tx.outputs[outpoint.index];
    return output === undefined
      ? undefined
      : { value: output.value, scriptPubKey: output.scriptPubKey, height: mempoolHeight, coinbase: false };
  }

  /** Entries a transaction spends from. */
  parentsOf(tx: Transaction): Set<PoolEntry> {
    const parents = new Set<PoolEntry>();
    for (const { prevout } of tx.inputs) {
      const parent = this.get(prevout.txid);
      if (parent !== undefined) parents.add(parent);
    }
    return parents;
  }

  /** Adds an entry whose inputs no other entry spends, and links it to its relatives. */
  add(entry: PoolEntry): void {
    this.#byTxid.set(entry.key, entry);
    this.#byWtxid.set(entry.wtxidKey, entry);
    for (const { prevout } of entry.tx.inputs) this.#spenders.set(outpointKey(prevout), entry);
    for (const parent of this.parentsOf(entry.tx)) {
      entry.parents.add(parent);
      parent.children.add(entry);
    }
    // A transaction of a disconnected block may find its children here already.
    entry.tx.outputs.forEach((_, index) => {
      const child = this.#spenders.get(outpointKey({ txid: entry.txid, index }));
      if (child === undefined) return;
      entry.children.add(child);
      child.parents.add(entry);
    });
    this.clusters.touch(entry);
    this.#virtualSize += entry.virtualSize;
    this.#fee += entry.fee;
    this.#entryMemory += entry.memoryUsage;
  }

  /** Removes one entry and leaves its relatives. */
  remove(entry: PoolEntry): void {
    if (!this.#byTxid.delete(entry.key)) return;
    this.#byWtxid.delete(entry.wtxidKey);
    for (const { prevout } of entry.tx.inputs) this.#spenders.delete(outpointKey(prevout));
    this.clusters.remove(entry);
    for (const parent of entry.parents) parent.children.delete(entry);
    for (const child of entry.children) child.parents.delete(entry);
    this.#virtualSize -= entry.virtualSize;
    this.#fee -= entry.fee;
    this.#entryMemory -= entry.memoryUsage;
  }

  /** Adds to what a transaction's fee counts as, now and when it comes in. */
  prioritise(txid: Uint8Array, delta: bigint): void {
    const key = hashKey(txid);
    const total = (this.deltas.get(key) ?? 0n) + delta;
    if (total === 0n) this.deltas.delete(key);
    else this.deltas.set(key, total);
    const entry = this.#byTxid.get(key);
    if (entry === undefined) return;
    entry.modifiedFee += delta;
    this.clusters.touch(entry);
  }
}

/** An entry's ancestors, itself excluded. */
export function ancestorsOf(entry: PoolEntry): Set<PoolEntry> {
  return reach(entry.parents, (member) => member.parents);
}

/** An entry's descendants, itself excluded. */
export function descendantsOf(entry: PoolEntry): Set<PoolEntry> {
  return reach(entry.children, (member) => member.children);
}

function reach(from: Iterable<PoolEntry>, next: (entry: PoolEntry) => Iterable<PoolEntry>): Set<PoolEntry> {
  const reached = new Set(from);
  for (const member of reached) for (const relative of next(member)) reached.add(relative);
  return reached;
}

/** The coins a new transaction may spend: those of the chain and of the mempool, spent by entries or not. */
export class PoolCoins implements CoinsView {
  readonly #pool: TransactionPool;
  readonly #chain: () => CoinsView;

  constructor(pool: TransactionPool, chain: () => CoinsView) {
    this.#pool = pool;
    this.#chain = chain;
  }

  getCoin(outpoint: Outpoint): Coin | undefined {
    return this.#pool.outputCoin(outpoint) ?? this.#chain().getCoin(outpoint);
  }

  hasCoin(outpoint: Outpoint): boolean {
    return this.getCoin(outpoint) !== undefined;
  }
}

/** The same without the coins that entries spend: what is left for others. */
export class UnspentCoins implements CoinsView {
  readonly #pool: TransactionPool;
  readonly #all: CoinsView;

  constructor(pool: TransactionPool, all: CoinsView) {
    this.#pool = pool;
    this.#all = all;
  }

  getCoin(outpoint: Outpoint): Coin | undefined {
    return this.#pool.spender(outpoint) === undefined ? this.#all.getCoin(outpoint) : undefined;
  }

  hasCoin(outpoint: Outpoint): boolean {
    return this.getCoin(outpoint) !== undefined;
  }
}
