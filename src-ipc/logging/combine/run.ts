/** Reads, merges and writes logs, once or for as long as they grow. */
import type { Writable } from 'node:stream';
import { lineTopics } from './log-line.js';
import { merge, type SourceLine } from './merge.js';
import { Presentation } from './presentation.js';
import type { LogsSettings } from './settings.js';

/** Milliseconds between looks at files that are followed. */
const period = 200;
/** Characters written at once. */
const batchSize = 1 << 15;

/**
 * Writes what the settings ask for until all is written or, when following, until the signal is aborted.
 * @throws LogFileError naming the file that cannot be read
 */
export async function showLogs(settings: LogsSettings, output: Writable, stop: AbortSignal): Promise<void> {
  const { sources, isFollowing, mayBeMissing } = settings;
  const presentation = new Presentation(sources.map(({ label }) => label), settings.isColoured);
  const isWanted = filter(settings);
  try {
    while (!stop.aborted) {
      let batch = '';
      for await (const line of merge(sources, !isFollowing, mayBeMissing)) {
        if (stop.aborted) return;
        if (!isWanted(line)) continue;
        batch += presentation.line(line);
        if (batch.length < batchSize) continue;
        await write(output, batch, stop);
        batch = '';
      }
      if (batch !== '') await write(output, batch, stop);
      if (!isFollowing) return;
      await pause(stop);
      for (const source of sources) await source.followFile();
    }
  } finally {
    for (const source of sources) await source.close();
  }
}

/** Says for each line whether it is shown; lines that go on an event share its fate. */
function filter({ since, topics }: LogsSettings): (line: SourceLine) => boolean {
  const decided = new Map<object, boolean>();
  return ({ source, line }) => {
    if (since !== undefined && line.time < since) return false;
    if (topics.length === 0) return true;
    if (!line.continues) {
      const own = lineTopics(line.text);
      decided.set(source, topics.some((topic) => own.includes(topic)));
    }
    return decided.get(source) ?? false;
  };
}

/** Writes and waits until the reader has caught up. */
function write(output: Writable, text: string, stop: AbortSignal): Promise<void> {
  if (output.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      output.off('drain', done);
      stop.removeEventListener('abort', done);
      resolve();
    };
    output.once('drain', done);
    stop.addEventListener('abort', done, { once: true });
  });
}

function pause(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, period);
    stop.addEventListener('abort', done, { once: true });
  });
}
