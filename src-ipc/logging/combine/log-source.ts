/** One log file, read line by line from its beginning to its end, and on from there as it grows. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { lineTime } from './log-line.js';

export interface LogLine {
  readonly text: string;
  /** Microseconds since 1970; of a line without a time that of the line before, or the beginning of time. */
  readonly time: number;
  /** The line belongs to the event that the line before is of. */
  readonly continues: boolean;
}

/** A log file cannot be read. The message names it. */
export class LogFileError extends Error {
  override readonly name = 'LogFileError';
}

/** Bytes read at once. */
const chunkSize = 1 << 16;
/** Bytes of what was read last, by which the place is found again in a file that was cut down. */
const tailSize = 1024;

export class LogSource {
  readonly label: string;
  readonly path: string;
  readonly #chunk = Buffer.alloc(chunkSize);
  #file: FileHandle | undefined;
  #position = 0;
  #inode = 0;
  /** The end of what was read, for {@link #findPlace}. */
  #tail = Buffer.alloc(0);
  /** Bytes after the last newline. */
  #rest: Buffer[] = [];
  #lines: LogLine[] = [];
  #next = 0;
  #time = 0;

  constructor(label: string, path: string) {
    this.label = label;
    this.path = path;
  }

  /** The next line; undefined at the end of what was read so far. */
  peek(): LogLine | undefined {
    return this.#lines[this.#next];
  }

  /** Goes past the line that `peek` shows. */
  shift(): void {
    this.#next++;
  }

  /**
   * Reads until there is a line or the file ends.
   * @param isLast takes what follows the last newline as a line, too
   * @returns whether there is a line
   * @throws LogFileError unless the file is missing and need not be there yet
   */
  async fill(isLast: boolean, mayBeMissing: boolean): Promise<boolean> {
    while (this.peek() === undefined) {
      if (this.#file === undefined && !(await this.#open(mayBeMissing))) return false;
      const bytes = await this.#read();
      if (bytes.length > 0) this.#split(bytes);
      else if (isLast && this.#rest.length > 0) this.#split(Buffer.from('\n'));
      else return false;
    }
    return true;
  }

  /** Looks whether the file was replaced or cut down since, and goes on in the right place. */
  async followFile(): Promise<void> {
    if (this.#file === undefined) return;
    let now: { readonly size: number; readonly ino: number };
    try {
      now = await stat(this.path);
    } catch {
      // Moved away: its end is still read, and a new one opened when it is there.
      return;
    }
    if (now.ino !== this.#inode) {
      await this.#startOver();
      return;
    }
    if (now.size >= this.#position) return;
    this.#rest = [];
    this.#position = await this.#findPlace(this.#file, now.size);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #open(mayBeMissing: boolean): Promise<boolean> {
    try {
      this.#file = await open(this.path, 'r');
      const status = await this.#file.stat();
      if (status.isDirectory()) throw new LogFileError(`Cannot read ${this.path}: it is a directory`);
      this.#inode = status.ino;
      return true;
    } catch (error) {
      if (mayBeMissing && isMissing(error)) return false;
      throw error instanceof LogFileError ? error : this.#failure(error);
    }
  }

  async #read(): Promise<Buffer> {
    try {
      const { bytesRead } = (await this.#file?.read(this.#chunk, 0, chunkSize, this.#position)) ?? { bytesRead: 0 };
      const bytes = Buffer.from(this.#chunk.subarray(0, bytesRead));
      this.#position += bytesRead;
      if (bytesRead > 0) this.#tail = Buffer.concat([this.#tail, bytes]).subarray(-tailSize);
      return bytes;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #split(bytes: Buffer): void {
    this.#lines = [];
    this.#next = 0;
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const line = bytes.subarray(start, end);
      this.#add(this.#rest.length === 0 ? line : Buffer.concat([...this.#rest, line]));
      this.#rest = [];
      start = end + 1;
    }
    if (start < bytes.length) this.#rest.push(bytes.subarray(start));
  }

  #add(line: Buffer): void {
    const text = line.toString('utf8').replace(/\r$/, '');
    // Empty lines set the runs of a program apart.
    if (text === '') return;
    const time = lineTime(text);
    this.#time = time ?? this.#time;
    this.#lines.push({ text, time: this.#time, continues: time === undefined });
  }

  async #startOver(): Promise<void> {
    // What was written to the old file until now comes first.
    for (let bytes = await this.#read(); bytes.length > 0; bytes = await this.#read()) {
      const waiting = this.#lines.slice(this.#next);
      this.#split(bytes);
      this.#lines = [...waiting, ...this.#lines];
    }
    await this.close();
    this.#position = 0;
    this.#rest = [];
    this.#tail = Buffer.alloc(0);
  }

  /** Where to go on in a file whose beginning was cut away: after what was read last, else at its beginning. */
  async #findPlace(file: FileHandle, size: number): Promise<number> {
    const overlap = this.#tail.length;
    const window = Buffer.alloc(chunkSize + overlap);
    for (let start = 0; overlap > 0 && start < size; start += chunkSize) {
      const { bytesRead } = await file.read(window, 0, window.length, start);
      const found = window.subarray(0, bytesRead).indexOf(this.#tail);
      if (found >= 0) return start + found + overlap;
    }
    return 0;
  }

  #failure(cause: unknown): LogFileError {
    return new LogFileError(`Cannot read ${this.path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
