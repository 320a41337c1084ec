import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { BlockFiles, listBlockFiles } from './block-files.js';
import { openBlocksKey } from './obfuscation.js';
import { CoinsDb } from './coins-db.js';
import { StorageError } from './storage-error.js';

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-files-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const magic = Uint8Array.of(1, 2, 3, 4);
const block = (fill: number): Uint8Array => new Uint8Array(1000).fill(fill);

test('records come back, files are cut to what they hold, and are obfuscated', async (t) => {
  const directory = temporary(t);
  const key = openBlocksKey(directory);
  const files = new BlockFiles({ directory, magic, key, infos: [], maxFileSize: 0x10000 });
  const positions = Array.from({ length: 100 }, (_, height) => files.appendBlock(block(height), height, 1000 + height));
  assert.deepEqual(positions[0], { file: 0, offset: 8 });
  assert.equal(files.lastFile, 1);
  const prevHash = new Uint8Array(32).fill(5);
  const undo = [[{ value: 7n, scriptPubKey: Uint8Array.of(0x51), height: 3, coinbase: false }]];
  const undoOffsets = positions.map(({ file }, height) => files.appendUndo(file, undo, prevHash, height));
  await files.sync();
  for (const [height, position] of positions.entries()) {
    assert.equal(toHex(await files.readBlock(position)), toHex(block(height)));
    const offset = undoOffsets[height] ?? 0;
    assert.deepEqual(await files.readUndo({ file: position.file, offset }, prevHash), undo);
    await assert.rejects(files.readUndo({ file: position.file, offset }, magic), StorageError);
  }
  const first = files.info(0);
  assert.equal(first.heightFirst, 0);
  assert.equal(first.heightLast, first.blocks - 1);
  assert.equal(statSync(join(directory, 'blk00000.dat')).size, first.size);
  assert.equal(statSync(join(directory, 'rev00000.dat')).size, first.undoSize);
  assert.equal(statSync(join(directory, 'blk00001.dat')).size, 0x1000000);
  assert.deepEqual(listBlockFiles(directory), [0, 1]);
  const start = readFileSync(join(directory, 'blk00000.dat')).subarray(0, 4);
  assert.deepEqual(Uint8Array.from(start, (byte, i) => byte ^ (key[i] ?? 0)), magic);
  files.close();
});

test('the key of a used directory without one is zero', (t) => {
  const directory = temporary(t);
  writeFileSync(join(directory, 'blk00000.dat'), '');
  assert.deepEqual(openBlocksKey(directory), new Uint8Array(8));
});

test('a stored key cannot be switched off', (t) => {
  const directory = temporary(t);
  writeFileSync(join(directory, 'xor.dat'), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  assert.throws(() => openBlocksKey(directory, false), /can not be disabled.*0102030405060708/);
});

test('coins written in several steps', async (t) => {
  const directory = temporary(t);
  const open = (): Promise<CoinsDb> => CoinsDb.open({ directory, cacheBytes: 1 << 20, batchBytes: 2000 });
  const outpoint = (index: number) => ({ txid: new Uint8Array(32).fill(1), index });
  const coin = { value: 1n, scriptPubKey: Uint8Array.of(0x51), height: 1, coinbase: false };
  const tip = new Uint8Array(32).fill(2);
  let coins = await open();
  assert.equal(coins.bestBlock, undefined);
  function* interrupted() {
    for (let index = 0; index < 300; index++) {
      if (index === 250) throw new Error('power lost');
      yield { outpoint: outpoint(index), coin };
    }
  }
  await assert.rejects(coins.write(interrupted(), tip), /power lost/);
  await coins.close();
  coins = await open();
  assert.equal(coins.bestBlock, undefined);
  assert.deepEqual(coins.headBlocks, { to: tip, from: undefined });
  assert.notEqual(coins.getCoin(outpoint(0)), undefined);
  assert.equal(coins.getCoin(outpoint(249)), undefined);
  await assert.rejects(coins.write([], magic), StorageError);
  await coins.write(Array.from({ length: 300 }, (_, index) => ({ outpoint: outpoint(index), coin })), tip);
  assert.equal(coins.headBlocks, undefined);
  assert.deepEqual(coins.bestBlock, tip);
  const next = new Uint8Array(32).fill(3);
  await coins.write([{ outpoint: outpoint(7), coin: undefined }], next);
  assert.deepEqual(await coins.getCoins([outpoint(7), outpoint(299)]), [undefined, coin]);
  await assert.rejects(open(), (error) => error instanceof StorageError && error.code === 'in-use');
  await coins.close();
});
