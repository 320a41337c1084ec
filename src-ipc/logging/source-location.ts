/** Where in the program a log line comes from, for -logsourcelocations and -logratelimit. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in the program text. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** A place in what runs: the whole path of its file, which may be a bundle of many. */
export interface CallerFrame extends SourceLocation {
  readonly column: number;
}

/** Functions that only pass a line on to the log. */
const forwarding = /^(?:(?:Object|FileLog)\.)?(?:info|warning|warn|error|debug|trace|log|#add)$/;
/** Source maps of bundled programs, by file; undefined where there is none. */
const maps = new Map<string, SourceMap | undefined>();

function sourceMapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readSourceMap(file));
  return maps.get(file);
}

function readSourceMap(file: string): SourceMap | undefined {
  if (!/\.[cm]js$/.test(file)) return undefined;
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    // Packaged programs come without: their lines are those of the bundle.
    return undefined;
  }
}

/** A line of a stack: function, file and position; undefined when it tells no file. */
function parseFrame(frame: string): CallerFrame | undefined {
  const match = /^\s*at (?:(.*?) \()?([^()]*?):(\d+):(\d+)\)?$/.exec(frame);
  if (match === null) return undefined;
  const [, call = '', place = '', line = '1', column = '1'] = match;
  const name = call.replace(/^(?:async |new )+/, '').replace(/ \[as .*\]$/, '').replaceAll(' ', '');
  let file = place.replace(/^async /, '');
  try {
    if (file.startsWith('file:')) file = fileURLToPath(file);
  } catch {
    // Shown as it is.
  }
  return { file, line: Number(line), column: Number(column), function: name === '' ? 'anonymous' : name };
}

/** The first place above the log that does more than pass a line on; undefined when the stack does not tell. */
export function callerFrame(): CallerFrame | undefined {
  const stack = new Error().stack?.split('\n').slice(2) ?? [];
  for (const text of stack) {
    const frame = parseFrame(text);
    if (frame !== undefined && !forwarding.test(frame.function)) return frame;
  }
  return undefined;
}

/** The place in the source behind one in a bundle. */
export function sourceOf({ file, line, column, function: name }: CallerFrame): SourceLocation {
  const entry = sourceMapOf(file)?.findEntry(line - 1, column - 1);
  return entry !== undefined && 'originalSource' in entry
    ? { file: basename(entry.originalSource), line: entry.originalLine + 1, function: name }
    : { file: basename(file), line, function: name };
}
