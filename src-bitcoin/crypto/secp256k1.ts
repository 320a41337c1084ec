import { arch, platform } from 'node:process';
import { concatBytes, equalBytes } from '../bytes/bytes.js';
import type { CurveBackend } from './curve-backend.js';
import { loadNativeBackend } from './curve-native.js';
import { nobleBackend } from './curve-noble.js';
import { encodeDer, parseDerLax } from './der.js';
import { taggedHash } from './hash.js';
import { bytesToScalar, curveOrder, scalarToBytes } from './scalar.js';

export { curveOrder } from './scalar.js';

/** Platforms for which the native library comes prebuilt. The others compute in TypeScript. */
const prebuilt: ReadonlySet<string> = new Set(['linux-x64', 'darwin-arm64', 'win32-x64']);

function isPublicKeyShape(publicKey: Uint8Array): boolean {
  const head = publicKey[0];
  if (publicKey.length === 33) return head === 2 || head === 3;
  return publicKey.length === 65 && (head === 4 || head === 6 || head === 7);
}

function expectLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${name} has ${length} bytes, not ${bytes.length}`);
}

const halfOrder = curveOrder >> 1n;
const evenPrefix = Uint8Array.of(2);

/** What both kinds of curve arithmetic offer to the rest of the program. See `secp256k1`. */
export class Secp256k1 {
  readonly #backend: CurveBackend;

  constructor(backend: CurveBackend) {
    this.#backend = backend;
  }

  /** `native` is libsecp256k1; `noble` is TypeScript. */
  get backend(): 'native' | 'noble' {
    return this.#backend.name;
  }

  #expectSecret(secret: Uint8Array): void {
    if (!this.isValidSecretKey(secret)) throw new RangeError('not a valid secret key');
  }

  /** True for 32 bytes that write a number from 1 to n − 1. */
  isValidSecretKey(secret: Uint8Array): boolean {
    return secret.length === 32 && this.#backend.isValidSecretKey(secret);
  }

  /** @throws RangeError when the secret key is not valid. */
  createPublicKey(secret: Uint8Array, compressed = true): Uint8Array {
    this.#expectSecret(secret);
    return this.#backend.createPublicKey(secret, compressed);
  }

  /** True for a point of the curve in compressed, uncompressed or hybrid form. */
  isValidPublicKey(publicKey: Uint8Array): boolean {
    return this.convertPublicKey(publicKey, true) !== undefined;
  }

  /** The same key in 33 or 65 bytes; undefined when it is not valid. */
  convertPublicKey(publicKey: Uint8Array, compressed: boolean): Uint8Array | undefined {
    return isPublicKeyShape(publicKey) ? this.#backend.convertPublicKey(publicKey, compressed) : undefined;
  }

  /**
   * (secret + tweak) mod n, as BIP32 derives; undefined when the tweak is not below n or the sum is zero.
   * @throws RangeError when the secret key is not valid or the tweak has not 32 bytes.
   */
  tweakSecretKey(secret: Uint8Array, tweak: Uint8Array): Uint8Array | undefined {
    this.#expectSecret(secret);
    expectLength('a tweak', tweak, 32);
    return this.#backend.addToSecretKey(secret, tweak);
  }

  /** n − secret. @throws RangeError when the secret key is not valid. */
  negateSecretKey(secret: Uint8Array): Uint8Array {
    this.#expectSecret(secret);
    return this.#backend.negateSecretKey(secret);
  }

  /** Compressed publicKey + tweak·G; undefined when either is not valid or the sum is no key. */
  tweakPublicKey(publicKey: Uint8Array, tweak: Uint8Array): Uint8Array | undefined {
    expectLength('a tweak', tweak, 32);
    return isPublicKeyShape(publicKey) ? this.#backend.addToPublicKey(publicKey, tweak) : undefined;
  }

  /** Compressed publicKey × factor; undefined when either is not valid. Not for secret factors. */
  multiplyPublicKey(publicKey: Uint8Array, factor: Uint8Array): Uint8Array | undefined {
    expectLength('a factor', factor, 32);
    return isPublicKeyShape(publicKey) ? this.#backend.multiplyPublicKey(publicKey, factor) : undefined;
  }

  /** Compressed sum of public keys; undefined when one is not valid or they cancel out. */
  combinePublicKeys(publicKeys: readonly Uint8Array[]): Uint8Array | undefined {
    return publicKeys.length > 0 && publicKeys.every(isPublicKeyShape) ? this.#backend.combinePublicKeys(publicKeys) : undefined;
  }

  /**
   * ECDSA signature of a 32-byte hash in DER, without hash type: RFC 6979 nonces, low s. With `lowR`
   * (the default) nonces are tried until r has its top bit clear, which saves a byte; the counter
   * goes into the extra entropy as Bitcoin Core's does, so both make the same signatures.
   * @throws RangeError when the secret key is not valid or the hash has not 32 bytes.
   */
  signEcdsa(hash: Uint8Array, secret: Uint8Array, lowR = true): Uint8Array {
    this.#expectSecret(secret);
    expectLength('a hash', hash, 32);
    let { signature } = this.#backend.signEcdsa(hash, secret, undefined);
    const extra = new Uint8Array(32);
    const counter = new DataView(extra.buffer);
    for (let i = 1; lowR && (signature[0] ?? 0) >= 0x80; i++) {
      counter.setUint32(0, i, true);
      ({ signature } = this.#backend.signEcdsa(hash, secret, extra));
    }
    // A fault in the computation must not leave the house as a signature.
    if (!this.#backend.verifyEcdsa(signature, hash, this.#backend.createPublicKey(secret, true))) {
      throw new Error('an ECDSA signature just made does not verify');
    }
    return encodeDer(signature);
  }

  /**
   * Verifies an ECDSA signature (DER without hash type) as consensus does: lax DER, high s and hybrid
   * keys are taken. False for anything that cannot be read.
   */
  verifyEcdsa(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): boolean {
    if (!isPublicKeyShape(publicKey) || hash.length !== 32) return false;
    const compact = parseDerLax(signature);
    return compact !== undefined && this.#backend.verifyEcdsa(compact, hash, publicKey);
  }

  /** True when s is at most n/2 (BIP62 rule 5). `signature` is DER without hash type. */
  isLowS(signature: Uint8Array): boolean {
    const compact = parseDerLax(signature);
    if (compact === undefined) return false;
    const s = bytesToScalar(compact.subarray(32));
    // A number not below n counts as zero, as in libsecp256k1's parser, and zero is low.
    return s <= halfOrder || s >= curveOrder || bytesToScalar(compact) >= curveOrder;
  }

  /**
   * A compact signature of 65 bytes from which the key can be recovered, as signed messages use it:
   * 27 + recovery id (+ 4 for a compressed key), r, s.
   * @throws RangeError when the secret key is not valid or the hash has not 32 bytes.
   */
  signRecoverable(hash: Uint8Array, secret: Uint8Array, compressed: boolean): Uint8Array {
    this.#expectSecret(secret);
    expectLength('a hash', hash, 32);
    const { signature, recovery } = this.#backend.signEcdsa(hash, secret, undefined);
    return concatBytes(Uint8Array.of(27 + recovery + (compressed ? 4 : 0)), signature);
  }

  /** The public key that made a compact signature of 65 bytes, in the form its first byte asks for. */
  recoverPublicKey(hash: Uint8Array, compactSignature: Uint8Array): Uint8Array | undefined {
    const head = (compactSignature[0] ?? 0) - 27;
    if (compactSignature.length !== 65 || hash.length !== 32) return undefined;
    const key = this.#backend.recover(compactSignature.subarray(1), head & 3, hash);
    return key === undefined || (head & 4) !== 0 ? key : this.#backend.convertPublicKey(key, false);
  }

  /**
   * The x-only public key (BIP340) of a secret key.
   * @throws RangeError when the secret key is not valid.
   */
  xOnlyPublicKey(secret: Uint8Array): Uint8Array {
    return this.createPublicKey(secret).slice(1);
  }

  /** True for 32 bytes that are the x-coordinate of a point of the curve. */
  isValidXOnlyPublicKey(publicKey: Uint8Array): boolean {
    return publicKey.length === 32 && this.#backend.convertPublicKey(concatBytes(evenPrefix, publicKey), true) !== undefined;
  }

  /**
   * BIP340 signature of a message, in Bitcoin always a hash of 32 bytes.
   * @param aux 32 bytes, fresh and random where the caller can get them, else zeros.
   * @throws RangeError when the secret key is not valid or a length is wrong.
   */
  signSchnorr(message: Uint8Array, secret: Uint8Array, aux: Uint8Array): Uint8Array {
    this.#expectSecret(secret);
    expectLength('auxiliary data', aux, 32);
    const backend = this.#backend;
    const point = backend.createPublicKey(secret, true);
    const publicKey = point.subarray(1);
    const key = point[0] === 3 ? backend.negateSecretKey(secret) : secret;
    const mask = taggedHash('BIP0340/aux', aux);
    const masked = key.map((byte, i) => byte ^ (mask[i] ?? 0));
    const nonce = scalarToBytes(bytesToScalar(taggedHash('BIP0340/nonce', masked, publicKey, message)) % curveOrder);
    if (!backend.isValidSecretKey(nonce)) throw new Error('a BIP340 nonce is zero');
    const noncePoint = backend.createPublicKey(nonce, true);
    const k = noncePoint[0] === 3 ? backend.negateSecretKey(nonce) : nonce;
    const r = noncePoint.subarray(1);
    const challenge = scalarToBytes(bytesToScalar(taggedHash('BIP0340/challenge', r, publicKey, message)) % curveOrder);
    const product = backend.multiplySecretKey(key, challenge);
    const s = product === undefined ? k : backend.addToSecretKey(k, product);
    if (s === undefined) throw new Error('a BIP340 signature has s = 0');
    const signature = concatBytes(r, s);
    if (!backend.verifySchnorr(signature, message, publicKey)) throw new Error('a BIP340 signature just made does not verify');
    return signature;
  }

  /** Verifies a BIP340 signature of 64 bytes with an x-only key of 32. */
  verifySchnorr(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
    if (signature.length !== 64 || publicKey.length !== 32) return false;
    return this.#backend.verifySchnorr(signature, message, publicKey);
  }

  /**
   * An x-only key plus tweak·G, and whether the y of the sum is odd (1) or even (0);
   * undefined when either is not valid or the sum is no key.
   */
  tweakXOnlyPublicKey(publicKey: Uint8Array, tweak: Uint8Array): { key: Uint8Array; parity: 0 | 1 } | undefined {
    expectLength('an x-only key', publicKey, 32);
    expectLength('a tweak', tweak, 32);
    const sum = this.#backend.addToPublicKey(concatBytes(evenPrefix, publicKey), tweak);
    return sum === undefined ? undefined : { key: sum.slice(1), parity: sum[0] === 3 ? 1 : 0 };
  }

  /** True when `tweaked`, with this parity, is the x-only `publicKey` plus tweak·G: BIP341's commitment. */
  checkXOnlyTweak(tweaked: Uint8Array, parity: number, publicKey: Uint8Array, tweak: Uint8Array): boolean {
    const sum = this.tweakXOnlyPublicKey(publicKey, tweak);
    return sum !== undefined && sum.parity === parity && equalBytes(sum.key, tweaked);
  }

  /**
   * The secret of `tweakXOnlyPublicKey(xOnlyPublicKey(secret), tweak)`: negated first when its key has odd y.
   * Undefined when the tweak is not below n or the sum is zero.
   * @throws RangeError when the secret key is not valid or the tweak has not 32 bytes.
   */
  tweakXOnlySecretKey(secret: Uint8Array, tweak: Uint8Array): Uint8Array | undefined {
    const odd = this.createPublicKey(secret)[0] === 3;
    return this.tweakSecretKey(odd ? this.#backend.negateSecretKey(secret) : secret, tweak);
  }
}

/**
 * The one door to curve arithmetic.
 * @throws Error on loading where the native library should be there but cannot be loaded.
 */
export const secp256k1 = new Secp256k1(prebuilt.has(`${platform}-${arch}`) ? loadNativeBackend() : nobleBackend);
