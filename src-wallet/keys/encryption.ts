import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import type { StoredMasterKey } from '../store/wallet-records.js';

const keyLength = 32;
const saltLength = 8;
const ivLength = 16;
/** SHA-512 rounds, the only method wallet files name. */
const sha512Method = 0;
const leastIterations = 25_000;
/** How long turning a passphrase into a key should take, in milliseconds: what slows down guessing. */
const targetDuration = 100;

interface CipherKey {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

function deriveCipherKey(passphrase: Uint8Array, salt: Uint8Array, iterations: number): CipherKey {
  let digest = createHash('sha512').update(passphrase).update(salt).digest();
  for (let i = 1; i < iterations; i++) {
    const next = createHash('sha512').update(digest).digest();
    digest.fill(0);
    digest = next;
  }
  const derived = { key: new Uint8Array(digest.subarray(0, keyLength)), iv: new Uint8Array(digest.subarray(keyLength, keyLength + ivLength)) };
  digest.fill(0);
  return derived;
}

function encrypt(plain: Uint8Array, { key, iv }: CipherKey): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
}

/** Undefined when the padding is wrong, which is how a wrong key mostly shows. */
function decrypt(crypted: Uint8Array, { key, iv }: CipherKey): Uint8Array | undefined {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  try {
    return new Uint8Array(Buffer.concat([decipher.update(crypted), decipher.final()]));
  } catch {
    return undefined;
  }
}

/** As many rounds as take about the target time on this machine now. */
function chooseIterations(): number {
  const salt = randomBytes(saltLength);
  const probe = new TextEncoder().encode('passphrase of no wallet');
  const start = performance.now();
  deriveCipherKey(probe, salt, leastIterations);
  const elapsed = Math.max(performance.now() - start, 0.1);
  return Math.max(leastIterations, Math.floor((leastIterations * targetDuration) / elapsed));
}

export function generateMasterKey(): Uint8Array {
  return new Uint8Array(randomBytes(keyLength));
}

/**
 * Encrypts the key that encrypts the private keys.
 * @param salt kept when only the passphrase changes.
 */
export function encryptMasterKey(id: number, masterKey: Uint8Array, passphrase: Uint8Array, salt?: Uint8Array): StoredMasterKey {
  const ownSalt = salt ?? new Uint8Array(randomBytes(saltLength));
  const iterations = chooseIterations();
  const cipherKey = deriveCipherKey(passphrase, ownSalt, iterations);
  const cryptedKey = encrypt(masterKey, cipherKey);
  cipherKey.key.fill(0);
  return { id, cryptedKey, salt: ownSalt, method: sha512Method, iterations };
}

/** Undefined when the passphrase is wrong or the method unknown. A rare wrong one passes: the keys then do not match. */
export function decryptMasterKey(stored: StoredMasterKey, passphrase: Uint8Array): Uint8Array | undefined {
  if (stored.method !== sha512Method) return undefined;
  const cipherKey = deriveCipherKey(passphrase, stored.salt, stored.iterations);
  const masterKey = decrypt(stored.cryptedKey, cipherKey);
  cipherKey.key.fill(0);
  return masterKey?.length === keyLength ? masterKey : undefined;
}

const secretIv = (pubkey: Uint8Array): Uint8Array => hash256(pubkey).slice(0, ivLength);

/** Encrypts a private key; its public key makes the result unlike that of other keys. */
export function encryptSecret(secret: Uint8Array, pubkey: Uint8Array, masterKey: Uint8Array): Uint8Array {
  return encrypt(secret, { key: masterKey, iv: secretIv(pubkey) });
}

/** Undefined when the master key is wrong. Whether the secret fits its public key is for the caller to check. */
export function decryptSecret(crypted: Uint8Array, pubkey: Uint8Array, masterKey: Uint8Array): Uint8Array | undefined {
  const secret = decrypt(crypted, { key: masterKey, iv: secretIv(pubkey) });
  return secret?.length === keyLength ? secret : undefined;
}
