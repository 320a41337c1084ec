import type { Coin } from '../kernel/types.js';
import type { PolicyOptions } from '../policy/limits.js';
import type { Cluster } from './cluster-index.js';
import type { PoolEntry } from './pool-entry.js';
import { PoolCoins, type TransactionPool } from './transaction-pool.js';
import { isFinalNext, isImmature, sequenceLocksMet } from './transaction-rules.js';
import type { MempoolChain } from './types.js';

/** Entries the block after the chain's new tip could not hold, their descendants not listed. */
export function invalidAtTip(pool: TransactionPool, chainstate: MempoolChain): PoolEntry[] {
  const { tip } = chainstate;
  const view = new PoolCoins(pool, () => chainstate.coins);
  return [...pool.entries()].filter(({ tx, spendsCoinbase }) => {
    if (!isFinalNext(tx, tip)) return true;
    const spent: Coin[] = [];
    for (const { prevout } of tx.inputs) {
      const coin = view.getCoin(prevout);
      if (coin === undefined) return true;
      spent.push(coin);
    }
    if (!sequenceLocksMet(tx, spent, tip)) return true;
    return spendsCoinbase && spent.some((coin) => isImmature(coin, tip.height + 1));
  });
}

/**
 * Clusters can outgrow their limit when transactions come back from blocks. Lists what to give up,
 * from the end of the order they are mined in, until the rest fits.
 */
export function overfullClusterEntries(pool: TransactionPool, options: PolicyOptions): PoolEntry[] {
  const clusters = new Set<Cluster>([...pool.entries()].map((entry) => pool.clusters.clusterOf(entry)));
  const surplus: PoolEntry[] = [];
  for (const cluster of clusters) {
    let count = cluster.entries.length;
    let weight = cluster.adjustedWeight;
    for (const entry of cluster.chunks.flatMap((chunk) => chunk.entries).reverse()) {
      if (count <= options.clusterCount && weight <= options.clusterSize * 4) break;
      surplus.push(entry);
      count--;
      weight -= entry.adjustedWeight;
    }
  }
  return surplus;
}
