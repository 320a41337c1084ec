import { backup, DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';

export type DatabaseFailureKind = 'open' | 'locked' | 'format' | 'corrupt';

/** A wallet file that cannot be used. The message is for people, in Bitcoin Core's words where it has any. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';

  constructor(
    readonly kind: DatabaseFailureKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface OpenOptions {
  /** The network's magic bytes, which mark its wallet files. */
  readonly magic: Uint8Array;
  /** Make the file's table if there is none yet. */
  readonly create: boolean;
  /** Do not wait for the disk at each commit (`-unsafesqlitesync`). */
  readonly unsafeSync?: boolean;
}

export interface StoredRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const schemaVersion = 0;

/** The one row and column of a PRAGMA's or count's answer. */
function singleValue(database: DatabaseSyncInstance, sql: string): unknown {
  const row: unknown = database.prepare(sql).get();
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
}

function asRecord(row: unknown): StoredRecord {
  if (typeof row === 'object' && row !== null && 'key' in row && 'value' in row) {
    const { key, value } = row;
    if (key instanceof Uint8Array && value instanceof Uint8Array) return { key: new Uint8Array(key), value: new Uint8Array(value) };
  }
  throw new DatabaseFailure('corrupt', 'a record of the wallet file is not a pair of byte strings');
}

/** The first key after all keys that start with `prefix`; undefined when there is none. */
function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte !== 0xff);
  if (last === -1) return undefined;
  const end = prefix.slice(0, last + 1);
  end[last] = (end[last] ?? 0) + 1;
  return end;
}

const applicationId = (magic: Uint8Array): number => new DataView(magic.buffer, magic.byteOffset, 4).getInt32(0);

/**
 * A wallet file: Bitcoin Core's SQLite container for byte-string keys and values. Held under an
 * exclusive lock from opening to closing; everything is written inside `transaction`.
 */
export class WalletDatabase {
  readonly #database: DatabaseSyncInstance;
  readonly #put: StatementSyncInstance;
  readonly #insert: StatementSyncInstance;
  readonly #delete: StatementSyncInstance;
  readonly #get: StatementSyncInstance;
  #depth = 0;

  private constructor(
    database: DatabaseSyncInstance,
    readonly path: string,
  ) {
    this.#database = database;
    this.#put = database.prepare('INSERT or REPLACE into main values(?, ?)');
    this.#insert = database.prepare('INSERT INTO main VALUES(?, ?)');
    this.#delete = database.prepare('DELETE FROM main WHERE key = ?');
    this.#get = database.prepare('SELECT value FROM main WHERE key = ?');
  }

  /** @throws DatabaseFailure */
  static open(path: string, options: OpenOptions): WalletDatabase {
    let database: DatabaseSyncInstance;
    try {
      database = new DatabaseSync(path);
    } catch (cause) {
      throw new DatabaseFailure('open', `SQLiteDatabase: Failed to open database: ${path}`, { cause });
    }
    try {
      WalletDatabase.#prepare(database, options);
      return new WalletDatabase(database, path);
    } catch (cause) {
      database.close();
      if (cause instanceof DatabaseFailure) throw cause;
      throw new DatabaseFailure('corrupt', `SQLiteDatabase: Failed to read database: ${String(cause)}`, { cause });
    }
  }

  static #prepare(database: DatabaseSyncInstance, options: OpenOptions): void {
    database.exec('PRAGMA locking_mode = exclusive');
    try {
      // In exclusive locking mode the lock taken here is kept until the file is closed.
      database.exec('BEGIN EXCLUSIVE TRANSACTION');
      database.exec('COMMIT');
    } catch (cause) {
      throw new DatabaseFailure(
        'locked',
        'SQLiteDatabase: Unable to obtain an exclusive lock on the database, is it being used by another instance of Bulkhead?',
        { cause },
      );
    }
    database.exec('PRAGMA fullfsync = true');
    database.exec(`PRAGMA synchronous = ${options.unsafeSync === true ? 'OFF' : 'FULL'}`);
    const id = applicationId(options.magic);
    const tables = singleValue(database, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'main'");
    if (tables === 0 && options.create) {
      database.exec('CREATE TABLE main(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)');
      database.exec(`PRAGMA application_id = ${id}`);
      database.exec(`PRAGMA user_version = ${schemaVersion}`);
      return;
    }
    const actualId = singleValue(database, 'PRAGMA application_id');
    if (actualId !== id) {
      const unsigned = (value: unknown): unknown => (typeof value === 'number' ? value >>> 0 : value);
      throw new DatabaseFailure(
        'format',
        `SQLiteDatabase: Unexpected application id. Expected ${id >>> 0}, got ${String(unsigned(actualId))}`,
      );
    }
    const version = singleValue(database, 'PRAGMA user_version');
    if (version !== schemaVersion) {
      throw new DatabaseFailure(
        'format',
        `SQLiteDatabase: Unknown sqlite wallet schema version ${String(version)}. Only version ${schemaVersion} is supported`,
      );
    }
    if (tables === 0) throw new DatabaseFailure('format', 'SQLiteDatabase: the file has no wallet table');
    const integrity = singleValue(database, 'PRAGMA integrity_check');
    if (integrity !== 'ok') throw new DatabaseFailure('corrupt', `Failed to verify database\n${String(integrity)}`);
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /**
   * Runs `write` as one change: all of it is on the disk when this returns, or none of it when it throws.
   * Inside another one it becomes part of that.
   */
  transaction<T>(write: () => T): T {
    if (this.#depth > 0) return write();
    this.#database.exec('BEGIN TRANSACTION');
    this.#depth = 1;
    try {
      const result = write();
      this.#database.exec('COMMIT TRANSACTION');
      return result;
    } catch (fault) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK TRANSACTION');
      throw fault;
    } finally {
      this.#depth = 0;
    }
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const row: unknown = this.#get.get(key);
    if (typeof row !== 'object' || row === null || !('value' in row)) return undefined;
    return row.value instanceof Uint8Array ? new Uint8Array(row.value) : undefined;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#put.run(key, value);
  }

  /** @returns false when there already is a record with this key; it is kept. */
  insert(key: Uint8Array, value: Uint8Array): boolean {
    if (this.get(key) !== undefined) return false;
    this.#insert.run(key, value);
    return true;
  }

  delete(key: Uint8Array): void {
    this.#delete.run(key);
  }

  /** All records whose key starts with `prefix`, in key order. */
  records(prefix: Uint8Array = new Uint8Array(0)): readonly StoredRecord[] {
    const end = prefixEnd(prefix);
    const rows: unknown[] =
      end === undefined
        ? this.#database.prepare('SELECT key, value FROM main WHERE key >= ? ORDER BY key').all(prefix)
        : this.#database.prepare('SELECT key, value FROM main WHERE key >= ? AND key < ? ORDER BY key').all(prefix, end);
    return rows.map(asRecord);
  }

  deletePrefix(prefix: Uint8Array): void {
    this.#database.prepare('DELETE FROM main WHERE instr(key, ?) = 1').run(prefix);
  }

  /** Writes the file anew, so that nothing of deleted records stays behind in it. */
  rewrite(): void {
    this.#database.exec('VACUUM');
  }

  /** Copies the database as it is now to another file. */
  async backup(path: string): Promise<void> {
    await backup(this.#database, path);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
