/**
 * The target a compact form stands for, or undefined when that is negative, zero or over 256 bits.
 * The form is a base-256 floating point number: exponent, sign and 23 bits of mantissa.
 */
export function targetFromBits(bits: number): bigint | undefined {
  const exponent = bits >>> 24;
  const mantissa = bits & 0x7fffff;
  const negative = (bits & 0x800000) !== 0;
  const target = exponent <= 3 ? BigInt(mantissa) >> BigInt(8 * (3 - exponent)) : BigInt(mantissa) << BigInt(8 * (exponent - 3));
  if (target === 0n || negative || target >> 256n !== 0n) return undefined;
  return target;
}

/** The compact form of a target: its three highest bytes survive. */
export function bitsFromTarget(target: bigint): number {
  let size = Math.ceil(target.toString(16).length / 2);
  let mantissa = Number(size <= 3 ? target << BigInt(8 * (3 - size)) : target >> BigInt(8 * (size - 3)));
  if (target === 0n) size = 0;
  // The highest bit of the mantissa is its sign.
  if ((mantissa & 0x800000) !== 0) {
    mantissa >>>= 8;
    size++;
  }
  return ((size << 24) | mantissa) >>> 0;
}

const hashCount = 1n << 256n;

/** Expected number of hashes to find one at or below a target. */
export function workOfTarget(target: bigint): bigint {
  return hashCount / (target + 1n);
}

/** Expected number of hashes behind a header's bits; 0 when they stand for no target. */
export function workOfBits(bits: number): bigint {
  const target = targetFromBits(bits);
  return target === undefined ? 0n : workOfTarget(target);
}

/** The number a hash stands for: its bytes, little endian. */
export function hashToNumber(hash: Uint8Array): bigint {
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  let number = 0n;
  for (let i = 24; i >= 0; i -= 8) number = (number << 64n) | view.getBigUint64(i, true);
  return number;
}

/** Whether a block hash meets the target its bits stand for, and that target is allowed. */
export function meetsTarget(hash: Uint8Array, bits: number, powLimit: bigint): boolean {
  const target = targetFromBits(bits);
  return target !== undefined && target <= powLimit && hashToNumber(hash) <= target;
}

/** Difficulty as people write it: how many times harder than the easiest target of main. */
export function difficulty(bits: number): number {
  const exponent = bits >>> 24;
  const mantissa = bits & 0xffffff;
  return (0xffff / mantissa) * 256 ** (29 - exponent);
}
