import { test } from 'node:test';
import assert from 'node:assert/strict';
import secp256k1 from 'secp256k1';
import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { parseBlockUndo, serializeBlockUndo } from './block-undo.js';
import { coinKey, parseCoin, parseCoinKey, serializeCoin } from './coin-record.js';
import { compressAmount, decompressAmount, readCompressedOutput, writeCompressedOutput } from './compressed-output.js';

test('amounts', () => {
  const examples: readonly [bigint, bigint][] = [
    [0n, 0n],
    [1n, 1n],
    [10n, 2n],
    [100_000_000n, 9n],
    [5_000_000_000n, 50n],
    [2_100_000_000_000_000n, 21_000_000n],
    [123_456_789n, 1_111_111_101n],
  ];
  for (const [value, packed] of examples) {
    assert.equal(compressAmount(value), packed);
    assert.equal(decompressAmount(packed), value);
  }
  for (let value = 0n; value < 21_000_000_00000000n; value = value * 3n + 7n) {
    assert.equal(decompressAmount(compressAmount(value)), value);
  }
});

function packScript(scriptPubKey: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writeCompressedOutput(writer, { value: 0n, scriptPubKey });
  return writer.finish().subarray(1);
}

function roundTrip(script: Uint8Array): Uint8Array {
  const packed = packScript(script);
  const reader = new ByteReader(Uint8Array.of(0, ...packed));
  const output = readCompressedOutput(reader);
  assert.equal(reader.remaining, 0);
  return output.scriptPubKey;
}

test('scripts', () => {
  const hash = '11'.repeat(20);
  const secret = new Uint8Array(32).fill(7);
  const compressed = toHex(secp256k1.publicKeyCreate(secret, true));
  const full = toHex(secp256k1.publicKeyCreate(secret, false));
  const cases: readonly [string, number][] = [
    [`76a914${hash}88ac`, 21],
    [`a914${hash}87`, 21],
    [`21${compressed}ac`, 33],
    [`41${full}ac`, 33],
    [`0014${hash}`, 23],
    [`41${'04' + '01'.repeat(64)}ac`, 68],
    ['', 1],
    ['6a', 2],
  ];
  for (const [hex, size] of cases) {
    const script = fromHex(hex);
    assert.equal(packScript(script).length, size, hex);
    assert.equal(toHex(roundTrip(script)), hex);
  }
});

test('a script too long to run is read as unspendable', () => {
  const writer = new ByteWriter().varInt(1).varInt(10_001 + 6).bytes(new Uint8Array(10_001));
  const reader = new ByteReader(writer.finish());
  assert.equal(toHex(readCompressedOutput(reader).scriptPubKey), '6a');
  assert.equal(reader.remaining, 0);
});

test('a key off the curve is refused', () => {
  const packed = Uint8Array.of(0, 4, ...new Uint8Array(32).fill(0xff));
  assert.throws(() => readCompressedOutput(new ByteReader(packed)), DecodeError);
});

test('coins and their keys', () => {
  const coin = { value: 12345n, scriptPubKey: fromHex(`0014${'22'.repeat(20)}`), height: 700_001, coinbase: true };
  assert.deepEqual(parseCoin(serializeCoin(coin)), coin);
  for (const index of [0, 127, 128, 16511, 16512, 0xffffffff]) {
    const outpoint = { txid: new Uint8Array(32).fill(9), index };
    assert.deepEqual(parseCoinKey(coinKey(outpoint)), outpoint);
  }
  assert.equal(toHex(coinKey({ txid: new Uint8Array(32), index: 16512 })), `43${'00'.repeat(32)}808000`);
});

test('undo data', () => {
  const scriptPubKey = fromHex('51');
  const undo = [
    [
      { value: 1n, scriptPubKey, height: 5, coinbase: false },
      { value: 50n, scriptPubKey, height: 0, coinbase: true },
    ],
    [],
  ];
  const bytes = serializeBlockUndo(undo);
  assert.equal(toHex(bytes), '02' + '02' + '0a00' + '01' + '0751' + '01' + compressAmountHex(50n) + '0751' + '00');
  assert.deepEqual(parseBlockUndo(bytes), undo);
  assert.throws(() => parseBlockUndo(bytes.subarray(0, 7)), DecodeError);
});

function compressAmountHex(value: bigint): string {
  return toHex(new ByteWriter().varInt(compressAmount(value)).finish());
}
