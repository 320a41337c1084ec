const scratch = new DataView(new ArrayBuffer(8));

/** The bits of a float64 combined with those of its schema default. */
export function float64Bits(value: number, mask: number): bigint {
  scratch.setFloat64(0, mask);
  const bits = scratch.getBigUint64(0);
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0) ^ bits;
}

/** The number whose bits these are, after the schema default has been taken out. */
export function float64FromBits(stored: bigint, mask: number): number {
  scratch.setFloat64(0, mask);
  const bits = scratch.getBigUint64(0);
  scratch.setBigUint64(0, stored ^ bits);
  return scratch.getFloat64(0);
}

/** The bits of a float32 combined with those of its schema default. */
export function float32Bits(value: number, mask: number): number {
  scratch.setFloat32(0, mask);
  const bits = scratch.getUint32(0);
  scratch.setFloat32(0, value);
  return (scratch.getUint32(0) ^ bits) >>> 0;
}

/** The number whose bits these are, after the schema default has been taken out. */
export function float32FromBits(stored: number, mask: number): number {
  scratch.setFloat32(0, mask);
  scratch.setUint32(0, stored ^ scratch.getUint32(0));
  return scratch.getFloat32(0);
}

/** @throws RangeError unless `value` is a whole number between `low` and `high` */
export function requireInteger(value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) throw new RangeError(`${value} is not an integer between ${low} and ${high}`);
  return value;
}

/** @throws RangeError unless `value` is between `low` and `high` */
export function requireBigInt(value: bigint, low: bigint, high: bigint): bigint {
  if (value < low || value > high) throw new RangeError(`${value} is not between ${low} and ${high}`);
  return value;
}

export const INT64_MIN = -(1n << 63n);
export const INT64_MAX = (1n << 63n) - 1n;
export const UINT64_MAX = (1n << 64n) - 1n;
