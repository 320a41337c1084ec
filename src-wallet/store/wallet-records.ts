import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import { parseExtendedPublicKey, type ExtendedPublicKey } from '../../src-bitcoin/keys/bip32.js';
import { readOutpoint, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { WalletDatabase } from './database.js';
import { decodeDerPrivateKey } from './der-private-key.js';
import { legacyRecordTypes, readText, RecordType, splitKey } from './record-keys.js';
import { parseTransactionRecord, type StoredTransaction } from './transaction-record.js';

/** A descriptor with its state, as the file holds it. */
export interface StoredDescriptor {
  /** SHA-256 of its text: names it in all other records. */
  readonly id: Uint8Array;
  /** Public text with checksum. */
  readonly text: string;
  /** Seconds since 1970; nothing of it can have been used before. */
  readonly creationTime: bigint;
  readonly nextIndex: number;
  readonly rangeStart: number;
  /** One after the last index made so far. */
  readonly rangeEnd: number;
  readonly parents: Map<number, ExtendedPublicKey>;
  readonly derived: Map<number, Map<number, ExtendedPublicKey>>;
  readonly lastHardened: Map<number, ExtendedPublicKey>;
  /** Private keys by public key (hex). */
  readonly secrets: Map<string, Uint8Array>;
  /** Encrypted private keys by public key (hex). */
  readonly cryptedSecrets: Map<string, Uint8Array>;
}

/** The encrypted key that encrypts the private keys. */
export interface StoredMasterKey {
  readonly id: number;
  readonly cryptedKey: Uint8Array;
  readonly salt: Uint8Array;
  /** How the passphrase becomes a key; 0 is the only method in use. */
  readonly method: number;
  readonly iterations: number;
}

export interface AddressEntry {
  label: string | undefined;
  purpose: string | undefined;
  /** Spent from in a wallet that avoids reuse. */
  used: boolean;
  /** Serialized payment requests by id. */
  readonly receiveRequests: Map<string, Uint8Array>;
}

/** Everything a wallet file holds. */
export interface WalletRecords {
  readonly version: number | undefined;
  readonly flags: bigint | undefined;
  /** Serialized locator of the last block the wallet has seen. */
  readonly bestBlock: Uint8Array | undefined;
  readonly orderPositionNext: bigint;
  readonly descriptors: readonly StoredDescriptor[];
  /** Descriptor ids by output type number. */
  readonly activeExternal: ReadonlyMap<number, Uint8Array>;
  readonly activeInternal: ReadonlyMap<number, Uint8Array>;
  readonly masterKeys: readonly StoredMasterKey[];
  readonly addressBook: ReadonlyMap<string, AddressEntry>;
  readonly lockedOutputs: readonly Outpoint[];
  readonly transactions: readonly StoredTransaction[];
}

/** A wallet file whose contents contradict the format or themselves. */
export class WalletRecordFault extends Error {
  override readonly name = 'WalletRecordFault';

  constructor(
    readonly kind: 'corrupt' | 'legacy-entry' | 'unknown-flags' | 'not-descriptors',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const receiveRequestPrefix = 'rr';

function readExtendedKey(value: ByteReader): ExtendedPublicKey {
  const key = parseExtendedPublicKey(value.varBytes());
  if (key === undefined) throw new DecodeError('a cached extended key is not valid');
  return key;
}

/** Collects records one by one; they come in key order, which puts caches before or after their descriptor. */
class Collector {
  version: number | undefined;
  flags: bigint | undefined;
  oldBestBlock: Uint8Array | undefined;
  bestBlock: Uint8Array | undefined;
  orderPositionNext = 0n;
  legacyType: string | undefined;
  readonly descriptors = new Map<string, StoredDescriptor>();
  readonly activeExternal = new Map<number, Uint8Array>();
  readonly activeInternal = new Map<number, Uint8Array>();
  readonly masterKeys: StoredMasterKey[] = [];
  readonly addressBook = new Map<string, AddressEntry>();
  readonly lockedOutputs: Outpoint[] = [];
  readonly transactions: StoredTransaction[] = [];

  descriptor(id: Uint8Array): StoredDescriptor {
    const name = toHex(id);
    let found = this.descriptors.get(name);
    if (found === undefined) {
      found = {
        id,
        text: '',
        creationTime: 0n,
        nextIndex: 0,
        rangeStart: 0,
        rangeEnd: 0,
        parents: new Map(),
        derived: new Map(),
        lastHardened: new Map(),
        secrets: new Map(),
        cryptedSecrets: new Map(),
      };
      this.descriptors.set(name, found);
    }
    return found;
  }

  address(address: string): AddressEntry {
    let entry = this.addressBook.get(address);
    if (entry === undefined) {
      entry = { label: undefined, purpose: undefined, used: false, receiveRequests: new Map() };
      this.addressBook.set(address, entry);
    }
    return entry;
  }
}

type ReadRecord = (into: Collector, key: ByteReader, value: ByteReader, bytes: Uint8Array) => void;

const readers: Readonly<Record<string, ReadRecord>> = {
  [RecordType.version]: (into, _key, value) => void (into.version = value.i32()),
  [RecordType.flags]: (into, _key, value) => void (into.flags = value.u64()),
  [RecordType.bestBlock]: (into, _key, _value, bytes) => void (into.oldBestBlock = bytes),
  [RecordType.bestBlockNoMerkle]: (into, _key, _value, bytes) => void (into.bestBlock = bytes),
  [RecordType.orderPosNext]: (into, _key, value) => void (into.orderPositionNext = value.i64()),
  [RecordType.descriptor]: (into, key, value) => {
    const id = key.bytes(32);
    const found = into.descriptor(id);
    const text = readText(value);
    const fields = { creationTime: value.u64(), nextIndex: value.i32(), rangeStart: value.i32(), rangeEnd: value.i32() };
    into.descriptors.set(toHex(id), { ...found, text, ...fields });
  },
  [RecordType.descriptorCache]: (into, key, value) => {
    const found = into.descriptor(key.bytes(32));
    const keyIndex = key.u32();
    const node = readExtendedKey(value);
    if (key.remaining === 0) {
      found.parents.set(keyIndex, node);
      return;
    }
    const nodes = found.derived.get(keyIndex) ?? new Map<number, ExtendedPublicKey>();
    found.derived.set(keyIndex, nodes.set(key.u32(), node));
  },
  [RecordType.lastHardenedCache]: (into, key, value) => {
    into.descriptor(key.bytes(32)).lastHardened.set(key.u32(), readExtendedKey(value));
  },
  [RecordType.descriptorKey]: (into, key, value) => {
    const found = into.descriptor(key.bytes(32));
    const pubkey = key.varBytes();
    const der = value.varBytes();
    const checked = new Uint8Array(pubkey.length + der.length);
    checked.set(pubkey);
    checked.set(der, pubkey.length);
    if (!equalBytes(hash256(checked), value.bytes(32))) throw new DecodeError('the checksum of a private key is wrong');
    const secret = decodeDerPrivateKey(der);
    if (secret === undefined) throw new DecodeError('a private key is not in the expected form');
    found.secrets.set(toHex(pubkey), secret);
  },
  [RecordType.descriptorCryptedKey]: (into, key, value) => {
    const found = into.descriptor(key.bytes(32));
    found.cryptedSecrets.set(toHex(key.varBytes()), value.varBytes());
  },
  [RecordType.masterKey]: (into, key, value) => {
    const id = key.u32();
    const fields = { cryptedKey: value.varBytes(), salt: value.varBytes(), method: value.u32(), iterations: value.u32() };
    into.masterKeys.push({ id, ...fields });
  },
  [RecordType.activeExternal]: (into, key, value) => void into.activeExternal.set(key.u8(), value.bytes(32)),
  [RecordType.activeInternal]: (into, key, value) => void into.activeInternal.set(key.u8(), value.bytes(32)),
  [RecordType.name]: (into, key, value) => void (into.address(readText(key)).label = readText(value)),
  [RecordType.purpose]: (into, key, value) => void (into.address(readText(key)).purpose = readText(value)),
  [RecordType.destData]: (into, key, value) => {
    const entry = into.address(readText(key));
    const name = readText(key);
    if (name === 'used') entry.used = true;
    else if (name.startsWith(receiveRequestPrefix)) entry.receiveRequests.set(name.slice(receiveRequestPrefix.length), value.varBytes());
  },
  [RecordType.lockedOutput]: (into, key) => void into.lockedOutputs.push(readOutpoint(key)),
  [RecordType.transaction]: (into, _key, _value, bytes) => void into.transactions.push(parseTransactionRecord(bytes)),
};

/**
 * Reads a whole wallet file. Records of unknown types are left alone.
 * @throws WalletRecordFault
 */
export function readWalletRecords(database: WalletDatabase): WalletRecords {
  const into = new Collector();
  for (const { key, value } of database.records()) {
    try {
      const { type, rest } = splitKey(key);
      if (legacyRecordTypes.has(type)) into.legacyType = type;
      readers[type]?.(into, rest, new ByteReader(value), value);
    } catch (cause) {
      throw new WalletRecordFault('corrupt', `a record of the wallet file cannot be read: ${String(cause)}`, { cause });
    }
  }
  if (into.legacyType !== undefined) {
    throw new WalletRecordFault('legacy-entry', `the wallet file has a record of a legacy wallet (${into.legacyType})`);
  }
  // An empty locator is put in the old record on purpose, so that old programs rescan.
  const old = into.oldBestBlock !== undefined && into.oldBestBlock.length > 5 ? into.oldBestBlock : undefined;
  return {
    version: into.version,
    flags: into.flags,
    bestBlock: old ?? into.bestBlock,
    orderPositionNext: into.orderPositionNext,
    descriptors: [...into.descriptors.values()],
    activeExternal: into.activeExternal,
    activeInternal: into.activeInternal,
    masterKeys: into.masterKeys,
    addressBook: into.addressBook,
    lockedOutputs: into.lockedOutputs,
    transactions: into.transactions,
  };
}
