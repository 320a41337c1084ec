import type { LogCategory, LogLevel } from '../../src-interfaces/logging.js';
import { sourceOf, type CallerFrame } from './source-location.js';

/** Which parts a log line begins with. */
export interface LineParts {
  readonly timestamps: boolean;
  readonly microseconds: boolean;
  readonly threadNames: boolean;
  readonly sourceLocations: boolean;
  readonly alwaysLevel: boolean;
}

/** A log line before it is put into words. */
export interface LogEntry {
  /** Milliseconds since 1970, with fraction. */
  readonly time: number;
  /** Mocked time in seconds since 1970, 0 when the clock is real. */
  readonly mockTime: number;
  readonly level: LogLevel;
  readonly category: LogCategory | undefined;
  readonly thread: string;
  /** Who wrote it, where that is of interest. */
  readonly frame: CallerFrame | undefined;
  readonly text: string;
}

/** ISO 8601 in whole seconds, UTC. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Control characters as `\xNN`, so that a log line can do nothing to a terminal. */
function escapeControl(text: string): string {
   
  return text.replace(/[\x00-\x09\x0b-\x1f\x7f]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** `[net] `, `[net:trace] `, `[warning] ` or nothing. */
export function levelPrefix(category: LogCategory | undefined, level: LogLevel, always: boolean): string {
  const shown = category ?? (always ? 'all' : undefined);
  if (shown === undefined) return level === 'info' ? '' : `[${level}] `;
  return always || level !== 'debug' ? `[${shown}:${level}] ` : `[${shown}] `;
}

/** One or more lines of log, newline at the end. */
export function formatEntry(entry: LogEntry, parts: LineParts): string {
  let prefix = '';
  if (parts.timestamps) {
    const seconds = Math.floor(entry.time / 1000);
    prefix = formatTime(seconds);
    if (parts.microseconds) {
      const micros = Math.floor(entry.time * 1000) - seconds * 1_000_000;
      prefix = `${prefix.slice(0, -1)}.${String(micros).padStart(6, '0')}Z`;
    }
    if (entry.mockTime > 0) prefix += ` (mocktime: ${formatTime(entry.mockTime)})`;
    prefix += ' ';
  }
  if (parts.threadNames) prefix += `[${entry.thread}] `;
  if (parts.sourceLocations && entry.frame !== undefined) {
    const { file, line, function: name } = sourceOf(entry.frame);
    prefix += `[${file}:${line}] [${name}] `;
  }
  const text = escapeControl(entry.text);
  return `${prefix}${levelPrefix(entry.category, entry.level, parts.alwaysLevel)}${text}${text.endsWith('\n') ? '' : '\n'}`;
}
