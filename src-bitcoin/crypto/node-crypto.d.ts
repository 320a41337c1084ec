// The one Node module this room may use, and of it only the pure hash functions.
declare module 'node:crypto' {
  interface Hash {
    update(data: Uint8Array): Hash;
    digest(): Uint8Array;
    /** A hash that has taken in the same bytes so far. */
    copy(): Hash;
  }
  export function createHash(algorithm: 'sha256' | 'sha512' | 'sha1' | 'ripemd160'): Hash;
  export function createHmac(algorithm: 'sha256' | 'sha512', key: Uint8Array): Hash;
}
