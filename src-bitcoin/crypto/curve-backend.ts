/**
 * The curve operations that differ between the native library and pure TypeScript. Everything else
 * in `secp256k1.ts` is built on these. Public keys are 33 or 65 bytes; hybrid keys (0x06, 0x07) are
 * taken. Signatures are 64 bytes, r then s. Lengths are checked by the caller.
 */
export interface CurveBackend {
  readonly name: 'native' | 'noble';
  isValidSecretKey(secret: Uint8Array): boolean;
  /** n − secret. The secret must be valid. */
  negateSecretKey(secret: Uint8Array): Uint8Array;
  /** secret + tweak; undefined when the tweak is not below n or the sum is zero. */
  addToSecretKey(secret: Uint8Array, tweak: Uint8Array): Uint8Array | undefined;
  /** secret × factor; undefined when the factor is zero or not below n. */
  multiplySecretKey(secret: Uint8Array, factor: Uint8Array): Uint8Array | undefined;
  /** The secret must be valid. */
  createPublicKey(secret: Uint8Array, compressed: boolean): Uint8Array;
  /** The same key in the wanted form; undefined when it is no point of the curve. */
  convertPublicKey(publicKey: Uint8Array, compressed: boolean): Uint8Array | undefined;
  /** Compressed publicKey + tweak·G; undefined when either is invalid or the sum is no key. */
  addToPublicKey(publicKey: Uint8Array, tweak: Uint8Array): Uint8Array | undefined;
  /** Compressed publicKey × factor; undefined when either is invalid. */
  multiplyPublicKey(publicKey: Uint8Array, factor: Uint8Array): Uint8Array | undefined;
  /** Compressed sum of keys; undefined when one is invalid or they cancel out. */
  combinePublicKeys(publicKeys: readonly Uint8Array[]): Uint8Array | undefined;
  /** RFC 6979 with optional 32 bytes of extra entropy; low s. The secret must be valid. */
  signEcdsa(hash: Uint8Array, secret: Uint8Array, extra: Uint8Array | undefined): { signature: Uint8Array; recovery: number };
  /** Takes high s too. False also for r or s of zero or not below n, and for a bad key. */
  verifyEcdsa(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): boolean;
  /** The compressed key that made an ECDSA signature; undefined when there is none. */
  recover(signature: Uint8Array, recovery: number, hash: Uint8Array): Uint8Array | undefined;
  /** BIP340 verification with a 32-byte key. */
  verifySchnorr(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}
