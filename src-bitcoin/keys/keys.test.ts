import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { HDKey } from '@scure/bip32';
import { fromHex, toHex } from '../bytes/hex.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { chainParams } from '../params/networks.js';
import {
  decodeExtendedPrivateKey,
  decodeExtendedPublicKey,
  derivePrivateChild,
  derivePrivatePath,
  derivePublicPath,
  encodeExtendedPrivateKey,
  encodeExtendedPublicKey,
  neuter,
  parseExtendedPublicKey,
  rootKeyOfSeed,
  serializeExtendedPublicKey,
} from './bip32.js';
import { formatPath, hardened } from './path.js';
import { tapleafHash } from '../script/taproot.js';
import { controlBlock, taprootOutput, type TapTree } from './taproot.js';
import { decodeWif, encodeWif } from './wif.js';

const main = chainParams('main');

// BIP32 test vectors 1 to 4: seed, then path and its two texts.
const chains: readonly { seed: string; steps: readonly (readonly [number[], string, string])[] }[] = [
  {
    seed: '000102030405060708090a0b0c0d0e0f',
    steps: [
      [
        [],
        'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8',
        'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi',
      ],
      [
        [hardened(0), 1, hardened(2), 2, 1000000000],
        'xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy',
        'xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjgPie1rFSruoUihUZREPSL39UNdE3BBDu76',
      ],
    ],
  },
  {
    seed: 'fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542',
    steps: [
      [
        [0, hardened(2147483647), 1, hardened(2147483646), 2],
        'xpub6FnCn6nSzZAw5Tw7cgR9bi15UV96gLZhjDstkXXxvCLsUXBGXPdSnLFbdpq8p9HmGsApME5hQTZ3emM2rnY5agb9rXpVGyy3bdW6EEgAtqt',
        'xprvA2nrNbFZABcdryreWet9Ea4LvTJcGsqrMzxHx98MMrotbir7yrKCEXw7nadnHM8Dq38EGfSh6dqA9QWTyefMLEcBYJUuekgW4BYPJcr9E7j',
      ],
    ],
  },
  {
    // Leading zeros of private keys must be kept.
    seed: '4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be',
    steps: [
      [
        [hardened(0)],
        'xpub68NZiKmJWnxxS6aaHmn81bvJeTESw724CRDs6HbuccFQN9Ku14VQrADWgqbhhTHBaohPX4CjNLf9fq9MYo6oDaPPLPxSb7gwQN3ih19Zm4Y',
        'xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L',
      ],
    ],
  },
];

test('BIP32 test vectors', () => {
  for (const { seed, steps } of chains) {
    const root = rootKeyOfSeed(fromHex(seed));
    for (const [path, xpub, xprv] of steps) {
      const key = derivePrivatePath(root, path);
      assert.ok(key);
      assert.equal(encodeExtendedPrivateKey(key, main), xprv);
      assert.equal(encodeExtendedPublicKey(neuter(key), main), xpub);
      assert.deepEqual(decodeExtendedPrivateKey(xprv, main), key);
      assert.deepEqual(decodeExtendedPublicKey(xpub, main), neuter(key));
      assert.deepEqual(parseExtendedPublicKey(serializeExtendedPublicKey(neuter(key))), neuter(key));
    }
  }
});

test('BIP32 test vector 5: bad keys are refused', () => {
  const bad = [
    'xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6LBpB85b3D2yc8sfvZU521AAwdZafEz7mnzBBsz4wKY5fTtTQBm',
    'xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFGTQQD3dC4H2D5GBj7vWvSQaaBv5cxi9gafk7NF3pnBju6dwKvH',
    'xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Txnt3siSujt9RCVYsx4qHZGc62TG4McvMGcAUjeuwZdduYEvFn',
    'xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzF93Y5wvzdUayhgkkFoicQZcP3y52uPPxFnfoLZB21Teqt1VvEHx',
    'xprv9s2SPatNQ9Vc6GTbVMFPFo7jsaZySyzk7L8n2uqKXJen3KUmvQNTuLh3fhZMBoG3G4ZW1N2kZuHEPY53qmbZzCHshoQnNf4GvELZfqTUrcv',
    'xprv9s21ZrQH4r4TsiLvyLXqM9P7k1K3EYhA1kkD6xuquB5i39AU8KF42acDyL3qsDbU9NmZn6MsGSUYZEsuoePmjzsB3eFKSUEh3Gu1N3cqVUN',
    'DMwo58pR1QLEFihHiXPVykYB6fJmsTeHvyTp7hRThAtCX8CvYzgPcn8XnmdfHGMQzT7ayAmfo4z3gY5KfbrZWZ6St24UVf2Qgo6oujFktLHdHY4',
    'xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFAzHGBP2UuGCqWLTAPLcMtD5SDKr24z3aiUvKr9bJpdrcLg1y3G',
  ];
  for (const text of bad) {
    assert.equal(decodeExtendedPublicKey(text, main), undefined, text);
    assert.equal(decodeExtendedPrivateKey(text, main), undefined, text);
  }
});

test('public and private derivation meet, and agree with another implementation', () => {
  const seed = fromHex('d9b7b4a05c70a6f3a5c3f3f9f7c2b8a1000102030405060708090a0b0c0d0e0f');
  const root = rootKeyOfSeed(seed);
  const oracle = HDKey.fromMasterSeed(seed);
  const account = derivePrivatePath(root, [hardened(84), hardened(1), hardened(0)]);
  assert.ok(account);
  for (const index of [0, 1, 999, 0x7fffffff]) {
    const byPublic = derivePublicPath(neuter(account), [1, index]);
    const byPrivate = derivePrivatePath(account, [1, index]);
    assert.ok(byPublic && byPrivate);
    assert.deepEqual(byPublic, neuter(byPrivate));
    const expected = oracle.derive(`m/84'/1'/0'/1/${index}`);
    assert.equal(encodeExtendedPrivateKey(byPrivate, main), expected.privateExtendedKey);
  }
  assert.equal(derivePublicPath(neuter(root), [hardened(0)]), undefined);
  assert.equal(derivePrivateChild({ ...root, depth: 255 }, 0), undefined);
  assert.equal(formatPath([hardened(84), 0, hardened(7)]), '/84h/0/7h');
  assert.equal(formatPath([hardened(84)], true), "/84'");
});

const vectors = new URL('../../../shared/vectors/', import.meta.url);
const skip = existsSync(vectors) ? false : 'skipped: no ../shared/vectors';
const load = (name: string): unknown => JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));

test('private keys in wallet import format', { skip }, () => {
  let seen = 0;
  type Row = [string, string, { chain: 'main' | 'test' | 'testnet4' | 'signet' | 'regtest'; isPrivkey: boolean; isCompressed?: boolean }];
  for (const [text, hex, about] of load('key_io_valid.json') as Row[]) {
    const params = chainParams(about.chain);
    const key = decodeWif(text, params);
    if (!about.isPrivkey) {
      assert.equal(key, undefined, text);
      continue;
    }
    seen++;
    assert.deepEqual(key, { secret: fromHex(hex), compressed: about.isCompressed }, text);
    assert.equal(encodeWif(key, params), text);
    assert.equal(decodeWif(text, chainParams(about.chain === 'main' ? 'regtest' : 'main')), undefined);
  }
  assert.ok(seen >= 16);
  for (const [text] of load('key_io_invalid.json') as [string][]) {
    for (const chain of ['main', 'regtest'] as const) assert.equal(decodeWif(text, chainParams(chain)), undefined, text);
  }
});

interface WalletVector {
  readonly given: { readonly internalPubkey: string; readonly scriptTree: VectorTree | null };
  readonly intermediary: { readonly leafHashes?: readonly string[]; readonly merkleRoot: string | null };
  readonly expected: { readonly scriptPubKey: string; readonly scriptPathControlBlocks?: readonly string[] };
}
type VectorTree = { readonly script: string; readonly leafVersion: number } | readonly [VectorTree, VectorTree];

const treeOf = (tree: VectorTree): TapTree =>
  'script' in tree ? { leaf: fromHex(tree.script), version: tree.leafVersion } : { left: treeOf(tree[0]), right: treeOf(tree[1]) };

test('BIP341 wallet vectors: output keys and control blocks', { skip }, () => {
  const cases = (load('bip341_wallet_vectors.json') as { scriptPubKey: WalletVector[] }).scriptPubKey;
  assert.ok(cases.length >= 7);
  for (const { given, intermediary, expected } of cases) {
    const output = taprootOutput(fromHex(given.internalPubkey), given.scriptTree === null ? undefined : treeOf(given.scriptTree));
    assert.ok(output);
    assert.equal(`5120${toHex(output.outputKey)}`, expected.scriptPubKey);
    assert.equal(output.merkleRoot === undefined ? null : toHex(output.merkleRoot), intermediary.merkleRoot);
    assert.deepEqual(output.leaves.map((leaf) => toHex(leaf.leafHash)), intermediary.leafHashes ?? []);
    assert.deepEqual(output.leaves.map((leaf) => toHex(controlBlock(output, leaf))), expected.scriptPathControlBlocks ?? []);
    for (const leaf of output.leaves) assert.deepEqual(leaf.leafHash, tapleafHash(leaf.version, leaf.script));
  }
  assert.equal(taprootOutput(new Uint8Array(32).fill(0xff), undefined), undefined);
  assert.ok(secp256k1.isValidXOnlyPublicKey(fromHex(cases[0]?.given.internalPubkey ?? '')));
});
