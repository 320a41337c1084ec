import { test } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { busyChain, coinHashes } from './testing/busy-chain.js';
import { connectAll, last, setHash } from './testing/connect.js';
import { openForTest, recordingLogger, temporaryDirectory } from './testing/open-for-test.js';
import { blockFile, genesisParent, makeBlock, makeChain, parentOf, regtest } from './testing/regtest-chain.js';

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

test('a rebuild with nothing to rebuild from', async (t) => {
  const directory = temporaryDirectory(t);
  const chain = await openForTest(t, directory, { reindex: true });
  await connectAll(chain, makeChain(genesisParent, 2));
  await chain.close();
  const told: number[] = [];
  const again = await openForTest(t, directory, { checkBlocks: 0, onCheck: (percent) => told.push(percent) });
  assert.equal(again.tip.height, 2);
  assert.deepEqual(told, [0, 50, 100]);
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
