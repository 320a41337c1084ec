import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptPubKeyOf } from '../address/destination.js';
import { hash160 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { SolvingData } from '../descriptor/solving.js';
import type { Transaction, TxOut } from '../primitives/transaction.js';
import { SIGHASH_ALL, SIGHASH_ANYONECANPAY, SIGHASH_SINGLE } from '../script/sighash.js';
import { signTransaction, untoldAmount, type SigningOutcome } from './sign-transaction.js';

const secret = new Uint8Array(32).fill(5);
const pubkey = secp256k1.createPublicKey(secret);
const known = new SolvingData();
known.addSecret({ secret, pubkey });
const hash = hash160(pubkey);
const legacy: TxOut = { value: 1000n, scriptPubKey: scriptPubKeyOf({ kind: 'pubkeyhash', hash }) };
const segwit: TxOut = { value: 1000n, scriptPubKey: scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash }) };

/** Signs a transaction of one output that spends these. */
function signed(spent: readonly (TxOut | undefined)[], hashType?: number): SigningOutcome {
  const inputs = spent.map((_output, index) => ({ prevout: { txid: new Uint8Array(32).fill(9), index }, scriptSig: new Uint8Array(0), sequence: 0, witness: [] }));
  const tx: Transaction = { version: 2, inputs, outputs: [{ value: 900n, scriptPubKey: segwit.scriptPubKey }], locktime: 0 };
  return signTransaction(tx, spent, { knownOf: () => known, aux: () => new Uint8Array(32), ...(hashType === undefined ? {} : { hashType }) });
}

test('all inputs there are keys for are signed; the others are named', () => {
  assert.equal(signed([legacy, segwit]).complete, true);
  const partial = signed([legacy, undefined, segwit]);
  assert.deepEqual(partial.problems, [{ index: 1, error: 'Input not found or already spent' }]);
  assert.equal(partial.complete, false);
});

test('an input without an output beside it is not signed for that output', () => {
  for (const hashType of [SIGHASH_SINGLE, SIGHASH_SINGLE | SIGHASH_ANYONECANPAY]) {
    const { tx, problems } = signed([legacy, legacy], hashType);
    assert.deepEqual(problems.map(({ index }) => index), [1]);
    assert.deepEqual(tx.inputs.map(({ scriptSig }) => scriptSig.length > 0), [true, false]);
  }
});

test('a witness that covers an amount nobody told is a problem', () => {
  const untold = { ...segwit, value: untoldAmount };
  assert.deepEqual(signed([untold]).problems, [{ index: 0, error: 'Missing amount', withoutAmount: untold }]);
  assert.equal(signed([{ ...legacy, value: untoldAmount }]).complete, true);
});

const taproot: TxOut = { value: 1000n, scriptPubKey: scriptPubKeyOf({ kind: 'witness_v1_taproot', outputKey: pubkey.subarray(1) }) };

test('no taproot signature covers outputs that nobody knows', () => {
  const { tx, problems } = signed([taproot, undefined]);
  assert.deepEqual(tx.inputs.map(({ witness }) => witness.length), [0, 0]);
  assert.deepEqual(problems.map(({ index }) => index), [0, 1]);
});

test('a taproot signature of somebody else is kept, whatever else is known', () => {
  const { tx } = signed([taproot, legacy]);
  const [first] = tx.inputs;
  assert.equal(first?.witness.length, 1);
  const again = signTransaction(tx, [taproot, undefined], { knownOf: () => new SolvingData(), aux: () => new Uint8Array(32) });
  assert.deepEqual(again.tx.inputs[0], first);
  assert.deepEqual(again.problems.map(({ index }) => index), [0, 1]);
});

test('a taproot signature that covers the amount of another input needs to be told it', () => {
  const untold = { ...legacy, value: untoldAmount };
  assert.deepEqual(signed([taproot, untold]).problems, [{ index: 0, error: 'Missing amount', withoutAmount: untold }]);
  assert.equal(signed([taproot, untold], SIGHASH_ALL | SIGHASH_ANYONECANPAY).complete, true);
  assert.equal(signed([taproot, legacy]).complete, true);
});
