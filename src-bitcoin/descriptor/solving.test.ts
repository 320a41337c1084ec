import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash160 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { SolvingData } from './solving.js';

const keyOf = (byte: number): { readonly secret: Uint8Array; readonly pubkey: Uint8Array } => {
  const secret = new Uint8Array(32).fill(byte);
  return { secret, pubkey: secp256k1.createPublicKey(secret) };
};
const script = Uint8Array.of(0x51);
const origin = { fingerprint: new Uint8Array(4), path: [1] };

test('what is looked for behind is as good as what is known', () => {
  const [a, b] = [keyOf(1), keyOf(2)];
  const leaf = (byte: number): { script: Uint8Array; version: number; leafHash: Uint8Array; merklePath: Uint8Array[] } => ({
    script: Uint8Array.of(byte),
    version: 0xc0,
    leafHash: new Uint8Array(32).fill(byte),
    merklePath: [],
  });
  const output = { internalKey: a.pubkey.subarray(1), outputKey: b.pubkey.subarray(1), merkleRoot: undefined, parity: 0 as const };
  const behind = new SolvingData();
  behind.addSecret(b);
  behind.addPubkey(a.pubkey, origin);
  behind.addScript(script);
  behind.addTaproot({ ...output, leaves: [leaf(1)] });
  const known = new SolvingData();
  known.addPubkey(a.pubkey);
  known.addTaproot({ ...output, leaves: [leaf(2)] });
  known.lookBehind(behind);
  const copy = new SolvingData();
  copy.merge(known);
  for (const data of [known, copy]) {
    assert.deepEqual(data.pubkey(hash160(b.pubkey)), b.pubkey);
    assert.deepEqual(data.secretOfXOnly(b.pubkey.subarray(1)), b.secret);
    assert.deepEqual(data.script(hash160(script)), script);
    assert.equal(data.origin(a.pubkey), origin);
    assert.deepEqual(data.taproot(output.outputKey)?.leaves.map((each) => each.script[0]).sort(), [1, 2]);
    assert.deepEqual([...data.keys()].map(({ pubkey }) => pubkey[1]).sort(), [a.pubkey[1], b.pubkey[1]].sort());
    assert.deepEqual([...data.keys()].find(({ pubkey }) => pubkey === a.pubkey)?.origin, origin);
  }
});
