import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';

/** First byte of every coin's key. */
export const coinKeyPrefix = 0x43;

/** Key of a coin in the chainstate database: 'C', txid, index as VARINT. */
export function coinKey(outpoint: Outpoint): Uint8Array {
  const { txid, index } = outpoint;
  if (index < 0x80) {
    const key = new Uint8Array(34);
    key[0] = coinKeyPrefix;
    key.set(txid, 1);
    key[33] = index;
    return key;
  }
  return new ByteWriter(38).u8(coinKeyPrefix).bytes(txid).varInt(index).finish();
}

/** @throws DecodeError when `key` is not the key of a coin. */
export function parseCoinKey(key: Uint8Array): Outpoint {
  const reader = new ByteReader(key, 1);
  const outpoint = { txid: reader.bytes(32), index: Number(reader.varInt()) };
  reader.expectEnd('coin key');
  return outpoint;
}
