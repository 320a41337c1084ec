import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashToHex, toHex } from '../bytes/hex.js';
import { ByteReader } from '../bytes/reader.js';
import { chainParams } from '../params/networks.js';
import { blockHash, blockWeight, parseBlock, serializeBlock, type Block } from '../primitives/block.js';
import { readTxOut, type Transaction, type TxOut } from '../primitives/transaction.js';
import { scriptFlags } from '../script/flags.js';
import { isFinal, sequenceLocks, sequenceLocksMet } from './locktime.js';
import { maxBlockSigOpsCost, maxBlockWeight } from './limits.js';
import { blockMerkleRoot, merkleRoot } from './merkle.js';
import { nextBits, type RetargetBlock } from './retarget.js';
import { scriptSigOps, sigOpsCost } from './sigops.js';
import { blockSubsidy } from './subsidy.js';
import { bitsFromTarget, difficulty, meetsTarget, targetFromBits, workOfBits } from './target.js';
import { checkTransaction, outputSum } from './transaction-check.js';
import { committedHash, witnessCommitment, witnessCommitmentIndex } from './witness-commitment.js';

const folder = fileURLToPath(new URL('../../../shared/vectors/blocks/', import.meta.url));
const skip = existsSync(folder) ? false : 'skipped: no ../shared/vectors';
const load = (name: string): Uint8Array => Uint8Array.from(readFileSync(folder + name));

for (const height of [300025, 426884, 482683, 928816, 928927]) {
  test(`real block ${height}`, { skip }, () => {
    const raw = load(`block${height}.raw`);
    const block = parseBlock(raw);
    assert.equal(toHex(serializeBlock(block)), toHex(raw));
    const chain = height > 900_000 ? chainParams('test') : chainParams('main');
    assert.ok(meetsTarget(blockHash(block.header), block.header.bits, chain.consensus.powLimit));
    assert.deepEqual(blockMerkleRoot(block), { root: block.header.merkleRoot, mutated: false });
    assert.ok(blockWeight(block) <= maxBlockWeight);
    for (const tx of block.transactions) assert.equal(checkTransaction(tx), undefined);
    assert.ok(outputSum(firstOf(block)) >= blockSubsidy(height, 210_000));
    checkCommitment(block);
  });
}

function firstOf(block: Block): Transaction {
  const first = block.transactions[0];
  assert.ok(first !== undefined);
  return first;
}

function checkCommitment(block: Block): void {
  const coinbase = firstOf(block);
  const index = witnessCommitmentIndex(coinbase);
  if (index === undefined) return;
  const script = coinbase.outputs[index]?.scriptPubKey ?? new Uint8Array();
  const reserved = coinbase.inputs[0]?.witness[0] ?? new Uint8Array();
  assert.equal(toHex(committedHash(script)), toHex(witnessCommitment(block, reserved)));
}

for (const height of [300025, 928816, 928927]) {
  test(`fees and signature operations of block ${height}`, { skip }, () => {
    const block = parseBlock(load(`block${height}.raw`));
    const reader = new ByteReader(load(`block${height}.spent-outputs.raw`));
    let fees = 0n;
    let cost = sigOpsCost(firstOf(block), [], scriptFlags.P2SH | scriptFlags.WITNESS, true);
    for (const tx of block.transactions.slice(1)) {
      const spent: TxOut[] = tx.inputs.map(() => readTxOut(reader));
      fees += spent.reduce((sum, { value }) => sum + value, 0n) - outputSum(tx);
      cost += sigOpsCost(tx, spent, scriptFlags.P2SH | scriptFlags.WITNESS, false);
    }
    assert.equal(reader.remaining, 0);
    assert.ok(cost > 0 && cost <= maxBlockSigOpsCost);
    assert.equal(outputSum(firstOf(block)), blockSubsidy(height, 210_000) + fees);
  });
}

test('targets', () => {
  assert.equal(targetFromBits(0x1d00ffff), 0xffffn << 208n);
  assert.equal(targetFromBits(0x01003456), undefined);
  assert.equal(targetFromBits(0x01123456), 0x12n);
  assert.equal(targetFromBits(0x04923456), undefined);
  assert.equal(targetFromBits(0xff123456), undefined);
  assert.equal(targetFromBits(0x05009234), 0x92340000n);
  assert.equal(targetFromBits(0x20123456), 0x123456n << 232n);
  for (const bits of [0x1d00ffff, 0x207fffff, 0x1e0377ae, 0x05009234, 0x1b0404cb, 0x02008000, 0x01120000]) {
    assert.equal(bitsFromTarget(targetFromBits(bits) ?? 0n), bits);
  }
  assert.equal(workOfBits(0x1d00ffff), 0x100010001n);
  assert.equal(difficulty(0x1d00ffff), 1);
  assert.equal(difficulty(0x1b0404cb).toFixed(2), '16307.42');
});

function chain(headers: readonly { time: number; bits: number }[], first: number): RetargetBlock {
  const blocks: RetargetBlock[] = [];
  for (const [i, header] of headers.entries()) {
    const ancestor = (height: number): RetargetBlock | undefined => blocks[height - first];
    blocks.push({ height: first + i, header, prev: blocks.at(-1), ancestor });
  }
  const last = blocks.at(-1);
  assert.ok(last !== undefined);
  return last;
}

// Known retargets of main: first and last times of a period, its bits, and the bits that followed.
test('retargets of main', () => {
  const { consensus } = chainParams('main');
  const cases = [
    { first: 1261130161, last: 1262152739, height: 32255, bits: 0x1d00ffff, next: 0x1d00d86a },
    { first: 1231006505, last: 1233061996, height: 2015, bits: 0x1d00ffff, next: 0x1d00ffff },
    { first: 1279008237, last: 1279297671, height: 68543, bits: 0x1c05a3f4, next: 0x1c0168fd },
    { first: 1263163443, last: 1269211443, height: 46367, bits: 0x1c387f6f, next: 0x1d00e1fd },
  ];
  for (const { first, last, height, bits, next } of cases) {
    const times = Array.from({ length: 2016 }, (_, i) => (i === 0 ? first : last));
    const tip = chain(times.map((time) => ({ time, bits })), height - 2015);
    assert.equal(nextBits(tip, last + 600, consensus).toString(16), next.toString(16));
  }
});

test('easy blocks of test networks', () => {
  const { consensus } = chainParams('test');
  const tip = chain([{ time: 1000, bits: 0x1c00ffff }, { time: 3000, bits: 0x1d00ffff }], 2017);
  assert.equal(nextBits(tip, 3000 + 1201, consensus), 0x1d00ffff);
  assert.equal(nextBits(tip, 3000 + 1200, consensus), 0x1c00ffff);
});

test('subsidy', () => {
  assert.equal(blockSubsidy(0, 210_000), 5_000_000_000n);
  assert.equal(blockSubsidy(209_999, 210_000), 5_000_000_000n);
  assert.equal(blockSubsidy(210_000, 210_000), 2_500_000_000n);
  assert.equal(blockSubsidy(64 * 210_000, 210_000), 0n);
  let sum = 0n;
  for (let halving = 0; halving < 64; halving++) sum += blockSubsidy(halving * 210_000, 210_000) * 210_000n;
  assert.equal(sum, 2_099_999_997_690_000n);
});

test('a repeated pair of leaves is reported', () => {
  const leaf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
  const three = merkleRoot([leaf(1), leaf(2), leaf(3)]);
  const four = merkleRoot([leaf(1), leaf(2), leaf(3), leaf(3)]);
  assert.equal(hashToHex(three.root), hashToHex(four.root));
  assert.deepEqual([three.mutated, four.mutated], [false, true]);
  assert.deepEqual(merkleRoot([]), { root: new Uint8Array(32), mutated: false });
});

const outpoint = { txid: new Uint8Array(32).fill(1), index: 0 };
function transaction(change: Partial<Transaction>, sequence = 0): Transaction {
  return {
    version: 2,
    inputs: [{ prevout: outpoint, scriptSig: new Uint8Array(), sequence, witness: [] }],
    outputs: [{ value: 1n, scriptPubKey: new Uint8Array() }],
    locktime: 0,
    ...change,
  };
}

test('faults of transactions', () => {
  const tx = transaction({});
  const output = (value: bigint) => ({ value, scriptPubKey: new Uint8Array() });
  const max = 2_100_000_000_000_000n;
  assert.equal(checkTransaction(tx), undefined);
  assert.equal(checkTransaction({ ...tx, inputs: [] }), 'bad-txns-vin-empty');
  assert.equal(checkTransaction({ ...tx, outputs: [] }), 'bad-txns-vout-empty');
  assert.equal(checkTransaction({ ...tx, outputs: [output(-1n)] }), 'bad-txns-vout-negative');
  assert.equal(checkTransaction({ ...tx, outputs: [output(max + 1n)] }), 'bad-txns-vout-toolarge');
  assert.equal(checkTransaction({ ...tx, outputs: [output(max), output(1n)] }), 'bad-txns-txouttotal-toolarge');
  assert.equal(checkTransaction({ ...tx, inputs: [...tx.inputs, ...tx.inputs] }), 'bad-txns-inputs-duplicate');
  const nullInput = { prevout: { txid: new Uint8Array(32), index: 0xffffffff }, scriptSig: new Uint8Array(1), sequence: 0, witness: [] };
  assert.equal(checkTransaction({ ...tx, inputs: [nullInput] }), 'bad-cb-length');
  assert.equal(checkTransaction({ ...tx, inputs: [...tx.inputs, nullInput] }), 'bad-txns-prevout-null');
});

test('locktimes', () => {
  assert.equal(isFinal(transaction({ locktime: 100 }), 100, 0), false);
  assert.equal(isFinal(transaction({ locktime: 100 }), 101, 0), true);
  assert.equal(isFinal(transaction({ locktime: 500_000_000 }), 1e6, 500_000_000), false);
  assert.equal(isFinal(transaction({ locktime: 500_000_000 }), 1e6, 500_000_001), true);
  assert.equal(isFinal(transaction({ locktime: 100 }, 0xffffffff), 5, 5), true);
});

test('relative locks', () => {
  const locks = (sequence: number, version = 2) => sequenceLocks(transaction({ version }, sequence), [50], (height) => height * 600);
  assert.deepEqual(locks(10), { height: 59, time: -1 });
  assert.deepEqual(locks((1 << 22) | 10), { height: -1, time: 49 * 600 + 5120 - 1 });
  assert.deepEqual(locks(0x80000000 + 10), { height: -1, time: -1 });
  assert.deepEqual(locks(10, 1), { height: -1, time: -1 });
  assert.deepEqual(locks(10, -1), { height: 59, time: -1 });
  assert.equal(sequenceLocksMet(locks(10), 59, 0), false);
  assert.equal(sequenceLocksMet(locks(10), 60, 0), true);
});

test('signature operations of scripts', () => {
  const multisig = Uint8Array.of(0x52, 0x53, 0xae, 0xac);
  assert.equal(scriptSigOps(multisig, true), 4);
  assert.equal(scriptSigOps(multisig, false), 21);
  assert.equal(scriptSigOps(Uint8Array.of(0xac, 0x4c), true), 1);
});
