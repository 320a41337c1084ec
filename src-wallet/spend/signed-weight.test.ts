import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { hash160, sha256 } from '../../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { Transaction, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { foreignSignatureSize, inputWeight, unlockSize } from '../../src-bitcoin/sign/input-size.js';
import { signInput } from '../../src-bitcoin/sign/sign-input.js';
import { signedWeight } from './signed-weight.js';

const secret = new Uint8Array(32).fill(5);
const pubkey = secp256k1.createPublicKey(secret);
const hash = hash160(pubkey);
const multisig = Uint8Array.of(0x51, 33, ...pubkey, 0x51, 0xae);
const scripts: Readonly<Record<string, Uint8Array>> = {
  pkh: scriptPubKeyOf({ kind: 'pubkeyhash', hash }),
  wpkh: scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash }),
  'wsh(multi)': scriptPubKeyOf({ kind: 'witness_v0_scripthash', hash: sha256(multisig) }),
};

for (const [name, scriptPubKey] of Object.entries(scripts)) {
  test(`${name}: what is signed weighs as much as it could have become`, () => {
    const spent: TxOut = { value: 10_000n, scriptPubKey };
    const known = new SolvingData();
    known.addSecret({ pubkey, secret });
    known.addScript(multisig);
    const input = { prevout: { txid: new Uint8Array(32).fill(2), index: 0 }, scriptSig: new Uint8Array(0), sequence: 0, witness: [] };
    const tx: Transaction = { version: 2, inputs: [input], outputs: [{ value: 9000n, scriptPubKey }], locktime: 0 };
    const { scriptSig, witness } = signInput(new PrecomputedTransaction(tx, [spent]), 0, known);
    const signed = { ...tx, inputs: [{ ...input, scriptSig, witness }] };
    const unlock = unlockSize(scriptPubKey, known, undefined, foreignSignatureSize);
    assert.ok(unlock);
    assert.equal(signedWeight(new PrecomputedTransaction(signed, [spent]), 0, spent), inputWeight(unlock, true));
  });
}
