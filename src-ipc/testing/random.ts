/** Random choices that can be made again: the same seed gives the same numbers. */

/** A source of choices. */
export interface Random {
  /** An integer from 0 up to but not including `end`. */
  below(end: number): number;
  /** True once in `times`, on average. */
  oneIn(times: number): boolean;
}

/** Choices that follow from a seed of 32 bits (Mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (end) => Math.floor(next() * end), oneIn: (times) => next() * times < 1 };
}

/** One of several values. @throws RangeError if there is none */
export function pick<T>(random: Random, values: readonly T[]): T {
  if (values.length === 0) throw new RangeError('Nothing to choose from.');
  // The index is within the array.
  return values[random.below(values.length)] as T;
}
