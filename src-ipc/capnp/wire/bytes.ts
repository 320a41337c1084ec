import { isAscii } from 'node:buffer';

/** Below this, one pass over the bytes is cheaper than looking at them first. */
const LARGE_TEXT_BYTES = 256;

/** Bytes of unknown content in a buffer of their own, for a caller that overwrites them all. */
export function uninitializedBytes(length: number): Uint8Array<ArrayBuffer> {
  const { buffer } = Buffer.allocUnsafeSlow(length);
  return new Uint8Array(buffer);
}

/** The text that UTF-8 bytes stand for, with U+FFFD for what is none. */
export function textOf(bytes: Buffer): string {
  // Plain ASCII, found out at memory speed, needs no decoding.
  return bytes.length >= LARGE_TEXT_BYTES && isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
}
