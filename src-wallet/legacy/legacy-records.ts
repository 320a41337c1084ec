import { concatBytes, equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { hash160, hash256 } from '../../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import type { StoredRecord } from '../store/database.js';
import { decodeDerPrivateKey } from '../store/der-private-key.js';
import { legacyRecordTypes, RecordType, splitKey } from '../store/record-keys.js';
import { readHdChain, type HdChain } from './hd-chains.js';
import { readKeyMetadata, type KeyMetadata } from './key-metadata.js';

/** A legacy wallet whose records contradict the format or themselves, or that is none. */
export class LegacyRecordFault extends Error {
  override readonly name = 'LegacyRecordFault';
}

/** What the records of a legacy wallet say. Keys of maps are hex. */
export interface LegacyRecords {
  readonly flags: bigint;
  /** Plain private keys by public key. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** Encrypted private keys by public key. */
  readonly cryptedSecrets: ReadonlyMap<string, Uint8Array>;
  /** By HASH160 of the public key. */
  readonly metadata: ReadonlyMap<string, KeyMetadata>;
  /** That of the seed in use. */
  readonly hdChain: HdChain | undefined;
  /** Redeem scripts and witness scripts. */
  readonly scripts: readonly Uint8Array[];
  /** Output scripts that are watched without their keys. */
  readonly watched: readonly Uint8Array[];
  /** Seconds since 1970, by HASH160 of the script. */
  readonly scriptTimes: ReadonlyMap<string, bigint>;
  /** Records that a descriptor wallet has, too. */
  readonly shared: readonly StoredRecord[];
  /** Whether there is any record that only legacy wallets have. */
  readonly hasLegacyRecords: boolean;
  /** How many records there are of types that nothing here knows. */
  readonly unknown: ReadonlyMap<string, number>;
}

const sharedTypes: ReadonlySet<string> = new Set([
  RecordType.version,
  RecordType.flags,
  RecordType.bestBlock,
  RecordType.bestBlockNoMerkle,
  RecordType.orderPosNext,
  RecordType.masterKey,
  RecordType.name,
  RecordType.purpose,
  RecordType.destData,
  RecordType.lockedOutput,
  RecordType.transaction,
]);

/** Types that say nothing of use any more: accounts, options, and the least version of a program that may open the file. */
const outdatedTypes: ReadonlySet<string> = new Set(['acc', 'acentry', 'minversion', 'settings']);

const watchedMark = 0x31;
const hashLength = 32;

class Collector {
  flags = 0n;
  hdChain: HdChain | undefined;
  hasLegacyRecords = false;
  readonly secrets = new Map<string, Uint8Array>();
  readonly cryptedSecrets = new Map<string, Uint8Array>();
  readonly metadata = new Map<string, KeyMetadata>();
  readonly scripts: Uint8Array[] = [];
  readonly watched: Uint8Array[] = [];
  readonly scriptTimes = new Map<string, bigint>();
  readonly shared: StoredRecord[] = [];
  readonly unknown = new Map<string, number>();
}

type ReadRecord = (into: Collector, key: ByteReader, value: ByteReader) => void;

function readPubkey(key: ByteReader): Uint8Array {
  const pubkey = key.varBytes();
  if (!secp256k1.isValidPublicKey(pubkey)) throw new LegacyRecordFault('Error reading wallet database: CPubKey corrupt');
  return pubkey;
}

/** A checksum at the end of a value, which old programs did not write; undefined without one. */
function readChecksum(value: ByteReader): Uint8Array | undefined {
  const checksum = value.remaining >= hashLength ? value.bytes(hashLength) : undefined;
  return checksum?.some((byte) => byte !== 0) === true ? checksum : undefined;
}

function readKey(into: Collector, key: ByteReader, value: ByteReader): void {
  const pubkey = readPubkey(key);
  const der = value.varBytes();
  const checksum = readChecksum(value);
  if (checksum !== undefined && !equalBytes(hash256(concatBytes(pubkey, der)), checksum)) {
    throw new LegacyRecordFault('Error reading wallet database: CPubKey/CPrivKey corrupt');
  }
  const secret = decodeDerPrivateKey(der);
  const fits =
    secret !== undefined &&
    secp256k1.isValidSecretKey(secret) &&
    (checksum !== undefined || equalBytes(secp256k1.createPublicKey(secret, pubkey.length === 33), pubkey));
  if (!fits) throw new LegacyRecordFault('Error reading wallet database: CPrivKey corrupt');
  into.secrets.set(toHex(pubkey), secret);
}

function readCryptedKey(into: Collector, key: ByteReader, value: ByteReader): void {
  const pubkey = readPubkey(key);
  const crypted = value.varBytes();
  const checksum = readChecksum(value);
  if (checksum !== undefined && !equalBytes(hash256(crypted), checksum)) {
    throw new LegacyRecordFault('Error reading wallet database: Encrypted key corrupt');
  }
  into.cryptedSecrets.set(toHex(pubkey), crypted);
}

const readers: Readonly<Record<string, ReadRecord>> = {
  [RecordType.flags]: (into, _key, value) => void (into.flags = value.u64()),
  key: readKey,
  ckey: readCryptedKey,
  keymeta: (into, key, value) => void into.metadata.set(toHex(hash160(key.varBytes())), readKeyMetadata(value)),
  hdchain: (into, _key, value) => void (into.hdChain = readHdChain(value)),
  cscript: (into, _key, value) => void into.scripts.push(value.varBytes()),
  watchs: (into, key, value) => {
    const script = key.varBytes();
    if (value.u8() === watchedMark) into.watched.push(script);
  },
  watchmeta: (into, key, value) => void into.scriptTimes.set(toHex(hash160(key.varBytes())), readKeyMetadata(value).creationTime),
  wkey: () => {
    throw new LegacyRecordFault("Found unsupported 'wkey' record, try loading with version 0.18");
  },
};

function collect(into: Collector, record: StoredRecord): void {
  const { type, rest } = splitKey(record.key);
  if (legacyRecordTypes.has(type)) into.hasLegacyRecords = true;
  readers[type]?.(into, rest, new ByteReader(record.value));
  if (sharedTypes.has(type)) into.shared.push(record);
  else if (!legacyRecordTypes.has(type) && !outdatedTypes.has(type)) into.unknown.set(type, (into.unknown.get(type) ?? 0) + 1);
}

/**
 * Reads the records of a legacy wallet.
 * @throws LegacyRecordFault
 */
export function readLegacyRecords(records: readonly StoredRecord[]): LegacyRecords {
  const into = new Collector();
  for (const record of records) {
    try {
      collect(into, record);
    } catch (cause) {
      if (cause instanceof LegacyRecordFault) throw cause;
      throw new LegacyRecordFault(`a record of the wallet file cannot be read: ${String(cause)}`, { cause });
    }
  }
  if (into.secrets.size > 0 && into.cryptedSecrets.size > 0) {
    throw new LegacyRecordFault('the wallet file has private keys that are encrypted and others that are not');
  }
  return into;
}
