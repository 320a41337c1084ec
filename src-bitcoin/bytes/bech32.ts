/** BIP173 Bech32 and BIP350 Bech32m. Data are 5-bit numbers, one per character. */
export type Bech32Encoding = 'bech32' | 'bech32m';

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const digitOf = new Map(Array.from(alphabet, (letter, value) => [letter, value]));
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const finalConstant = { bech32: 1, bech32m: 0x2bc830a3 } as const;
const encodings: readonly Bech32Encoding[] = ['bech32', 'bech32m'];
const checksumLength = 6;
/** The longest text BIP173 allows. */
const maxTextLength = 90;

/** One step of the checksum: the remainder after one more 5-bit number. */
function step(remainder: number, value: number): number {
  const top = remainder >>> 25;
  let next = ((remainder & 0x1ffffff) << 5) ^ value;
  for (let i = 0; i < generator.length; i++) if (((top >> i) & 1) === 1) next ^= generator[i] ?? 0;
  return next;
}

function remainderOf(prefix: string, data: readonly number[]): number {
  let remainder = 1;
  for (let i = 0; i < prefix.length; i++) remainder = step(remainder, prefix.charCodeAt(i) >> 5);
  remainder = step(remainder, 0);
  for (let i = 0; i < prefix.length; i++) remainder = step(remainder, prefix.charCodeAt(i) & 31);
  for (const value of data) remainder = step(remainder, value);
  return remainder;
}

/** @param prefix human readable part in lower case. */
export function encodeBech32(encoding: Bech32Encoding, prefix: string, data: readonly number[]): string {
  const remainder = remainderOf(prefix, [...data, 0, 0, 0, 0, 0, 0]) ^ finalConstant[encoding];
  const checksum = Array.from({ length: checksumLength }, (_, i) => (remainder >>> (5 * (checksumLength - 1 - i))) & 31);
  return `${prefix}1${[...data, ...checksum].map((value) => alphabet.charAt(value)).join('')}`;
}

export interface Bech32Text {
  readonly encoding: Bech32Encoding;
  /** Human readable part, lower case. */
  readonly prefix: string;
  /** Without the checksum. */
  readonly data: readonly number[];
}

/** What is wrong with a text, in Bitcoin Core's words, and at which characters (from 0) as far as known. */
export interface Bech32Fault {
  readonly message: string;
  readonly locations: readonly number[];
}

interface Parts {
  readonly prefix: string;
  /** With the checksum. */
  readonly values: readonly number[];
}

/** Characters that are not printable ASCII, or of the other case than the first letter. */
function badCharacters(text: string): number[] {
  const bad: number[] = [];
  let lower = false;
  let upper = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i);
    const code = text.charCodeAt(i);
    if (letter >= 'a' && letter <= 'z') {
      if (upper) bad.push(i);
      else lower = true;
    } else if (letter >= 'A' && letter <= 'Z') {
      if (lower) bad.push(i);
      else upper = true;
    } else if (code < 33 || code > 126) bad.push(i);
  }
  return bad;
}

function split(text: string): Parts | Bech32Fault {
  if (text.length > maxTextLength) {
    const locations = Array.from({ length: text.length - maxTextLength }, (_, i) => maxTextLength + i);
    return { message: 'Bech32 string too long', locations };
  }
  const bad = badCharacters(text);
  if (bad.length > 0) return { message: 'Invalid character or mixed case', locations: bad };
  const separator = text.lastIndexOf('1');
  if (separator === -1) return { message: 'Missing separator', locations: [] };
  if (separator === 0 || separator + checksumLength >= text.length) {
    return { message: 'Invalid separator position', locations: [separator] };
  }
  const lowered = text.toLowerCase();
  const values: number[] = [];
  for (let i = separator + 1; i < lowered.length; i++) {
    const value = digitOf.get(lowered.charAt(i));
    if (value === undefined) return { message: 'Invalid Base 32 character', locations: [i] };
    values.push(value);
  }
  return { prefix: lowered.slice(0, separator), values };
}

/** @returns undefined when `text` is neither Bech32 nor Bech32m; `findBech32Fault` then says why. */
export function decodeBech32(text: string): Bech32Text | undefined {
  const parts = split(text);
  if ('message' in parts) return undefined;
  const remainder = remainderOf(parts.prefix, parts.values);
  const encoding = encodings.find((each) => finalConstant[each] === remainder);
  if (encoding === undefined) return undefined;
  return { encoding, prefix: parts.prefix, data: parts.values.slice(0, -checksumLength) };
}

/**
 * The at most two places (counted from the end) whose change explains a checksum difference.
 * The code is linear, so the effect of an error depends on its place and value only; as any two
 * valid texts differ in at least five places, there is at most one such answer.
 */
function placesOfErrors(difference: number, length: number): number[] | undefined {
  const placeOf = new Map<number, number>();
  for (let value = 1; value < 32; value++) {
    let effect = value;
    for (let place = 0; place < length; place++) {
      placeOf.set(effect, place);
      effect = step(effect, 0);
    }
  }
  const single = placeOf.get(difference);
  if (single !== undefined) return [single];
  for (const [effect, place] of placeOf) {
    const other = placeOf.get(effect ^ difference);
    if (other !== undefined && other !== place) return [Math.max(place, other), Math.min(place, other)];
  }
  return undefined;
}

/** Explains why `decodeBech32` refused a text; an empty message when it did not. */
export function findBech32Fault(text: string): Bech32Fault {
  const parts = split(text);
  if ('message' in parts) return parts;
  const remainder = remainderOf(parts.prefix, parts.values);
  let best: Bech32Fault | undefined;
  for (const encoding of encodings) {
    const difference = remainder ^ finalConstant[encoding];
    if (difference === 0) return { message: '', locations: [] };
    const places = placesOfErrors(difference, parts.values.length);
    if (places === undefined || (best !== undefined && best.locations.length <= places.length)) continue;
    const message = encoding === 'bech32' ? 'Invalid Bech32 checksum' : 'Invalid Bech32m checksum';
    best = { message, locations: places.map((place) => text.length - 1 - place) };
  }
  return best ?? { message: 'Invalid checksum', locations: [] };
}

/** Bytes as 5-bit numbers, most significant bits first, filled up with zero bits. */
export function toFiveBits(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; ) {
      bits -= 5;
      values.push((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) values.push((held << (5 - bits)) & 31);
  return values;
}

/** Inverse of `toFiveBits`; undefined when more than four bits or a set bit are left over. */
export function fromFiveBits(values: readonly number[]): Uint8Array | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const value of values) {
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
    held &= (1 << bits) - 1;
  }
  return bits >= 5 || held !== 0 ? undefined : Uint8Array.from(bytes);
}
