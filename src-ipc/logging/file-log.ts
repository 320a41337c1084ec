import { closeSync, fstatSync, openSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  findLogCategory,
  logCategories,
  logCategoryBits,
  type LogCategory,
  type LogControl,
  type LogLevel,
} from '../../src-interfaces/logging.js';
import { formatEntry, type LineParts, type LogEntry, type SourceLocation } from './log-format.js';

/** Where log lines go and how they look. */
export interface LogDestination extends LineParts {
  /** Undefined writes no file. */
  readonly path: string | undefined;
  readonly console: boolean;
  /** Cut the file down first when it has grown too long. */
  readonly shrink: boolean;
}

/** What a log needs to know of its surroundings. */
export interface LogEnvironment {
  /** Mocked time in seconds, 0 when the clock is real. */
  mockTime(): number;
  /** Shown with -logthreadnames. */
  readonly threadName: string;
}

const severity: Readonly<Record<LogLevel, number>> = { trace: 0, debug: 1, info: 2, warning: 3, error: 4 };
/** A log longer than 11 MB is cut to its last 10 MB, as in Bitcoin Core. */
const keptWhenShrinking = 10_000_000;
/** Bytes collected before they are written without waiting for the end of the turn. */
const bufferLimit = 1 << 16;
/** Lines kept in memory until the log is opened. */
const earlyLineLimit = 10_000;

const allCategories = logCategories.reduce((mask, name) => mask | (1n << BigInt(logCategoryBits[name])), 0n);

/**
 * A program's log file. Lines written before {@link open} are kept and come first.
 * Lines of one turn of the event loop are written together; errors and the end of the process write at once.
 */
export class FileLog implements LogControl {
  #mask = 0n;
  #level: LogLevel = 'debug';
  readonly #categoryLevels = new Map<LogCategory, LogLevel>();
  #early: LogEntry[] | undefined = [];
  #earlyDropped = 0;
  #destination: LogDestination | undefined;
  #fd: number | undefined;
  #buffer = '';
  #scheduled = false;
  readonly #atExit = (): void => this.flush();
  readonly #listeners = new Set<(line: string) => void>();

  constructor(private readonly environment: LogEnvironment = { mockTime: () => 0, threadName: 'main' }) {}

  get categoryMask(): bigint {
    return this.#mask;
  }

  get path(): string | undefined {
    return this.#destination?.path;
  }

  enableCategory(name: string): boolean {
    const mask = categoryMaskOf(name);
    if (mask === undefined) return false;
    this.#mask |= mask;
    return true;
  }

  disableCategory(name: string): boolean {
    const mask = categoryMaskOf(name);
    if (mask === undefined) return false;
    this.#mask &= ~mask;
    return true;
  }

  /** Least severity of lines whose category is on. */
  setLevel(level: LogLevel): void {
    this.#level = level;
  }

  setCategoryLevel(category: LogCategory, level: LogLevel): void {
    this.#categoryLevels.set(category, level);
  }

  willLog(category: LogCategory, level: 'trace' | 'debug'): boolean {
    if ((this.#mask & (1n << BigInt(logCategoryBits[category]))) === 0n) return false;
    return severity[level] >= severity[this.#categoryLevels.get(category) ?? this.#level];
  }

  info(text: string): void {
    this.#add('info', undefined, text);
  }

  warning(text: string): void {
    this.#add('warning', undefined, text);
  }

  error(text: string): void {
    this.#add('error', undefined, text);
    this.flush();
  }

  debug(category: LogCategory, text: string | (() => string)): void {
    if (this.willLog(category, 'debug')) this.#add('debug', category, typeof text === 'string' ? text : text());
  }

  trace(category: LogCategory, text: string | (() => string)): void {
    if (this.willLog(category, 'trace')) this.#add('trace', category, typeof text === 'string' ? text : text());
  }

  /** Calls back with every line written from now on; returns a function that ends it. */
  listen(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens the file and writes the lines kept so far.
   * @throws the file system's error when it cannot be opened.
   */
  open(destination: LogDestination): void {
    if (destination.path !== undefined) {
      if (destination.shrink) shrinkFile(destination.path);
      this.#fd = openSync(destination.path, 'a', 0o600);
      // A few empty lines set this run apart from the one before.
      if (fstatSync(this.#fd).size > 0) writeSync(this.#fd, '\n\n\n\n\n');
    }
    this.#destination = destination;
    process.on('exit', this.#atExit);
    const early = this.#early ?? [];
    this.#early = undefined;
    if (this.#earlyDropped > 0) this.warning(`${this.#earlyDropped} early log lines were dropped`);
    for (const entry of early) this.#write(entry);
    this.flush();
  }

  /** Opens the file anew, after it was moved away. */
  reopen(): void {
    const path = this.#destination?.path;
    if (path === undefined || this.#fd === undefined) return;
    this.flush();
    const fd = openSync(path, 'a', 0o600);
    closeSync(this.#fd);
    this.#fd = fd;
  }

  close(): void {
    this.flush();
    process.off('exit', this.#atExit);
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Writes what has been collected. */
  flush(): void {
    this.#scheduled = false;
    if (this.#buffer === '') return;
    const lines = this.#buffer;
    this.#buffer = '';
    if (this.#destination?.console === true) process.stdout.write(lines);
    if (this.#fd === undefined) return;
    try {
      writeSync(this.#fd, lines);
    } catch (error) {
      // Nothing is left to report to but the console: a full disk must not end the program by itself.
      process.stderr.write(`log not written: ${String(error)}\n`);
    }
  }

  #add(level: LogLevel, category: LogCategory | undefined, text: string): void {
    const entry: LogEntry = {
      // The system clock has milliseconds; the digits below them keep lines of one millisecond apart.
      time: Date.now() + (performance.now() % 1),
      mockTime: this.environment.mockTime(),
      level,
      category,
      thread: this.environment.threadName,
      location: this.#destination?.sourceLocations === true ? callerLocation() : undefined,
      text,
    };
    if (this.#early === undefined) {
      this.#write(entry);
      return;
    }
    this.#early.push(entry);
    if (this.#early.length > earlyLineLimit) {
      this.#early.shift();
      this.#earlyDropped++;
    }
  }

  #write(entry: LogEntry): void {
    const destination = this.#destination;
    if (destination === undefined) return;
    const line = formatEntry(entry, destination);
    for (const listener of this.#listeners) listener(line);
    this.#buffer += line;
    if (this.#buffer.length > bufferLimit) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.flush());
    }
  }
}

function categoryMaskOf(name: string): bigint | undefined {
  if (name === '' || name === '1' || name === 'all') return allCategories;
  const category = findLogCategory(name);
  return category === undefined ? undefined : 1n << BigInt(logCategoryBits[category]);
}

function callerLocation(): SourceLocation | undefined {
  // Above the message: this function, #add, and the method that was called.
  const frame = new Error().stack?.split('\n')[4];
  const match = /at (?:(?:async )?(\S+) \()?(?:file:\/\/)?(.*?):(\d+):\d+\)?$/.exec(frame ?? '');
  if (match === null) return undefined;
  const [, name = 'anonymous', file = '', line = '0'] = match;
  return { file: basename(file.startsWith('file:') ? fileURLToPath(file) : file), line: Number(line), function: name };
}

function shrinkFile(path: string): void {
  let size: number;
  try {
    const status = statSync(path);
    if (!status.isFile()) return;
    size = status.size;
  } catch {
    return;
  }
  if (size <= keptWhenShrinking * 1.1) return;
  const tail = Buffer.alloc(keptWhenShrinking);
  const fd = openSync(path, 'r');
  const length = readSync(fd, tail, 0, tail.length, size - keptWhenShrinking);
  closeSync(fd);
  writeFileSync(path, tail.subarray(0, length));
}
