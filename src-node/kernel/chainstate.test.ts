import { test } from 'node:test';
import assert from 'node:assert/strict';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { blockHash, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import type { NodeChainstate } from './node-chainstate.js';
import { connectAll, last, setHash } from './testing/connect.js';
import { openForTest, temporaryDirectory } from './testing/open-for-test.js';
import { anyoneCanSpend, genesisParent, makeBlock, makeChain, parentOf, rewardOf, spend } from './testing/regtest-chain.js';
import type { ChainEvents } from './types.js';

/** Notes events as short texts, by height. */
function record(chain: NodeChainstate): string[] {
  const events: string[] = [];
  const listener: Partial<ChainEvents> = {
    blockConnected: ({ index }) => events.push(`+${index.height}`),
    blockDisconnected: ({ index }) => events.push(`-${index.height}`),
    tipChanged: ({ tip, fork }) => events.push(`tip ${tip.height} fork ${fork?.height}`),
    headerTipChanged: ({ header }) => events.push(`header ${header.height}`),
    blockChecked: ({ failure }) => failure !== undefined && events.push(`bad ${failure.reason}`),
  };
  chain.subscribe(listener);
  return events;
}

test('a chain grows, is told of in order, and is there after a restart', async (t) => {
  const directory = temporaryDirectory(t);
  const chain = await openForTest(t, directory);
  assert.equal(chain.tip.height, 0);
  const events = record(chain);
  const blocks = makeChain(genesisParent, 3);
  await connectAll(chain, blocks);
  assert.deepEqual(events, [
    ...['header 1', '+1', 'tip 1 fork 0', 'header 2', '+2', 'tip 2 fork 1'],
    ...['header 3', '+3', 'tip 3 fork 2'],
  ]);
  const repeated = await chain.processBlock(last(blocks));
  assert.ok(repeated.accepted && !repeated.isNew);
  const hash = await setHash(chain);
  await chain.close();
  await assert.rejects(chain.processBlock(last(blocks)), /closed/);
  const again = await openForTest(t, directory);
  assert.equal(hashToHex(again.tip.hash), hashToHex(blockHash(last(blocks).header)));
  assert.equal(again.tip.chainTxCount, 4);
  assert.equal(await setHash(again), hash);
  assert.deepEqual(await again.readRawBlock(again.tip), serializeBlock(last(blocks)));
});

test('the longer chain wins, and coins follow', async (t) => {
  const chain = await openForTest(t, temporaryDirectory(t));
  const common = makeChain(genesisParent, 101);
  await connectAll(chain, common);
  const start = parentOf(last(common), 101);
  const first = common[0];
  assert.ok(first !== undefined);
  const value = 5_000_000_000n;
  const payment = spend([rewardOf(first)], [{ value, scriptPubKey: anyoneCanSpend }]);
  const onePaid = makeChain(start, 2, (height) => (height === 102 ? { transactions: [payment] } : {}));
  await connectAll(chain, onePaid);
  assert.equal(chain.coins.getCoin(rewardOf(first)), undefined);
  const before = await setHash(chain);
  const events = record(chain);
  const other = makeChain(start, 3, () => ({ tag: 7 }));
  await connectAll(chain, other.slice(0, 2));
  assert.deepEqual(events, []);
  assert.equal(chain.tips().length, 2);
  await connectAll(chain, other.slice(2));
  assert.deepEqual(events, ['header 104', '-103', '-102', '+102', '+103', '+104', 'tip 104 fork 101']);
  assert.equal(chain.coins.getCoin(rewardOf(first))?.value, value);
  const otherTip = chain.lookup(blockHash(last(other).header));
  assert.ok(otherTip !== undefined && chain.isActive(otherTip));
  const forkBlock = chain.atHeight(102);
  assert.ok(forkBlock !== undefined);
  await chain.invalidateBlock(forkBlock);
  assert.equal(await setHash(chain), before);
  assert.deepEqual(
    (await chain.processBlock(makeBlock(parentOf(last(other), 104)))).accepted,
    false,
  );
  await chain.reconsiderBlock(otherTip);
  assert.equal(chain.tip, otherTip);
});

test('a longer chain with a bad block in it changes nothing', async (t) => {
  const chain = await openForTest(t, temporaryDirectory(t));
  const main = makeChain(genesisParent, 5);
  await connectAll(chain, main);
  const before = await setHash(chain);
  const missing = spend([{ txid: new Uint8Array(32).fill(9), index: 0 }], [{ value: 1n, scriptPubKey: anyoneCanSpend }]);
  const plan = (height: number) => (height === 4 ? { tag: 1, transactions: [missing] } : { tag: 1 });
  const fork = makeChain(genesisParent, 7, plan);
  const events = record(chain);
  await connectAll(chain, fork.slice(0, 5));
  const outcome = await chain.processBlock(last(fork.slice(0, 6)), { force: true });
  // The sixth block itself was never looked at: what failed is below it.
  assert.equal(outcome.accepted, true);
  assert.equal(hashToHex(chain.tip.hash), hashToHex(blockHash(last(main).header)));
  assert.ok(events.includes('bad bad-txns-inputs-missingorspent'));
  assert.equal(events.filter((event) => event.startsWith('tip')).length, 0);
  assert.equal(await setHash(chain), before);
  const next = await chain.processBlock(last(fork), { force: true });
  assert.deepEqual(next.accepted ? '' : next.failure.reason, 'bad-prevblk');
  assert.deepEqual(chain.bestHeader, chain.tip);
});

test('headers first, blocks in any order', async (t) => {
  const chain = await openForTest(t, temporaryDirectory(t));
  const blocks = makeChain(genesisParent, 5);
  const outcome = await chain.acceptHeaders(blocks.map(({ header }) => header));
  assert.equal(outcome.accepted, true);
  assert.equal(chain.bestHeader.height, 5);
  assert.equal(chain.tip.height, 0);
  for (const i of [4, 2, 3, 1]) await connectAll(chain, blocks.slice(i, i + 1));
  assert.equal(chain.tip.height, 0);
  assert.equal(chain.bestHeader.chainTxCount, 0);
  await connectAll(chain, blocks.slice(0, 1));
  assert.equal(chain.tip.height, 5);
  assert.equal(chain.tip.chainTxCount, 6);
});

test('headers stop at the first bad one', async (t) => {
  const chain = await openForTest(t, temporaryDirectory(t));
  const headers = makeChain(genesisParent, 4).map(({ header }) => header);
  const [a, b, , d] = headers;
  assert.ok(a !== undefined && b !== undefined && d !== undefined);
  const outcome = await chain.acceptHeaders([a, b, d]);
  assert.equal(outcome.accepted, false);
  assert.equal(outcome.last?.height, 2);
  assert.equal(outcome.accepted ? '' : outcome.failure.reason, 'prev-blk-not-found');
});

test('a block nobody asked for is stored only when it may be of use', async (t) => {
  const chain = await openForTest(t, temporaryDirectory(t));
  await connectAll(chain, makeChain(genesisParent, 3));
  const stale = makeBlock(genesisParent, { tag: 5 });
  const ignored = await chain.processBlock(stale);
  assert.ok(ignored.accepted && !ignored.isNew && !ignored.index.haveData);
  const taken = await chain.processBlock(stale, { force: true });
  assert.ok(taken.accepted && taken.isNew && taken.index.haveData);
});

test('a block is tested without being stored', async (t) => {
  const chain = await openForTest(t, temporaryDirectory(t));
  const block = makeBlock(genesisParent);
  assert.equal(await chain.testBlock(block), undefined);
  assert.equal(chain.lookup(blockHash(block.header)), undefined);
  const rich = makeBlock(genesisParent, { fees: 1n });
  assert.equal((await chain.testBlock(rich))?.reason, 'bad-cb-amount');
  const elsewhere = makeBlock({ ...genesisParent, hash: new Uint8Array(32) });
  assert.equal((await chain.testBlock(elsewhere))?.reason, 'inconclusive-not-best-prevblk');
  assert.equal(chain.tip.height, 0);
});

test('initial download ends with a recent tip, and its blocks are on disk soon after', async (t) => {
  const directory = temporaryDirectory(t);
  const start = { ...genesisParent, time: Math.floor(Date.now() / 1000) - 5000 };
  const chain = await openForTest(t, directory, { flushDelay: 0.01 });
  assert.equal(chain.initialDownload, true);
  const flushed = new Promise<number>((resolve) => chain.subscribe({ flushed: ({ tip }) => resolve(tip.height) }));
  await connectAll(chain, makeChain(start, 2));
  assert.equal(chain.initialDownload, false);
  assert.equal(await flushed, 2);
  assert.ok(chain.verificationProgress(chain.tip) > 0.9);
});

test('a pause in the initial download is used to write', async (t) => {
  const chain = await openForTest(t, temporaryDirectory(t), { idleFlushDelay: 0.02 });
  const flushed = new Promise<number>((resolve) => chain.subscribe({ flushed: ({ tip }) => resolve(tip.height) }));
  await connectAll(chain, makeChain(genesisParent, 2));
  assert.equal(chain.initialDownload, true);
  assert.equal(await flushed, 2);
});
