import type { TaprootOutput } from '../keys/taproot.js';

/** Signatures, keys and scripts from before, perhaps of others. */
export interface EarlierSignatures {
  ecdsa(pubkey: Uint8Array, scriptCode: Uint8Array, version: 'legacy' | 'witness_v0'): Uint8Array | undefined;
  /** @param leafHash undefined: a signature with the output key, which then is `xOnlyKey`. */
  schnorr(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined): Uint8Array | undefined;
  /** @param keyHash HASH160 */
  pubkey(keyHash: Uint8Array): Uint8Array | undefined;
  /** @param scriptHash HASH160, also for witness scripts (RIPEMD-160 of their program). */
  script(scriptHash: Uint8Array): Uint8Array | undefined;
}

/** Takes down what signing an input comes across, complete or not. */
export interface SigningRecord {
  script(kind: 'redeem' | 'witness', script: Uint8Array): void;
  /** A key that no earlier signature is of. */
  key(pubkey: Uint8Array): void;
  ecdsa(pubkey: Uint8Array, signature: Uint8Array): void;
  taproot(output: TaprootOutput): void;
  /** @param leafHash the leaf that the key is in; undefined for an internal key or output key. */
  tapKey(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined): void;
  /** @param leafHash undefined: a signature with the output key. */
  schnorr(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined, signature: Uint8Array): void;
}
