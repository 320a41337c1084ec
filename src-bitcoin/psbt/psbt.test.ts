import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transaction as OracleTransaction } from '@scure/btc-signer';
import { concatBytes } from '../bytes/bytes.js';
import { fromHex, toHex } from '../bytes/hex.js';
import { ByteWriter } from '../bytes/writer.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { serializeTransaction, txidOf, type Transaction } from '../primitives/transaction.js';
import { inputField } from './fields.js';
import { createPsbt, parsePsbt, serializePsbt, spentOutput, type Psbt } from './psbt.js';

const empty = new Uint8Array(0);
const key = secp256k1.createPublicKey(new Uint8Array(32).fill(3));
const otherKey = secp256k1.createPublicKey(new Uint8Array(32).fill(4));

const previous: Transaction = {
  version: 2,
  inputs: [{ prevout: { txid: new Uint8Array(32).fill(1), index: 0 }, scriptSig: empty, sequence: 0xffffffff, witness: [Uint8Array.of(1)] }],
  outputs: [{ value: 70_000n, scriptPubKey: fromHex(`0014${'22'.repeat(20)}`) }],
  locktime: 0,
};
const tx: Transaction = {
  version: 2,
  inputs: [{ prevout: { txid: txidOf(previous), index: 0 }, scriptSig: empty, sequence: 0xfffffffd, witness: [] }],
  outputs: [{ value: 60_000n, scriptPubKey: fromHex('51') }],
  locktime: 9,
};

function parsed(bytes: Uint8Array): Psbt {
  const result = parsePsbt(bytes);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.psbt;
}

/** The bytes of a PSBT with these fields in its input: key and value in hex. */
function withInput(...fields: readonly (readonly [key: string, value: string])[]): Uint8Array {
  const writer = new ByteWriter(256).bytes(fromHex('70736274ff')).varBytes(Uint8Array.of(0)).varBytes(serializeTransaction(tx)).u8(0);
  for (const [name, value] of fields) writer.varBytes(fromHex(name)).varBytes(fromHex(value));
  return writer.u8(0).u8(0).finish();
}

const error = (bytes: Uint8Array): string => {
  const result = parsePsbt(bytes);
  return result.ok ? 'none' : result.error;
};

test('what is written is read again, and by others', () => {
  const psbt = createPsbt(tx);
  psbt.inputs[0]?.set(inputField.nonWitnessUtxo, empty, serializeTransaction(previous, false));
  psbt.inputs[0]?.set(inputField.derivation, key, fromHex('aabbccdd0000008001000000'));
  const bytes = serializePsbt(psbt);
  assert.deepEqual(serializePsbt(parsed(bytes)), bytes);
  assert.deepEqual(spentOutput(parsed(bytes), 0), previous.outputs[0]);
  const oracle = OracleTransaction.fromPSBT(bytes);
  assert.deepEqual(oracle.getInput(0).bip32Derivation?.map(([pubkey, { fingerprint, path }]) => [toHex(pubkey), fingerprint, path]), [[toHex(key), 0xaabbccdd, [0x80000000, 1]]]);
  assert.deepEqual(oracle.toPSBT(0), bytes);
});

test('a previous transaction is kept without witness, and must be the one that is spent', () => {
  const witness = toHex(serializeTransaction(previous));
  const map = parsed(withInput(['00', witness])).inputs[0];
  assert.equal(toHex(map?.get(inputField.nonWitnessUtxo) ?? empty), toHex(serializeTransaction(previous, false)));
  assert.equal(error(withInput(['00', toHex(serializeTransaction({ ...previous, locktime: 1 }))])), 'Non-witness UTXO does not match outpoint hash');
});

test('unknown fields and proprietary ones are kept; the order of fields is always the same', () => {
  const fields = [
    ['f1', 'aa'],
    ['fc0361626300', '01'],
    ['fdfe01ff', ''],
    ['f0', 'bb'],
    [`06${toHex(otherKey)}`, 'aabbccdd'],
    [`06${toHex(key)}`, 'aabbccdd'],
    ['04', '51'],
    ['03', '01000000'],
  ] as const;
  const bytes = serializePsbt(parsed(withInput(...fields)));
  assert.deepEqual(bytes, serializePsbt(parsed(withInput(...[...fields].reverse()))));
  const derivations = [key, otherKey].map(toHex).sort().map((each) => [`06${each}`, 'aabbccdd'] as const);
  assert.deepEqual(bytes, withInput(['03', '01000000'], ['04', '51'], ...derivations, ['fc0361626300', '01'], ['f0', 'bb'], ['f1', 'aa'], ['fdfe01ff', '']));
});

test('a finished input says only what unlocks it', () => {
  const bytes = withInput(['04', '51'], ['07', '0151'], [`06${toHex(key)}`, 'aabbccdd'], ['f0', 'bb']);
  assert.deepEqual(serializePsbt(parsed(bytes)), withInput(['07', '0151'], ['f0', 'bb']));
});

test('leaf hashes are kept sorted, each once', () => {
  const [a, b] = ['aa'.repeat(32), 'bb'.repeat(32)];
  const derivation = `16${toHex(key.subarray(1))}`;
  assert.deepEqual(serializePsbt(parsed(withInput([derivation, `03${b}${a}${b}aabbccdd`]))), withInput([derivation, `02${a}${b}aabbccdd`]));
});

test('the second version of PSBTs is refused, as is what is broken', () => {
  const two = fromHex('70736274ff01fb040200000001020402000000010401000105010000');
  assert.equal(error(two), 'Unsupported version number');
  assert.equal(error(fromHex('70736274ff')), 'Separator is missing at the end of the global map');
  assert.equal(error(concatBytes(withInput(), Uint8Array.of(0))), 'extra data after PSBT');
  assert.equal(error(withInput().subarray(0, -1)), 'Outputs provided does not match the number of outputs in transaction.');
  assert.equal(error(withInput(['01', '00'])), 'Size of value was not the stated size');
  assert.equal(error(withInput(['04', '51'], ['04', '52'])), 'Duplicate Key, input redeemScript already provided');
  for (let length = 0; length < withInput().length; length++) assert.notEqual(error(withInput().subarray(0, length)), 'none');
});

test('fields that say nothing are not kept', () => {
  const nothing = withInput(['04', ''], ['05', ''], ['07', ''], ['08', '00'], ['17', '00'.repeat(32)], ['18', '00'.repeat(32)], ['01', `${'ff'.repeat(8)}00`]);
  assert.deepEqual(serializePsbt(parsed(nothing)), withInput());
  assert.equal(error(withInput(['04', ''], ['04', '51'])), 'Duplicate Key, input redeemScript already provided');
});
