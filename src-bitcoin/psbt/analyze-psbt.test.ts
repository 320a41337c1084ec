import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_MONEY } from '../amount.js';
import { concatBytes } from '../bytes/bytes.js';
import { fromHex } from '../bytes/hex.js';
import { hash160, sha256 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { serializeTransaction, serializeTxOut, txidOf, type Transaction, type TxOut } from '../primitives/transaction.js';
import { analyzePsbt, type PsbtAnalysis } from './analyze-psbt.js';
import { inputField } from './fields.js';
import { createPsbt, type Psbt } from './psbt.js';

const empty = new Uint8Array(0);
const pubkey = secp256k1.createPublicKey(new Uint8Array(32).fill(7));
const p2pkh = concatBytes(fromHex('76a914'), hash160(pubkey), fromHex('88ac'));
const singleKey = concatBytes(Uint8Array.of(33), pubkey, Uint8Array.of(0xac));

/** A PSBT that spends these outputs and pays 900 satoshis. */
function spending(outputs: readonly TxOut[], told: 'whole' | 'output' | 'nothing', pays = 900n): Psbt {
  const previous: Transaction = { version: 2, inputs: [{ prevout: { txid: new Uint8Array(32), index: 0 }, scriptSig: empty, sequence: 0, witness: [] }], outputs: [...outputs], locktime: 0 };
  const psbt = createPsbt({
    version: 2,
    inputs: outputs.map((_output, index) => ({ prevout: { txid: txidOf(previous), index }, scriptSig: empty, sequence: 0, witness: [] })),
    outputs: [{ value: pays, scriptPubKey: fromHex(`0014${'22'.repeat(20)}`) }],
    locktime: 0,
  });
  psbt.inputs.forEach((map, i) => {
    if (told === 'whole') map.set(inputField.nonWitnessUtxo, empty, serializeTransaction(previous, false));
    const output = outputs[i];
    if (told === 'output' && output !== undefined) map.set(inputField.witnessUtxo, empty, serializeTxOut(output));
  });
  return psbt;
}

const analyzed = (psbt: Psbt): PsbtAnalysis & { readonly ok: true } => {
  const analysis = analyzePsbt(psbt);
  assert.ok(analysis.ok, analysis.ok ? '' : analysis.error);
  return analysis;
};

test('what an input lacks says whose turn it is', () => {
  const unknown = analyzed(spending([{ value: 1000n, scriptPubKey: p2pkh }], 'nothing'));
  assert.deepEqual([unknown.next, unknown.fee, unknown.inputs[0]?.hasOutput], ['updater', undefined, false]);

  const psbt = spending([{ value: 1000n, scriptPubKey: p2pkh }], 'whole');
  const keyless = analyzed(psbt);
  assert.deepEqual(keyless.inputs[0]?.missing, { pubkeys: [hash160(pubkey)], signatures: [] });
  assert.deepEqual([keyless.next, keyless.fee, keyless.finished], ['updater', 100n, undefined]);

  psbt.inputs[0]?.set(inputField.derivation, pubkey, fromHex('00000000'));
  const unsigned = analyzed(psbt);
  assert.deepEqual(unsigned.inputs[0]?.missing, { pubkeys: [], signatures: [pubkey] });
  assert.equal(unsigned.next, 'signer');
  // A signature with its hash type and the key, each with its length.
  assert.equal(unsigned.finished?.tx.inputs[0]?.scriptSig.length, 1 + 71 + 1 + 33);
});

test('scripts that are missing are named by their hashes', () => {
  const program = concatBytes(fromHex('0020'), sha256(singleKey));
  const output = { value: 1000n, scriptPubKey: concatBytes(fromHex('a914'), hash160(program), fromHex('87')) };
  const psbt = spending([output], 'whole');
  assert.deepEqual(analyzed(psbt).inputs[0]?.missing, { pubkeys: [], signatures: [], redeemScript: hash160(program) });
  psbt.inputs[0]?.set(inputField.redeemScript, empty, program);
  assert.deepEqual(analyzed(psbt).inputs[0]?.missing, { pubkeys: [], signatures: [], witnessScript: sha256(singleKey) });
  psbt.inputs[0]?.set(inputField.witnessScript, empty, singleKey);
  assert.deepEqual(analyzed(psbt).inputs[0]?.missing, { pubkeys: [], signatures: [pubkey] });
});

test('the input that is least far says whose turn it is', () => {
  const anyone = { value: 1000n, scriptPubKey: fromHex('51') };
  assert.equal(analyzed(spending([anyone], 'whole')).next, 'extractor');
  const both = analyzed(spending([anyone, { value: 1000n, scriptPubKey: singleKey }], 'whole'));
  assert.deepEqual([...both.inputs.map(({ next }) => next), both.next], ['extractor', 'signer', 'signer']);
});

test('what can never be valid is refused', () => {
  const refused = (psbt: Psbt): string => {
    const analysis = analyzePsbt(psbt);
    return analysis.ok ? 'accepted' : analysis.error;
  };
  const anyone = (value: bigint): TxOut => ({ value, scriptPubKey: fromHex('51') });
  assert.equal(refused(spending([anyone(MAX_MONEY + 1n)], 'whole')), 'PSBT is not valid. Input 0 has invalid value');
  assert.equal(refused(spending([anyone(MAX_MONEY), anyone(1n)], 'whole')), 'PSBT is not valid. Input 1 has invalid value');
  assert.equal(refused(spending([anyone(1n), { value: 1n, scriptPubKey: fromHex('6a') }], 'output')), 'PSBT is not valid. Input 1 spends unspendable output');
  assert.equal(refused(spending([anyone(1n)], 'whole', MAX_MONEY + 1n)), 'PSBT is not valid. Output amount invalid');
});
