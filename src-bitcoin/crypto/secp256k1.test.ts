import assert from 'node:assert/strict';
import test from 'node:test';
import { schnorr, secp256k1 as noble } from '@noble/curves/secp256k1.js';
import { toHex } from '../bytes/hex.js';
import { loadNativeBackend } from './curve-native.js';
import { nobleBackend } from './curve-noble.js';
import { encodeDer, parseDerLax } from './der.js';
import { sha256, taggedHash } from './hash.js';
import { bytesToScalar, scalarToBytes } from './scalar.js';
import { curveOrder, Secp256k1, secp256k1 } from './secp256k1.js';

const { Point } = noble;
const native = new Secp256k1(loadNativeBackend());
const typescript = new Secp256k1(nobleBackend);

// A stream of bytes that is the same in every run, so that a failure can be repeated.
function byteStream(seed: string): (length: number) => Uint8Array {
  let block = sha256(Buffer.from(seed));
  let counter = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      if (counter % 32 === 0) block = sha256(block);
      bytes[i] = block[counter++ % 32] ?? 0;
    }
    return bytes;
  };
}

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

test('the native library is in use here', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  assert.equal(secp256k1.backend, 'native');
});

for (const curve of [native, typescript]) {
  test(`Schnorr keys and signatures are noble's to the byte (${curve.backend})`, () => {
    const random = byteStream('bip340');
    for (let round = 0; round < 20; round++) {
      // The first round signs zeros with zeros: the smallest message and no auxiliary randomness.
      const [message, aux] = round === 0 ? [new Uint8Array(32), new Uint8Array(32)] : [random(32), random(32)];
      const secret = random(32);
      const key = schnorr.getPublicKey(secret);
      assert.deepEqual(curve.xOnlyPublicKey(secret), key);
      const signature = curve.signSchnorr(message, secret, aux);
      assert.deepEqual(signature, schnorr.sign(message, secret, aux));
      assert.equal(curve.verifySchnorr(signature, message, key), true);
      assert.equal(curve.verifySchnorr(signature, flipBit(message, round), key), false);
    }
  });
}

test('Schnorr verification through key recovery judges as noble does', () => {
  const random = byteStream('schnorr');
  let valid = 0;
  for (let round = 0; round < 60; round++) {
    const secret = random(32);
    const message = random(32);
    const signature = native.signSchnorr(message, secret, random(32));
    const key = native.xOnlyPublicKey(secret);
    assert.ok(schnorr.verify(signature, message, key));
    const mutated = flipBit(signature, (random(2)[0] ?? 0) * 2 + (round & 1));
    const cases: [Uint8Array, Uint8Array, Uint8Array][] = [
      [signature, message, key],
      [mutated, message, key],
      [signature, flipBit(message, round), key],
      [signature, message, flipBit(key, round)],
      [random(64), message, key],
      // The right point with the wrong sign: R with odd y.
      [Uint8Array.from([...signature.subarray(0, 32), ...native.negateSecretKey(signature.slice(32))]), message, key],
    ];
    for (const [s, m, k] of cases) {
      const expected = schnorr.verify(s, m, k);
      if (expected) valid++;
      assert.equal(native.verifySchnorr(s, m, k), expected, `${toHex(s)} ${toHex(m)} ${toHex(k)}`);
    }
  }
  assert.equal(valid, 60);
});

test('Schnorr verification at the edges', () => {
  const fieldSize = 2n ** 256n - 2n ** 32n - 977n;
  const message = new Uint8Array(32);
  const generator = native.xOnlyPublicKey(scalarToBytes(1n));
  // Keys from n to p − 1 are on the curve or not; no one can sign for them, but all must be judged alike.
  let onCurve = 0;
  for (let x = curveOrder; x < curveOrder + 12n; x++) {
    const key = scalarToBytes(x);
    if (native.isValidXOnlyPublicKey(key)) onCurve++;
    const signature = Uint8Array.from([...generator, ...scalarToBytes(1n)]);
    assert.equal(native.verifySchnorr(signature, message, key), schnorr.verify(signature, message, key));
    assert.equal(native.isValidXOnlyPublicKey(key), typescript.isValidXOnlyPublicKey(key));
  }
  assert.ok(onCurve > 0);
  for (const x of [0n, fieldSize, fieldSize + 1n, 2n ** 256n - 1n]) {
    assert.equal(native.verifySchnorr(Uint8Array.from([...generator, ...scalarToBytes(1n)]), message, scalarToBytes(x)), false);
    // As r: R can have no such x.
    assert.equal(native.verifySchnorr(Uint8Array.from([...scalarToBytes(x), ...scalarToBytes(1n)]), message, generator), false);
  }
  for (const s of [0n, curveOrder, curveOrder + 1n, 2n ** 256n - 1n]) {
    const signature = Uint8Array.from([...generator, ...scalarToBytes(s)]);
    assert.equal(native.verifySchnorr(signature, message, generator), schnorr.verify(signature, message, generator));
  }
  // With s = e·d the point R is at infinity and has no x.
  const key = native.xOnlyPublicKey(scalarToBytes(7n));
  const d = native.createPublicKey(scalarToBytes(7n))[0] === 3 ? curveOrder - 7n : 7n;
  const e = bytesToScalar(taggedHash('BIP0340/challenge', generator, key, message));
  const infinite = Uint8Array.from([...generator, ...scalarToBytes((e * d) % curveOrder)]);
  assert.equal(schnorr.verify(infinite, message, key), false);
  assert.equal(native.verifySchnorr(infinite, message, key), false);
});

test('ECDSA verification takes what consensus takes', () => {
  const random = byteStream('ecdsa');
  for (let round = 0; round < 40; round++) {
    const secret = random(32);
    const hash = random(32);
    const der = native.signEcdsa(hash, secret);
    const compressed = native.createPublicKey(secret);
    const uncompressed = native.createPublicKey(secret, false);
    const hybrid = Uint8Array.from([6 + ((uncompressed[64] ?? 0) & 1), ...uncompressed.subarray(1)]);
    const wrongHybrid = Uint8Array.from([7 - ((uncompressed[64] ?? 0) & 1), ...uncompressed.subarray(1)]);
    const compact = parseDerLax(der);
    assert.ok(compact !== undefined);
    const highS = Uint8Array.from([
      ...compact.subarray(0, 32),
      ...scalarToBytes(curveOrder - bytesToScalar(compact.subarray(32))),
    ]);
    for (const curve of [native, typescript]) {
      for (const key of [compressed, uncompressed, hybrid]) {
        assert.ok(curve.verifyEcdsa(der, hash, key));
        assert.ok(curve.verifyEcdsa(encodeDer(highS), hash, key));
        assert.equal(curve.verifyEcdsa(der, flipBit(hash, round), key), false);
      }
      assert.equal(curve.verifyEcdsa(der, hash, wrongHybrid), false);
      assert.equal(curve.verifyEcdsa(der, hash, Uint8Array.from([5, ...compressed.subarray(1)])), false);
      assert.equal(curve.verifyEcdsa(der, hash, compressed.subarray(1)), false);
    }
    assert.ok(native.isLowS(der));
    assert.equal(native.isLowS(encodeDer(highS)), false);
    const mutated = flipBit(der, 32 + (random(1)[0] ?? 0));
    assert.equal(native.verifyEcdsa(mutated, hash, compressed), typescript.verifyEcdsa(mutated, hash, compressed));
  }
});

test('lax DER', () => {
  const hash = sha256(Uint8Array.of(1));
  const secret = scalarToBytes(99n);
  const key = native.createPublicKey(secret);
  const compact = parseDerLax(native.signEcdsa(hash, secret));
  assert.ok(compact !== undefined);
  const r = [...compact.subarray(0, 32)];
  const s = [...compact.subarray(32)];
  const lax = [
    [0x30, 0x00, 0x02, 0x20, ...r, 0x02, 0x20, ...s],
    [0x30, 0x82, 0xff, 0xff, 0x02, 0x20, ...r, 0x02, 0x20, ...s],
    [0x30, 0x44, 0x02, 0x23, 0, 0, 0, ...r, 0x02, 0x20, ...s, 1, 2, 3],
    [0x30, 0x44, 0x02, 0x85, 0, 0, 0, 0, 0x20, ...r, 0x02, 0x81, 0x20, ...s],
  ];
  for (const bytes of lax) {
    for (const curve of [native, typescript]) assert.ok(curve.verifyEcdsa(Uint8Array.from(bytes), hash, key), String(bytes));
  }
  const unreadable = [
    [],
    [0x30],
    [0x31, 0x44, 0x02, 0x20, ...r, 0x02, 0x20, ...s],
    [0x30, 0x44, 0x02, 0x20, ...r, 0x02, 0x21, ...s],
    [0x30, 0x44, 0x02, 0x20, ...r, 0x03, 0x20, ...s],
    [0x30, 0x44, 0x02, 0x84, 1, 0, 0, 0x20, ...r, 0x02, 0x20, ...s],
    [0x30, 0xff, 0x02, 0x20, ...r],
  ];
  for (const bytes of unreadable) assert.equal(parseDerLax(Uint8Array.from(bytes)), undefined, String(bytes));
  const tooLong = Uint8Array.from([0x30, 0x45, 0x02, 0x21, 1, ...r, 0x02, 0x20, ...s]);
  assert.deepEqual(parseDerLax(tooLong), new Uint8Array(64));
  for (const curve of [native, typescript]) assert.equal(curve.verifyEcdsa(tooLong, hash, key), false);
});

test('signatures are those of RFC 6979, low in s and r', () => {
  const random = byteStream('sign');
  let ground = 0;
  for (let round = 0; round < 40; round++) {
    const secret = random(32);
    const hash = random(32);
    const plain = native.signEcdsa(hash, secret, false);
    assert.equal(toHex(plain), toHex(noble.sign(hash, secret, { prehash: false, format: 'der' })));
    const low = native.signEcdsa(hash, secret);
    assert.equal(toHex(low), toHex(typescript.signEcdsa(hash, secret)));
    assert.ok(low.length <= 70);
    assert.ok(((parseDerLax(low) ?? [])[0] ?? 0xff) < 0x80);
    if (toHex(low) !== toHex(plain)) ground++;
  }
  assert.ok(ground > 5);
  assert.throws(() => native.signEcdsa(new Uint8Array(32), new Uint8Array(32)), /not a valid secret key/);
});

test('both kinds of arithmetic agree on keys and tweaks', () => {
  const random = byteStream('keys');
  for (let round = 0; round < 20; round++) {
    const secret = random(32);
    const tweak = random(32);
    const results = [native, typescript].map((curve) => {
      const publicKey = curve.createPublicKey(secret);
      const xOnly = curve.xOnlyPublicKey(secret);
      const tweakedSecret = curve.tweakSecretKey(secret, tweak);
      const xTweaked = curve.tweakXOnlyPublicKey(xOnly, tweak);
      const xSecret = curve.tweakXOnlySecretKey(secret, tweak);
      assert.ok(tweakedSecret !== undefined && xTweaked !== undefined && xSecret !== undefined);
      assert.deepEqual(curve.tweakPublicKey(publicKey, tweak), curve.createPublicKey(tweakedSecret));
      assert.deepEqual(curve.xOnlyPublicKey(xSecret), xTweaked.key);
      assert.ok(curve.checkXOnlyTweak(xTweaked.key, xTweaked.parity, xOnly, tweak));
      assert.equal(curve.checkXOnlyTweak(xTweaked.key, 1 - xTweaked.parity, xOnly, tweak), false);
      assert.equal(curve.checkXOnlyTweak(flipBit(xTweaked.key, round), xTweaked.parity, xOnly, tweak), false);
      const recoverable = curve.signRecoverable(tweak, secret, round % 2 === 0);
      assert.deepEqual(curve.recoverPublicKey(tweak, recoverable), curve.createPublicKey(secret, round % 2 === 0));
      return [
        publicKey,
        tweakedSecret,
        xTweaked,
        xSecret,
        recoverable,
        curve.negateSecretKey(secret),
        curve.multiplyPublicKey(publicKey, tweak),
        curve.combinePublicKeys([publicKey, curve.createPublicKey(tweak)]),
        curve.convertPublicKey(publicKey, false),
      ];
    });
    assert.deepEqual(results[0], results[1]);
  }
});

test('what is no key or tweak is refused by both', () => {
  const one = scalarToBytes(1n);
  const key = native.createPublicKey(one);
  const offCurve = Uint8Array.from([2, ...scalarToBytes(5n)]);
  for (const curve of [native, typescript]) {
    for (const secret of [0n, curveOrder, curveOrder + 1n, 2n ** 256n - 1n]) assert.equal(curve.isValidSecretKey(scalarToBytes(secret)), false);
    assert.ok(curve.isValidSecretKey(scalarToBytes(curveOrder - 1n)));
    assert.equal(curve.isValidSecretKey(new Uint8Array(31)), false);
    assert.equal(curve.tweakSecretKey(one, scalarToBytes(curveOrder - 1n)), undefined);
    assert.equal(curve.tweakSecretKey(one, scalarToBytes(curveOrder)), undefined);
    assert.deepEqual(curve.tweakSecretKey(one, scalarToBytes(0n)), one);
    assert.equal(curve.tweakPublicKey(key, scalarToBytes(curveOrder - 1n)), undefined);
    assert.equal(curve.tweakPublicKey(key, scalarToBytes(curveOrder)), undefined);
    assert.deepEqual(curve.tweakPublicKey(key, scalarToBytes(0n)), key);
    assert.equal(curve.tweakPublicKey(offCurve, one), undefined);
    assert.equal(curve.isValidPublicKey(offCurve), false);
    assert.equal(curve.combinePublicKeys([key, Uint8Array.from([3, ...key.subarray(1)])]), undefined);
    assert.equal(curve.combinePublicKeys([]), undefined);
    assert.equal(curve.multiplyPublicKey(key, scalarToBytes(0n)), undefined);
    assert.equal(curve.recoverPublicKey(new Uint8Array(32), new Uint8Array(65)), undefined);
  }
  assert.ok(Point.BASE.equals(Point.fromBytes(key)));
});
