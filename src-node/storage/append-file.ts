import { closeSync, existsSync, fsyncSync, fstatSync, ftruncateSync, openSync, writeSync, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from './storage-error.js';

async function syncPath(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file that grows in large steps and is written at given places. */
export class AppendFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #chunk: number;
  #allocated: number;
  /** Written to since the last sync. */
  #dirty = false;
  /** Made here, and its name not yet known to be on disk. */
  #isNew: boolean;

  /** @param chunk bytes to grow by, so that the file is not fragmented. */
  constructor(path: string, chunk: number) {
    this.path = path;
    this.#chunk = chunk;
    this.#isNew = !existsSync(path);
    try {
      this.#descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      this.#allocated = fstatSync(this.#descriptor).size;
    } catch (cause) {
      throw new StorageError('unreadable', `cannot open ${path} for writing`, cause);
    }
  }

  /** @throws StorageError `unreadable`, for example when the disk is full. */
  write(bytes: Uint8Array, position: number): void {
    try {
      const end = position + bytes.length;
      if (end > this.#allocated) {
        const size = Math.ceil(end / this.#chunk) * this.#chunk;
        ftruncateSync(this.#descriptor, size);
        this.#allocated = size;
      }
      this.#dirty = true;
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
      }
    } catch (cause) {
      throw new StorageError('unreadable', `cannot write to ${this.path}`, cause);
    }
  }

  /** Waits until the disk has what was written. */
  async sync(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    try {
      // A handle of its own: this one may be finished while the disk works.
      await syncPath(this.path, 'r+');
      // A file is lost with its name. Windows cannot sync a directory, and need not.
      if (this.#isNew && process.platform !== 'win32') await syncPath(dirname(this.path), 'r');
      this.#isNew = false;
    } catch (cause) {
      this.#dirty = true;
      throw new StorageError('unreadable', `cannot sync ${this.path}`, cause);
    }
  }

  /** Cuts off what was reserved beyond `size`, syncs and closes. */
  finish(size: number): void {
    ftruncateSync(this.#descriptor, size);
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
