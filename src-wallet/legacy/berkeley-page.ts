/** What is wrong with a Berkeley DB file. */
export type BerkeleyFaultKind =
  | 'unreadable'
  | 'not-berkeley'
  | 'unsupported'
  | 'encrypted'
  | 'checksummed'
  | 'not-flushed'
  | 'truncated'
  | 'damaged';

/** A Berkeley DB file that cannot be read. The message names the file and is for people. */
export class BerkeleyFault extends Error {
  override readonly name = 'BerkeleyFault';

  constructor(
    readonly kind: BerkeleyFaultKind,
    readonly file: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${reason}`, options);
  }
}

/** First number of a page that says what the page is for. */
export const PageType = { internal: 3, leaf: 5, overflow: 7, meta: 9 } as const;

/** An item of a leaf page: its bytes, or where they lie when they do not fit the page. */
export type LeafItem =
  | { readonly kind: 'data'; readonly deleted: boolean; readonly bytes: Uint8Array }
  | { readonly kind: 'overflow'; readonly deleted: boolean; readonly page: number; /** Bytes. */ readonly length: number };

/** A page that describes a database. */
export interface MetaPage {
  /** Bytes. */
  readonly pageSize: number;
  readonly lastPage: number;
  readonly root: number;
  readonly littleEndian: boolean;
}

const btreeMagic = 0x00053162;
const supportedVersion = 9;
const smallestPage = 512;
const largestPage = 65536;
/** The only flag of databases that hold wallets: the file holds named databases, of which each is one. */
const subdatabaseFlag = 0x20;
const checksumFlag = 0x01;
const metaSize = 512;
const headerSize = 26;
const itemKind = { data: 1, overflow: 3 } as const;
const deletedMark = 0x80;
/** Bytes of an item of an internal page before its key: length, kind, padding, page, count of records. */
const internalHead = 12;
/** Bytes of an overflow item: padding, kind, padding, page, length. */
const overflowSize = 12;
/** Bytes of a data item before its data: length and kind. */
const dataHead = 3;

/** Reads what describes a database from the page's first bytes. */
export function readMetaPage(page: Uint8Array, expected: number, fail: (kind: BerkeleyFaultKind, reason: string) => BerkeleyFault): MetaPage {
  if (page.length < metaSize) throw fail('truncated', 'the file ends within a page that describes a database');
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const littleEndian = view.getUint32(12, true) === btreeMagic;
  const u32 = (offset: number): number => view.getUint32(offset, littleEndian);
  if (u32(12) !== btreeMagic) throw fail('not-berkeley', 'Not a BDB file');
  if (u32(8) !== expected) throw fail('damaged', 'Meta page number mismatch');
  if (u32(16) !== supportedVersion) throw fail('unsupported', `Unsupported BDB data file version number ${u32(16)}, only ${supportedVersion} can be read`);
  const pageSize = u32(20);
  if (pageSize < smallestPage || pageSize > largestPage || (pageSize & (pageSize - 1)) !== 0) throw fail('damaged', `Bad page size ${pageSize}`);
  if (page[24] !== 0) throw fail('encrypted', 'BDB builtin encryption is not supported');
  if (page[25] !== PageType.meta) throw fail('damaged', 'Unexpected page type, should be 9 (BTree Metadata)');
  if (((page[26] ?? 0) & checksumFlag) !== 0) throw fail('checksummed', 'BDB page checksums are not supported');
  if (u32(48) !== subdatabaseFlag) throw fail('unsupported', 'Unexpected database flags, should only be 0x20 (subdatabases)');
  return { pageSize, lastPage: u32(32), root: u32(88), littleEndian };
}

/** One page of a database. All that it says is checked against the page's own bounds. */
export class DataPage {
  readonly type: number;
  /** Number of the next page of the same kind; 0 for none. */
  readonly next: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #fail: (reason: string) => BerkeleyFault;

  /** @throws BerkeleyFault when the page is not the one with this number */
  constructor(bytes: Uint8Array, number: number, littleEndian: boolean, fail: (reason: string) => BerkeleyFault) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
    this.#fail = fail;
    if (this.#u32(8) !== number) throw fail('Page number mismatch');
    this.next = this.#u32(16);
    this.type = bytes[25] ?? 0;
    const isLowest = bytes[24] === 0;
    if (isLowest !== (this.type === PageType.overflow)) throw fail('Bad btree level');
  }

  #u16(offset: number): number {
    return this.#view.getUint16(offset, this.#littleEndian);
  }

  #u32(offset: number): number {
    return this.#view.getUint32(offset, this.#littleEndian);
  }

  /** How many items the page has. */
  get entries(): number {
    return this.#u16(20);
  }

  /** Where the items start, after checking that `size` gives each a place of its own on the page. */
  #offsets(headSize: number, size: (offset: number) => number): readonly number[] {
    const tableEnd = headerSize + 2 * this.entries;
    if (tableEnd > this.#bytes.length) throw this.#fail('the page has more items than fit');
    const offsets = Array.from({ length: this.entries }, (_, i) => this.#u16(headerSize + 2 * i));
    let taken = tableEnd;
    for (const offset of offsets) {
      if (offset < tableEnd || offset + headSize > this.#bytes.length) throw this.#fail('Data record position not in page');
      taken += size(offset);
      if (offset + size(offset) > this.#bytes.length || taken > this.#bytes.length) throw this.#fail('an item does not end within its page');
    }
    return offsets;
  }

  #isOverflow(offset: number): boolean {
    return ((this.#bytes[offset + 2] ?? 0) & ~deletedMark) === itemKind.overflow;
  }

  /** The pages below an internal page that are in use. */
  children(): readonly number[] {
    const size = (offset: number): number => internalHead + this.#u16(offset);
    const used = this.#offsets(internalHead, size).filter((offset) => ((this.#bytes[offset + 2] ?? 0) & deletedMark) === 0);
    return used.map((offset) => this.#u32(offset + 4));
  }

  /** Keys and values of a leaf page in turn. */
  items(): readonly LeafItem[] {
    const size = (offset: number): number => (this.#isOverflow(offset) ? overflowSize : dataHead + this.#u16(offset));
    return this.#offsets(dataHead, size).map((offset) => {
      const kind = this.#bytes[offset + 2] ?? 0;
      const deleted = (kind & deletedMark) !== 0;
      switch (kind & ~deletedMark) {
        case itemKind.data:
          return { kind: 'data', deleted, bytes: this.#bytes.subarray(offset + dataHead, offset + size(offset)) };
        case itemKind.overflow:
          return { kind: 'overflow', deleted, page: this.#u32(offset + 4), length: this.#u32(offset + 8) };
        default:
          throw this.#fail('Unknown record type in records page');
      }
    });
  }

  /** The part of a long item that an overflow page holds. */
  part(): Uint8Array {
    const length = this.#u16(22);
    if (headerSize + length > this.#bytes.length) throw this.#fail('an overflow page has more data than fits');
    return this.#bytes.subarray(headerSize, headerSize + length);
  }
}
