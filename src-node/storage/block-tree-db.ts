import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import {
  parseBlockRecord,
  parseFileInfo,
  serializeBlockRecord,
  serializeFileInfo,
  type BlockFileInfo,
  type BlockRecord,
} from './block-records.js';
import { LevelStore } from './level-store.js';
import { StorageError } from './storage-error.js';

/** What one flush of the block index writes. */
export interface BlockTreeChanges {
  readonly blocks: Iterable<{ readonly hash: Uint8Array; readonly record: BlockRecord }>;
  readonly files: Iterable<readonly [number, BlockFileInfo]>;
  readonly lastFile: number;
}

const letter = (text: string): Uint8Array => Uint8Array.of(text.charCodeAt(0));
const blockPrefix = letter('b');
const afterBlocks = letter('c');
const filePrefix = letter('f');
const lastFileKey = letter('l');
const reindexKey = letter('R');
const flagPrefix = letter('F');
const yes = letter('1');
const no = letter('0');

function fileKey(file: number): Uint8Array {
  return concatBytes(filePrefix, new ByteWriter(4).i32(file).finish());
}

function flagKey(name: string): Uint8Array {
  const text = Uint8Array.from(name, (character) => character.charCodeAt(0));
  return concatBytes(flagPrefix, new ByteWriter().varBytes(text).finish());
}

/** The database `blocks/index`: headers, where their blocks are, and what the block files hold. */
export class BlockTreeDb {
  readonly #store: LevelStore;

  private constructor(store: LevelStore) {
    this.#store = store;
  }

  /** @throws StorageError */
  static async open(directory: string, cacheBytes: number, wipe = false): Promise<BlockTreeDb> {
    return new BlockTreeDb(await LevelStore.open({ directory, cacheBytes, obfuscate: false, wipe }));
  }

  /**
   * All headers, in no useful order.
   * @throws StorageError `corrupt` when a record cannot be read.
   */
  async *blocks(): AsyncGenerator<{ hash: Uint8Array; record: BlockRecord }> {
    for await (const [key, value] of this.#store.entries(blockPrefix, afterBlocks)) {
      let record: BlockRecord;
      try {
        record = parseBlockRecord(value);
      } catch (cause) {
        throw new StorageError('corrupt', 'Error loading block database: unreadable block record', cause);
      }
      yield { hash: key.slice(1), record };
    }
  }

  fileInfo(file: number): BlockFileInfo | undefined {
    const value = this.#store.get(fileKey(file));
    return value === undefined ? undefined : parseFileInfo(value);
  }

  get lastFile(): number | undefined {
    const value = this.#store.get(lastFileKey);
    return value === undefined ? undefined : new ByteReader(value).i32();
  }

  /** True while a rebuild of the index has not finished. */
  get reindexing(): boolean {
    return this.#store.get(reindexKey) !== undefined;
  }

  async setReindexing(on: boolean): Promise<void> {
    const batch = this.#store.batch();
    if (on) batch.put(reindexKey, yes);
    else batch.delete(reindexKey);
    await batch.write(true);
  }

  flag(name: string): boolean {
    return this.#store.get(flagKey(name))?.[0] === yes[0];
  }

  async setFlag(name: string, on: boolean): Promise<void> {
    const batch = this.#store.batch();
    batch.put(flagKey(name), on ? yes : no);
    await batch.write(true);
  }

  /** Writes everything at once and waits for the disk. */
  async write(changes: BlockTreeChanges): Promise<void> {
    const batch = this.#store.batch();
    for (const [file, info] of changes.files) batch.put(fileKey(file), serializeFileInfo(info));
    batch.put(lastFileKey, new ByteWriter(4).i32(changes.lastFile).finish());
    for (const { hash, record } of changes.blocks) {
      batch.put(concatBytes(blockPrefix, hash), serializeBlockRecord(record));
    }
    await batch.write(true);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
