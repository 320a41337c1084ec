import { randomBytes } from 'node:crypto';
import { ClassicLevel, type Iterator } from 'classic-level';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { obfuscate, obfuscationKeySize } from './obfuscation.js';
import { StorageError } from './storage-error.js';

export interface LevelStoreOptions {
  readonly directory: string;
  /** Bytes for LevelDB's own caches. */
  readonly cacheBytes: number;
  /** Give an empty store a random key. A store that has one keeps it either way. */
  readonly obfuscate: boolean;
  /** Delete what is there first. */
  readonly wipe?: boolean;
}

type Level = ClassicLevel<Uint8Array, Uint8Array>;
type LevelIterator = Iterator<Level, Uint8Array, Uint8Array>;

/** `\0` and `obfuscate_key`, preceded by their length. */
const obfuscateKeyKey = Uint8Array.from([14, 0, ...Array.from('obfuscate_key', (letter) => letter.charCodeAt(0))]);
const maxFileSize = 32 << 20;

function causeCode(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return causeCode(cause) ?? code;
}

function openFailure(directory: string, cause: unknown): StorageError {
  const code = causeCode(cause);
  if (code === 'LEVEL_LOCKED') return new StorageError('in-use', `${directory} is used by another process`, cause);
  if (code === 'LEVEL_IO_ERROR') return new StorageError('unreadable', `cannot open ${directory}`, cause);
  return new StorageError('corrupt', `cannot open ${directory}`, cause);
}

/** LevelDB answers with Buffers, whose `slice` shares memory where that of Uint8Array copies. */
function withoutBufferMethods(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Puts and deletions that take effect together. */
export interface LevelBatch {
  put(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
  /** Bytes of keys and values collected so far. */
  readonly size: number;
  /** @param sync wait until the disk has them. */
  write(sync: boolean): Promise<void>;
}

/** A LevelDB database as Bitcoin Core keeps it: not compressed, values XORed with the store's key. */
export class LevelStore {
  readonly #level: Level;
  readonly #key: Uint8Array;

  private constructor(level: Level, key: Uint8Array) {
    this.#level = level;
    this.#key = key;
  }

  /** @throws StorageError `in-use`, `corrupt` or `unreadable`. */
  static async open(options: LevelStoreOptions): Promise<LevelStore> {
    const { directory, cacheBytes } = options;
    try {
      if (options.wipe === true) await ClassicLevel.destroy(directory);
      const level: Level = new ClassicLevel(directory, {
        keyEncoding: 'view',
        valueEncoding: 'view',
        compression: false,
        cacheSize: Math.floor(cacheBytes / 2),
        writeBufferSize: Math.floor(cacheBytes / 4),
        maxFileSize,
      });
      await level.open();
      return new LevelStore(level, await LevelStore.#obfuscationKey(level, options.obfuscate));
    } catch (cause) {
      throw cause instanceof StorageError ? cause : openFailure(directory, cause);
    }
  }

  static async #obfuscationKey(level: Level, create: boolean): Promise<Uint8Array> {
    const stored = level.getSync(obfuscateKeyKey);
    if (stored !== undefined) {
      const key = new ByteReader(withoutBufferMethods(stored)).varBytes();
      if (key.length !== obfuscationKeySize) throw new StorageError('corrupt', 'obfuscation key has a wrong size');
      return key;
    }
    const isEmpty = (await level.keys({ limit: 1 }).all()).length === 0;
    if (!create || !isEmpty) return new Uint8Array(obfuscationKeySize);
    const key = Uint8Array.from(randomBytes(obfuscationKeySize));
    await level.put(obfuscateKeyKey, new ByteWriter().varBytes(key).finish(), { sync: true });
    return key;
  }

  #plain(value: Uint8Array): Uint8Array {
    return obfuscate(withoutBufferMethods(value), this.#key);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const value = this.#level.getSync(key);
    return value === undefined ? undefined : this.#plain(value);
  }

  async getMany(keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    const values = await this.#level.getMany(keys);
    return values.map((value) => (value === undefined ? undefined : this.#plain(value)));
  }

  batch(): LevelBatch {
    const batch = this.#level.batch();
    const key = this.#key;
    let size = 0;
    return {
      get size() {
        return size;
      },
      put(at, value) {
        batch.put(at, obfuscate(value.slice(), key));
        size += at.length + value.length;
      },
      delete(at) {
        batch.del(at);
        size += at.length;
      },
      write: (sync) => batch.write({ sync }),
    };
  }

  /** Pairs with `from` <= key < `to`, in the order of their keys' bytes, as they are at the time of the call. */
  entries(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly [Uint8Array, Uint8Array]> {
    return this.#walk(this.#level.iterator({ gte: from, lt: to, fillCache: false }));
  }

  async *#walk(iterator: LevelIterator): AsyncGenerator<readonly [Uint8Array, Uint8Array]> {
    try {
      for (;;) {
        const chunk = await iterator.nextv(1000);
        if (chunk.length === 0) return;
        for (const [key, value] of chunk) yield [withoutBufferMethods(key), this.#plain(value)];
      }
    } finally {
      await iterator.close();
    }
  }

  /** Bytes of table files that hold keys in a range; 0 while everything is in the log. */
  approximateSize(from: Uint8Array, to: Uint8Array): Promise<number> {
    return this.#level.approximateSize(from, to);
  }

  close(): Promise<void> {
    return this.#level.close();
  }
}
