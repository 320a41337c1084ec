import { minFeeHalfLife } from '../policy/limits.js';

/**
 * The feerate a full mempool asks for: rises with what is evicted, and halves every 12 hours
 * (sooner while there is room) once a block has come since.
 */
export class MinimumFeeRate {
  readonly #incremental: bigint;
  readonly #maxMemory: number;
  #rate = 0;
  #updated: number;
  #blockSinceRise = true;

  /** @param now seconds since 1970 */
  constructor(incremental: bigint, maxMemory: number, now: number) {
    this.#incremental = incremental;
    this.#maxMemory = maxMemory;
    this.#updated = now;
  }

  /** Satoshis per 1000 vbytes; 0 while nothing was evicted lately. */
  current(now: number, memoryUsage: number): bigint {
    if (!this.#blockSinceRise || this.#rate === 0) return BigInt(Math.round(this.#rate));
    if (now > this.#updated + 10) {
      const halfLife =
        memoryUsage < this.#maxMemory / 4 ? minFeeHalfLife / 4 : memoryUsage < this.#maxMemory / 2 ? minFeeHalfLife / 2 : minFeeHalfLife;
      this.#rate /= 2 ** ((now - this.#updated) / halfLife);
      this.#updated = now;
      if (this.#rate < Number(this.#incremental) / 2) {
        this.#rate = 0;
        return 0n;
      }
    }
    const rate = BigInt(Math.round(this.#rate));
    return rate > this.#incremental ? rate : this.#incremental;
  }

  /** Something that paid `feeRate` was evicted: from now on others have to pay more than that. */
  evicted(feeRate: bigint): void {
    const rate = Number(feeRate + this.#incremental);
    if (rate <= this.#rate) return;
    this.#rate = rate;
    this.#blockSinceRise = false;
  }

  blockConnected(now: number): void {
    this.#updated = now;
    this.#blockSinceRise = true;
  }
}
