import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { compareBytes, concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { hash160, hash256, sha256 } from '../../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { derivePrivatePath, fingerprintOf, rootKeyOfSeed, type ExtendedPrivateKey } from '../../src-bitcoin/keys/bip32.js';
import { formatPath, hardened } from '../../src-bitcoin/keys/path.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { encryptMasterKey, encryptSecret } from '../keys/encryption.js';
import type { StoredRecord } from '../store/database.js';
import { encodeDerPrivateKey } from '../store/der-private-key.js';
import { bytesValue, recordKey, RecordType, textValue, writeText } from '../store/record-keys.js';
import { serializeTransactionRecord, type StoredTransaction } from '../store/transaction-record.js';

const loadProgram = '/usr/bin/db5.3_load';

/** A reason to skip tests that need Berkeley DB's own program, or false. */
export const skipBerkeley: string | false = existsSync(loadProgram) ? false : 'skipped: db5.3_load (Debian package db5.3-util) is not installed';

export interface BerkeleyForm {
  /** Bytes. Small pages make trees of several levels from few records. */
  readonly pageSize?: number;
  readonly bigEndian?: boolean;
}

/** Has Berkeley DB make a file with these records, as a wallet has them: in a database named main, with no log. */
export function writeBerkeleyFile(file: string, records: readonly StoredRecord[], form: BerkeleyForm = {}): void {
  const lines = [
    'VERSION=3',
    'format=bytevalue',
    'database=main',
    'type=btree',
    `db_pagesize=${form.pageSize ?? 4096}`,
    `db_lorder=${form.bigEndian === true ? 4321 : 1234}`,
    'HEADER=END',
    ...records.flatMap(({ key, value }) => [` ${toHex(key)}`, ` ${toHex(value)}`]),
    'DATA=END',
  ];
  execFileSync(loadProgram, [file], { input: `${lines.join('\n')}\n` });
  execFileSync(loadProgram, ['-r', 'lsn', file]);
}

interface ComposedKey {
  readonly secret: Uint8Array;
  readonly pubkey: Uint8Array;
}

/** A private key that a name stands for. */
export const namedSecret = (name: string): Uint8Array => sha256(new TextEncoder().encode(name));

export interface ChainCounts {
  readonly external: number;
  /** Undefined for wallets of before change had a chain of its own. */
  readonly internal?: number;
}

/** Composes the records of legacy wallets, as programs of before descriptors wrote them. */
export class LegacyComposer {
  readonly #records: StoredRecord[] = [];
  readonly #keys: ComposedKey[] = [];

  put(key: Uint8Array, value: Uint8Array): this {
    this.#records.push({ key, value });
    return this;
  }

  /** @returns the public key */
  key(secret: Uint8Array, compressed = true): Uint8Array {
    const pubkey = secp256k1.createPublicKey(secret, compressed);
    this.#keys.push({ secret, pubkey });
    return pubkey;
  }

  /** Notes when a key was made; seconds since 1970. */
  metadata(pubkey: Uint8Array, time: number, from: { readonly seedId: Uint8Array; readonly path: readonly number[] | 's'; readonly fingerprint: Uint8Array } | undefined = undefined): this {
    const value = new ByteWriter(96).i32(from === undefined ? 10 : 12).i64(BigInt(time));
    const text = from === undefined ? '' : from.path === 's' ? 's' : `m${formatPath(from.path, true)}`;
    writeText(value, text).bytes(from?.seedId ?? new Uint8Array(20));
    if (from !== undefined) {
      const steps = from.path === 's' ? [] : from.path;
      value.bytes(from.fingerprint).compactSize(steps.length);
      for (const step of steps) value.u32(step);
      value.u8(1);
    }
    return this.put(recordKey('keymeta', (key) => key.varBytes(pubkey)), value.finish());
  }

  /** A seed with the keys made of it so far. @returns its root */
  seed(secret: Uint8Array, counts: ChainCounts, time: number, active = true): ExtendedPrivateKey {
    const seedPubkey = this.key(secret);
    const seedId = hash160(seedPubkey);
    const root = rootKeyOfSeed(secret);
    const fingerprint = fingerprintOf(secp256k1.createPublicKey(root.secret));
    this.metadata(seedPubkey, time, { seedId, path: 's', fingerprint });
    for (const [chain, count] of [counts.external, counts.internal ?? 0].entries()) {
      for (let index = 0; index < count; index++) {
        const path = [hardened(0), hardened(chain), hardened(index)];
        const node = derivePrivatePath(root, path);
        if (node === undefined) throw new Error('a key cannot be derived');
        this.metadata(this.key(node.secret), time, { seedId, path, fingerprint });
      }
    }
    if (active) {
      const value = new ByteWriter(32).i32(counts.internal === undefined ? 1 : 2).u32(counts.external).bytes(seedId);
      if (counts.internal !== undefined) value.u32(counts.internal);
      this.put(recordKey('hdchain'), value.finish());
    }
    return root;
  }

  script(script: Uint8Array): this {
    return this.put(recordKey('cscript', (key) => key.bytes(hash160(script))), bytesValue(script));
  }

  watch(script: Uint8Array, time?: number): this {
    if (time !== undefined) this.put(recordKey('watchmeta', (key) => key.varBytes(script)), new ByteWriter(16).i32(1).i64(BigInt(time)).finish());
    return this.put(recordKey('watchs', (key) => key.varBytes(script)), Uint8Array.of(0x31));
  }

  address(address: string, label: string, purpose: string): this {
    this.put(recordKey(RecordType.purpose, (key) => writeText(key, address)), textValue(purpose));
    return this.put(recordKey(RecordType.name, (key) => writeText(key, address)), textValue(label));
  }

  flags(flags: bigint): this {
    return this.put(recordKey(RecordType.flags), new ByteWriter(8).u64(flags).finish());
  }

  bestBlock(locator: Uint8Array): this {
    return this.put(recordKey(RecordType.bestBlockNoMerkle), locator);
  }

  transaction(stored: StoredTransaction): this {
    return this.put(recordKey(RecordType.transaction, (key) => key.bytes(txidOf(stored.tx))), serializeTransactionRecord(stored));
  }

  /** All records. @param passphrase encrypts the private keys */
  records(passphrase?: string): readonly StoredRecord[] {
    const all = [...this.#records, { key: recordKey('minversion'), value: new ByteWriter(4).i32(169900).finish() }];
    const masterKey = passphrase === undefined ? undefined : namedSecret('master key');
    if (masterKey !== undefined) {
      const { cryptedKey, salt, method, iterations } = encryptMasterKey(1, masterKey, new TextEncoder().encode(passphrase));
      const value = new ByteWriter(96).varBytes(cryptedKey).varBytes(salt).u32(method).u32(iterations).varBytes(new Uint8Array(0));
      all.push({ key: recordKey(RecordType.masterKey, (key) => key.u32(1)), value: value.finish() });
    }
    for (const { secret, pubkey } of this.#keys) {
      const content = masterKey === undefined ? encodeDerPrivateKey(secret, pubkey) : encryptSecret(secret, pubkey, masterKey);
      const checksum = hash256(masterKey === undefined ? concatBytes(pubkey, content) : content);
      const type = masterKey === undefined ? 'key' : 'ckey';
      all.push({ key: recordKey(type, (key) => key.varBytes(pubkey)), value: new ByteWriter(320).varBytes(content).bytes(checksum).finish() });
    }
    return all.sort((a, b) => compareBytes(a.key, b.key));
  }
}
