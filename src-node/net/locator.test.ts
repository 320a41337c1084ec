import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlockIndex } from '../kernel/types.js';
import { locatorOf } from './locator.js';

/** A chain as long as wanted, of which a locator only looks at heights. */
function blockAt(height: number): BlockIndex {
  const block: Pick<BlockIndex, 'height' | 'hash' | 'ancestor'> = { height, hash: Uint8Array.of(height), ancestor: (wanted) => blockAt(wanted) };
  return block as BlockIndex;
}

test('a locator has eleven steps of one block, then steps that double, and ends with the first block', () => {
  const heights = (from: number): number[] => locatorOf(blockAt(from)).map(([height]) => height ?? -1);
  assert.deepEqual(heights(0), [0]);
  assert.deepEqual(heights(12), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  assert.deepEqual(heights(100), [100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 89, 87, 83, 75, 59, 27, 0]);
});
