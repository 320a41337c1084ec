import { readFileSync } from 'node:fs';
import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { StoredRecord } from '../store/database.js';
import { BerkeleyFault, DataPage, PageType, readMetaPage, type BerkeleyFaultKind, type LeafItem, type MetaPage } from './berkeley-page.js';

/** Name of the database with a wallet's records. */
const walletDatabaseName = 'main';

/**
 * Reads the records of a Berkeley DB file, which is never changed. Nothing of the file is trusted: each
 * page is read once at most, and each item lies within its page, so that time and memory are bounded by
 * the file's size.
 */
class BerkeleyReader {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  readonly #outer: MetaPage;
  readonly #seen = new Set<number>();
  readonly #fail = (kind: BerkeleyFaultKind, reason: string): BerkeleyFault => new BerkeleyFault(kind, this.#file, reason);

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
    this.#outer = readMetaPage(bytes, 0, this.#fail);
    const pages = Math.floor(bytes.length / this.#outer.pageSize);
    if (this.#outer.lastPage !== pages - 1) {
      const kind = this.#outer.lastPage > pages - 1 ? 'truncated' : 'damaged';
      throw this.#fail(kind, `Last page number could not fit in file: page ${this.#outer.lastPage} is the last, but the file has ${pages} pages`);
    }
    this.#checkFlushed();
  }

  /** While log files hold a part of the changes, the pages alone are not the whole database. */
  #checkFlushed(): void {
    const { pageSize, lastPage, littleEndian } = this.#outer;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    for (let page = 0; page <= lastPage; page++) {
      const logFile = view.getUint32(page * pageSize, littleEndian);
      const logOffset = view.getUint32(page * pageSize + 4, littleEndian);
      if (logFile === 0 && logOffset === 1) continue;
      throw this.#fail(
        'not-flushed',
        'LSNs are not reset, this database is not completely flushed. Please reopen then close the database with a version that has BDB support',
      );
    }
  }

  #pageBytes(number: number): Uint8Array {
    if (number > this.#outer.lastPage) throw this.#fail('damaged', `Page number ${number} is greater than database last page`);
    if (this.#seen.has(number)) throw this.#fail('damaged', `page ${number} is used twice`);
    this.#seen.add(number);
    const start = number * this.#outer.pageSize;
    return this.#bytes.subarray(start, start + this.#outer.pageSize);
  }

  #page(number: number, { littleEndian }: MetaPage): DataPage {
    return new DataPage(this.#pageBytes(number), number, littleEndian, (reason) => this.#fail('damaged', `${reason} (page ${number})`));
  }

  /** The bytes of an item, from overflow pages where it does not fit its own. */
  #whole(item: LeafItem, meta: MetaPage): Uint8Array {
    if (item.kind === 'data') return item.bytes;
    const parts: Uint8Array[] = [];
    for (let number = item.page; number !== 0; ) {
      const page = this.#page(number, meta);
      if (page.type !== PageType.overflow) throw this.#fail('damaged', `Bad overflow record page type (page ${number})`);
      parts.push(page.part());
      number = page.next;
    }
    const whole = concatBytes(...parts);
    if (whole.length !== item.length) throw this.#fail('damaged', `an item of ${item.length} bytes has ${whole.length} on its pages`);
    return whole;
  }

  /** The page that describes the wallet's database, which the outer database names. */
  #walletMeta(): MetaPage {
    this.#seen.add(0);
    const root = this.#page(this.#outer.root, this.#outer);
    if (root.type !== PageType.leaf) throw this.#fail('unsupported', 'Unexpected outer database root page type');
    const [name, place, ...others] = root.items();
    if (name === undefined || place === undefined || others.length > 0) throw this.#fail('unsupported', 'Unexpected number of entries in outer database root page');
    if (name.kind !== 'data' || new TextDecoder().decode(name.bytes) !== walletDatabaseName) throw this.#fail('unsupported', 'Subdatabase has an unexpected name');
    if (place.kind !== 'data' || place.bytes.length !== 4) throw this.#fail('damaged', 'Subdatabase page number has unexpected length');
    // This number is big endian whatever the file's order is.
    const number = new DataView(place.bytes.buffer, place.bytes.byteOffset, 4).getUint32(0, false);
    const meta = readMetaPage(this.#pageBytes(number), number, this.#fail);
    if (meta.pageSize !== this.#outer.pageSize) throw this.#fail('damaged', 'Unexpected page size');
    if (meta.lastPage > this.#outer.lastPage) throw this.#fail('damaged', 'Subdatabase last page is greater than database last page');
    return meta;
  }

  #leafRecords(page: DataPage, meta: MetaPage): StoredRecord[] {
    const items = page.items();
    if (items.length % 2 !== 0) throw this.#fail('damaged', 'Records page has odd number of records');
    const records: StoredRecord[] = [];
    for (let i = 0; i < items.length; i += 2) {
      const [key, value] = [items[i], items[i + 1]];
      if (key === undefined || value === undefined || key.deleted || value.deleted) continue;
      records.push({ key: this.#whole(key, meta), value: this.#whole(value, meta) });
    }
    return records;
  }

  records(): readonly StoredRecord[] {
    const meta = this.#walletMeta();
    const records = new Map<string, StoredRecord>();
    const left = [meta.root];
    for (let number = left.pop(); number !== undefined; number = left.pop()) {
      const page = this.#page(number, meta);
      if (page.type === PageType.internal) left.push(...page.children().toReversed());
      else if (page.type !== PageType.leaf) throw this.#fail('damaged', `Unexpected page type ${page.type} (page ${number})`);
      else {
        for (const record of this.#leafRecords(page, meta)) {
          const key = toHex(record.key);
          if (records.has(key)) throw this.#fail('damaged', `a key is there twice (page ${number})`);
          records.set(key, record);
        }
      }
    }
    return [...records.values()];
  }
}

/**
 * The records of the wallet database in a Berkeley DB file's bytes, in key order. They are views on `bytes`.
 * @param file path, for the messages of errors
 * @throws BerkeleyFault
 */
export function parseBerkeleyFile(bytes: Uint8Array, file: string): readonly StoredRecord[] {
  return new BerkeleyReader(bytes, file).records();
}

/** As `parseBerkeleyFile`, of a file. @throws BerkeleyFault */
export function readBerkeleyFile(file: string): readonly StoredRecord[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new BerkeleyFault('unreadable', file, `the file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return parseBerkeleyFile(bytes, file);
}
