import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../bytes/hex.js';
import type { Transaction } from '../primitives/transaction.js';
import { globalField, inputField, outputField } from './fields.js';
import { combinePsbts, joinPsbts } from './merge-psbts.js';
import { createPsbt, serializePsbt, type Psbt } from './psbt.js';

const empty = new Uint8Array(0);
const inOrder = <T>(list: readonly T[]): readonly T[] => list;

/** A transaction with an input and an output, told apart by a number. */
const tx = (number: number, version = 2, locktime = 0): Transaction => ({
  version,
  inputs: [{ prevout: { txid: new Uint8Array(32).fill(number), index: number }, scriptSig: empty, sequence: 0xfffffffd, witness: [] }],
  outputs: [{ value: BigInt(number), scriptPubKey: fromHex('51') }],
  locktime,
});

/** A PSBT whose first input has these fields: type and value. */
function withInput(transaction: Transaction, ...fields: readonly (readonly [type: number, value: string])[]): Psbt {
  const psbt = createPsbt(transaction);
  for (const [type, value] of fields) psbt.inputs[0]?.set(type, empty, fromHex(value));
  return psbt;
}

test('what is combined says everything that one of them says, and of two values the first', () => {
  const a = withInput(tx(1), [inputField.redeemScript, '51']);
  const b = withInput(tx(1), [inputField.redeemScript, '52'], [inputField.hashType, '01000000']);
  b.inputs[0]?.set(inputField.proprietary, fromHex('016100'), fromHex('aa'));
  b.outputs[0]?.set(outputField.witnessScript, empty, fromHex('53'));
  b.global.set(globalField.proprietary, fromHex('016200'), fromHex('bb'));
  const combined = combinePsbts(a, [b]);
  assert.ok(combined);
  const [map] = combined.inputs;
  assert.equal(toHex(map?.get(inputField.redeemScript) ?? empty), '51');
  assert.equal(toHex(map?.get(inputField.hashType) ?? empty), '01000000');
  assert.equal(map?.all(inputField.proprietary).length, 1);
  assert.equal(toHex(combined.outputs[0]?.get(outputField.witnessScript) ?? empty), '53');
  assert.equal(combined.global.all(globalField.proprietary).length, 1);
  // Those that were combined are as they were.
  assert.equal(a.inputs[0]?.has(inputField.hashType), false);
});

test('different transactions are not combined', () => {
  assert.equal(combinePsbts(createPsbt(tx(1)), [createPsbt(tx(1)), createPsbt(tx(2))]), undefined);
  const alone = createPsbt(tx(1));
  assert.deepEqual(serializePsbt(combinePsbts(alone, []) ?? assert.fail()), serializePsbt(alone));
});

test('what is joined has all inputs and outputs with their fields, but no signatures', () => {
  const signature = [inputField.tapKeySignature, 'aa'.repeat(64)] as const;
  const a = withInput(tx(1, 1, 9), [inputField.redeemScript, '51'], signature);
  const b = withInput(tx(2, 3, 7), [inputField.redeemScript, '52'], [inputField.finalScriptSig, '51']);
  const joined = joinPsbts([a, b], (list) => [...list].reverse());
  assert.ok(joined.ok);
  assert.deepEqual(joined.psbt.tx, { version: 3, inputs: [...tx(2).inputs, ...tx(1).inputs], outputs: [...tx(2).outputs, ...tx(1).outputs], locktime: 7 });
  assert.deepEqual(joined.psbt.inputs.map((map) => toHex(map.get(inputField.redeemScript) ?? empty)), ['52', '51']);
  for (const map of joined.psbt.inputs) assert.ok(!map.has(inputField.tapKeySignature) && !map.has(inputField.finalScriptSig));
});

test('an output that two of them spend is named, whatever else the inputs say', () => {
  const again: Transaction = { ...tx(3), inputs: tx(1).inputs.map((input) => ({ ...input, sequence: 1 })) };
  const joined = joinPsbts([createPsbt(tx(1)), createPsbt(again)], inOrder);
  assert.ok(!joined.ok);
  assert.deepEqual(joined.twice, tx(1).inputs[0]?.prevout);
});

test('however many are joined', () => {
  const each = createPsbt({ ...tx(1, 1, 9), inputs: [] });
  const joined = joinPsbts(new Array<Psbt>(200_000).fill(each), inOrder);
  assert.ok(joined.ok);
  assert.deepEqual([joined.psbt.tx.version, joined.psbt.tx.locktime, joined.psbt.outputs.length], [1, 9, 200_000 * each.outputs.length]);
});
