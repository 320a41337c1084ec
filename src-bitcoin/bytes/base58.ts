import { hash256 } from '../crypto/hash.js';
import { concatBytes, equalBytes } from './bytes.js';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const digitOf = new Map(Array.from(alphabet, (letter, value) => [letter, value]));
const checksumLength = 4;

/** Base58 text of `bytes`; each leading zero byte becomes a `1`. */
export function encodeBase58(bytes: Uint8Array): string {
  // Little-endian base 58 digits, grown by multiplying with 256 for each byte.
  const digits: number[] = [];
  for (const byte of bytes) {
    let carry = byte;
    for (let i = 0; i < digits.length; i++) {
      carry += (digits[i] ?? 0) * 256;
      digits[i] = carry % 58;
      carry = Math.floor(carry / 58);
    }
    for (; carry > 0; carry = Math.floor(carry / 58)) digits.push(carry % 58);
  }
  let text = '';
  for (const byte of bytes) {
    if (byte !== 0) break;
    text += alphabet.charAt(0);
  }
  for (const digit of digits.reverse()) text += alphabet.charAt(digit);
  return text;
}

/**
 * The bytes of a Base58 text. White space around it is ignored, as in Bitcoin Core.
 * @param maxLength the most bytes to give back; keeps long input cheap.
 * @returns undefined when a character is not Base58 or the result would be too long.
 */
export function decodeBase58(text: string, maxLength: number): Uint8Array | undefined {
  const trimmed = text.replace(/^[ \f\n\r\t\v]+|[ \f\n\r\t\v]+$/g, '');
  let zeros = 0;
  while (trimmed.charAt(zeros) === '1') zeros++;
  if (zeros > maxLength) return undefined;
  const bytes: number[] = [];
  for (const letter of trimmed.slice(zeros)) {
    const digit = digitOf.get(letter);
    if (digit === undefined) return undefined;
    let carry = digit;
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] ?? 0) * 58;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff);
    if (zeros + bytes.length > maxLength) return undefined;
  }
  const decoded = new Uint8Array(zeros + bytes.length);
  decoded.set(bytes.reverse(), zeros);
  return decoded;
}

/** Base58 of `payload` followed by the first four bytes of its double SHA-256. */
export function encodeBase58Check(payload: Uint8Array): string {
  return encodeBase58(concatBytes(payload, hash256(payload).subarray(0, checksumLength)));
}

/**
 * The payload of a Base58Check text.
 * @param maxLength the most payload bytes to accept.
 * @returns undefined when it is not Base58, too long, or the checksum is wrong.
 */
export function decodeBase58Check(text: string, maxLength: number): Uint8Array | undefined {
  const bytes = decodeBase58(text, maxLength + checksumLength);
  if (bytes === undefined || bytes.length < checksumLength) return undefined;
  const payload = bytes.slice(0, -checksumLength);
  return equalBytes(hash256(payload).subarray(0, checksumLength), bytes.subarray(-checksumLength)) ? payload : undefined;
}
