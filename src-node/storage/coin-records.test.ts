import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { compressAmount } from '../../src-bitcoin/coin.js';
import { parseBlockUndo, serializeBlockUndo } from './block-undo.js';
import { coinKey, parseCoinKey } from './coin-key.js';

test('keys of coins', () => {
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
