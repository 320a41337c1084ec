import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { StorageError } from './storage-error.js';

/** A directory no other process may use. */
export interface DirectoryLock {
  release(): void;
}

/** SQLITE_BUSY: somebody else holds the lock. */
const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === sqliteBusy;
}

/**
 * Takes the `.lock` file of a directory for this process, until `release` or the process ends.
 *
 * Bitcoin Core holds a POSIX record lock on that file and Node has no call for one, but SQLite
 * does: an exclusive transaction on an empty database locks the file and writes nothing. So each
 * program sees the other's lock. The file must not be opened in any other way by this process,
 * because closing it would drop the lock.
 * @throws StorageError `in-use`, or `unreadable` when the file cannot be made.
 */
export function lockDirectory(directory: string, clientName = 'Bitcoin Core'): DirectoryLock {
  let database: InstanceType<typeof DatabaseSync>;
  try {
    mkdirSync(directory, { recursive: true });
    database = new DatabaseSync(join(directory, '.lock'));
  } catch (cause) {
    throw new StorageError('unreadable', `Cannot write to directory '${directory}'; check permissions.`, cause);
  }
  try {
    // Without a rollback journal no second file appears beside the lock.
    database.exec('PRAGMA journal_mode=MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) {
      throw new StorageError('unreadable', `Cannot write to directory '${directory}'; check permissions.`, cause);
    }
    throw new StorageError(
      'in-use',
      `Cannot obtain a lock on directory ${directory}. ${clientName} is probably already running.`,
      cause,
    );
  }
  return { release: () => database.close() };
}
