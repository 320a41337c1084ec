/** Random choices that can be made again: BULKHEAD_SEED repeats a run that failed. */
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import { seededRandom, type Random } from '../../src-ipc/testing/random.js';

export type { Random } from '../../src-ipc/testing/random.js';

/** Random numbers for a test, which tells the seed it uses. */
export function randomFor(t: TestContext): Random {
  const given = process.env['BULKHEAD_SEED'];
  const seed = given === undefined ? randomInt(2 ** 32) : Number(given);
  t.diagnostic(`BULKHEAD_SEED=${seed} repeats these choices`);
  return seededRandom(seed);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
