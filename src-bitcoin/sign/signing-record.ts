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
  /** @param hash HASH160 of a redeem script, SHA-256 of a witness script */
  missingScript(kind: 'redeem' | 'witness', hash: Uint8Array): void;
  /** @param keyHash HASH160 */
  missingPubkey(keyHash: Uint8Array): void;
  /** An ECDSA signature with this key. */
  missingSignature(pubkey: Uint8Array): void;
}

/** What it would still take to unlock an input, as far as that can be told; in the order in which it is needed. */
export interface MissingParts {
  /** HASH160 of public keys that are behind hashes, 20 bytes each. */
  readonly pubkeys: readonly Uint8Array[];
  /** Public keys without a signature. */
  readonly signatures: readonly Uint8Array[];
  /** HASH160 of the redeem script, 20 bytes. */
  readonly redeemScript?: Uint8Array;
  /** SHA-256 of the witness script, 32 bytes. */
  readonly witnessScript?: Uint8Array;
}
