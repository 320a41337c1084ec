import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { fromHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import { serializeExtendedPublicKey } from '../../src-bitcoin/keys/bip32.js';
import { serializeOutpoint, txidOf, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { DescriptorCache } from '../../src-bitcoin/descriptor/derive-key.js';
import type { WalletDatabase } from './database.js';
import { encodeDerPrivateKey } from './der-private-key.js';
import { emptyLocator } from './locator.js';
import { bytesValue, recordKey, RecordType, textValue, writeText } from './record-keys.js';
import { serializeTransactionRecord, type StoredTransaction } from './transaction-record.js';
import type { StoredDescriptor, StoredMasterKey } from './wallet-records.js';

type DescriptorRecord = Pick<StoredDescriptor, 'id' | 'text' | 'creationTime' | 'nextIndex' | 'rangeStart' | 'rangeEnd'>;

const u64 = (value: bigint): Uint8Array => new ByteWriter(8).u64(value).finish();

/** Writes the records of a wallet file. Callers put what belongs together into one `transaction`. */
export class WalletWriter {
  readonly #database: WalletDatabase;

  constructor(database: WalletDatabase) {
    this.#database = database;
  }

  transaction<T>(write: () => T): T {
    return this.#database.transaction(write);
  }

  version(version: number): void {
    this.#database.put(recordKey(RecordType.version), new ByteWriter(4).i32(version).finish());
  }

  flags(flags: bigint): void {
    this.#database.put(recordKey(RecordType.flags), u64(flags));
  }

  /** @param locator serialized; of the last block whose transactions are all recorded. */
  bestBlock(locator: Uint8Array): void {
    this.transaction(() => {
      this.#database.put(recordKey(RecordType.bestBlock), emptyLocator);
      this.#database.put(recordKey(RecordType.bestBlockNoMerkle), locator);
    });
  }

  orderPositionNext(position: bigint): void {
    this.#database.put(recordKey(RecordType.orderPosNext), new ByteWriter(8).i64(position).finish());
  }

  descriptor(record: DescriptorRecord): void {
    const value = writeText(new ByteWriter(256), record.text).u64(record.creationTime);
    value.i32(record.nextIndex).i32(record.rangeStart).i32(record.rangeEnd);
    this.#database.put(recordKey(RecordType.descriptor, (key) => key.bytes(record.id)), value.finish());
  }

  descriptorCache(id: Uint8Array, cache: DescriptorCache): void {
    for (const [keyIndex, node] of cache.parents) {
      const key = recordKey(RecordType.descriptorCache, (writer) => writer.bytes(id).u32(keyIndex));
      this.#database.put(key, bytesValue(serializeExtendedPublicKey(node)));
    }
    for (const [keyIndex, nodes] of cache.derived) {
      for (const [index, node] of nodes) {
        const key = recordKey(RecordType.descriptorCache, (writer) => writer.bytes(id).u32(keyIndex).u32(index));
        this.#database.put(key, bytesValue(serializeExtendedPublicKey(node)));
      }
    }
    for (const [keyIndex, node] of cache.lastHardened) {
      const key = recordKey(RecordType.lastHardenedCache, (writer) => writer.bytes(id).u32(keyIndex));
      this.#database.put(key, bytesValue(serializeExtendedPublicKey(node)));
    }
  }

  /** @param pubkey hex */
  descriptorSecret(id: Uint8Array, pubkey: string, secret: Uint8Array): void {
    const pubkeyBytes = fromHex(pubkey);
    const der = encodeDerPrivateKey(secret, pubkeyBytes);
    const value = new ByteWriter(256).varBytes(der).bytes(hash256(concatBytes(pubkeyBytes, der))).finish();
    this.#database.put(recordKey(RecordType.descriptorKey, (key) => key.bytes(id).varBytes(pubkeyBytes)), value);
  }

  /** Writes an encrypted private key and erases the plain one. @param pubkey hex */
  descriptorCryptedSecret(id: Uint8Array, pubkey: string, crypted: Uint8Array): void {
    const pubkeyBytes = fromHex(pubkey);
    this.#database.put(recordKey(RecordType.descriptorCryptedKey, (key) => key.bytes(id).varBytes(pubkeyBytes)), bytesValue(crypted));
    this.#database.delete(recordKey(RecordType.descriptorKey, (key) => key.bytes(id).varBytes(pubkeyBytes)));
  }

  masterKey(key: StoredMasterKey): void {
    const value = new ByteWriter(96).varBytes(key.cryptedKey).varBytes(key.salt).u32(key.method).u32(key.iterations).varBytes(new Uint8Array(0));
    this.#database.put(recordKey(RecordType.masterKey, (writer) => writer.u32(key.id)), value.finish());
  }

  deleteMasterKey(id: number): void {
    this.#database.delete(recordKey(RecordType.masterKey, (writer) => writer.u32(id)));
  }

  /** Makes a descriptor the one that new addresses of a type come from; none when `id` is undefined. */
  activeDescriptor(outputType: number, internal: boolean, id: Uint8Array | undefined): void {
    const key = recordKey(internal ? RecordType.activeInternal : RecordType.activeExternal, (writer) => writer.u8(outputType));
    if (id === undefined) this.#database.delete(key);
    else this.#database.put(key, id);
  }

  label(address: string, label: string): void {
    this.#database.put(recordKey(RecordType.name, (key) => writeText(key, address)), textValue(label));
  }

  purpose(address: string, purpose: string): void {
    this.#database.put(recordKey(RecordType.purpose, (key) => writeText(key, address)), textValue(purpose));
  }

  /** Forgets label, purpose and everything else kept for an address. */
  deleteAddress(address: string): void {
    for (const type of [RecordType.name, RecordType.purpose]) this.#database.delete(recordKey(type, (key) => writeText(key, address)));
    this.#database.deletePrefix(recordKey(RecordType.destData, (key) => writeText(key, address)));
  }

  addressUsed(address: string, used: boolean): void {
    const key = recordKey(RecordType.destData, (writer) => writeText(writeText(writer, address), 'used'));
    if (used) this.#database.put(key, textValue('1'));
    else this.#database.delete(key);
  }

  /** @param request serialized, or undefined to forget it. */
  receiveRequest(address: string, id: string, request: Uint8Array | undefined): void {
    const key = recordKey(RecordType.destData, (writer) => writeText(writeText(writer, address), `rr${id}`));
    if (request === undefined) this.#database.delete(key);
    else this.#database.put(key, bytesValue(request));
  }

  lockedOutput(outpoint: Outpoint, locked: boolean): void {
    const key = recordKey(RecordType.lockedOutput, (writer) => writer.bytes(serializeOutpoint(outpoint)));
    if (locked) this.#database.put(key, Uint8Array.of(0x31));
    else this.#database.delete(key);
  }

  walletTransaction(record: StoredTransaction): void {
    this.#database.put(recordKey(RecordType.transaction, (key) => key.bytes(txidOf(record.tx))), serializeTransactionRecord(record));
  }

  deleteTransaction(txid: Uint8Array): void {
    this.#database.delete(recordKey(RecordType.transaction, (key) => key.bytes(txid)));
  }
}
