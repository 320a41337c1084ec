/** How long the rest of the chain will take, from how fast the last minutes went. */

/** Milliseconds of history that the estimate looks at. */
const horizon = 5 * 60_000;
/** An estimate from less than this is a guess; milliseconds. */
const shortest = 3_000;

export class SyncEstimate {
  readonly #samples: { readonly at: number; readonly progress: number }[] = [];

  /**
   * Takes a sample and gives the seconds left, null while it cannot be told.
   * @param at milliseconds, from any clock
   * @param progress 0 to 1
   */
  secondsLeft(at: number, progress: number): number | null {
    this.#samples.push({ at, progress });
    while ((this.#samples[0]?.at ?? at) < at - horizon) this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || at - first.at < shortest || progress <= first.progress) return null;
    const perMillisecond = (progress - first.progress) / (at - first.at);
    return Math.round((1 - progress) / perMillisecond / 1000);
  }
}
