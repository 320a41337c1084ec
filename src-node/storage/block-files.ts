import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { concatBytes, equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import { AppendFile } from './append-file.js';
import { emptyFileInfo, type BlockFileInfo } from './block-records.js';
import { parseBlockUndo, serializeBlockUndo, type BlockUndo } from './block-undo.js';
import { obfuscate } from './obfuscation.js';
import { StorageError } from './storage-error.js';

/** Where a record's payload starts. */
export interface FilePosition {
  readonly file: number;
  readonly offset: number;
}

export interface BlockFilesOptions {
  readonly directory: string;
  readonly magic: Uint8Array;
  readonly key: Uint8Array;
  /** What the index says of files 0, 1, …; the last one is written to next. */
  readonly infos: readonly BlockFileInfo[];
  /** Bytes after which a new file is begun; 128 MiB. */
  readonly maxFileSize?: number;
}

const defaultMaxFileSize = 0x8000000;
const blockChunk = 0x1000000;
const undoChunk = 0x100000;
/** Magic and length before each record. */
export const recordHeaderSize = 8;
const checksumSize = 32;
/** Nothing longer than this is a record. */
const maxRecordSize = 0x02000000;

type FileKind = 'blk' | 'rev';

export function blockFileName(kind: FileKind, file: number): string {
  return `${kind}${String(file).padStart(5, '0')}.dat`;
}

/** Numbers of the block files in a directory, ascending. */
export function listBlockFiles(directory: string): number[] {
  const numbers = readdirSync(directory).map((name) => /^blk(\d{5})\.dat$/.exec(name)?.[1]);
  return numbers.filter((text) => text !== undefined).map(Number).sort((a, b) => a - b);
}

/** The checksum of an undo record also covers the hash of the previous block. */
function undoChecksum(prevHash: Uint8Array, payload: Uint8Array): Uint8Array {
  return hash256(concatBytes(prevHash, payload));
}

/** `blkNNNNN.dat` and `revNNNNN.dat`: blocks in the order they came, and what undoes them. */
export class BlockFiles {
  readonly #directory: string;
  readonly #magic: Uint8Array;
  readonly #key: Uint8Array;
  readonly #maxFileSize: number;
  readonly #infos: BlockFileInfo[];
  readonly #dirtyInfos = new Set<number>();
  readonly #open = new Map<string, AppendFile>();
  /** Highest block of the newest file whose undo data is written. */
  #undoHeight = 0;

  constructor(options: BlockFilesOptions) {
    this.#directory = options.directory;
    this.#magic = options.magic;
    this.#key = options.key;
    this.#infos = options.infos.length > 0 ? [...options.infos] : [emptyFileInfo];
    this.#maxFileSize = options.maxFileSize ?? defaultMaxFileSize;
  }

  /** The file that is written to. */
  get lastFile(): number {
    return this.#infos.length - 1;
  }

  /** Bytes of all block and undo files. */
  get bytesOnDisk(): number {
    return this.#infos.reduce((sum, info) => sum + info.size + info.undoSize, 0);
  }

  info(file: number): BlockFileInfo {
    return this.#infos[file] ?? emptyFileInfo;
  }

  #file(kind: FileKind, file: number): AppendFile {
    const name = blockFileName(kind, file);
    let handle = this.#open.get(name);
    if (handle === undefined) {
      handle = new AppendFile(join(this.#directory, name), kind === 'blk' ? blockChunk : undoChunk);
      this.#open.set(name, handle);
    }
    return handle;
  }

  #finish(kind: FileKind, file: number): void {
    const info = this.info(file);
    this.#file(kind, file).finish(kind === 'blk' ? info.size : info.undoSize);
    this.#open.delete(blockFileName(kind, file));
  }

  #record(payload: Uint8Array): ByteWriter {
    return new ByteWriter(payload.length + recordHeaderSize + checksumSize)
      .bytes(this.#magic)
      .u32(payload.length)
      .bytes(payload);
  }

  #update(file: number, change: Partial<BlockFileInfo>): void {
    this.#infos[file] = { ...this.info(file), ...change };
    this.#dirtyInfos.add(file);
  }

  /** Notes a block that is already in a file, as a rebuild of the index finds it. */
  addExisting(position: FilePosition, length: number, height: number, time: number): void {
    while (this.#infos.length <= position.file) this.#infos.push(emptyFileInfo);
    this.#count(position.file, Math.max(this.info(position.file).size, position.offset + length), height, time);
  }

  #count(file: number, size: number, height: number, time: number): void {
    const { blocks, heightFirst, heightLast, timeFirst, timeLast } = this.info(file);
    this.#update(file, {
      blocks: blocks + 1,
      size,
      heightFirst: blocks === 0 ? height : Math.min(heightFirst, height),
      heightLast: blocks === 0 ? height : Math.max(heightLast, height),
      timeFirst: blocks === 0 ? time : Math.min(timeFirst, time),
      timeLast: blocks === 0 ? time : Math.max(timeLast, time),
    });
  }

  /** Adds a serialized block; it is on disk only after `sync`. */
  appendBlock(block: Uint8Array, height: number, time: number): FilePosition {
    const length = block.length + recordHeaderSize;
    const last = this.info(this.lastFile);
    if (last.size > 0 && last.size + length >= this.#maxFileSize) this.#startNextFile();
    const file = this.lastFile;
    const start = this.info(file).size;
    this.#file('blk', file).write(obfuscate(this.#record(block).finish(), this.#key, start), start);
    this.#count(file, start + length, height, time);
    return { file, offset: start + recordHeaderSize };
  }

  #startNextFile(): void {
    const file = this.lastFile;
    this.#finish('blk', file);
    // Undo data of blocks still to be connected goes into this file: it is finished with the last one.
    if (this.#undoHeight === this.info(file).heightLast) this.#finish('rev', file);
    this.#undoHeight = 0;
    this.#infos.push(emptyFileInfo);
    this.#dirtyInfos.add(this.lastFile);
  }

  /**
   * Adds what undoes a block.
   * @param file the file its block is in.
   * @returns offset of the payload in that file's undo file.
   */
  appendUndo(file: number, undo: BlockUndo, prevHash: Uint8Array, height: number): number {
    const payload = serializeBlockUndo(undo);
    const record = this.#record(payload).bytes(undoChecksum(prevHash, payload)).finish();
    const start = this.info(file).undoSize;
    const length = record.length;
    this.#file('rev', file).write(obfuscate(record, this.#key, start), start);
    this.#update(file, { undoSize: start + length });
    if (file === this.lastFile) this.#undoHeight = Math.max(this.#undoHeight, height);
    else if (height === this.info(file).heightLast) this.#finish('rev', file);
    return start + recordHeaderSize;
  }

  /** Reads the payload of a record and `extra` bytes after it. */
  async #readRecord(kind: FileKind, position: FilePosition, extra: number): Promise<Uint8Array> {
    const path = join(this.#directory, blockFileName(kind, position.file));
    const start = position.offset - recordHeaderSize;
    try {
      const handle = await open(path, 'r');
      try {
        const read = async (from: number, length: number): Promise<Uint8Array> => {
          const bytes = new Uint8Array(length);
          const { bytesRead } = await handle.read(bytes, 0, length, from);
          if (bytesRead < length) throw new StorageError('corrupt', `${path} ends before ${from + length}`);
          return obfuscate(bytes, this.#key, from);
        };
        const header = new ByteReader(await read(start, recordHeaderSize));
        if (!equalBytes(header.bytes(4), this.#magic)) {
          throw new StorageError('corrupt', `no record with this network's magic in ${path} at ${start}`);
        }
        const length = header.u32();
        if (length > maxRecordSize) throw new StorageError('corrupt', `record of ${length} bytes in ${path} at ${start}`);
        return await read(position.offset, length + extra);
      } finally {
        await handle.close();
      }
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      throw new StorageError('unreadable', `cannot read ${path}`, cause);
    }
  }

  /** @throws StorageError when there is no record at that place. */
  readBlock(position: FilePosition): Promise<Uint8Array> {
    return this.#readRecord('blk', position, 0);
  }

  /** @throws StorageError when there is no record at that place or its checksum is wrong. */
  async readUndo(position: FilePosition, prevHash: Uint8Array): Promise<BlockUndo> {
    const bytes = await this.#readRecord('rev', position, checksumSize);
    const payload = bytes.subarray(0, bytes.length - checksumSize);
    if (!equalBytes(undoChecksum(prevHash, payload), bytes.subarray(payload.length))) {
      throw new StorageError('corrupt', `undo data has a wrong checksum in file ${position.file} at ${position.offset}`);
    }
    try {
      return parseBlockUndo(payload);
    } catch (cause) {
      throw new StorageError('corrupt', 'undo data cannot be read', cause);
    }
  }

  /** Waits until all that was written is on disk. */
  async sync(): Promise<void> {
    for (const file of [...this.#open.values()]) await file.sync();
    // Undo files of older blocks are written now and then only: no need to keep them open.
    const current = [blockFileName('blk', this.lastFile), blockFileName('rev', this.lastFile)];
    for (const [name, file] of this.#open) {
      if (current.includes(name)) continue;
      file.close();
      this.#open.delete(name);
    }
  }

  /** File descriptions changed since the last call, to be written to the index. */
  takeDirtyInfos(): [number, BlockFileInfo][] {
    const changed = [...this.#dirtyInfos].map((file): [number, BlockFileInfo] => [file, this.info(file)]);
    this.#dirtyInfos.clear();
    return changed;
  }

  /** Closes without syncing. */
  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}
