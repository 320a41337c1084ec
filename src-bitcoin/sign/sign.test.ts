import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../bytes/hex.js';
import { addPrivateKeys, expandDescriptor } from '../descriptor/expand.js';
import { parseDescriptor } from '../descriptor/parse.js';
import { SolvingData } from '../descriptor/solving.js';
import { chainParams } from '../params/networks.js';
import { serializeTransaction, transactionWeight, type Transaction, type TxOut } from '../primitives/transaction.js';
import { PrecomputedTransaction } from '../script/precomputed-transaction.js';
import { standardScriptFlags } from '../script/flags.js';
import { verifyInput } from '../script/verify.js';
import { inputWeight, unlockSize } from './input-size.js';
import { SignatureFinder } from './signature-finder.js';
import { signInput } from './sign-input.js';

const main = chainParams('main');
const xprv = 'xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSpSBHNqPqm55Qn3LqFtT2emdEXVYsCzC2U';
const other = 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi';
const uncompressed = '5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss';
const foreign = 'a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd';

/** Everything known about index 3 of a descriptor, and its output script. */
function known(text: string, secrets = true): { script: Uint8Array; solving: SolvingData } {
  const parsed = parseDescriptor(text, main);
  assert.ok(parsed.ok, text);
  const solving = new SolvingData();
  const [script] = expandDescriptor(parsed.descriptors[0], 3, { secrets: parsed.secrets }, solving) ?? [];
  assert.ok(script);
  if (secrets) addPrivateKeys(parsed.descriptors[0], 3, parsed.secrets, solving);
  return { script, solving };
}

function spend(script: Uint8Array): { tx: Transaction; spent: readonly TxOut[] } {
  const prevout = { txid: new Uint8Array(32).fill(9), index: 1 };
  const tx = {
    version: 2,
    inputs: [{ prevout, scriptSig: new Uint8Array(0), sequence: 0xfffffffd, witness: [] }],
    outputs: [{ value: 90_000n, scriptPubKey: fromHex(`5120${foreign}`) }],
    locktime: 0,
  };
  return { tx, spent: [{ value: 100_000n, scriptPubKey: script }] };
}

const withUnlock = (tx: Transaction, unlock: { scriptSig: Uint8Array; witness: readonly Uint8Array[] }): Transaction => ({
  ...tx,
  inputs: tx.inputs.map((input) => ({ ...input, scriptSig: unlock.scriptSig, witness: unlock.witness })),
});

const spendable = [
  `pk(${xprv}/1/*)`,
  `pk(${uncompressed})`,
  `pkh(${xprv}/44h/0h/0h/0/*)`,
  `pkh(${uncompressed})`,
  `wpkh(${xprv}/84h/0h/0h/0/*)`,
  `sh(wpkh(${xprv}/49h/0h/0h/0/*))`,
  `tr(${xprv}/86h/0h/0h/0/*)`,
  `rawtr(${xprv}/86h/0h/0h/0/*)`,
  `multi(2,${xprv}/0,${other}/*)`,
  `sh(multi(2,${xprv}/0,${other}/*,${xprv}/2h))`,
  `sh(sortedmulti(1,${xprv}/0,${other}/*))`,
  `wsh(multi(2,${xprv}/0,${other}/*,${xprv}/2h))`,
  `wsh(pkh(${xprv}/*))`,
  `sh(wsh(pk(${xprv}/*)))`,
  `sh(wsh(multi(1,${xprv}/0,${other}/*)))`,
  `tr(${xprv}/*,{pk(${foreign}),pk(${other}/*)})`,
  `tr(${foreign},pk(${xprv}/*))`,
  `tr(${foreign},{pk(${foreign}),{pk(${xprv}/*),multi_a(2,${xprv}/1,${other}/*,${foreign})}})`,
  `tr(${foreign},multi_a(2,${xprv}/1,${foreign},${other}/*))`,
  `tr(${foreign},sortedmulti_a(2,${xprv}/1,${other}/*))`,
];

test('what is signed passes the interpreter, and is no larger than foretold', () => {
  for (const text of spendable) {
    const { script, solving } = known(text);
    const { tx, spent } = spend(script);
    const signed = signInput(new PrecomputedTransaction(tx, spent), 0, solving);
    assert.ok(signed.complete, text);
    const complete = withUnlock(tx, signed);
    assert.equal(verifyInput(new PrecomputedTransaction(complete, spent), 0, standardScriptFlags), undefined, text);
    const size = unlockSize(script, known(text, false).solving, (key) => solving.secretOfXOnly(key) !== undefined);
    assert.ok(size, text);
    const bare = transactionWeight(tx) - 4;
    const foretold = bare - 40 * 4 + inputWeight(size, size.witness > 0) + (size.witness > 0 ? 2 : 0);
    const slack = foretold - transactionWeight(complete);
    // Signatures are sometimes a byte shorter than the longest; scripts with several keys add up.
    assert.ok(slack >= 0 && slack <= 24, `${text}: ${slack}`);
  }
});

test('without keys nothing is complete', () => {
  for (const text of spendable) {
    const { script, solving } = known(text, false);
    const { tx, spent } = spend(script);
    assert.equal(signInput(new PrecomputedTransaction(tx, spent), 0, solving).complete, false, text);
  }
});

test('every hash type signs; the signature covers what it says', () => {
  for (const text of [`pkh(${xprv}/*)`, `wpkh(${xprv}/*)`, `tr(${xprv}/*)`]) {
    for (const hashType of [1, 2, 3, 0x81, 0x82, 0x83]) {
      const { script, solving } = known(text);
      const { tx, spent } = spend(script);
      const complete = withUnlock(tx, signInput(new PrecomputedTransaction(tx, spent), 0, solving, { hashType }));
      assert.equal(verifyInput(new PrecomputedTransaction(complete, spent), 0, standardScriptFlags), undefined);
      const changed = { ...complete, outputs: complete.outputs.map((output) => ({ ...output, value: output.value - 1n })) };
      const covered = (hashType & 3) !== 2;
      assert.equal(verifyInput(new PrecomputedTransaction(changed, spent), 0, standardScriptFlags) !== undefined, covered, `${text} ${hashType}`);
    }
  }
});

test('two signers complete a multisig one after the other', () => {
  for (const [open, close] of [['sh(', ')'], ['wsh(', ')'], ['sh(wsh(', '))']] as const) {
    const all = `${open}multi(2,${xprv}/0,${other}/0)${close}`;
    const { script } = known(all);
    const { tx, spent } = spend(script);
    const parsed = parseDescriptor(all, main);
    assert.ok(parsed.ok);
    const keys = [...parsed.secrets.keys()];
    let current = tx;
    const states = keys.map((key) => {
      const solving = known(all, false).solving;
      const secrets = new Map([...parsed.secrets].filter(([name]) => name === key));
      addPrivateKeys(parsed.descriptors[0], 0, secrets, solving);
      const precomputed = new PrecomputedTransaction(current, spent);
      const [output = assert.fail()] = spent;
      const signed = signInput(precomputed, 0, solving, { earlier: new SignatureFinder(precomputed, 0, output) });
      current = withUnlock(current, signed);
      return signed.complete;
    });
    assert.deepEqual(states, [false, true]);
    assert.equal(verifyInput(new PrecomputedTransaction(current, spent), 0, standardScriptFlags), undefined, all);
    assert.ok(toHex(serializeTransaction(current)).length > 0);
  }
});
