import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { Coin, CoinsView } from '../kernel/types.js';
import type { PolicyOptions } from '../policy/limits.js';
import { compareFeeRates } from './linearize.js';
import { packageOf } from './package-totals.js';
import type { PoolEntry } from './pool-entry.js';
import { PoolCoins, TransactionPool, UnspentCoins, ancestorsOf, descendantsOf } from './transaction-pool.js';
import type { MempoolChain, MempoolChunk, MempoolEntry, Package } from './types.js';

/** What can be asked of the mempool without changing it. */
export class MempoolView {
  readonly policy: PolicyOptions;
  readonly maxMemory: number;
  readonly minRelayFeeRate: bigint;
  readonly incrementalFeeRate: bigint;
  readonly dustRelayFeeRate: bigint;
  readonly coins: CoinsView;
  protected readonly pool = new TransactionPool();

  constructor(chainstate: MempoolChain, policy: PolicyOptions) {
    this.policy = policy;
    this.maxMemory = policy.maxMemory;
    this.minRelayFeeRate = policy.minRelayFeeRate;
    this.incrementalFeeRate = policy.incrementalFeeRate;
    this.dustRelayFeeRate = policy.dustRelayFeeRate;
    this.coins = new UnspentCoins(this.pool, new PoolCoins(this.pool, () => chainstate.coins));
  }

  get size(): number {
    return this.pool.size;
  }

  get totalVirtualSize(): number {
    return this.pool.totalVirtualSize;
  }

  get totalFee(): bigint {
    return this.pool.totalFee;
  }

  get memoryUsage(): number {
    return this.pool.memoryUsage;
  }

  get(txid: Uint8Array): MempoolEntry | undefined {
    return this.pool.get(txid);
  }

  getByWtxid(wtxid: Uint8Array): MempoolEntry | undefined {
    return this.pool.getByWtxid(wtxid);
  }

  entries(): Iterable<MempoolEntry> {
    return this.pool.entries();
  }

  spender(outpoint: Outpoint): MempoolEntry | undefined {
    return this.pool.spender(outpoint);
  }

  getCoin(outpoint: Outpoint): Coin | undefined {
    return this.coins.getCoin(outpoint);
  }

  /** @throws RangeError for an entry that has left. */
  #own(entry: MempoolEntry): PoolEntry {
    const own = this.pool.get(entry.txid);
    if (own === undefined) throw new RangeError('the transaction is not in the mempool');
    return own;
  }

  ancestors(entry: MempoolEntry): ReadonlySet<MempoolEntry> {
    return ancestorsOf(this.#own(entry));
  }

  descendants(entry: MempoolEntry): ReadonlySet<MempoolEntry> {
    return descendantsOf(this.#own(entry));
  }

  ancestorPackage(entry: MempoolEntry): Package {
    return packageOf(entry, this.ancestors(entry));
  }

  descendantPackage(entry: MempoolEntry): Package {
    return packageOf(entry, this.descendants(entry));
  }

  clusterChunks(entry: MempoolEntry): readonly MempoolChunk[] {
    return this.pool.clusters.clusterOf(this.#own(entry)).chunks;
  }

  chunks(): readonly MempoolChunk[] {
    const clusters = new Set([...this.pool.entries()].map((entry) => this.pool.clusters.clusterOf(entry)));
    // The sort is stable, so chunks of one cluster stay in their order.
    return [...clusters].flatMap((cluster) => cluster.chunks).sort((a, b) => compareFeeRates(b, a));
  }
}
