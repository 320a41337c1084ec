import { ByteReader } from './bytes/reader.js';
import { ByteWriter } from './bytes/writer.js';

/**
 * The 12 bytes in which a feerate crosses processes: i64 satoshis, then i32 vbytes they pay for.
 * @param satPerKvB satoshis per 1000 vbytes
 */
export function serializeFeeRate(satPerKvB: bigint): Uint8Array {
  return new ByteWriter(12).i64(satPerKvB).i32(1000).finish();
}

/**
 * Satoshis per 1000 vbytes, rounded down. A size of 0 is a feerate of zero.
 * @throws DecodeError when `bytes` is shorter than 12 bytes.
 */
export function parseFeeRate(bytes: Uint8Array): bigint {
  const reader = new ByteReader(bytes);
  const fee = reader.i64();
  const size = BigInt(reader.i32());
  return size <= 0n ? 0n : (fee * 1000n) / size;
}

/**
 * Fee in satoshis for `vbytes` at a feerate, rounded up as Bitcoin Core does.
 * @param satPerKvB satoshis per 1000 vbytes
 */
export function feeForSize(satPerKvB: bigint, vbytes: number): bigint {
  const product = satPerKvB * BigInt(vbytes);
  return product >= 0n ? (product + 999n) / 1000n : -((-product + 999n) / 1000n);
}
