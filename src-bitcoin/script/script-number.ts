/** Bytes an operand may have; results may be longer, but then serve as operands no more. */
export const maxNumberSize = 4;

/**
 * The number a stack element writes: little endian, sign in the top bit of the last byte.
 * Undefined when it is longer than `maxSize` (at most 6) or, with `minimal`, not in its shortest form.
 */
export function decodeScriptNumber(bytes: Uint8Array, minimal: boolean, maxSize = maxNumberSize): number | undefined {
  const size = bytes.length;
  if (size > maxSize) return undefined;
  if (size === 0) return 0;
  const last = bytes[size - 1] ?? 0;
  // The last byte may be empty but for the sign only where the one before needs its top bit itself.
  if (minimal && (last & 0x7f) === 0 && (size === 1 || ((bytes[size - 2] ?? 0) & 0x80) === 0)) return undefined;
  let value = last & 0x7f;
  for (let i = size - 2; i >= 0; i--) value = value * 256 + (bytes[i] ?? 0);
  return (last & 0x80) !== 0 ? -value : value;
}

/** The shortest form of a whole number; zero is no bytes. */
export function encodeScriptNumber(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = Math.abs(value); rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  const last = bytes.at(-1);
  if (last === undefined) return new Uint8Array(0);
  if (last >= 0x80) bytes.push(value < 0 ? 0x80 : 0);
  else if (value < 0) bytes[bytes.length - 1] = last | 0x80;
  return Uint8Array.from(bytes);
}

/** What OP_VERIFY and OP_IF make of an element: false for zeros only, negative zero included. */
export function isTruthy(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0) return !(i === bytes.length - 1 && bytes[i] === 0x80);
  }
  return false;
}
