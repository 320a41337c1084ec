/** Brings the lines of several logs into the order of their times. */
import type { LogLine, LogSource } from './log-source.js';

/** A line and the log it is of. */
export interface SourceLine {
  readonly source: LogSource;
  readonly line: LogLine;
}

/**
 * The lines of all sources up to their present ends, by time; those of the same time in the order of the sources.
 * Lines without a time stay with the line before. Only a piece of each file is in memory.
 * @param isLast a file's last line counts even without a newline
 */
export async function* merge(sources: readonly LogSource[], isLast: boolean, mayBeMissing: boolean): AsyncGenerator<SourceLine> {
  const open = new Set<LogSource>();
  for (const source of sources) if (await source.fill(isLast, mayBeMissing)) open.add(source);
  while (open.size > 0) {
    const source = earliest(open);
    // An event whose lines lie in two pieces of the file is not torn apart.
    for (let isFirst = true; ; isFirst = false) {
      if (!(await source.fill(isLast, mayBeMissing))) {
        open.delete(source);
        break;
      }
      const line = source.peek();
      if (line === undefined || (!isFirst && !line.continues)) break;
      yield { source, line };
      source.shift();
    }
  }
}

function earliest(sources: Iterable<LogSource>): LogSource {
  let first: LogSource | undefined;
  let time = Infinity;
  for (const source of sources) {
    const next = source.peek()?.time ?? Infinity;
    if (first !== undefined && next >= time) continue;
    first = source;
    time = next;
  }
  if (first === undefined) throw new Error('no source to choose from');
  return first;
}
