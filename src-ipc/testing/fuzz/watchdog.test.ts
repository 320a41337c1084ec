import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { processorTime } from '../processor-time.js';
import { Watchdog } from './watchdog.js';

/** A program that says "ready", and then runs some code. */
async function start(t: TestContext, code: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', `process.stdout.write('ready'); ${code}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  return child;
}

test('a process that works without a word is ended, and so is one that only waits', { timeout: 60_000 }, async (t) => {
  for (const [code, silence] of [
    ['for (;;);', { busyMs: 300, idleMs: 50_000 }],
    ['process.stdin.resume()', { busyMs: 2000, idleMs: 300 }],
  ] as const) {
    const child = await start(t, code);
    const watchdog = new Watchdog(child, silence);
    assert.deepEqual(await once(child, 'close'), [null, 'SIGKILL'], code);
    assert.equal(watchdog.hasBitten, true);
  }
});

test('a process that is kept from running is not taken for one that hangs', { timeout: 60_000 }, async (t) => {
  const child = await start(t, 'process.stdin.once("data", () => process.exit(3))');
  const watchdog = new Watchdog(child, { busyMs: 100, idleMs: 50_000 });
  watchdog.heard();
  child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill('SIGCONT');
  child.stdin?.write('go on');
  assert.deepEqual(await once(child, 'close'), [3, null]);
  assert.equal(watchdog.hasBitten, false);
});

test('a process that tells how it goes on may work for as long as it likes', { timeout: 60_000 }, async (t) => {
  const child = await start(t, 'for (;;);');
  const watchdog = new Watchdog(child, { busyMs: 1000, idleMs: 50_000 });
  assert.ok(child.pid !== undefined);
  const begun = processorTime(child.pid);
  while (processorTime(child.pid) < begun + 2500) {
    watchdog.heard();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(watchdog.hasBitten, false);
  assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
});
