const digits = '0123456789abcdef';

/** Lower-case hex of `bytes`, in the order they stand. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += digits.charAt(byte >> 4) + digits.charAt(byte & 15);
  return text;
}

/** True when `text` is an even number of hex digits, possibly none. */
export function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
}

/**
 * The bytes of a hex text.
 * @throws RangeError when the text is not an even number of hex digits.
 */
export function fromHex(text: string): Uint8Array {
  if (!isHex(text)) throw new RangeError(`not hex: ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Hex as people write block hashes and txids: the 32 bytes last to first. */
export function hashToHex(hash: Uint8Array): string {
  return toHex(hash.slice().reverse());
}

/**
 * The internal byte order of a block hash or txid written as 64 hex digits.
 * @throws RangeError when it is not 64 hex digits.
 */
export function hashFromHex(text: string): Uint8Array {
  if (text.length !== 64) throw new RangeError(`a hash has 64 hex digits, not ${text.length}`);
  return fromHex(text).reverse();
}
