import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClassicLevel } from 'classic-level';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { StorageError, type StorageErrorCode } from '../storage/storage-error.js';
import { makeBlock, parentOf, rewardOf } from './testing/regtest-chain.js';
import { openForTest, temporaryDirectory } from './testing/open-for-test.js';
import type { TestContext } from 'node:test';

const golden = fileURLToPath(new URL('../../../shared/golden/', import.meta.url));
const skip = existsSync(golden) ? false : 'skipped: no ../shared/golden';

interface SetInfo {
  readonly height: number;
  readonly txouts: number;
  readonly bogosize: number;
  readonly transactions: number;
  readonly total_amount: number;
  readonly hash_serialized_3: string;
  readonly muhash: string;
}

interface Expected {
  readonly best: string;
  readonly hash_serialized_3: SetInfo;
  readonly muhash: SetInfo;
}

function unpack(t: TestContext): { directory: string; expected: Expected } {
  const base = temporaryDirectory(t);
  execFileSync('tar', ['xf', join(golden, 'datadir-regtest.tar.xz'), '-C', base]);
  const expected = JSON.parse(readFileSync(join(golden, 'datadir-regtest.expected.json'), 'utf8')) as Expected;
  return { directory: join(base, 'regtest'), expected };
}

test('a data directory of Bitcoin Core', { skip }, async (t) => {
  const { directory, expected } = unpack(t);
  const chain = await openForTest(t, directory);
  assert.equal(hashToHex(chain.tip.hash), expected.best);
  assert.equal(chain.headerCount, 115);
  const serialized = await chain.utxoSetStatistics('hash_serialized_3');
  const wanted = expected.hash_serialized_3;
  assert.equal(hashToHex(serialized.hash ?? new Uint8Array()), wanted.hash_serialized_3);
  assert.equal(serialized.height, wanted.height);
  assert.equal(serialized.outputs, wanted.txouts);
  assert.equal(serialized.transactions, wanted.transactions);
  assert.equal(serialized.bogoSize, BigInt(wanted.bogosize));
  assert.equal(serialized.totalAmount, BigInt(wanted.total_amount * 1e8));
  const muhash = await chain.utxoSetStatistics('muhash');
  assert.equal(hashToHex(muhash.hash ?? new Uint8Array()), expected.muhash.muhash);
  for (let height = 0; height <= 114; height++) {
    const index = chain.atHeight(height);
    assert.ok(index !== undefined);
    const block = await chain.readBlock(index);
    const undo = await chain.readUndo(index);
    assert.equal(undo.length, height === 0 ? 0 : block.transactions.length - 1);
    assert.equal(index.validScripts, height > 0);
  }
});

test('going on from there, and back', { skip }, async (t) => {
  const { directory, expected } = unpack(t);
  const chain = await openForTest(t, directory);
  const parent = { hash: chain.tip.hash, height: 114, time: chain.tip.header.time };
  const block = makeBlock(parent);
  const next = makeBlock(parentOf(block, 115));
  for (const each of [block, next]) assert.equal((await chain.processBlock(each)).accepted, true);
  assert.equal(chain.tip.height, 116);
  assert.equal(chain.coins.getCoin(rewardOf(next))?.height, 116);
  await chain.close();
  const again = await openForTest(t, directory);
  assert.equal(again.tip.height, 116);
  const first = again.atHeight(110);
  assert.ok(first !== undefined);
  await again.invalidateBlock(first);
  assert.equal(again.tip.height, 109);
  await again.reconsiderBlock(first);
  assert.equal(again.tip.height, 116);
  const added = again.atHeight(115);
  assert.ok(added !== undefined);
  await again.invalidateBlock(added);
  const { hash } = await again.utxoSetStatistics('muhash');
  assert.equal(hashToHex(hash ?? new Uint8Array()), expected.muhash.muhash);
});

for (const name of ['chainstate', 'blocks/index and chainstate']) {
  test(`without ${name} it is rebuilt`, { skip }, async (t) => {
    const { directory, expected } = unpack(t);
    rmSync(join(directory, 'chainstate'), { recursive: true });
    if (name !== 'chainstate') rmSync(join(directory, 'blocks', 'index'), { recursive: true });
    const chain = await openForTest(t, directory, name === 'chainstate' ? {} : { reindex: true });
    assert.equal(hashToHex(chain.tip.hash), expected.best);
    const { hash } = await chain.utxoSetStatistics('muhash');
    assert.equal(hashToHex(hash ?? new Uint8Array()), expected.muhash.muhash);
  });
}

/** All of a block index, as it stands in the database. */
async function indexRecords(directory: string): Promise<Map<string, string>> {
  const level = new ClassicLevel<string, string>(join(directory, 'blocks', 'index'), {
    keyEncoding: 'hex',
    valueEncoding: 'hex',
    compression: false,
  });
  const records = new Map(await level.iterator().all());
  await level.close();
  return records;
}

test('a rebuilt block index is the same to the byte', { skip }, async (t) => {
  const { directory } = unpack(t);
  const before = await indexRecords(directory);
  const chain = await openForTest(t, directory, { reindex: true });
  await chain.close();
  const after = await indexRecords(directory);
  assert.deepEqual(after, before);
});

const damages: readonly [string, (directory: string) => void, StorageErrorCode][] = [
  ['blk00000.dat is gone', (at) => rmSync(join(at, 'blocks', 'blk00000.dat')), 'corrupt'],
  ['rev00000.dat is gone', (at) => rmSync(join(at, 'blocks', 'rev00000.dat')), 'corrupt'],
  ['blk00000.dat is cut', (at) => truncateSync(join(at, 'blocks', 'blk00000.dat'), 30000), 'corrupt'],
  ['xor.dat is gone', (at) => rmSync(join(at, 'blocks', 'xor.dat')), 'corrupt'],
  ['the block index is damaged', (at) => writeFileSync(join(at, 'blocks', 'index', 'CURRENT'), 'nonsense'), 'corrupt'],
  ['the chainstate is damaged', (at) => writeFileSync(join(at, 'chainstate', 'CURRENT'), 'nonsense'), 'corrupt-chainstate'],
  ['the block index is gone', (at) => rmSync(join(at, 'blocks', 'index'), { recursive: true }), 'corrupt'],
];

for (const [what, damage, code] of damages) {
  test(`refuses to start when ${what}`, { skip }, async (t) => {
    const { directory } = unpack(t);
    damage(directory);
    await assert.rejects(openForTest(t, directory), (error) => error instanceof StorageError && error.code === code);
    // Nothing stays locked: with -reindex it could be tried again at once.
    await assert.rejects(openForTest(t, directory), (error) => error instanceof StorageError && error.code === code);
  });
}

test('a directory of another network, and one in use', { skip }, async (t) => {
  const { directory } = unpack(t);
  const chain = await openForTest(t, directory);
  await assert.rejects(openForTest(t, directory), (error) => error instanceof StorageError && error.code === 'in-use');
  await chain.close();
  const { chainParams } = await import('../../src-bitcoin/params/networks.js');
  await assert.rejects(openForTest(t, directory, { params: chainParams('testnet4') }), StorageError);
});
