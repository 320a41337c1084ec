/** A child's input and output as one stream. Also run on Windows' own Node.js: e2e/daemons/windows.test.ts. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ChildStream } from './child-stream.js';

/** A program that runs until its input ends, or does what is asked of it. */
function start(t: TestContext, program: string): { readonly child: ChildProcessWithoutNullStreams; readonly stream: ChildStream; readonly exited: Promise<unknown> } {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  return { child, stream: new ChildStream(child), exited };
}

const COPY = 'process.stdin.pipe(process.stdout)';

test('what is written comes back, whole and in order; its end ends the child, and that the stream', async (t) => {
  const { stream, exited } = start(t, COPY);
  const parts = Array.from({ length: 64 }, (_, i) => Buffer.alloc(i * 4096 + 1, i));
  const closed = once(stream, 'close');
  let writtenParts = 0;
  parts.forEach((part, i) => {
    if (i % 8 === 0) stream.cork();
    stream.write(part, () => writtenParts++);
    if (i % 8 === 7) stream.uncork();
  });
  stream.end();
  const back: Buffer[] = [];
  for await (const bytes of stream) back.push(bytes as Buffer);
  assert.ok(Buffer.concat(back).equals(Buffer.concat(parts)));
  assert.equal(writtenParts, parts.length);
  assert.deepEqual(await exited, [0, null]);
  await closed;
});

test('a child that does not read holds up who writes, and one that is not read is held up', async (t) => {
  const { stream } = start(t, 'setInterval(() => {}, 1000)');
  let written = 0;
  for (let i = 0; i < 64; i++) stream.write(Buffer.alloc(1 << 16), (error) => void (error ?? written++));
  await pause(300);
  assert.ok(written < 32, `${written} of 64 parts were written to nobody`);
  stream.destroy();

  const { stream: unread } = start(t, 'const part = Buffer.alloc(1 << 16); (function more() { process.stdout.write(part, more); })()');
  await once(unread, 'readable');
  await pause(300);
  assert.ok(unread.readableLength < 1 << 20, `${unread.readableLength} bytes that nobody reads`);
  unread.destroy();
});

test('a child that ends is the end of the stream; one whose stream is destroyed sees the end of its input', async (t) => {
  const { stream: short } = start(t, 'process.stdout.write("bye"); process.stdin.destroy()');
  let said = '';
  for await (const bytes of short.setEncoding('utf8')) said += String(bytes);
  assert.equal(said, 'bye');

  const { stream, exited } = start(t, COPY);
  const closed = once(stream, 'close');
  stream.destroy();
  await closed;
  assert.deepEqual(await exited, [0, null]);
});

test('a child that is killed closes the stream, also while it is written to', async (t) => {
  const { child, stream, exited } = start(t, COPY);
  stream.on('error', () => {});
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  const write = (): void => {
    if (!stream.destroyed) stream.write(Buffer.alloc(1 << 16), () => setImmediate(write));
  };
  write();
  stream.resume();
  child.kill('SIGKILL');
  await exited;
  await closed;
});
