/** Reads one ASN.1 length as OpenSSL once did: any number of length bytes, leading zeros allowed. */
function readLength(bytes: Uint8Array, position: number): { length: number; next: number } | undefined {
  const first = bytes[position];
  if (first === undefined) return undefined;
  let next = position + 1;
  if (first < 0x80) return { length: first, next };
  let count = first - 0x80;
  if (count > bytes.length - next) return undefined;
  while (count > 0 && bytes[next] === 0) {
    next++;
    count--;
  }
  if (count >= 4) return undefined;
  let length = 0;
  for (; count > 0; count--) length = length * 256 + (bytes[next++] ?? 0);
  return { length, next };
}

function readInteger(bytes: Uint8Array, position: number): { value: Uint8Array; next: number } | undefined {
  if (bytes[position] !== 0x02) return undefined;
  const header = readLength(bytes, position + 1);
  if (header === undefined || header.length > bytes.length - header.next) return undefined;
  const next = header.next + header.length;
  let start = header.next;
  while (start < next && bytes[start] === 0) start++;
  return { value: bytes.subarray(start, next), next };
}

/**
 * The 64-byte form (r, s) of an ECDSA signature in DER, read as laxly as consensus did before BIP66:
 * wrong outer length, padding, negative-looking numbers and bytes after the end are all taken.
 * A number of more than 256 bits makes both zero, which verifies with no key.
 * Undefined when it cannot be read at all.
 */
export function parseDerLax(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x30) return undefined;
  // The length of the sequence is skipped, whatever it says.
  const lengthByte = bytes[1];
  if (lengthByte === undefined) return undefined;
  let position = 2;
  if (lengthByte >= 0x80) {
    if (lengthByte - 0x80 > bytes.length - position) return undefined;
    position += lengthByte - 0x80;
  }
  const r = readInteger(bytes, position);
  if (r === undefined) return undefined;
  const s = readInteger(bytes, r.next);
  if (s === undefined) return undefined;
  const signature = new Uint8Array(64);
  if (r.value.length > 32 || s.value.length > 32) return signature;
  signature.set(r.value, 32 - r.value.length);
  signature.set(s.value, 64 - s.value.length);
  return signature;
}

function integer(bytes: Uint8Array): number[] {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const value = [...bytes.subarray(start)];
  if ((value[0] ?? 0) >= 0x80) value.unshift(0);
  return [0x02, value.length, ...value];
}

/** Strict DER (BIP66) of a 64-byte signature, without hash type. */
export function encodeDer(signature: Uint8Array): Uint8Array {
  const body = [...integer(signature.subarray(0, 32)), ...integer(signature.subarray(32, 64))];
  return Uint8Array.from([0x30, body.length, ...body]);
}
