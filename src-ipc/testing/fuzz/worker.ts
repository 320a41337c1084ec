/** The process that does the fuzzing, for run.ts: it may hang or die, which is a result too. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { attempt, watchStrayErrors } from './attempt.js';
import { CORPUS, keepInput, readInputs, REGRESSIONS } from './corpus.js';
import { Coverage } from './coverage.js';
import { minimise } from './minimise.js';
import { Search } from './search.js';
import { seeds } from './seeds.js';
import { targetNames } from './targets.js';

/** What the worker tells: that it goes on, that it makes a slow input shorter, or what it found. */
export type Report =
  | { readonly kind: 'minimising' }
  | { readonly kind: 'progress'; readonly runs: number; readonly kept: number; readonly functions: number; readonly heapBytes: number }
  | { readonly kind: 'found'; readonly file: string; readonly message: string }
  | { readonly kind: 'grown'; readonly bytes: number };

/** Runs between two looks at the memory in use. */
const MEMORY_RUNS = 5000;

/** How much more memory than at the first look is too much, in bytes. */
const MOST_GROWTH = 48 * 1024 * 1024;

/** Milliseconds between reports of progress. */
const REPORT_MS = 500;

const [currentFile = '', seed = '1', until = '0'] = process.argv.slice(2);
const current = openSync(currentFile, 'w');
const tell = (report: Report): void => void process.send?.(report);
const seen = new Set<string>();

watchStrayErrors();
const coverage = new Coverage((url) => url.includes('/src-ipc/') && !url.includes('/testing/'));
const search = new Search(Number(seed), coverage, {
  running(target, input) {
    ftruncateSync(current);
    writeSync(current, Buffer.concat([Buffer.from(`${target}\n`), input]), 0, undefined, 0);
  },
  kept: (target, input) => void keepInput(CORPUS, target, input),
  async failed(target, input, failure) {
    if (seen.has(failure.key)) return;
    seen.add(failure.key);
    const isSlow = failure.key === 'slow';
    const short = await minimise(target, input, isSlow ? 60 : 3000, async (candidate) => {
      tell({ kind: 'minimising' });
      return (await attempt(target, candidate))?.key === failure.key;
    });
    tell({ kind: 'found', file: keepInput(REGRESSIONS, target, short), message: failure.message });
  },
});

/** Bytes in use after everything that can be freed is. */
async function memoryInUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const first = await seeds();
for (const target of targetNames) for (const input of first[target]) await search.begin(target, input);
for (const { target, input } of [...readInputs(CORPUS), ...readInputs(REGRESSIONS)]) await search.begin(target, input);
coverage.hasGrown();

let reported = 0;
let looked = search.runs;
let lowest: number | undefined;
let heapBytes = 0;
while (Date.now() < Number(until)) {
  await search.step();
  if (search.runs - looked >= MEMORY_RUNS) {
    looked = search.runs;
    // What the inputs kept take is no growth.
    heapBytes = (await memoryInUse()) - search.keptBytes;
    lowest ??= heapBytes;
    if (heapBytes > lowest + MOST_GROWTH) {
      tell({ kind: 'grown', bytes: heapBytes - lowest });
      lowest = heapBytes;
    }
  }
  if (Date.now() - reported < REPORT_MS) continue;
  reported = Date.now();
  tell({ kind: 'progress', runs: search.runs, kept: search.kept, functions: coverage.functions, heapBytes });
}
closeSync(current);
process.disconnect();
