import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from './bytes/hex.js';
import { compressAmount, decompressAmount, parseCoin, serializeCoin } from './coin.js';
import { secp256k1 } from './crypto/secp256k1.js';

test('amounts compress to the numbers Bitcoin Core stores', () => {
  const known: [bigint, bigint][] = [
    [0n, 0n],
    [1n, 1n],
    [10n, 2n],
    [100_000_000n, 9n],
    [5_000_000_000n, 50n],
    [2_100_000_000_000_000n, 21_000_000n],
    [123_456_789n, 1_111_111_101n],
  ];
  for (const [amount, code] of known) {
    assert.equal(compressAmount(amount), code);
    assert.equal(decompressAmount(code), amount);
  }
});

test('coins of every script form read back as they were', () => {
  const key = secp256k1.createPublicKey(new Uint8Array(32).fill(7), true);
  const long = secp256k1.createPublicKey(new Uint8Array(32).fill(9), false);
  const hash = toHex(new Uint8Array(20).fill(5));
  const scripts: [string, number][] = [
    [`76a914${hash}88ac`, 21],
    [`a914${hash}87`, 21],
    [`21${toHex(key)}ac`, 33],
    [`41${toHex(long)}ac`, 33],
    [`41${toHex(long).replace(/^04/, '06')}ac`, 68],
    [`0014${hash}`, 23],
    ['', 1],
    [`6a${'00'.repeat(300)}`, 303],
  ];
  for (const [hex, size] of scripts) {
    const coin = { value: 150_000n, scriptPubKey: fromHex(hex), height: 367, coinbase: true };
    const bytes = serializeCoin(coin);
    assert.deepEqual(parseCoin(bytes), coin);
    // Height takes two bytes and the amount two; the rest is the script.
    assert.equal(bytes.length - 4, size, hex);
  }
});
