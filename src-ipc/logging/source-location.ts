/** Where in the program a log line comes from, for -logsourcelocations and -logratelimit. */
import { readFileSync } from 'node:fs';
import { findSourceMap, SourceMap } from 'node:module';
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
  /** All of this but the function in one text, to tell places apart. */
  readonly place: string;
}

/** How many places of the stack are looked at: as a rule the caller is next to the log. Each one costs. */
const STACK_DEPTHS = [4, 10];

/** Functions that only pass a line on to the log. */
const forwarding = /^(?:(?:Object|FileLog)\.)?(?:info|warning|warn|error|debug|trace|log|#add)$/;
/** Source maps of bundled programs, by file; undefined where there is none. */
const maps = new Map<string, SourceMap | undefined>();

function sourceMapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, findSourceMap(file) ?? readSourceMap(file));
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

/** Places met so far, by file and position; undefined for those that only pass a line on. */
const callers = new Map<string, Map<number, CallerFrame | undefined>>();

/** A place as a stack has it: function, file and position; undefined when it tells no file. */
function parseFrame(text: string): CallerFrame | undefined {
  const match = /^(?:(.*?) \()?([^()]*?):(\d+):(\d+)\)?$/.exec(text);
  if (match === null) return undefined;
  const [, call = '', place = '', line = '1', column = '1'] = match;
  const name = call.replace(/^(?:async |new )+/, '').replace(/ \[as .*\]$/, '').replaceAll(' ', '');
  let file = place.replace(/^async /, '');
  try {
    if (file.startsWith('file:')) file = fileURLToPath(file);
  } catch {
    // Shown as it is.
  }
  return { file, line: Number(line), column: Number(column), function: name === '' ? 'anonymous' : name, place: `${file}:${line}:${column}` };
}

/** The place as a caller of the log; undefined when it only passes a line on, or tells no file. */
function callerAt(site: NodeJS.CallSite): CallerFrame | undefined {
  const [file, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  if (file === null || line === null || column === null) return undefined;
  let places = callers.get(file);
  if (places === undefined) callers.set(file, (places = new Map()));
  const position = line * 2 ** 20 + column;
  const known = places.get(position);
  if (known !== undefined || places.has(position)) return known;
  const frame = parseFrame(String(site));
  const caller = frame !== undefined && forwarding.test(frame.function) ? undefined : frame;
  places.set(position, caller);
  return caller;
}

/** The first place above the log that does more than pass a line on; undefined when the stack does not tell. */
export function callerFrame(): CallerFrame | undefined {
  for (const depth of STACK_DEPTHS) {
    for (const site of callSites(depth)) {
      const frame = callerAt(site);
      if (frame !== undefined) return frame;
    }
  }
  return undefined;
}

/** The innermost places of the stack above `callerFrame`, not put into words: that takes longest. */
function callSites(depth: number): readonly NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  let found: readonly NodeJS.CallSite[] = [];
  Error.stackTraceLimit = depth;
  Error.prepareStackTrace = (_error, sites) => (found = sites);
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace(holder, callerFrame);
  // Looking at it is what makes it.
  void holder.stack;
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
  return found;
}

/** The place in the source behind one in a bundle. */
export function sourceOf({ file, line, column, function: name }: CallerFrame): SourceLocation {
  const entry = sourceMapOf(file)?.findEntry(line - 1, column - 1);
  return entry !== undefined && 'originalSource' in entry
    ? { file: basename(entry.originalSource), line: entry.originalLine + 1, function: name }
    : { file: basename(file), line, function: name };
}
