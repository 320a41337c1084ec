/** Where in the program a log line comes from, for -logsourcelocations. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceLocation } from './log-format.js';

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

/** The first place above the log that does more than pass a line on; undefined when the stack does not tell. */
export function callerLocation(): SourceLocation | undefined {
  const frames = new Error().stack?.split('\n').slice(2) ?? [];
  for (const frame of frames) {
    const match = /at (?:(?:async )?(\S+) (?:\[as \S+\] )?\()?(?:file:\/\/)?(.*?):(\d+):(\d+)\)?$/.exec(frame);
    if (match === null) return undefined;
    const [, name = 'anonymous', file = '', lineText = '1', columnText = '1'] = match;
    if (forwarding.test(name)) continue;
    const path = frame.includes('file://') ? fileURLToPath(`file://${file}`) : file;
    const [line, column] = [Number(lineText), Number(columnText)];
    const entry = sourceMapOf(path)?.findEntry(line - 1, column - 1);
    const isMapped = entry !== undefined && 'originalSource' in entry;
    return isMapped
      ? { file: basename(entry.originalSource), line: entry.originalLine + 1, function: name }
      : { file: basename(path), line, function: name };
  }
  return undefined;
}
