import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { fromHex } from '../../src-bitcoin/bytes/hex.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import type { SecretKeys } from '../../src-bitcoin/descriptor/parse-key.js';
import type { StoredMasterKey } from '../store/wallet-records.js';
import type { WalletWriter } from '../store/wallet-writer.js';
import { decryptMasterKey, decryptSecret, encryptMasterKey, encryptSecret, generateMasterKey } from './encryption.js';
import type { WalletDescriptor } from './wallet-descriptor.js';

/** Private keys by their public keys (hex), plain or encrypted. */
export interface KeyHolder {
  readonly secrets: SecretKeys;
  readonly cryptedSecrets: ReadonlyMap<string, Uint8Array>;
}

/**
 * Keeps private keys behind a passphrase. Without encryption keys lie open in their descriptors; with
 * it, only while unlocked does the vault hold the key that decrypts them.
 */
export class Vault {
  readonly #writer: WalletWriter;
  readonly #masterKeys = new Map<number, StoredMasterKey>();
  #open: Uint8Array | undefined;

  constructor(writer: WalletWriter, masterKeys: readonly StoredMasterKey[]) {
    this.#writer = writer;
    for (const key of masterKeys) this.#masterKeys.set(key.id, key);
  }

  get encrypted(): boolean {
    return this.#masterKeys.size > 0;
  }

  get locked(): boolean {
    return this.encrypted && this.#open === undefined;
  }

  lock(): void {
    this.#open?.fill(0);
    this.#open = undefined;
  }

  /** True when `masterKey` decrypts every key of every holder to what belongs to its public key. */
  #fits(masterKey: Uint8Array, holders: Iterable<KeyHolder>): boolean {
    for (const { cryptedSecrets } of holders) {
      for (const [pubkeyHex, crypted] of cryptedSecrets) {
        const pubkey = fromHex(pubkeyHex);
        const secret = decryptSecret(crypted, pubkey, masterKey);
        if (secret === undefined || !secp256k1.isValidSecretKey(secret)) return false;
        if (!equalBytes(secp256k1.createPublicKey(secret, pubkey.length === 33), pubkey)) return false;
      }
    }
    return true;
  }

  #find(passphrase: Uint8Array, holders: Iterable<KeyHolder>): { stored: StoredMasterKey; masterKey: Uint8Array } | undefined {
    const all = [...holders];
    for (const stored of this.#masterKeys.values()) {
      const masterKey = decryptMasterKey(stored, passphrase);
      if (masterKey !== undefined && this.#fits(masterKey, all)) return { stored, masterKey };
    }
    return undefined;
  }

  /** @returns false when the passphrase is wrong. */
  unlock(passphrase: Uint8Array, holders: Iterable<KeyHolder>): boolean {
    const found = this.#find(passphrase, holders);
    if (found === undefined) return false;
    this.lock();
    this.#open = found.masterKey;
    return true;
  }

  /** Encrypts all keys, replacing the plain ones on disk. Leaves the vault unlocked. */
  encrypt(passphrase: Uint8Array, descriptors: Iterable<WalletDescriptor>): void {
    if (this.encrypted) throw new Error('the keys are encrypted already');
    const masterKey = generateMasterKey();
    const stored = encryptMasterKey(1, masterKey, passphrase);
    const all = [...descriptors];
    const crypted = all.map((descriptor) =>
      [...descriptor.secrets].map(([pubkey, secret]) => [pubkey, encryptSecret(secret, fromHex(pubkey), masterKey)] as const),
    );
    this.#writer.transaction(() => {
      this.#writer.masterKey(stored);
      all.forEach((descriptor, i) => {
        for (const [pubkey, bytes] of crypted[i] ?? []) this.#writer.descriptorCryptedSecret(descriptor.id, pubkey, bytes);
      });
    });
    all.forEach((descriptor, i) => {
      for (const [pubkey, bytes] of crypted[i] ?? []) descriptor.cryptedSecrets.set(pubkey, bytes);
      for (const secret of descriptor.secrets.values()) secret.fill(0);
      descriptor.secrets.clear();
    });
    this.#masterKeys.set(stored.id, stored);
    this.#open = masterKey;
  }

  /** Puts another passphrase before the same keys. @returns false when the old one is wrong. */
  changePassphrase(oldPassphrase: Uint8Array, newPassphrase: Uint8Array, holders: Iterable<KeyHolder>): boolean {
    const found = this.#find(oldPassphrase, holders);
    if (found === undefined) return false;
    const renewed = encryptMasterKey(found.stored.id, found.masterKey, newPassphrase, found.stored.salt);
    found.masterKey.fill(0);
    this.#writer.transaction(() => this.#writer.masterKey(renewed));
    this.#masterKeys.set(renewed.id, renewed);
    return true;
  }

  /** The private keys of a descriptor or another holder; undefined while locked. */
  secretsOf(holder: KeyHolder): SecretKeys | undefined {
    if (!this.encrypted) return holder.secrets;
    if (this.#open === undefined) return undefined;
    const secrets = new Map<string, Uint8Array>();
    for (const [pubkey, crypted] of holder.cryptedSecrets) {
      const secret = decryptSecret(crypted, fromHex(pubkey), this.#open);
      if (secret === undefined) throw new Error('a private key does not decrypt with the key that opened the wallet');
      secrets.set(pubkey, secret);
    }
    return secrets;
  }

  /**
   * Gives a descriptor private keys and writes them, encrypted if the wallet is.
   * @throws Error while locked.
   */
  addSecrets(descriptor: WalletDescriptor, secrets: SecretKeys): void {
    if (this.locked) throw new Error('the wallet is locked');
    for (const [pubkey, secret] of secrets) {
      if (this.#open === undefined) {
        this.#writer.descriptorSecret(descriptor.id, pubkey, secret);
        descriptor.secrets.set(pubkey, secret.slice());
      } else {
        const crypted = encryptSecret(secret, fromHex(pubkey), this.#open);
        this.#writer.descriptorCryptedSecret(descriptor.id, pubkey, crypted);
        descriptor.cryptedSecrets.set(pubkey, crypted);
      }
    }
  }
}
