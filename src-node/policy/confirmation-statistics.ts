/** How long one set of statistics looks back. */
export interface Horizon {
  /** What a block leaves of older observations. */
  readonly decay: number;
  /** Blocks in a period. */
  readonly scale: number;
  readonly periods: number;
}

/** What a bucket search found; -1 when nothing pays enough. */
const noAnswer = -1;

const zeros = (length: number): number[] => new Array<number>(length).fill(0);
const table = (rows: number, columns: number): number[][] => Array.from({ length: rows }, () => zeros(columns));

function add(row: number[] | undefined, column: number, amount: number): void {
  if (row !== undefined) row[column] = (row[column] ?? 0) + amount;
}

/**
 * Decaying counts of how many transactions of each feerate bucket confirmed within how many blocks.
 * The model is that of Bitcoin Core's fee estimation, and so is its file.
 */
export class ConfirmationStatistics {
  readonly horizon: Horizon;
  readonly #bounds: readonly number[];
  /** Sums per bucket: feerates and numbers of transactions. */
  feeRates: number[];
  counts: number[];
  /** [periods to confirm − 1][bucket]: confirmed within it; left without confirmation after it. */
  confirmed: number[][];
  failed: number[][];
  /** [height modulo blocks tracked][bucket]: waiting since that height; and since longer. */
  readonly #waiting: number[][];
  readonly #waitingLonger: number[];

  /** @param bounds upper feerates of the buckets, ascending. */
  constructor(bounds: readonly number[], horizon: Horizon) {
    this.#bounds = bounds;
    this.horizon = horizon;
    this.feeRates = zeros(bounds.length);
    this.counts = zeros(bounds.length);
    this.confirmed = table(horizon.periods, bounds.length);
    this.failed = table(horizon.periods, bounds.length);
    this.#waiting = table(this.maxBlocks, bounds.length);
    this.#waitingLonger = zeros(bounds.length);
  }

  /** The longest target it can answer, in blocks. */
  get maxBlocks(): number {
    return this.horizon.scale * this.horizon.periods;
  }

  bucketOf(feeRate: number): number {
    const found = this.#bounds.findIndex((bound) => bound >= feeRate);
    return found < 0 ? this.#bounds.length - 1 : found;
  }

  noteWaiting(height: number, bucket: number): void {
    add(this.#waiting[height % this.maxBlocks], bucket, 1);
  }

  /** A transaction left; in a block, or without when `confirmed` is false. */
  noteLeft(entryHeight: number, height: number, bucket: number, confirmed: boolean): void {
    const age = height === 0 ? 0 : height - entryHeight;
    if (age < 0) return;
    const row = age >= this.maxBlocks ? this.#waitingLonger : this.#waiting[entryHeight % this.maxBlocks];
    if ((row?.[bucket] ?? 0) > 0) add(row, bucket, -1);
    if (confirmed || age < this.horizon.scale) return;
    const periods = Math.min(Math.floor(age / this.horizon.scale), this.horizon.periods);
    for (let i = 0; i < periods; i++) add(this.failed[i], bucket, 1);
  }

  /** Starts the statistics of a block: what waited longest moves on, and old observations fade. */
  startBlock(height: number): void {
    const row = this.#waiting[height % this.maxBlocks] ?? [];
    row.forEach((count, bucket) => add(this.#waitingLonger, bucket, count));
    row.fill(0);
    const fade = (values: number[]): number[] => values.map((value) => value * this.horizon.decay);
    this.feeRates = fade(this.feeRates);
    this.counts = fade(this.counts);
    this.confirmed = this.confirmed.map(fade);
    this.failed = this.failed.map(fade);
  }

  noteConfirmed(blocks: number, feeRate: number): void {
    if (blocks < 1) return;
    const bucket = this.bucketOf(feeRate);
    for (let i = Math.ceil(blocks / this.horizon.scale) - 1; i < this.horizon.periods; i++) add(this.confirmed[i], bucket, 1);
    add(this.counts, bucket, 1);
    add(this.feeRates, bucket, feeRate);
  }

  /**
   * Median feerate of the cheapest buckets of which at least `success` (0 to 1) confirmed within
   * `target` blocks; -1 when there are none.
   * @param sufficient transactions per block needed to call a range of buckets known.
   */
  estimate(target: number, sufficient: number, success: number, height: number): number {
    const row = Math.ceil(target / this.horizon.scale) - 1;
    const enough = sufficient / (1 - this.horizon.decay);
    const last = this.#bounds.length - 1;
    let range = { confirmed: 0, total: 0, failed: 0, waiting: 0, from: last };
    let best: { from: number; to: number } | undefined;
    let partial = 0;
    for (let bucket = last; bucket >= 0; bucket--) {
      const count = this.counts[bucket] ?? 0;
      range.confirmed += this.confirmed[row]?.[bucket] ?? 0;
      range.failed += this.failed[row]?.[bucket] ?? 0;
      range.total += count;
      range.waiting += this.#stillWaiting(target, bucket, height);
      partial += count;
      if (partial < enough) continue;
      partial = 0;
      const share = range.confirmed / (range.total + range.failed + range.waiting);
      if (share < success) continue;
      best = { from: bucket, to: range.from };
      range = { confirmed: 0, total: 0, failed: 0, waiting: 0, from: bucket - 1 };
    }
    return best === undefined ? noAnswer : this.#median(best.from, best.to);
  }

  /** Transactions of a bucket that have waited at least `target` blocks already. */
  #stillWaiting(target: number, bucket: number, height: number): number {
    let count = this.#waitingLonger[bucket] ?? 0;
    for (let age = target; age < this.maxBlocks; age++) {
      const at = (((height - age) % this.maxBlocks) + this.maxBlocks) % this.maxBlocks;
      count += this.#waiting[at]?.[bucket] ?? 0;
    }
    return count;
  }

  #median(from: number, to: number): number {
    let left = 0;
    for (let bucket = from; bucket <= to; bucket++) left += this.counts[bucket] ?? 0;
    if (left === 0) return noAnswer;
    left /= 2;
    for (let bucket = from; bucket <= to; bucket++) {
      const count = this.counts[bucket] ?? 0;
      if (count >= left) return (this.feeRates[bucket] ?? 0) / count;
      left -= count;
    }
    return noAnswer;
  }
}
