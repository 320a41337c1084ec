/** Spawned processes as they are on every system. Also run on Windows' own Node.js: e2e/daemons/windows.test.ts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Connection } from '../capnp/rpc/connection.js';
import { call, finish } from '../capnp/rpc/testing.js';
import { StreamTransport } from '../capnp/transport/stream.js';
import { spawnProcess, type SpawnedProcess } from './index.js';
import { testingProgram } from './testing-program.js';

async function start(log: string[] = []): Promise<{ child: SpawnedProcess; connection: Connection }> {
  const child = await spawnProcess(testingProgram('testing-child'), { name: 'probe', log: (line) => log.push(line) });
  return { child, connection: new Connection(new StreamTransport(child.socket)) };
}

test('a spawned process serves its parent and exits with 0 when the parent hangs up', async () => {
  const log: string[] = [];
  const { child, connection } = await start(log);
  const root = connection.bootstrap();
  const answer = await finish(call(root, 0, { text: 'over the pair' }));
  assert.deepEqual([answer.n, answer.text], [child.pid, 'over the pair']);
  if (process.platform === 'linux') {
    assert.match(readFileSync(`/proc/${child.pid}/cmdline`, 'latin1').replaceAll('\0', ' '), /^probe -ipcfd 3 *$/);
  }
  root.dispose();
  connection.close();
  assert.deepEqual(await child.exited, { code: 0, signal: null, waitStatus: 0 });
  assert.deepEqual(log, [`Process probe pid ${child.pid} launched`, `Process probe pid ${child.pid} exited with status 0`]);
});

test('a child reads and writes at once', async () => {
  const { child, connection } = await start();
  const root = connection.bootstrap();
  const texts = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(1 << 20));
  const answers = await Promise.all(texts.map((text) => finish(call(root, 0, { text }))));
  assert.ok(answers.every(({ text }, i) => text === texts[i]));
  connection.close();
  assert.equal((await child.exited).code, 0);
});

test('a killed child fails the calls under way', async () => {
  const { child, connection } = await start();
  const root = connection.bootstrap();
  await finish(call(root, 0));
  const pending = call(root, 1);
  child.kill('SIGKILL');
  await assert.rejects(pending.results, { kind: 'disconnected', message: 'IPC client method call interrupted by disconnect.' });
  const status = await child.exited;
  assert.deepEqual([status.signal, status.waitStatus], ['SIGKILL', 9]);
  await assert.rejects(finish(call(root, 0)), { kind: 'disconnected', message: 'IPC client method called after disconnect.' });
});

test('a program that cannot be started is reported', async () => {
  await assert.rejects(spawnProcess({ command: '/nonexistent/probe' }, { name: 'probe' }), { code: 'spawn-failed', message: 'Unable to start probe: No such file or directory' });
});
