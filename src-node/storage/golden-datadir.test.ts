import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { blockHash, parseBlock } from '../../src-bitcoin/primitives/block.js';
import { parseCoin, serializeCoin } from '../../src-bitcoin/coin.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { BlockFiles } from './block-files.js';
import { emptyFileInfo, parseBlockRecord, serializeBlockRecord, serializeFileInfo } from './block-records.js';
import { BlockTreeDb } from './block-tree-db.js';
import { CoinsDb } from './coins-db.js';
import { openBlocksKey } from './obfuscation.js';
import { StorageError } from './storage-error.js';

const golden = fileURLToPath(new URL('../../../shared/golden/', import.meta.url));
const magic = chainParams('regtest').magic;

/** Unpacks the recorded data directory for one test; undefined (and skipped) where there is none. */
function unpack(t: TestContext): string | undefined {
  const archive = join(golden, 'datadir-regtest.tar.xz');
  if (!existsSync(archive)) {
    t.skip('skipped: no ../shared/golden');
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-golden-'));
  t.after(() => rmSync(directory, { recursive: true }));
  execFileSync('tar', ['xf', archive, '-C', directory]);
  return join(directory, 'regtest');
}

test('block index and block files of Bitcoin Core', async (t) => {
  const directory = unpack(t);
  if (directory === undefined) return;
  const tree = await BlockTreeDb.open(join(directory, 'blocks', 'index'), 1 << 20);
  t.after(() => tree.close());
  assert.equal(tree.lastFile, 0);
  assert.equal(tree.reindexing, false);
  const info = tree.fileInfo(0) ?? emptyFileInfo;
  assert.deepEqual(Object.values(info), [115, 30827, 4868, 0, 114, 1296688602, 1795431946]);
  assert.equal(toHex(serializeFileInfo(info)).length > 0, true);
  const key = openBlocksKey(join(directory, 'blocks'));
  const files = new BlockFiles({ directory: join(directory, 'blocks'), magic, key, infos: [info] });
  let count = 0;
  for await (const { hash, record } of tree.blocks()) {
    count++;
    assert.deepEqual(parseBlockRecord(serializeBlockRecord(record)), record);
    const block = parseBlock(await files.readBlock({ file: record.file, offset: record.dataPos }));
    assert.equal(hashToHex(blockHash(block.header)), hashToHex(hash));
    assert.equal(block.transactions.length, record.txCount);
    assert.equal(record.status, record.height === 0 ? 139 : 157);
    if (record.height === 0) continue;
    const undo = await files.readUndo({ file: record.file, offset: record.undoPos }, record.header.prevHash);
    const inputs = block.transactions.slice(1).map((tx) => tx.inputs.length);
    assert.deepEqual(undo.map((coins) => coins.length), inputs);
  }
  assert.equal(count, 115);
  const wrong = files.readUndo({ file: 0, offset: 8 }, new Uint8Array(32));
  await assert.rejects(wrong, (error) => error instanceof StorageError && error.code === 'corrupt');
});

test('chainstate of Bitcoin Core', async (t) => {
  const directory = unpack(t);
  if (directory === undefined) return;
  const expected = JSON.parse(readFileSync(join(golden, 'datadir-regtest.expected.json'), 'utf8')) as { best: string };
  const coins = await CoinsDb.open({ directory: join(directory, 'chainstate'), cacheBytes: 1 << 20 });
  t.after(() => coins.close());
  assert.equal(hashToHex(coins.bestBlock ?? new Uint8Array()), expected.best);
  assert.equal(coins.headBlocks, undefined);
  let total = 0n;
  let count = 0;
  for await (const { outpoint, coin } of coins.coins()) {
    count++;
    total += coin.value;
    assert.deepEqual(parseCoin(serializeCoin(coin)), coin);
    assert.deepEqual(coins.getCoin(outpoint), coin);
  }
  assert.equal(count, 116);
  assert.equal(total, 570_000_000_000n);
});

test('a directory without xor.dat reads as damaged', async (t) => {
  const directory = unpack(t);
  if (directory === undefined) return;
  rmSync(join(directory, 'blocks', 'xor.dat'));
  const key = openBlocksKey(join(directory, 'blocks'));
  assert.deepEqual(key, new Uint8Array(8));
  const files = new BlockFiles({ directory: join(directory, 'blocks'), magic, key, infos: [] });
  await assert.rejects(
    files.readBlock({ file: 0, offset: 8 }),
    (error) => error instanceof StorageError && error.code === 'corrupt',
  );
});
