import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { blockMerkleRoot } from '../../src-bitcoin/consensus/merkle.js';
import { commitmentScript, witnessCommitment, witnessCommitmentIndex } from '../../src-bitcoin/consensus/witness-commitment.js';
import { readBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { ScriptChecker, scriptThreads } from './script-check/script-checker.js';
import { openForTest, recordingLogger, temporaryDirectory } from './testing/open-for-test.js';
import { blockFile, mine } from './testing/regtest-chain.js';

const archive = fileURLToPath(new URL('../../../shared/bench/regtest-367.blk.xz', import.meta.url));
const skip = existsSync(archive) ? false : 'skipped: no ../shared/bench';

function unpackedChain(): Buffer {
  return execFileSync('xz', ['-dc', archive], { maxBuffer: 1 << 26 });
}

/** The blocks of a file without gaps, with where each starts. */
function* blocksOf(file: Uint8Array): Generator<{ block: Block; start: number; end: number }> {
  const reader = new ByteReader(file);
  while (reader.remaining > 0) {
    reader.skip(8);
    const start = reader.offset;
    yield { block: readBlock(reader), start, end: reader.offset };
  }
}

function positionOf(file: Uint8Array, part: Uint8Array, from: number): number {
  const at = Buffer.from(file).indexOf(part, from);
  assert.ok(at >= 0);
  return at;
}

test('a chain of every kind of script, each one checked', { skip }, async (t) => {
  const directory = temporaryDirectory(t);
  const path = join(directory, 'chain.blk');
  writeFileSync(path, unpackedChain());
  const scriptChecker = new ScriptChecker({ threads: scriptThreads(0, cpus().length) });
  t.after(() => scriptChecker.close());
  const chain = await openForTest(t, join(directory, 'node'), { scriptChecker });
  assert.equal(await chain.importBlockFile(path), 367);
  assert.equal(hashToHex(chain.tip.hash), '10a0be1dbed8259b5409cd927a31cd9f03c4c5654b07b65c57931ac4b50c59ea');
  const { hash, outputs, totalAmount } = await chain.utxoSetStatistics('muhash');
  assert.equal(hashToHex(hash ?? new Uint8Array()), 'bf25a93f9f03c376432daf81d924ad85f09d6be1fc3d6265354aba8189b4d9ce');
  assert.equal(outputs, 932);
  assert.equal(totalAmount, 1_205_000_000_000n);
});

/** The first block from `height` on with a witness signature, and that signature. */
function findSignature(file: Uint8Array, height: number): { height: number; block: Block; start: number; signature: Uint8Array } {
  let at = -1;
  for (const { block, start } of blocksOf(file)) {
    at++;
    const signature = block.transactions[1]?.inputs[0]?.witness[0];
    if (at >= height && signature !== undefined && signature.length > 60) return { height: at, block, start, signature };
  }
  throw new Error('no signature in the chain');
}

test('a flipped bit in a signature stops the chain before that block', { skip }, async (t) => {
  const directory = temporaryDirectory(t);
  const logger = recordingLogger();
  const file = Uint8Array.from(unpackedChain());
  const found = findSignature(file, 120);
  const at = positionOf(file, found.signature, found.start) + 20;
  file[at] = (file[at] ?? 0) ^ 1;
  const path = join(directory, 'chain.blk');
  writeFileSync(path, file.subarray(0, found.start + 400_000));
  const chain = await openForTest(t, join(directory, 'node'), { logger });
  await chain.importBlockFile(path);
  assert.equal(chain.tip.height, found.height - 1);
  assert.ok(logger.lines.some((line) => line.includes('bad-witness-merkle-match')));
  // The real block is not held against it.
  const outcome = await chain.processBlock(found.block, { force: true });
  assert.equal(outcome.accepted, true);
  assert.ok(chain.tip.height >= found.height);
});

/** Puts another transaction in the place of one and makes the block commit to it. */
function withTransaction(block: Block, index: number, tx: Transaction): Block {
  const transactions = block.transactions.map((old, i) => (i === index ? tx : old));
  const [coinbase] = transactions;
  assert.ok(coinbase !== undefined);
  const reserved = coinbase.inputs[0]?.witness[0] ?? new Uint8Array(32);
  const commitment = commitmentScript(witnessCommitment({ ...block, transactions }, reserved));
  const commitmentAt = witnessCommitmentIndex(coinbase);
  const outputs = coinbase.outputs.map((output, i) => (i === commitmentAt ? { ...output, scriptPubKey: commitment } : output));
  transactions[0] = { ...coinbase, outputs };
  const draft = { ...block, transactions };
  return mine({ ...draft, header: { ...block.header, merkleRoot: blockMerkleRoot(draft).root } });
}

test('a block that commits to a wrong signature is invalid', { skip }, async (t) => {
  const directory = temporaryDirectory(t);
  const logger = recordingLogger();
  const file = Uint8Array.from(unpackedChain());
  const found = findSignature(file, 120);
  const tx = found.block.transactions[1];
  assert.ok(tx !== undefined);
  const inputs = tx.inputs.map((input, i) =>
    i === 0 ? { ...input, witness: input.witness.map((item, k) => (k === 0 ? item.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) : item)) } : input,
  );
  const bad = withTransaction(found.block, 1, { ...tx, inputs });
  const path = join(directory, 'chain.blk');
  writeFileSync(path, Buffer.concat([file.subarray(0, found.start - 8), blockFile([bad])]));
  const chain = await openForTest(t, join(directory, 'node'), { logger });
  await chain.importBlockFile(path);
  assert.equal(chain.tip.height, found.height - 1);
  assert.ok(logger.lines.some((line) => line.includes('rejected: block-script-verify-flag-failed')), logger.lines.at(-2));
  const again = await chain.processBlock(bad);
  assert.equal(again.accepted ? '' : again.failure.reason, 'duplicate-invalid');
});
