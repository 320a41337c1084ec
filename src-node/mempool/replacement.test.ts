import assert from 'node:assert/strict';
import test from 'node:test';
import type { RemovalReason } from './types.js';
import { at, mempoolBed } from './testing/mempool-bed.js';
import { outputOf } from './testing/test-key.js';

test('a replacement pays more than all it replaces, and for its own relay', async () => {
  const { mempool, key, coins, take } = mempoolBed();
  const removed: RemovalReason[] = [];
  mempool.subscribe({ removed: ({ reason }) => removed.push(reason) });
  const first = await take(key.split([at(coins, 0)], 1000n));
  const child = await take(key.split([outputOf(first.tx)], 2000n));
  const less = await mempool.accept(key.split([at(coins, 0)], 2999n));
  assert.ok(!less.accepted);
  assert.equal(less.reason, 'insufficient fee');
  assert.match(less.debug, /^rejecting replacement [0-9a-f]{64}, less fees than conflicting txs; 0\.00002999 < 0\.00003$/);
  const barely = await mempool.accept(key.split([at(coins, 0)], 3010n));
  assert.ok(!barely.accepted);
  assert.match(barely.debug, /not enough additional fees to relay; 0\.0000001 < 0\.00000011$/);
  const outcome = await mempool.accept(key.split([at(coins, 0)], 3011n));
  assert.ok(outcome.accepted);
  assert.equal(outcome.replaced.length, 2);
  assert.equal(mempool.size, 1);
  assert.equal(mempool.get(child.txid), undefined);
  assert.deepEqual(removed, ['replaced', 'replaced']);
});

test('a replacement that signals nothing replaces too', async () => {
  const { mempool, key, coins, take } = mempoolBed();
  await take(key.split([at(coins, 0)], 1000n, 1, { sequence: 0xffffffff }));
  await take(key.split([at(coins, 0)], 2000n, 1, { sequence: 0xffffffff }));
  assert.equal(mempool.size, 1);
});

test('spending from what would be replaced is refused', async () => {
  const { key, coins, take, refuse } = mempoolBed();
  const first = await take(key.split([at(coins, 0)], 1000n));
  assert.equal(await refuse(key.split([at(coins, 0), outputOf(first.tx)], 100_000n)), 'bad-txns-spends-conflicting-tx');
});

test('a larger fee at a lower feerate does not replace', async () => {
  const { key, coins, take, refuse } = mempoolBed();
  await take(key.split([at(coins, 0)], 10_000n));
  assert.equal(await refuse(key.split([at(coins, 0)], 20_000n, 100)), 'replacement-failed');
});

test('a replacement may touch 100 clusters and no more', async () => {
  const { key, coins, take, refuse } = mempoolBed({}, 101);
  for (const coin of coins) await take(key.split([coin], 100n));
  assert.equal(await refuse(key.split(coins, 1_000_000n)), 'too many potential replacements');
  await take(key.split(coins.slice(1), 1_000_000n));
});
