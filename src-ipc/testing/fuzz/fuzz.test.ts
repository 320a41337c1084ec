import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { attempt, watchStrayErrors } from './attempt.js';
import { readInputs, REGRESSIONS } from './corpus.js';
import { Coverage } from './coverage.js';
import { decodeConversation, encodeConversation } from './input.js';
import { minimise } from './minimise.js';
import { Search } from './search.js';
import { seeds } from './seeds.js';
import { targetNames } from './targets.js';

/* A short walk of the fuzzer (`npm run fuzz` takes longer ones), and every input that broke something once. */

/** Inputs of the short walk. */
const SHORT_WALK = 5000;

for (const { target, name } of readInputs(REGRESSIONS)) {
  test(`${name} does no harm`, () => {
    const once = fileURLToPath(new URL('once.ts', import.meta.url));
    const options = ['--max-old-space-size=256', '--import', 'tsx', once, target, join(REGRESSIONS, name)];
    const { status, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8', timeout: 60_000 });
    assert.equal(status, 0, stderr);
  });
}

test('a short walk through frames, content and conversations finds nothing', async (t) => {
  const seed = Number(process.env['BULKHEAD_SEED'] ?? 1);
  t.diagnostic(`BULKHEAD_SEED=${seed} repeats these choices`);
  watchStrayErrors();
  const coverage = new Coverage((url) => url.includes('/src-ipc/') && !url.includes('/testing/'));
  t.after(() => coverage.stop());
  let kept = 0;
  const search = new Search(seed, coverage, {
    running: () => undefined,
    kept: () => void kept++,
    failed: (target, input, { message }) => {
      return Promise.reject(new assert.AssertionError({ message: `${target} ${Buffer.from(input).toString('base64')}\n${message}` }));
    },
  });
  const first = await seeds();
  for (const target of targetNames) for (const input of first[target]) await search.begin(target, input);
  coverage.hasGrown();
  const before = coverage.functions;
  while (search.runs < SHORT_WALK) await search.step();
  assert.ok(kept > 20 && coverage.functions > before, `${kept} inputs kept, ${coverage.functions - before} functions reached by them alone`);
});

test('what a peer leaves unhandled is noticed, and an input is shortened to what matters', async () => {
  assert.match((await attempt('content', undefined as never))?.message ?? '', /TypeError/);
  const frame = (mark: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, mark, 0, 0, 0, 0, 0, 0, 0);
  const long = encodeConversation({ isCaller: true, breaksOff: false, cut: 0, frames: Array.from({ length: 50 }, (_, i) => frame(i)) });
  const marks = (input: Uint8Array): number[] => decodeConversation(input).frames.map((bytes) => bytes[8] ?? 0);
  const short = await minimise('conversation', long, 1000, (input) => Promise.resolve(marks(input).includes(7) && marks(input).includes(31)));
  assert.deepEqual(marks(short), [7, 31]);
});
