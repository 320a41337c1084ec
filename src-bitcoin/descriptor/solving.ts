import { toHex } from '../bytes/hex.js';
import { hash160 } from '../crypto/hash.js';
import { mergeTaproot, type TaprootOutput } from '../keys/taproot.js';
import type { KeyOrigin } from './descriptor.js';

/** A secret and the public key it signs for. */
export interface SigningKey {
  readonly pubkey: Uint8Array;
  readonly secret: Uint8Array;
}

/**
 * What is known about how scripts can be spent: public keys, scripts behind hashes, taproot trees,
 * where keys come from and, where they may be used, private keys.
 */
export class SolvingData {
  readonly #pubkeys = new Map<string, Uint8Array>();
  readonly #scripts = new Map<string, Uint8Array>();
  readonly #taproot = new Map<string, TaprootOutput>();
  readonly #origins = new Map<string, KeyOrigin>();
  readonly #secrets = new Map<string, SigningKey>();
  #behind: SolvingData | undefined;

  /** What is not known here is looked for there: another one that may know too much to be copied. */
  lookBehind(other: SolvingData): void {
    this.#behind = other;
  }

  addPubkey(pubkey: Uint8Array, origin?: KeyOrigin): void {
    const id = toHex(hash160(pubkey));
    this.#pubkeys.set(id, pubkey);
    if (origin !== undefined) this.#origins.set(id, origin);
  }

  /** Where a key comes from that need not be known itself. @param keyHash HASH160 of the public key, 20 bytes. */
  addOrigin(keyHash: Uint8Array, origin: KeyOrigin): void {
    this.#origins.set(toHex(keyHash), origin);
  }

  /** A redeem script or witness script. */
  addScript(script: Uint8Array): void {
    this.#scripts.set(toHex(hash160(script)), script);
  }

  /** Adds to what is known of the output already. */
  addTaproot(output: TaprootOutput): void {
    const id = toHex(output.outputKey);
    const known = this.#taproot.get(id);
    this.#taproot.set(id, known === undefined ? output : mergeTaproot(known, output));
  }

  addSecret(key: SigningKey): void {
    this.addPubkey(key.pubkey);
    this.#secrets.set(toHex(hash160(key.pubkey)), key);
  }

  /** @param keyHash HASH160 of the public key, 20 bytes. */
  pubkey(keyHash: Uint8Array): Uint8Array | undefined {
    return this.#pubkeys.get(toHex(keyHash)) ?? this.#behind?.pubkey(keyHash);
  }

  /** @param scriptHash HASH160 of the script, also for witness scripts (RIPEMD-160 of their program). */
  script(scriptHash: Uint8Array): Uint8Array | undefined {
    return this.#scripts.get(toHex(scriptHash)) ?? this.#behind?.script(scriptHash);
  }

  /** @param outputKey x-only, 32 bytes. */
  taproot(outputKey: Uint8Array): TaprootOutput | undefined {
    const here = this.#taproot.get(toHex(outputKey));
    const there = this.#behind?.taproot(outputKey);
    return here !== undefined && there !== undefined ? mergeTaproot(here, there) : (here ?? there);
  }

  origin(pubkey: Uint8Array): KeyOrigin | undefined {
    return this.#origins.get(toHex(hash160(pubkey))) ?? this.#behind?.origin(pubkey);
  }

  /** Where an x-only key comes from, whichever of its two points the key was derived as. */
  originOfXOnly(key: Uint8Array): KeyOrigin | undefined {
    return bothPoints(key, (pubkey) => this.origin(pubkey));
  }

  secret(pubkey: Uint8Array): Uint8Array | undefined {
    return this.#secrets.get(toHex(hash160(pubkey)))?.secret ?? this.#behind?.secret(pubkey);
  }

  secretOfXOnly(key: Uint8Array): Uint8Array | undefined {
    return bothPoints(key, (pubkey) => this.secret(pubkey));
  }

  /** All known public keys with their origins, where known. */
  *keys(): Iterable<{ readonly pubkey: Uint8Array; readonly origin: KeyOrigin | undefined }> {
    for (const pubkey of this.#pubkeys.values()) yield { pubkey, origin: this.origin(pubkey) };
    for (const key of this.#behind?.keys() ?? []) if (!this.#pubkeys.has(toHex(hash160(key.pubkey)))) yield key;
  }

  /** Takes over everything another one knows. */
  merge(other: SolvingData): void {
    if (other.#behind !== undefined) this.merge(other.#behind);
    for (const [id, value] of other.#pubkeys) this.#pubkeys.set(id, value);
    for (const [id, value] of other.#scripts) this.#scripts.set(id, value);
    for (const output of other.#taproot.values()) this.addTaproot(output);
    for (const [id, value] of other.#origins) this.#origins.set(id, value);
    for (const [id, value] of other.#secrets) this.#secrets.set(id, value);
  }
}

function bothPoints<T>(xOnly: Uint8Array, look: (pubkey: Uint8Array) => T | undefined): T | undefined {
  const pubkey = new Uint8Array(33);
  pubkey.set(xOnly, 1);
  pubkey[0] = 2;
  const even = look(pubkey);
  if (even !== undefined) return even;
  pubkey[0] = 3;
  return look(pubkey);
}
