import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { ByteReader } from '../bytes/reader.js';
import { fromHex, hashToHex, toHex } from '../bytes/hex.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { parseTransaction, readTxOut } from '../primitives/transaction.js';
import { scriptFlags } from './flags.js';
import { PrecomputedTransaction } from './precomputed-transaction.js';
import { LegacySignatureHasher, signatureHashLegacy, signatureHashTaproot } from './sighash.js';
import { taprootMerkleRoot, tapbranchHash, tapleafHash, taptweakHash } from './taproot.js';
import { verifyInput } from './verify.js';

const vectors = new URL('../../../shared/vectors/', import.meta.url);
const absent = existsSync(vectors) ? false : 'skipped: no ../shared/vectors';

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));
}

test('sighash.json: legacy signature hashes', { skip: absent }, () => {
  const rows = read('sighash.json');
  assert.ok(Array.isArray(rows));
  let count = 0;
  for (const row of rows) {
    assert.ok(Array.isArray(row));
    if (row.length === 1) continue;
    const [raw, script, index, hashType, expected] = row;
    const precomputed = new PrecomputedTransaction(parseTransaction(fromHex(String(raw))));
    const scriptCode = fromHex(String(script));
    assert.equal(hashToHex(signatureHashLegacy(precomputed, Number(index), scriptCode, Number(hashType))), expected);
    const hasher = new LegacySignatureHasher(precomputed, Number(index));
    hasher.hash(scriptCode, Number(hashType) ^ 0x40);
    assert.equal(hashToHex(hasher.hash(scriptCode, Number(hashType))), expected);
    count++;
  }
  assert.ok(count >= 500, `only ${count} vectors`);
});

interface Leaf {
  id: number;
  script: string;
  leafVersion: number;
}
type Tree = Leaf | [Tree, Tree] | null;

function leaves(tree: Tree): { leaf: Leaf; path: Uint8Array[] }[] {
  if (tree === null) return [];
  if (!Array.isArray(tree)) return [{ leaf: tree, path: [] }];
  const [left, right] = tree;
  const add = (side: Tree, other: Tree): { leaf: Leaf; path: Uint8Array[] }[] =>
    leaves(side).map(({ leaf, path }) => ({ leaf, path: [...path, treeHash(other)] }));
  return [...add(left, right), ...add(right, left)];
}

function treeHash(tree: Tree): Uint8Array {
  if (tree === null) return new Uint8Array(0);
  if (Array.isArray(tree)) return tapbranchHash(treeHash(tree[0]), treeHash(tree[1]));
  return tapleafHash(tree.leafVersion, fromHex(tree.script));
}

interface WalletVectors {
  scriptPubKey: {
    given: { internalPubkey: string; scriptTree: Tree };
    intermediary: { leafHashes?: string[]; merkleRoot: string | null; tweak: string; tweakedPubkey: string };
    expected: { scriptPubKey: string; scriptPathControlBlocks?: string[] };
  }[];
  keyPathSpending: {
    given: { rawUnsignedTx: string; utxosSpent: { scriptPubKey: string; amountSats: number }[] };
    intermediary: Record<string, string>;
    inputSpending: {
      given: { txinIndex: number; internalPrivkey: string; merkleRoot: string | null; hashType: number };
      intermediary: { internalPubkey: string; tweak: string; tweakedPrivkey: string; sigHash: string };
      expected: { witness: string[] };
    }[];
    auxiliary: { fullySignedTx: string };
  }[];
}

test('bip341_wallet_vectors.json: output keys, control blocks, signature hashes, signatures', { skip: absent }, () => {
  const data = read('bip341_wallet_vectors.json') as WalletVectors;
  for (const { given, intermediary, expected } of data.scriptPubKey) {
    const internalKey = fromHex(given.internalPubkey);
    const root = given.scriptTree === null ? undefined : treeHash(given.scriptTree);
    assert.equal(root === undefined ? null : toHex(root), intermediary.merkleRoot);
    const tweak = taptweakHash(internalKey, root);
    assert.equal(toHex(tweak), intermediary.tweak);
    const output = secp256k1.tweakXOnlyPublicKey(internalKey, tweak);
    assert.ok(output !== undefined);
    assert.equal(toHex(output.key), intermediary.tweakedPubkey);
    assert.equal(`5120${toHex(output.key)}`, expected.scriptPubKey);
    const byId = leaves(given.scriptTree).sort((a, b) => a.leaf.id - b.leaf.id);
    for (const [i, { leaf, path }] of byId.entries()) {
      const leafHash = tapleafHash(leaf.leafVersion, fromHex(leaf.script));
      assert.equal(toHex(leafHash), intermediary.leafHashes?.[i]);
      const control: Uint8Array = Uint8Array.from([leaf.leafVersion | output.parity, ...internalKey, ...path.flatMap((hash) => [...hash])]);
      assert.equal(toHex(control), expected.scriptPathControlBlocks?.[i]);
      assert.deepEqual(taprootMerkleRoot(control, leafHash), root);
    }
  }
  for (const { given, intermediary, inputSpending, auxiliary } of data.keyPathSpending) {
    const spent = given.utxosSpent.map(({ scriptPubKey, amountSats }) => ({
      scriptPubKey: fromHex(scriptPubKey),
      value: BigInt(amountSats),
    }));
    const unsigned = new PrecomputedTransaction(parseTransaction(fromHex(given.rawUnsignedTx)), spent);
    assert.equal(toHex(unsigned.spentAmountsHash ?? new Uint8Array(0)), intermediary['hashAmounts']);
    assert.equal(toHex(unsigned.spentScriptsHash ?? new Uint8Array(0)), intermediary['hashScriptPubkeys']);
    assert.equal(toHex(unsigned.prevoutsHash), intermediary['hashPrevouts']);
    assert.equal(toHex(unsigned.outputsHash), intermediary['hashOutputs']);
    assert.equal(toHex(unsigned.sequencesHash), intermediary['hashSequences']);
    const signed = new PrecomputedTransaction(parseTransaction(fromHex(auxiliary.fullySignedTx)), spent);
    for (const input of inputSpending) {
      const { txinIndex, internalPrivkey, merkleRoot, hashType } = input.given;
      const secret = fromHex(internalPrivkey);
      const internalKey = secp256k1.xOnlyPublicKey(secret);
      assert.equal(toHex(internalKey), input.intermediary.internalPubkey);
      const tweaked = secp256k1.tweakXOnlySecretKey(
        secret,
        taptweakHash(internalKey, merkleRoot === null ? undefined : fromHex(merkleRoot)),
      );
      assert.ok(tweaked !== undefined);
      assert.equal(toHex(tweaked), input.intermediary.tweakedPrivkey);
      const hash = signatureHashTaproot(unsigned, txinIndex, hashType);
      assert.ok(hash !== undefined);
      assert.equal(toHex(hash), input.intermediary.sigHash);
      const signature = toHex(secp256k1.signSchnorr(hash, tweaked, new Uint8Array(32)));
      assert.equal(signature + (hashType === 0 ? '' : hashType.toString(16).padStart(2, '0')), input.expected.witness[0]);
    }
    for (let i = 0; i < spent.length; i++) {
      const flags = scriptFlags.P2SH | scriptFlags.WITNESS | scriptFlags.TAPROOT;
      assert.equal(verifyInput(signed, i, flags), undefined, `input ${i}`);
    }
  }
});

test('a taproot hash without the spent outputs is an error, not a wrong hash', () => {
  const tx = parseTransaction(fromHex(`0200000001${'00'.repeat(32)}000000000000000000${'00'}00000000`));
  assert.throws(() => signatureHashTaproot(new PrecomputedTransaction(tx), 0, 0), /needs all outputs/);
  assert.throws(() => signatureHashLegacy(new PrecomputedTransaction(tx), 1, new Uint8Array(0), 1), /no input 1/);
  assert.throws(() => new PrecomputedTransaction(tx, []), /spend 1 outputs, not 0/);
  const output = readTxOut(new ByteReader(fromHex('00000000000000000151')));
  assert.equal(signatureHashTaproot(new PrecomputedTransaction(tx, [output]), 0, 4), undefined);
  assert.equal(signatureHashTaproot(new PrecomputedTransaction(tx, [output]), 0, 3), undefined);
});
