import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';

/** A price of space in blocks: satoshis for a number of vbytes, usually 1000. */
export interface FeeRate {
  readonly satoshis: bigint;
  readonly virtualSize: number;
}

export const perKilobyte = (satoshis: bigint): FeeRate => ({ satoshis, virtualSize: 1000 });

/** Satoshis for so many vbytes, rounded up. */
export function feeFor(rate: FeeRate, virtualSize: number): bigint {
  if (rate.virtualSize === 0) return 0n;
  const size = BigInt(rate.virtualSize);
  return (rate.satoshis * BigInt(virtualSize) + size - 1n) / size;
}

/** Satoshis per 1000 vbytes, rounded down. */
export function perKilobyteOf(rate: FeeRate): bigint {
  return rate.virtualSize === 0 ? 0n : (rate.satoshis * 1000n) / BigInt(rate.virtualSize);
}

/** Negative, 0 or positive as `a` is lower than, the same as or higher than `b`. A rate of no size is zero. */
export function compareRates(a: FeeRate, b: FeeRate): number {
  const left = a.satoshis * BigInt(b.virtualSize === 0 ? 1 : b.virtualSize);
  const right = b.satoshis * BigInt(a.virtualSize === 0 ? 1 : a.virtualSize);
  return left < right ? -1 : left > right ? 1 : 0;
}

export const higher = (a: FeeRate, b: FeeRate): FeeRate => (compareRates(a, b) >= 0 ? a : b);
export const lower = (a: FeeRate, b: FeeRate): FeeRate => (compareRates(a, b) <= 0 ? a : b);
export const isZeroRate = (rate: FeeRate): boolean => rate.satoshis === 0n;

/** A rate as it travels between processes: i64 satoshis, i32 vbytes. */
export function readFeeRate(bytes: Uint8Array): FeeRate {
  const reader = new ByteReader(bytes);
  return { satoshis: reader.i64(), virtualSize: reader.i32() };
}

export function writeFeeRate(rate: FeeRate): Uint8Array {
  return new ByteWriter(12).i64(rate.satoshis).i32(rate.virtualSize).finish();
}

/** For messages: `1.234 sat/vB`. */
export function formatSatPerVirtualByte(rate: FeeRate): string {
  const milli = perKilobyteOf(rate);
  return `${milli / 1000n}.${(milli % 1000n).toString().padStart(3, '0')} sat/vB`;
}

/** Bitcoin with at least two decimals, as messages of the reference show amounts. */
export function formatMoney(satoshis: bigint): string {
  const absolute = satoshis < 0n ? -satoshis : satoshis;
  const decimals = (absolute % 100_000_000n).toString().padStart(8, '0').replace(/0{1,6}$/, '');
  return `${satoshis < 0n ? '-' : ''}${absolute / 100_000_000n}.${decimals}`;
}
