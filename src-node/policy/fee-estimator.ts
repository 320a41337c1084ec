import { ConfirmationStatistics, type Horizon } from './confirmation-statistics.js';

const lowestBound = 100;
const highestBound = 1e7;
const boundSpacing = 1.05;
const openBound = 1e99;

const shortHorizon: Horizon = { decay: 0.962, scale: 1, periods: 12 };
const mediumHorizon: Horizon = { decay: 0.9952, scale: 2, periods: 24 };
const longHorizon: Horizon = { decay: 0.99931, scale: 24, periods: 42 };

/** Transactions per block that make a range of feerates known; more for the short horizon. */
const sufficient = 0.1;
const sufficientShort = 0.5;
/** Share that has to confirm within half the target, the target, and twice the target. */
const halfSuccess = 0.6;
const fullSuccess = 0.85;
const doubleSuccess = 0.95;
/** Blocks after which statistics of an earlier run say nothing any more. */
const oldestHistory = 6 * 1008;

/** What an estimate needs to know of a transaction. */
export interface EstimatedTransaction {
  readonly key: string;
  /** Tip when it came in. */
  readonly height: number;
  readonly fee: bigint;
  readonly virtualSize: number;
}

/** Upper feerates of the buckets, satoshis per 1000 vbytes. */
export function feeRateBounds(): number[] {
  const bounds: number[] = [];
  for (let bound = lowestBound; bound <= highestBound; bound *= boundSpacing) bounds.push(bound);
  bounds.push(openBound);
  return bounds;
}

const feeRateOf = ({ fee, virtualSize }: EstimatedTransaction): number => Number((fee * 1000n) / BigInt(virtualSize));

/**
 * Learns from the mempool how long which feerates wait, and answers which one to pay. It follows
 * Bitcoin Core's estimator: three horizons, and the strictest of several thresholds.
 */
export class FeeEstimator {
  readonly bounds = feeRateBounds();
  readonly medium = new ConfirmationStatistics(this.bounds, mediumHorizon);
  readonly short = new ConfirmationStatistics(this.bounds, shortHorizon);
  readonly long = new ConfirmationStatistics(this.bounds, longHorizon);
  readonly #tracked = new Map<string, { readonly height: number; readonly bucket: number }>();
  bestHeight = 0;
  #firstRecorded = 0;
  /** Heights an earlier run recorded, as its file says. */
  history = { first: 0, best: 0 };

  get #all(): readonly ConfirmationStatistics[] {
    return [this.medium, this.short, this.long];
  }

  /** @param valid it waits for nothing but a block: no unconfirmed parents, and the chain is current. */
  transactionAdded(tx: EstimatedTransaction, valid: boolean): void {
    // What came in at another height than the last block's waits for an unknown time.
    if (!valid || tx.height !== this.bestHeight || this.#tracked.has(tx.key)) return;
    const bucket = this.medium.bucketOf(feeRateOf(tx));
    for (const statistics of this.#all) statistics.noteWaiting(tx.height, bucket);
    this.#tracked.set(tx.key, { height: tx.height, bucket });
  }

  /** A transaction left without being confirmed. */
  transactionRemoved(key: string): void {
    this.#leave(key, false);
  }

  #leave(key: string, confirmed: boolean): boolean {
    const tracked = this.#tracked.get(key);
    if (tracked === undefined) return false;
    this.#tracked.delete(key);
    for (const statistics of this.#all) statistics.noteLeft(tracked.height, this.bestHeight, tracked.bucket, confirmed);
    return true;
  }

  /** @param confirmed the mempool's transactions the block holds. */
  blockConnected(height: number, confirmed: readonly EstimatedTransaction[]): void {
    // A reorganisation brings known heights again, whose times would be misread.
    if (height <= this.bestHeight) return;
    this.bestHeight = height;
    for (const statistics of this.#all) statistics.startBlock(height);
    let counted = 0;
    for (const tx of confirmed) {
      if (!this.#leave(tx.key, true)) continue;
      const blocks = height - tx.height;
      if (blocks <= 0) continue;
      for (const statistics of this.#all) statistics.noteConfirmed(blocks, feeRateOf(tx));
      counted++;
    }
    if (this.#firstRecorded === 0 && counted > 0) this.#firstRecorded = height;
  }

  /** Transactions still waiting count as failed, as after them nothing more is learned: before saving. */
  flushWaiting(): void {
    for (const key of [...this.#tracked.keys()]) this.#leave(key, false);
  }

  /** Blocks of this run that taught something. */
  get #span(): number {
    return this.#firstRecorded === 0 ? 0 : this.bestHeight - this.#firstRecorded;
  }

  get #historicalSpan(): number {
    const { first, best } = this.history;
    return first === 0 || this.bestHeight - best > oldestHistory ? 0 : best - first;
  }

  /** The heights a file should name: of this run, or the earlier one's while that knows more. */
  recordedHeights(): { readonly first: number; readonly best: number } {
    return this.#span > this.#historicalSpan / 2 ? { first: this.#firstRecorded, best: this.bestHeight } : this.history;
  }

  get maxTarget(): number {
    return this.long.maxBlocks;
  }

  /**
   * @param target blocks within which to confirm.
   * @param conservative look further back, so that a quiet hour does not count too much.
   * @returns satoshis per 1000 vbytes, undefined while too little is known; and the target answered.
   */
  estimate(target: number, conservative: boolean): { feeRate: bigint | undefined; blocks: number } {
    if (target <= 0 || target > this.maxTarget) return { feeRate: undefined, blocks: target };
    const known = Math.floor(Math.max(this.#span, this.#historicalSpan) / 2);
    // Nothing can promise the very next block.
    const blocks = Math.min(Math.max(target, 2), this.maxTarget, known);
    if (blocks <= 1) return { feeRate: undefined, blocks };
    let best = Math.max(
      this.#combined(Math.floor(blocks / 2), halfSuccess, true),
      this.#combined(blocks, fullSuccess, true),
      this.#combined(2 * blocks, doubleSuccess, !conservative),
    );
    if (conservative || best < 0) best = Math.max(best, this.#conservative(2 * blocks));
    return { feeRate: best < 0 ? undefined : BigInt(Math.round(best)), blocks };
  }

  /** The answer of the shortest horizon that reaches the target, or of a shorter one when that is less. */
  #combined(target: number, success: number, checkShorter: boolean): number {
    if (target < 1 || target > this.long.maxBlocks) return -1;
    const ask = (statistics: ConfirmationStatistics, blocks: number): number =>
      statistics.estimate(blocks, statistics === this.short ? sufficientShort : sufficient, success, this.bestHeight);
    const horizon = [this.short, this.medium, this.long].find((statistics) => target <= statistics.maxBlocks) ?? this.long;
    let estimate = ask(horizon, target);
    if (!checkShorter) return estimate;
    for (const shorter of [this.medium, this.short]) {
      if (target <= shorter.maxBlocks) continue;
      const other = ask(shorter, shorter.maxBlocks);
      if (other > 0 && (estimate < 0 || other < estimate)) estimate = other;
    }
    return estimate;
  }

  #conservative(target: number): number {
    let estimate = -1;
    if (target <= this.short.maxBlocks) estimate = this.medium.estimate(target, sufficient, doubleSuccess, this.bestHeight);
    if (target <= this.medium.maxBlocks) {
      estimate = Math.max(estimate, this.long.estimate(target, sufficient, doubleSuccess, this.bestHeight));
    }
    return estimate;
  }
}
