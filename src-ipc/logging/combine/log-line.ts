/** What the beginning of a log line says. */
import { findLogCategory, type LogLevel } from '../../../src-interfaces/logging.js';

/** Year to second, then perhaps a fraction; before it perhaps the sign that lines are missing (-logratelimit). */
const stamp = /^(?:\[\*\] )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z(?: |$)/;
const mockStamp = /^\(mocktime: [^)]*\) /;
const bracketed = /^\[([^\]]*)\] /;
const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warning', 'error'];

/** Microseconds since 1970 at which the line was written; undefined when it does not begin with a time. */
export function lineTime(line: string): number | undefined {
  const match = stamp.exec(line);
  if (match === null) return undefined;
  const milliseconds = Date.parse(`${match[1] ?? ''}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  return milliseconds * 1000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6));
}

/**
 * The categories and levels a line is of: `ipc` and `trace` for `[ipc:trace] `, `warning` for `[warning] `. Lines of
 * connections that belong to no category count as ipc by their text.
 */
export function lineTopics(line: string): readonly string[] {
  let rest = line.replace(stamp, '').replace(mockStamp, '');
  let last = '';
  for (let match = bracketed.exec(rest); match !== null; match = bracketed.exec(rest)) {
    last = match[1] ?? '';
    rest = rest.slice(match[0].length);
  }
  const topics = last.split(':').filter(isTopic);
  return rest.startsWith('ipc: ') ? [...topics, 'ipc'] : topics;
}

/** Whether lines can be chosen by this word. */
export function isTopic(word: string): boolean {
  return findLogCategory(word) !== undefined || levels.some((level) => level === word);
}
