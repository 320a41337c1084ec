import { sha256 } from '../../src-bitcoin/crypto/hash.js';
import { chacha20 } from '@noble/ciphers/chacha.js';

/** 2^3072 − 1103717, the largest safe prime below 2^3072. */
const modulus = (1n << 3072n) - 1103717n;
const size = 384;
const zeros = new Uint8Array(size);
const nonce = new Uint8Array(12);
const low3072 = (1n << 3072n) - 1n;

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function toBytes(number: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(number.toString(16).padStart(size * 2, '0'), 'hex')).reverse();
}

/** The modulus is just below a power of two: what is above it folds back, times the difference. */
function reduce(product: bigint): bigint {
  let rest = product;
  while (rest > low3072) rest = (rest & low3072) + (rest >> 3072n) * 1103717n;
  return rest >= modulus ? rest - modulus : rest;
}

function elementOf(data: Uint8Array): bigint {
  return toNumber(chacha20(sha256(data), nonce, zeros));
}

function inverse(number: bigint): bigint {
  let [a, b] = [number, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0n ? x + modulus : x;
}

/** A hash of a set: elements can be put in and taken out in any order. */
export class MuHash3072 {
  #numerator = 1n;
  #denominator = 1n;

  insert(data: Uint8Array): void {
    this.#numerator = reduce(this.#numerator * elementOf(data));
  }

  remove(data: Uint8Array): void {
    this.#denominator = reduce(this.#denominator * elementOf(data));
  }

  /** 32 bytes, internal order. */
  digest(): Uint8Array {
    return sha256(toBytes(reduce(this.#numerator * inverse(this.#denominator))));
  }
}
