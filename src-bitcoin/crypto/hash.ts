import { createHash, createHmac } from 'node:crypto';

const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function sha256(data: Uint8Array): Uint8Array {
  return plain(createHash('sha256').update(data).digest());
}

/** SHA-256 twice: block hashes, txids, checksums. */
export function hash256(data: Uint8Array): Uint8Array {
  return plain(createHash('sha256').update(createHash('sha256').update(data).digest()).digest());
}

export function ripemd160(data: Uint8Array): Uint8Array {
  return plain(createHash('ripemd160').update(data).digest());
}

/** RIPEMD-160 of SHA-256: key and script hashes in addresses. */
export function hash160(data: Uint8Array): Uint8Array {
  return plain(createHash('ripemd160').update(createHash('sha256').update(data).digest()).digest());
}

export function sha1(data: Uint8Array): Uint8Array {
  return plain(createHash('sha1').update(data).digest());
}

export function hmacSha512(key: Uint8Array, data: Uint8Array): Uint8Array {
  return plain(createHmac('sha512', key).update(data).digest());
}

const tagPrefixes = new Map<string, Uint8Array>();

/** BIP340 tagged hash: SHA-256(SHA-256(tag) || SHA-256(tag) || parts). */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  let prefix = tagPrefixes.get(tag);
  if (prefix === undefined) {
    const once = sha256(Uint8Array.from(tag, (letter) => letter.charCodeAt(0)));
    prefix = new Uint8Array(64);
    prefix.set(once, 0);
    prefix.set(once, 32);
    tagPrefixes.set(tag, prefix);
  }
  const hash = createHash('sha256').update(prefix);
  for (const part of parts) hash.update(part);
  return plain(hash.digest());
}
