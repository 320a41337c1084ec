import type { PolicyOptions } from '../policy/limits.js';
import type { MinimumFeeRate } from './minimum-feerate.js';
import { PriorityQueue } from './priority-queue.js';
import type { PoolEntry } from './pool-entry.js';
import type { TransactionPool } from './transaction-pool.js';
import type { RemovalReason } from './types.js';

/** Keeps the mempool within its time and memory, giving up the oldest and then the cheapest. */
export class SizeLimit {
  readonly #pool: TransactionPool;
  readonly #options: PolicyOptions;
  readonly #minimum: MinimumFeeRate;
  readonly #byAge = new PriorityQueue<PoolEntry>((a, b) => a.time - b.time);

  constructor(pool: TransactionPool, options: PolicyOptions, minimum: MinimumFeeRate) {
    this.#pool = pool;
    this.#options = options;
    this.#minimum = minimum;
  }

  noteAdded(entry: PoolEntry): void {
    this.#byAge.push(entry);
    // Those that left long before their time are still queued here.
    if (this.#byAge.size > 2 * this.#pool.size + 1000) this.#byAge.retain((queued) => this.#pool.getByKey(queued.key) === queued);
  }

  /**
   * @param now seconds since 1970
   * @param remove removes an entry and its descendants
   */
  enforce(now: number, remove: (entry: PoolEntry, reason: RemovalReason) => void): void {
    for (;;) {
      const oldest = this.#byAge.peek();
      if (oldest === undefined) break;
      const gone = this.#pool.getByKey(oldest.key) !== oldest;
      if (!gone && oldest.time >= now - this.#options.expiry) break;
      this.#byAge.pop();
      if (!gone) remove(oldest, 'expiry');
    }
    while (this.#pool.size > 0 && this.#pool.memoryUsage > this.#options.maxMemory) {
      const chunk = this.#pool.clusters.worstChunk();
      if (chunk === undefined) break;
      const vbytes = BigInt(Math.ceil(chunk.size / 4));
      this.#minimum.evicted((chunk.fee * 1000n) / vbytes);
      for (const entry of chunk.entries) remove(entry, 'sizelimit');
    }
  }
}
