import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { RemovalReason } from './types.js';
import { at, mempoolBed } from './testing/mempool-bed.js';
import { outputOf } from './testing/test-key.js';

test('a block takes its transactions and pushes out what conflicts', async () => {
  const { chain, mempool, key, coins, take } = mempoolBed();
  const log: string[] = [];
  const parent = await take(key.split([at(coins, 0)], 1000n));
  const child = await take(key.split([outputOf(parent.tx)], 1000n));
  const doomed = await take(key.split([at(coins, 1)], 1000n));
  const heir = await take(key.split([outputOf(doomed.tx)], 1000n));
  chain.subscribe({ blockConnected: () => log.push('blockConnected') });
  mempool.subscribe({ removed: ({ tx, reason }) => log.push(`${reason} ${tx === parent.tx ? 'parent' : tx === heir.tx ? 'heir' : 'doomed'}`) });
  chain.mine(key.scriptPubKey, [parent.tx, key.split([at(coins, 1)], 5000n)]);
  assert.deepEqual(log, ['conflict heir', 'conflict doomed', 'blockConnected', 'block parent']);
  assert.deepEqual([...mempool.entries()], [child]);
  assert.equal(child.parents.size, 0);
});

test('transactions of a disconnected block come back, and their children stay', async () => {
  const { chain, mempool, key, coins, take } = mempoolBed();
  const parent = key.split([at(coins, 0)], 0n);
  chain.mine(key.scriptPubKey, [parent]);
  const child = await take(key.split([outputOf(parent)], 1000n));
  chain.disconnect();
  const entry = mempool.get(txidOf(parent));
  assert.ok(entry !== undefined, 'back without a fee minimum');
  assert.deepEqual([...entry.children], [child]);
  assert.deepEqual([...child.parents], [entry]);
  assert.equal(mempool.size, 2);
});

test('a reorganisation that confirms other spends removes the old ones', async () => {
  const { chain, mempool, key, coins, take } = mempoolBed();
  const reasons: RemovalReason[] = [];
  const first = key.split([at(coins, 0)], 1000n);
  const second = key.split([at(coins, 0)], 2000n);
  const kept = key.split([at(coins, 1)], 1000n);
  chain.mine(key.scriptPubKey, [first, kept]);
  await take(key.split([outputOf(first)], 1000n));
  mempool.subscribe({ removed: ({ reason }) => reasons.push(reason) });
  chain.disconnect(false);
  const pending = mempool.accept(key.split([at(coins, 2)], 1000n));
  chain.mine(key.scriptPubKey, [second], false);
  chain.mine(key.scriptPubKey);
  assert.deepEqual(reasons, ['reorg']);
  assert.equal(mempool.get(txidOf(first)), undefined);
  assert.ok(mempool.get(txidOf(kept)) !== undefined);
  assert.ok((await pending).accepted, 'judged after the reorganisation');
  assert.equal(mempool.size, 2);
});

test('spends of coinbases that a reorganisation makes immature leave', async () => {
  const { chain, mempool, key, coins, take } = mempoolBed({}, 1);
  const spend = await take(key.split([at(coins, 0)], 1000n));
  await take(key.split([outputOf(spend.tx)], 1000n));
  chain.disconnect();
  assert.equal(mempool.size, 2);
  chain.disconnect();
  assert.equal(mempool.size, 0);
});

test('the mempool survives in its file, in the format of Bitcoin Core', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'mempool-'));
  t.after(() => rm(directory, { recursive: true }));
  const path = join(directory, 'mempool.dat');
  const { chain, mempool, key, coins, take } = mempoolBed({}, 10, path);
  await mempool.load();
  assert.equal(mempool.loaded, true);
  const parent = await take(key.split([at(coins, 0)], 1000n));
  const child = await take(key.split([outputOf(parent.tx)], 1000n));
  mempool.prioritise(parent.txid, 5000n);
  mempool.prioritise(new Uint8Array(32).fill(9), -7n);
  mempool.setUnbroadcast(child.txid, true);
  await mempool.save();

  const { NodeMempool } = await import('./mempool.js');
  const again = new NodeMempool({ chainstate: chain, now: () => chain.now + 60, path });
  await again.load();
  assert.equal(again.size, 2);
  assert.equal(again.get(parent.txid)?.modifiedFee, 6000n);
  assert.equal(again.get(parent.txid)?.time, parent.time);
  assert.deepEqual(again.unbroadcast(), [child.txid]);
  assert.equal(again.priorities().length, 2);

  const late = new NodeMempool({ chainstate: chain, now: () => chain.now + 337 * 3600, path });
  await late.load();
  assert.equal(late.size, 0);
});

test('a full mempool gives up the cheapest and asks for more than that', async () => {
  const { chain, mempool, key, coins, take, refuse } = mempoolBed({ maxMemory: 4500 });
  const cheap = await take(key.split([at(coins, 0)], 200n));
  const dear = await take(key.split([at(coins, 1)], 5000n));
  await take(key.split([at(coins, 2)], 4000n));
  await take(key.split([at(coins, 3)], 3000n));
  assert.equal(mempool.get(cheap.txid), undefined);
  assert.ok(mempool.get(dear.txid) !== undefined);
  assert.ok(mempool.minFeeRate > 1000n);
  assert.equal(await refuse(key.split([at(coins, 4)], 100n)), 'mempool min fee not met');
  const full = await mempool.accept(key.split([at(coins, 5)], 1n + (mempool.minFeeRate * 110n) / 1000n));
  assert.equal(full.accepted ? '' : full.reason, 'mempool full');
  const risen = mempool.minFeeRate;
  chain.mine(key.scriptPubKey);
  chain.now += 12 * 3600;
  assert.ok(mempool.minFeeRate < risen, 'falls once a block came');
});
