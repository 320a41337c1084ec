import { randomInt } from 'node:crypto';

/** When something that failed is tried again: soon at first, then ever more slowly, and perhaps only so often. */
export interface RetryPolicy {
  /** Milliseconds before the first attempt. */
  readonly first: number;
  /** Each pause is this many times the one before. */
  readonly factor: number;
  /** Milliseconds that no pause exceeds. */
  readonly longest: number;
  /** Attempts before giving up; Infinity never gives up. */
  readonly attempts: number;
  /** By which part of itself a pause is made shorter at random, 0 to 1, so that many do not come back at once. */
  readonly jitter: number;
  /** Milliseconds of good work after which earlier failures no longer count. */
  readonly stableAfter: number;
}

/** For a program on this machine that crashed: back at once after a mishap, left alone when it keeps crashing. */
export const restartPolicy: RetryPolicy = { first: 1000, factor: 4, longest: 30_000, attempts: 5, jitter: 0, stableAfter: 300_000 };

/** For a connection that was lost: the network, or whoever is at the other end, may be back after any time. */
export const reconnectPolicy: RetryPolicy = { first: 1000, factor: 2, longest: 60_000, attempts: Infinity, jitter: 0.2, stableAfter: 60_000 };

const anyFraction = (): number => randomInt(2 ** 32) / 2 ** 32;

/** An attempt that is due. */
export interface Retry {
  /** Milliseconds from the failure to the attempt. */
  readonly delay: number;
  /** Counted from 1. */
  readonly attempt: number;
  /** Attempts there are in all; Infinity when there is no end to them. */
  readonly of: number;
}

/** Keeps count for one thing that is to be kept alive. Reads no clock: times are milliseconds the caller passes in. */
export class RetrySchedule {
  readonly #policy: RetryPolicy;
  readonly #random: () => number;
  #attempts = 0;
  #workingSince: number | undefined;

  /** @param random gives numbers from 0 up to 1 */
  constructor(policy: RetryPolicy, random: () => number = anyFraction) {
    this.#policy = policy;
    this.#random = random;
  }

  /** It works since `now`. That counts as recovery once it has lasted. */
  worked(now: number): void {
    this.#workingSince = now;
  }

  /** It ended at `now`, or an attempt failed. Undefined when there were attempts enough. */
  failed(now: number): Retry | undefined {
    const { first, factor, longest, attempts, jitter, stableAfter } = this.#policy;
    if (this.#workingSince !== undefined && now - this.#workingSince >= stableAfter) this.#attempts = 0;
    this.#workingSince = undefined;
    if (this.#attempts >= attempts) return undefined;
    const pause = Math.min(longest, first * factor ** this.#attempts);
    this.#attempts += 1;
    return { delay: Math.round(pause * (1 - jitter * this.#random())), attempt: this.#attempts, of: attempts };
  }

  /** Forgets the failures: a person asked for a new beginning. */
  reset(): void {
    this.#attempts = 0;
    this.#workingSince = undefined;
  }
}
