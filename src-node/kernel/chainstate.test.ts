import { test } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { blockHash, serializeBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import type { NodeChainstate } from './node-chainstate.js';
import { busyChain, coinHashes } from './testing/busy-chain.js';
import {
  anyoneCanSpend,
  blockFile,
  genesisParent,
  makeBlock,
  makeChain,
  parentOf,
  regtest,
  rewardOf,
  spend,
} from './testing/regtest-chain.js';
import { openForTest, recordingLogger, temporaryDirectory } from './testing/open-for-test.js';
import type { ChainEvents } from './types.js';

function last<T>(list: readonly T[]): T {
  const item = list.at(-1);
  assert.ok(item !== undefined);
  return item;
}

async function connectAll(chain: NodeChainstate, blocks: readonly Block[]): Promise<void> {
  for (const block of blocks) {
    const outcome = await chain.processBlock(block, { force: true });
    assert.equal(outcome.accepted, true, outcome.accepted ? '' : outcome.failure.reason);
  }
}

async function setHash(chain: NodeChainstate): Promise<string> {
  const { hash } = await chain.utxoSetStatistics('muhash');
  return hashToHex(hash ?? new Uint8Array());
}

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

test('import: any order, leftovers between records, bad blocks', async (t) => {
  const directory = temporaryDirectory(t);
  const logger = recordingLogger();
  const chain = await openForTest(t, join(directory, 'node'), { logger });
  const blocks = makeChain(genesisParent, 6);
  const pick = (...at: number[]): Uint8Array => blockFile(at.map((i) => last(blocks.slice(i, i + 1))));
  const bad = makeBlock(parentOf(last(blocks), 6), { fees: 5n });
  const onBad = makeBlock(parentOf(bad, 7));
  const file = concatBytes(
    new Uint8Array(100),
    pick(3),
    regtest.magic,
    pick(1, 2).subarray(0, 150),
    pick(0),
    regtest.magic.subarray(0, 3),
    blockFile([regtest.genesis]),
    pick(5, 1),
    Uint8Array.of(0xfa, 0xbf, 0xb5, 0xda, 0xff, 0xff, 0xff, 0xff, 1, 2, 3),
    pick(2, 4),
    blockFile([bad, onBad]),
    pick(0).subarray(0, 60),
  );
  const path = join(directory, 'blocks.dat');
  writeFileSync(path, file);
  assert.equal(await chain.importBlockFile(path), 6, logger.lines.join('\n'));
  assert.equal(chain.tip.height, 6);
  assert.ok(logger.lines.some((line) => line.includes('rejected: bad-cb-amount')));
  assert.equal(await chain.importBlockFile(path), 0);
  await assert.rejects(chain.importBlockFile(join(directory, 'nowhere')), { code: 'ENOENT' });
  await connectAll(chain, [makeBlock(parentOf(last(blocks), 6))]);
  assert.equal(chain.tip.height, 7);
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

test('a rebuild with nothing to rebuild from', async (t) => {
  const directory = temporaryDirectory(t);
  const chain = await openForTest(t, directory, { reindex: true });
  await connectAll(chain, makeChain(genesisParent, 2));
  await chain.close();
  const again = await openForTest(t, directory, { checkBlocks: 0 });
  assert.equal(again.tip.height, 2);
  const genesis = again.atHeight(0);
  assert.ok(genesis !== undefined);
  assert.deepEqual(await again.readRawBlock(genesis), serializeBlock(regtest.genesis));
});

test('a rebuild finds blocks whatever the order they came in', async (t) => {
  const directory = temporaryDirectory(t);
  const chain = await openForTest(t, directory);
  const blocks = makeChain(genesisParent, 30);
  await chain.acceptHeaders(blocks.map(({ header }) => header));
  for (const block of [...blocks].reverse()) await connectAll(chain, [block]);
  const hash = await setHash(chain);
  await chain.close();
  const again = await openForTest(t, directory, { reindex: true });
  assert.equal(again.tip.height, 30);
  assert.equal(await setHash(again), hash);
  await connectAll(again, makeChain(parentOf(last(blocks), 30), 1));
  assert.equal(again.tip.height, 31);
});

test('many block files, with reorganisations, and a rebuild from them', async (t) => {
  const directory = temporaryDirectory(t);
  const options = { maxBlockFileSize: 0x4000 };
  const chain = await openForTest(t, directory, options);
  const blocks = busyChain(180);
  await connectAll(chain, blocks);
  const { tip } = chain;
  assert.ok(tip.file > 3);
  const hash = await setHash(chain);
  assert.equal(hash, coinHashes(blocks)(tip.hash));
  await chain.close();
  const again = await openForTest(t, directory, { ...options, checkBlocks: 0 });
  assert.equal(await setHash(again), hash);
  await again.close();
  const rebuilt = await openForTest(t, directory, { ...options, reindex: true });
  assert.deepEqual(rebuilt.tip.hash, tip.hash);
  assert.equal(rebuilt.tip.file, tip.file);
  assert.equal(await setHash(rebuilt), hash);
  const low = rebuilt.atHeight(100);
  assert.ok(low !== undefined);
  await rebuilt.invalidateBlock(low);
  await rebuilt.reconsiderBlock(low);
  assert.equal(await setHash(rebuilt), hash);
});

test('closing during an import ends it between two blocks', async (t) => {
  const directory = temporaryDirectory(t);
  const path = join(directory, 'blocks.dat');
  writeFileSync(path, blockFile(makeChain(genesisParent, 200)));
  const chain = await openForTest(t, join(directory, 'node'));
  const reached = new Promise<void>((resolve) => {
    chain.subscribe({ blockConnected: ({ index }) => index.height === 20 && resolve() });
  });
  const imported = chain.importBlockFile(path);
  await reached;
  await chain.close();
  assert.ok((await imported) < 200);
  const again = await openForTest(t, join(directory, 'node'));
  assert.ok(again.tip.height >= 20 && again.tip.height < 200);
  const stop = new AbortController();
  stop.abort();
  assert.equal(await again.importBlockFile(path, stop.signal), 0);
});
