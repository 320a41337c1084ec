import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import {
  findLogCategory,
  logCategories,
  logCategoryBits,
  type LogCategory,
  type LogControl,
  type LogLevel,
} from '../../src-interfaces/logging.js';
import { LineClock } from './line-clock.js';
import { formatEntry, type LineParts, type LogEntry } from './log-format.js';
import { defaultRateLimits, RateLimit, type RateLimits } from './rate-limit.js';
import { shrinkFile } from './shrink-file.js';
import { callerFrame, sourceOf, type CallerFrame } from './source-location.js';

/** Where log lines go and how they look. */
export interface LogDestination extends LineParts {
  /** Undefined writes no file. */
  readonly path: string | undefined;
  readonly console: boolean;
  /** Cut the file down first when it has grown too long. */
  readonly shrink: boolean;
  /** What places in the program may write to the file is limited. */
  readonly rateLimit: boolean;
}

/** What a log needs to know of its surroundings. */
export interface LogEnvironment {
  /** Mocked time in seconds, 0 when the clock is real. */
  mockTime(): number;
  /** Shown with -logthreadnames. */
  readonly threadName: string;
  /**
   * The program is told which categories to log by its first messages: until the log is opened everything is kept, and
   * what turns out not to be wanted is dropped then.
   */
  readonly isToldLevelsLater?: boolean;
  readonly rateLimits?: RateLimits;
}

const severity: Readonly<Record<LogLevel, number>> = { trace: 0, debug: 1, info: 2, warning: 3, error: 4 };
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
  /** Lines for the file, and for the console. */
  #buffer = '';
  #consoleBuffer = '';
  #scheduled = false;
  #keepsAll: boolean;
  #rateLimit: RateLimit<CallerFrame> | undefined;
  #renewal: NodeJS.Timeout | undefined;
  readonly #clock = new LineClock();
  readonly #atExit = (): void => this.flush();
  readonly #listeners = new Set<(line: string) => void>();

  constructor(private readonly environment: LogEnvironment = { mockTime: () => 0, threadName: 'main' }) {
    this.#keepsAll = environment.isToldLevelsLater === true;
  }

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
    if (this.#keepsAll) return true;
    if ((this.#mask & (1n << BigInt(logCategoryBits[category]))) === 0n) return false;
    return severity[level] >= severity[this.#categoryLevels.get(category) ?? this.#level];
  }

  info(text: string, amount?: 'unlimited'): void {
    this.#add('info', undefined, text, amount);
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
   * Opens the file and writes the lines kept so far. Done again, lines go to another file from then on.
   * @throws the file system's error when it cannot be opened; the log is then as before.
   */
  open(destination: LogDestination): void {
    const fd = openLogFile(destination);
    this.close();
    this.#fd = fd;
    this.#destination = destination;
    process.on('exit', this.#atExit);
    if (destination.console) ignoreClosedConsole();
    this.#keepsAll = false;
    const early = this.#early ?? [];
    this.#early = undefined;
    if (this.#earlyDropped > 0) this.warning(`${this.#earlyDropped} early log lines were dropped`);
    this.#earlyDropped = 0;
    for (const entry of early) if (this.#isWanted(entry)) this.#write(entry);
    this.flush();
    if (destination.rateLimit) this.#limitRates();
  }

  /** Whether a line kept from before the levels were known belongs into the log. */
  #isWanted({ category, level }: LogEntry): boolean {
    return category === undefined || (level !== 'debug' && level !== 'trace') || this.willLog(category, level);
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
    clearInterval(this.#renewal);
    this.#rateLimit = undefined;
    process.off('exit', this.#atExit);
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Writes what has been collected. */
  flush(): void {
    this.#scheduled = false;
    const lines = this.#buffer;
    const consoleLines = this.#consoleBuffer;
    this.#buffer = '';
    this.#consoleBuffer = '';
    if (consoleLines !== '') process.stdout.write(consoleLines);
    if (this.#fd === undefined || lines === '') return;
    try {
      writeSync(this.#fd, lines);
    } catch (error) {
      // Nothing is left to report to but the console: a full disk must not end the program by itself.
      process.stderr.write(`log not written: ${String(error)}\n`);
    }
  }

  #add(level: LogLevel, category: LogCategory | undefined, text: string, amount?: 'unlimited'): void {
    const isLimited = this.#rateLimit !== undefined && amount !== 'unlimited' && severity[level] >= severity.info;
    const entry: LogEntry = {
      time: this.#clock.now(),
      mockTime: this.environment.mockTime(),
      level,
      category,
      thread: this.environment.threadName,
      frame: this.#keepsAll || isLimited || this.#destination?.sourceLocations === true ? callerFrame() : undefined,
      text,
    };
    if (this.#early === undefined) {
      this.#write(entry, isLimited);
      return;
    }
    this.#early.push(entry);
    if (this.#early.length > earlyLineLimit) {
      this.#early.shift();
      this.#earlyDropped++;
    }
  }

  #limitRates(): void {
    const limit = new RateLimit<CallerFrame>(this.environment.rateLimits ?? defaultRateLimits);
    const { window } = limit.limits;
    this.#rateLimit = limit;
    this.#renewal = setInterval(() => {
      for (const { place, dropped } of limit.renew()) {
        this.#add('warning', undefined, `Restarting logging from ${placeText(place)}: ${dropped} bytes were dropped during the last ${window / 1000}s.`, 'unlimited');
      }
    }, window).unref();
  }

  /** Whether a line of somebody's goes to the file. The last one that does is announced. */
  #isWithinLimit(frame: CallerFrame | undefined, bytes: number): boolean {
    const limit = this.#rateLimit;
    if (frame === undefined || limit === undefined) return true;
    const verdict = limit.take(frame.place, frame, bytes);
    if (verdict === 'last') {
      const { bytes: budget, window } = limit.limits;
      this.#add(
        'warning',
        undefined,
        `Excessive logging detected from ${placeText(frame)}: >${budget} bytes logged during the last time window of ${window / 1000}s. Suppressing logging to disk from this source location until time window resets. Console logging unaffected. Last log entry.`,
        'unlimited',
      );
    }
    return verdict !== 'dropped';
  }

  #write(entry: LogEntry, isLimited = false): void {
    const destination = this.#destination;
    if (destination === undefined) return;
    let line = formatEntry(entry, destination);
    const isDropped = isLimited && !this.#isWithinLimit(entry.frame, Buffer.byteLength(line));
    // A gap in the file is not to be taken for silence.
    if (this.#rateLimit?.suppresses === true) line = `[*] ${line}`;
    for (const listener of this.#listeners) listener(line);
    if (destination.console) this.#consoleBuffer += line;
    if (!isDropped) this.#buffer += line;
    if (this.#buffer.length + this.#consoleBuffer.length > bufferLimit) this.flush();
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

/** The descriptor of the log's file, cut down first where that is asked for; undefined when there is none. */
function openLogFile({ path, shrink }: LogDestination): number | undefined {
  if (path === undefined) return undefined;
  if (shrink) shrinkFile(path);
  const fd = openSync(path, 'a', 0o600);
  // A few empty lines set this run apart from the one before.
  if (fstatSync(fd).size > 0) writeSync(fd, '\n\n\n\n\n');
  return fd;
}

/** For example `peer.ts:12 (opened)`. */
function placeText(frame: CallerFrame): string {
  const { file, line, function: name } = sourceOf(frame);
  return `${file}:${line} (${name})`;
}

let isConsoleWatched = false;

/** Whoever reads the console may go away: the program goes on, as it would with a signal for that ignored. */
function ignoreClosedConsole(): void {
  if (isConsoleWatched) return;
  isConsoleWatched = true;
  process.stdout.on('error', () => undefined);
}
