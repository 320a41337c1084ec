import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { concatBytes } from '../bytes/bytes.js';
import { chainParams } from '../params/networks.js';
import { parseBlock, type Block } from '../primitives/block.js';
import { nullOutpoint, type Transaction, type TxIn } from '../primitives/transaction.js';
import { checkBlock, checkWitnessCommitment, isMutatedBlock } from './block-checks.js';
import { blockMerkleRoot, merklePath, merkleRoot } from './merkle.js';
import { commitmentScript, witnessCommitment } from './witness-commitment.js';
import { hash256 } from '../crypto/hash.js';

const params = chainParams('regtest').consensus;
const unmined = { proofOfWork: false };
const noBytes = new Uint8Array(0);

function input(change: Partial<TxIn> = {}): TxIn {
  return { prevout: { txid: new Uint8Array(32).fill(7), index: 0 }, scriptSig: noBytes, sequence: 0, witness: [], ...change };
}

function transaction(change: Partial<Transaction> = {}): Transaction {
  return { version: 2, inputs: [input()], outputs: [{ value: 1n, scriptPubKey: noBytes }], locktime: 0, ...change };
}

const coinbase = transaction({ inputs: [input({ prevout: nullOutpoint, scriptSig: Uint8Array.of(1, 1) })] });

function makeBlock(transactions: readonly Transaction[]): Block {
  const header = { version: 4, prevHash: new Uint8Array(32), merkleRoot: new Uint8Array(32), time: 1, bits: 0x207fffff, nonce: 0 };
  const draft: Block = { header, transactions };
  return { header: { ...header, merkleRoot: blockMerkleRoot(draft).root }, transactions };
}

function reasonOf(transactions: readonly Transaction[]): string | undefined {
  return checkBlock(makeBlock(transactions), params, unmined)?.reason;
}

test('each rule of a block by itself', () => {
  const sigOps = (count: number): Transaction => transaction({ outputs: [{ value: 0n, scriptPubKey: new Uint8Array(count).fill(0xac) }] });
  assert.equal(reasonOf([coinbase]), undefined);
  assert.equal(reasonOf([coinbase, transaction()]), undefined);
  assert.equal(reasonOf([]), 'bad-blk-length');
  assert.equal(reasonOf([transaction()]), 'bad-cb-missing');
  assert.equal(reasonOf([coinbase, transaction(), coinbase]), 'bad-cb-multiple');
  assert.equal(reasonOf([coinbase, transaction({ outputs: [] })]), 'bad-txns-vout-empty');
  assert.equal(reasonOf([coinbase, sigOps(20_000)]), undefined);
  assert.equal(reasonOf([coinbase, sigOps(20_001)]), 'bad-blk-sigops');
  const filled = (size: number): Transaction => transaction({ inputs: [input({ scriptSig: new Uint8Array(size) })] });
  assert.equal(reasonOf([coinbase, filled(999_700)]), undefined);
  assert.equal(reasonOf([coinbase, filled(500_000), filled(499_850)]), 'bad-blk-length');
});

test('what may be the doing of whoever passed a block on is told apart', () => {
  const block = makeBlock([coinbase, transaction(), transaction({ locktime: 1 })]);
  const wrongRoot = { ...block, transactions: block.transactions.slice(0, 2) };
  assert.deepEqual(checkBlock(wrongRoot, params, unmined), { kind: 'mutated', reason: 'bad-txnmrklroot', debug: 'hashMerkleRoot mismatch' });
  assert.equal(checkBlock(wrongRoot, params, { ...unmined, merkleRoot: false }), undefined);
  const [, , last] = block.transactions;
  assert.ok(last !== undefined);
  const repeated = { ...block, transactions: [...block.transactions, last] };
  assert.deepEqual(checkBlock(repeated, params, unmined), { kind: 'mutated', reason: 'bad-txns-duplicate', debug: 'duplicate transaction' });
  assert.equal(isMutatedBlock(block, true), false);
  assert.equal(isMutatedBlock(wrongRoot, true), true);
  assert.equal(isMutatedBlock(repeated, true), true);
  // 64 bytes without a coinbase: a node of a merkle tree in disguise.
  const disguised = transaction({ outputs: [{ value: 1n, scriptPubKey: new Uint8Array(4) }] });
  assert.equal(isMutatedBlock(makeBlock([disguised]), true), true);
  assert.equal(isMutatedBlock(makeBlock([transaction()]), true), false);
});

test('proof of work comes first', () => {
  const block = makeBlock([]);
  let nonce = 0;
  const at = (value: number): Block => ({ ...block, header: { ...block.header, nonce: value } });
  while (checkBlock(at(nonce), params)?.reason !== 'high-hash') nonce++;
  assert.equal(checkBlock(at(nonce), params)?.kind, 'invalid-header');
  while (checkBlock(at(nonce), params)?.reason === 'high-hash') nonce++;
  assert.equal(checkBlock(at(nonce), params)?.reason, 'bad-blk-length');
});

test('witness commitments', () => {
  const reserved = new Uint8Array(32).fill(3);
  const spend = transaction({ inputs: [input({ witness: [Uint8Array.of(1)] })] });
  const [cbInput] = coinbase.inputs;
  assert.ok(cbInput !== undefined);
  const build = (commitment: Uint8Array | undefined, witness: readonly Uint8Array[], others: readonly Transaction[] = [spend]): Block => {
    const extra = commitment === undefined ? [] : [{ value: 0n, scriptPubKey: commitmentScript(commitment) }];
    return makeBlock([{ ...coinbase, inputs: [{ ...cbInput, witness }], outputs: [...coinbase.outputs, ...extra] }, ...others]);
  };
  const right = witnessCommitment(build(undefined, []), reserved);
  assert.equal(checkWitnessCommitment(build(right, [reserved]), true), undefined);
  const reason = (block: Block, segwit = true): string | undefined => checkWitnessCommitment(block, segwit)?.reason;
  assert.equal(reason(build(right, [])), 'bad-witness-nonce-size');
  assert.equal(reason(build(right, [reserved, reserved])), 'bad-witness-nonce-size');
  assert.equal(reason(build(right, [reserved.slice(1)])), 'bad-witness-nonce-size');
  assert.equal(reason(build(right, [new Uint8Array(32)])), 'bad-witness-merkle-match');
  assert.equal(reason(build(reserved, [reserved])), 'bad-witness-merkle-match');
  assert.equal(reason(build(undefined, [])), 'unexpected-witness');
  assert.equal(reason(build(right, [reserved]), false), 'unexpected-witness');
  assert.equal(reason(build(undefined, [], [transaction()])), undefined);
  assert.equal(isMutatedBlock(build(right, [reserved]), true), false);
  assert.equal(isMutatedBlock(build(reserved, [reserved]), true), true);
});

test('merkle paths lead from every leaf to the root', () => {
  for (let count = 1; count <= 9; count++) {
    const leaves = Array.from({ length: count }, (_, i) => hash256(Uint8Array.of(i)));
    for (const [index, leaf] of leaves.entries()) {
      let hash = leaf;
      for (const [level, sibling] of merklePath(leaves, index).entries()) {
        hash = hash256((index >> level) % 2 === 0 ? concatBytes(hash, sibling) : concatBytes(sibling, hash));
      }
      assert.deepEqual(hash, merkleRoot(leaves).root);
    }
    if (count > 1) assert.throws(() => merklePath(leaves, count + 1), /no leaf/);
  }
});

const folder = new URL('../../../shared/vectors/blocks/', import.meta.url);

test('real blocks pass', { skip: existsSync(folder) ? false : 'skipped: no ../shared/vectors' }, () => {
  for (const [height, chain] of [[300025, 'main'], [426884, 'main'], [482683, 'main'], [928816, 'test'], [928927, 'test']] as const) {
    const block = parseBlock(readFileSync(new URL(`block${height}.raw`, folder)));
    assert.equal(checkBlock(block, chainParams(chain).consensus), undefined, String(height));
    assert.equal(checkWitnessCommitment(block, height > 481824), undefined, String(height));
    const changed = { ...block, header: { ...block.header, nonce: block.header.nonce ^ 1 } };
    assert.equal(checkBlock(changed, chainParams(chain).consensus)?.reason, 'high-hash', String(height));
  }
});
