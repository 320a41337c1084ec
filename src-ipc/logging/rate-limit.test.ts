import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { FileLog } from './file-log.js';
import { applyLogLevels, logDestination } from './logging-options.js';
import { defaultRateLimits, RateLimit, type RateLimits } from './rate-limit.js';

interface OpenLog {
  readonly log: FileLog;
  /** What everybody else sees of it. */
  readonly shown: string[];
  /** The file's lines. */
  written(): string[];
}

function openLog(t: TestContext, rateLimits: RateLimits, values: Record<string, string[]> = {}): OpenLog {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const log = new FileLog({ mockTime: () => 0, threadName: 'main', rateLimits });
  t.after(() => log.close());
  const settings = emptySettings();
  for (const [name, list] of Object.entries({ logtimestamps: ['0'], ...values })) settings.commandLine.set(name, list);
  const options = new OptionValues(settings, undefined);
  applyLogLevels(log, options);
  log.open(logDestination(options, directory, '', false));
  const shown: string[] = [];
  log.listen((line) => shown.push(line.trimEnd()));
  const written = (): string[] => {
    log.flush();
    return readFileSync(join(directory, 'debug.log'), 'utf8').split('\n').slice(0, -1);
  };
  return { log, shown, written };
}

const hour = 3_600_000;

test('a place that writes too much is silent in the file, and nowhere else', (t) => {
  const { log, shown, written } = openLog(t, { bytes: 100, window: hour });
  const chatter = (text: string): void => log.warning(text);
  for (let i = 0; i < 20; i++) chatter('x'.repeat(19));
  log.info('another place');
  const excess =
    /^\[\*\] \[warning\] Excessive logging detected from rate-limit\.test\.ts:\d+ \(chatter\): >100 bytes logged during the last time window of 3600s\. Suppressing logging to disk from this source location until time window resets\. Console logging unaffected\. Last log entry\.$/;
  const line = `[warning] ${'x'.repeat(19)}`;
  const [first, second, third, notice = '', last, other, ...more] = written();
  assert.deepEqual([first, second, third, last, other, more], [line, line, line, `[*] ${line}`, '[*] another place', []]);
  assert.match(notice, excess);
  assert.equal(shown.length, 22);
  assert.equal(shown.filter((text) => text === `[*] ${line}`).length, 17);
});

test('errors count, debug lines and those without limit do not', (t) => {
  const { log, written } = openLog(t, { bytes: 50, window: hour }, { debug: ['net'] });
  for (let i = 0; i < 20; i++) {
    log.debug('net', 'from a category');
    log.info('as often as there are blocks', 'unlimited');
    log.error('something fails');
  }
  const lines = written();
  const count = (text: string): number => lines.filter((line) => line.endsWith(text)).length;
  assert.deepEqual([count('from a category'), count('as often as there are blocks'), count('something fails')], [20, 20, 3]);
});

test('when the window ends every place may write again, and is told what is missing', async (t) => {
  const { log, written } = openLog(t, { bytes: 20, window: 150 });
  const chatter = (): void => log.info('0123456789');
  for (let i = 0; i < 5; i++) chatter();
  assert.equal(written().filter((line) => line.endsWith('0123456789')).length, 2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  chatter();
  const lines = written();
  assert.match(lines.at(-2) ?? '', /^\[warning\] Restarting logging from rate-limit\.test\.ts:\d+ \(chatter\): 44 bytes were dropped during the last 0\.15s\.$/);
  assert.equal(lines.at(-1), '0123456789');
});

test('-logratelimit=0 sets no limit, and without it a place has 1 MiB an hour', (t) => {
  assert.deepEqual(defaultRateLimits, { bytes: 1_048_576, window: hour });
  const { log, written } = openLog(t, { bytes: 20, window: hour }, { logratelimit: ['0'] });
  for (let i = 0; i < 100; i++) log.info('0123456789');
  assert.equal(written().length, 100);
});

test('a line that just fits is written, and the next is the last', () => {
  const limit = new RateLimit<string>({ bytes: 10, window: hour });
  assert.deepEqual([limit.take('a', 'A', 10), limit.suppresses], ['written', false]);
  assert.deepEqual([limit.take('b', 'B', 11), limit.suppresses], ['last', true]);
  assert.deepEqual([limit.take('b', 'B', 1), limit.take('a', 'A', 1), limit.take('a', 'A', 5)], ['dropped', 'last', 'dropped']);
  assert.deepEqual(limit.renew(), [{ place: 'A', dropped: 6 }, { place: 'B', dropped: 12 }]);
  assert.deepEqual([limit.suppresses, limit.take('b', 'B', 10), limit.renew()], [false, 'written', []]);
});
