import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transaction as OracleTransaction } from '@scure/btc-signer';
import { concatBytes } from '../bytes/bytes.js';
import { fromHex, toHex } from '../bytes/hex.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { addPrivateKeys, expandDescriptor } from '../descriptor/expand.js';
import { parseDescriptor } from '../descriptor/parse.js';
import { SolvingData } from '../descriptor/solving.js';
import { encodeExtendedPrivateKey, rootKeyOfSeed } from '../keys/bip32.js';
import { controlBlock } from '../keys/taproot.js';
import { chainParams } from '../params/networks.js';
import { serializeTransaction, txidOf, type Transaction } from '../primitives/transaction.js';
import { SIGHASH_ANYONECANPAY, SIGHASH_SINGLE } from '../script/sighash.js';
import { inputField } from './fields.js';
import { createPsbt, extractTransaction, finalUnlock, parsePsbt, serializePsbt, type Psbt } from './psbt.js';
import { dropPreviousTransactions, finishPsbt, PsbtSigner } from './sign-psbt.js';

const empty = new Uint8Array(0);
const main = chainParams('main');
const keys = [1, 2, 3].map((byte) => encodeExtendedPrivateKey(rootKeyOfSeed(new Uint8Array(32).fill(byte)), main));
const [a = '', b = '', c = ''] = keys;

/** What is known of index 0 of a descriptor, with the private keys that `signers` names. */
function known(text: string, signers: readonly string[] = []): { readonly script: Uint8Array; readonly solving: SolvingData } {
  const parsed = parseDescriptor(text, main);
  assert.ok(parsed.ok, text);
  const solving = new SolvingData();
  const [script] = expandDescriptor(parsed.descriptors[0], 0, { secrets: parsed.secrets }, solving) ?? [];
  assert.ok(script);
  for (const signer of signers) {
    const own = parseDescriptor(`pkh(${signer}/*)`, main);
    assert.ok(own.ok);
    addPrivateKeys(parsed.descriptors[0], 0, own.secrets, solving);
  }
  return { script, solving };
}

/** A PSBT that spends an output with this script. */
function spending(script: Uint8Array, previousInPsbt = true): Psbt {
  const previous: Transaction = {
    version: 2,
    inputs: [{ prevout: { txid: new Uint8Array(32).fill(1), index: 0 }, scriptSig: empty, sequence: 0, witness: [] }],
    outputs: [{ value: 100_000n, scriptPubKey: script }],
    locktime: 0,
  };
  const psbt = createPsbt({
    version: 2,
    inputs: [{ prevout: { txid: txidOf(previous), index: 0 }, scriptSig: empty, sequence: 0xfffffffd, witness: [] }],
    outputs: [{ value: 90_000n, scriptPubKey: fromHex(`0014${'22'.repeat(20)}`) }],
    locktime: 0,
  });
  if (previousInPsbt) psbt.inputs[0]?.set(inputField.nonWitnessUtxo, empty, serializeTransaction(previous, false));
  return psbt;
}

const sign = (psbt: Psbt, own: SolvingData, finish = false, hashType?: number): string =>
  new PsbtSigner(psbt).sign(0, own, { origins: true, finish, ...(hashType === undefined ? {} : { hashType }) }).result;

const copyOf = (psbt: Psbt): Psbt => {
  const parsed = parsePsbt(serializePsbt(psbt));
  assert.ok(parsed.ok);
  return parsed.psbt;
};

const shared = [
  `multi(2,${a}/*,${b}/*,${c}/*)`,
  `sh(multi(2,${a}/*,${b}/*,${c}/*))`,
  `wsh(sortedmulti(2,${a}/*,${b}/*,${c}/*))`,
  `sh(wsh(multi(2,${a}/*,${b}/*,${c}/*)))`,
  `tr(${c}/7/*,multi_a(2,${a}/*,${b}/*,${c}/*))`,
];

for (const text of shared) {
  test(`two signers, one after the other: ${text.replaceAll(/xprv\w+/g, (key) => 'abc'[keys.indexOf(key)] ?? '?')}`, () => {
    const psbt = spending(known(text).script);
    assert.equal(sign(psbt, known(text, [a]).solving), 'incomplete');
    const first = copyOf(psbt);
    // Whoever signs again changes nothing.
    assert.equal(sign(psbt, known(text, [a]).solving), 'incomplete');
    assert.deepEqual(serializePsbt(psbt), serializePsbt(first));
    assert.equal(sign(first, known(text, [b]).solving, true), 'complete');
    assert.equal(new PsbtSigner(first).isComplete, true);
    // Nobody else is needed to put the signatures together.
    assert.equal(sign(psbt, known(text, [b]).solving), 'complete');
    assert.equal(finishPsbt(psbt), true);
    if (!text.startsWith('tr')) assert.deepEqual(serializePsbt(psbt), serializePsbt(first));
    const tx = extractTransaction(psbt);
    assert.deepEqual(finalUnlock(copyOf(psbt).inputs[0] ?? assert.fail()), { scriptSig: tx.inputs[0]?.scriptSig, witness: tx.inputs[0]?.witness });
  });
}

test('what we signed, another program finishes', () => {
  for (const text of shared.slice(1, 4)) {
    const psbt = spending(known(text).script);
    sign(psbt, known(text, [b]).solving);
    sign(psbt, known(text, [a]).solving);
    const oracle = OracleTransaction.fromPSBT(serializePsbt(psbt));
    oracle.finalize();
    finishPsbt(psbt);
    assert.equal(toHex(serializeTransaction(extractTransaction(psbt))), oracle.hex, text);
  }
});

test('signatures must cover what was agreed', () => {
  const text = shared[2] ?? '';
  const psbt = spending(known(text).script);
  assert.equal(sign(psbt, known(text, [a]).solving, false, 3), 'incomplete');
  assert.equal(toHex(psbt.inputs[0]?.get(inputField.hashType) ?? empty), '03000000');
  assert.equal(sign(psbt, known(text, [b]).solving), 'hash-type-mismatch');
  assert.equal(sign(psbt, known(text, [b]).solving, false, 1), 'hash-type-mismatch');
  assert.equal(sign(psbt, known(text, [b]).solving, true, 3), 'complete');
});

test('an input without an output beside it is not signed for that output: the signature would fit any transaction', () => {
  for (const text of [`pkh(${a}/*)`, `wpkh(${a}/*)`, `tr(${a}/*)`]) {
    for (const hashType of [SIGHASH_SINGLE, SIGHASH_SINGLE | SIGHASH_ANYONECANPAY]) {
      const { script, solving } = known(text, [a]);
      const { tx, inputs } = spending(script);
      const psbt = { ...createPsbt({ ...tx, outputs: [] }), inputs };
      assert.equal(sign(psbt, solving, false, hashType), 'incomplete', text);
      const [map] = inputs;
      assert.deepEqual([...(map?.all(inputField.partialSignature) ?? []), ...(map?.all(inputField.tapKeySignature) ?? [])], [], text);
    }
  }
});

test('a taproot input waits until all outputs are known that the transaction spends', () => {
  const { script, solving } = known(`tr(${a}/*)`, [a]);
  const { tx, inputs } = spending(script);
  const [input] = tx.inputs;
  assert.ok(input);
  const two = createPsbt({ ...tx, inputs: [input, { ...input, prevout: { ...input.prevout, index: 1 } }] });
  const psbt: Psbt = { ...two, inputs: [...inputs, ...two.inputs.slice(1)] };
  assert.equal(sign(psbt, solving), 'incomplete');
  psbt.inputs[0]?.set(inputField.finalWitness, empty, fromHex(`0140${'01'.repeat(64)}`));
  assert.equal(new PsbtSigner(psbt).isUnlocked(0), false);
  assert.equal(finishPsbt(psbt), false);
});

test('what a PSBT tells wrongly of a taproot output stands in nobody’s way', () => {
  const text = `tr(${c}/7/*,{pk(${a}/*),pk(${b}/*)})`;
  const { script, solving } = known(text, [a]);
  const right = solving.taproot(script.subarray(2)) ?? assert.fail();
  const [leaf] = right.leaves;
  assert.ok(leaf);
  const otherKey = secp256k1.createPublicKey(new Uint8Array(32).fill(9)).subarray(1);
  const value = concatBytes(leaf.script, Uint8Array.of(leaf.version));
  const wrong: readonly (readonly [type: number, keyData: Uint8Array, value: Uint8Array])[] = [
    [inputField.tapLeafScript, controlBlock({ ...right, internalKey: otherKey }, leaf), value],
    [inputField.tapLeafScript, controlBlock({ ...right, parity: right.parity === 0 ? 1 : 0 }, leaf), value],
    [inputField.tapLeafScript, controlBlock(right, { ...leaf, merklePath: [new Uint8Array(32).fill(1)] }), value],
    [inputField.tapInternalKey, empty, otherKey],
    [inputField.tapMerkleRoot, empty, new Uint8Array(32).fill(1)],
  ];
  for (const field of wrong) {
    const psbt = spending(script);
    psbt.inputs[0]?.set(...field);
    assert.equal(sign(psbt, solving, true), 'complete', String(field[0]));
  }
});

test('an amount that nobody vouches for is signed only where the signature covers it', () => {
  const output = (script: Uint8Array): Uint8Array => fromHex(`a086010000000000${script.length.toString(16).padStart(2, '0')}${toHex(script)}`);
  for (const [text, expected] of [
    [`wpkh(${a}/*)`, 'complete'],
    [`pkh(${a}/*)`, 'incomplete'],
  ] as const) {
    const { script, solving } = known(text, [a]);
    const psbt = spending(script, false);
    assert.equal(sign(psbt, solving), 'missing-output');
    psbt.inputs[0]?.set(inputField.witnessUtxo, empty, output(script));
    const before = serializePsbt(psbt);
    assert.equal(sign(psbt, solving), expected);
    if (expected === 'incomplete') assert.deepEqual(serializePsbt(psbt), before);
  }
});

test('a signature that does not fit is kept, and does not finish the input', () => {
  const text = `wpkh(${a}/*)`;
  const { script, solving } = known(text, [a]);
  const [signed, wrong] = [spending(script), spending(script)];
  assert.equal(sign(signed, solving), 'complete');
  const [field] = signed.inputs[0]?.all(inputField.partialSignature) ?? [];
  assert.ok(field);
  wrong.inputs[0]?.set(field.type, field.keyData, field.value.map((byte, i) => (i === 40 ? byte ^ 1 : byte)));
  assert.equal(sign(wrong, solving, true), 'incomplete');
  assert.equal(wrong.inputs[0]?.has(inputField.finalWitness), false);
});

test('previous transactions go only where no signature needs them', () => {
  for (const [text, hashType, kept] of [
    [`tr(${a}/*)`, undefined, false],
    [`tr(${a}/*)`, 0x83, true],
    [`wpkh(${a}/*)`, undefined, true],
    [`pkh(${a}/*)`, undefined, true],
  ] as const) {
    const { script, solving } = known(text, [a]);
    const psbt = spending(script);
    sign(psbt, solving, false, hashType);
    dropPreviousTransactions(psbt);
    assert.equal(psbt.inputs[0]?.has(inputField.nonWitnessUtxo), kept, `${text} ${hashType}`);
  }
});
