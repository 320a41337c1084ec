/** How much one place in the program may write to the log file. */
export interface RateLimits {
  readonly bytes: number;
  /** Milliseconds after which each place may write as much again. */
  readonly window: number;
}

/** As in Bitcoin Core. */
export const defaultRateLimits: RateLimits = { bytes: 1 << 20, window: 60 * 60_000 };

interface Budget<Place> {
  readonly place: Place;
  available: number;
  dropped: number;
}

/** What becomes of a line: `last` is the one after which its place is silent. */
export type Verdict = 'written' | 'last' | 'dropped';

/**
 * Keeps places in the program from filling the disk: each has a budget, and is silent once it is spent until the window
 * ends. Whoever owns this tells it when that is.
 */
export class RateLimit<Place> {
  readonly #budgets = new Map<string, Budget<Place>>();
  #silent = 0;

  constructor(readonly limits: RateLimits) {}

  /** Some place is silent now. */
  get suppresses(): boolean {
    return this.#silent > 0;
  }

  /**
   * Takes a line from the budget of its place.
   * @param key tells places apart
   */
  take(key: string, place: Place, bytes: number): Verdict {
    let budget = this.#budgets.get(key);
    if (budget === undefined) this.#budgets.set(key, (budget = { place, available: this.limits.bytes, dropped: 0 }));
    if (bytes <= budget.available) {
      budget.available -= bytes;
      return 'written';
    }
    const verdict = budget.dropped > 0 ? 'dropped' : 'last';
    // What is left is too little: shorter lines do not slip through either.
    budget.available = 0;
    budget.dropped += bytes;
    if (verdict === 'last') this.#silent++;
    return verdict;
  }

  /** A new window begins. Returns the places that were silent, with the bytes of theirs that did not fit. */
  renew(): readonly { readonly place: Place; readonly dropped: number }[] {
    const silent = [...this.#budgets.values()].flatMap(({ place, dropped }) => (dropped > 0 ? [{ place, dropped }] : []));
    this.#budgets.clear();
    this.#silent = 0;
    return silent;
  }
}
