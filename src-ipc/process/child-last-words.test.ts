/** A child that closes what it reads and goes on, as no process of Windows can. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { onWriteFailure } from '../capnp/transport/write-failure.js';
import { ChildStream } from './child-stream.js';

async function startDeaf(t: TestContext, program: string): Promise<ChildStream> {
  const child = spawn(process.execPath, ['-e', `require("fs").closeSync(0); process.stderr.write("deaf"); ${program}`], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stderr, 'data');
  return new ChildStream(child);
}

test('what a child says is still read when it cannot be written to any more', { timeout: 30_000 }, async (t) => {
  const stream = await startDeaf(t, 'setTimeout(() => process.stdout.write("bye"), 300)');
  const failed = new Promise<Error>((resolve) => onWriteFailure(stream, resolve));
  stream.write('hello');
  assert.match((await failed).message, /EPIPE|EOF/);
  let said = '';
  for await (const bytes of stream.setEncoding('utf8')) said += String(bytes);
  assert.equal(said, 'bye');

  const plain = await startDeaf(t, 'setInterval(() => {}, 1000)');
  const broken = once(plain, 'error');
  plain.write('hello');
  const [error] = await broken;
  assert.match(String(error), /EPIPE|EOF/, 'who does not ask for that has the stream end with the error');
  assert.equal(plain.destroyed, true);
});
