/** Random choices that can be made again: BULKHEAD_SEED repeats a run that failed. */
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';

/** Numbers from 0 up to 1, the same for the same seed (Mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Random {
  /** An integer from 0 up to but not including `end`. */
  below(end: number): number;
  /** True once in `times`, on average. */
  oneIn(times: number): boolean;
}

/** Random numbers for a test, which tells the seed it uses. */
export function randomFor(t: TestContext): Random {
  const given = process.env['BULKHEAD_SEED'];
  const seed = given === undefined ? randomInt(2 ** 32) : Number(given);
  t.diagnostic(`BULKHEAD_SEED=${seed} repeats these choices`);
  const next = mulberry32(seed);
  return { below: (end) => Math.floor(next() * end), oneIn: (times) => next() * times < 1 };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
