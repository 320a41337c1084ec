import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import { withSignal } from '../call-scope.js';
import { socketPair } from '../capnp/transport/testing-sockets.js';
import { connectInit, type InitConnection } from '../connect.js';
import { serveInit } from '../serve.js';
import type { SessionOptions } from '../session-options.js';
import { implement, initWith, settle } from './testing/pair.js';

const MIB = 1024 * 1024;
const TEXT = 'x'.repeat(MIB);

interface Stalling extends InitConnection {
  readonly echo: Echo;
  readonly socket: Socket;
  /** How many calls have arrived. */
  arrived(): number;
  /** The peer stops reading, or goes on. */
  stall(): void;
  resume(): void;
}

/** An Echo of a peer whose reading can be stopped. */
async function stallingEcho(t: Parameters<typeof socketPair>[0], options: SessionOptions): Promise<Stalling> {
  const [near, far] = await socketPair(t);
  let arrived = 0;
  const echo = implement<Echo>({
    echo: (text) => {
      arrived++;
      return Promise.resolve(text.slice(0, 8));
    },
  });
  serveInit(initWith({ makeEcho: () => Promise.resolve(echo) }), far);
  const connection = await connectInit(near, options);
  const remote = await connection.init.makeEcho();
  assert.ok(remote !== undefined);
  return { ...connection, echo: remote, socket: near, arrived: () => arrived, stall: () => void far.pause(), resume: () => void far.resume() };
}

test('calls to a peer that does not read wait, hold no memory, and go on when it reads again', { timeout: 60_000 }, async (t) => {
  const { echo, socket, arrived, stall, resume, close } = await stallingEcho(t, { limits: { queuedBytes: 4 * MIB } });
  stall();
  const before = process.memoryUsage().arrayBuffers;
  let answered = 0;
  const calls = Array.from({ length: 300 }, (_, n) => echo.echo(`${String(n).padStart(8)}${TEXT}`).then((text) => (answered++, text)));
  let mostQueued = 0;
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 4));
    mostQueued = Math.max(mostQueued, socket.writableLength);
  }
  // The limit, and the one message that went over it.
  assert.ok(mostQueued <= 6 * MIB, `${mostQueued} bytes queued`);
  const held = process.memoryUsage().arrayBuffers - before;
  assert.ok(held < 40 * MIB, `${held} bytes held`);
  assert.deepEqual([answered, arrived()], [0, 0]);
  resume();
  const texts = await Promise.all(calls);
  assert.deepEqual(texts, texts.map((_, n) => String(n).padStart(8)));
  assert.ok(mostQueued > MIB);
  close();
});

test('a call that waits for room can be given up; the others keep their turn', { timeout: 60_000 }, async (t) => {
  const { echo, arrived, stall, resume, close } = await stallingEcho(t, { limits: { queuedBytes: MIB } });
  stall();
  const stop = new AbortController();
  const first = [1, 2, 3, 4].map(() => echo.echo(TEXT));
  await settle();
  const givenUp = withSignal(stop.signal, () => echo.echo('given up'));
  const last = echo.echo('last');
  stop.abort();
  await assert.rejects(givenUp, { name: 'AbortError' });
  resume();
  assert.equal(await last, 'last');
  await Promise.all(first);
  assert.equal(arrived(), 5);
  close();
});

test('calls that wait for room fail with the connection, and more than the limit at once', { timeout: 60_000 }, async (t) => {
  const { echo, stall, close } = await stallingEcho(t, { limits: { queuedBytes: MIB, overflowBytes: MIB, questions: 20 } });
  stall();
  const calls = Array.from({ length: 30 }, () => echo.echo(TEXT).catch((error: unknown) => error));
  await settle();
  const settled = await Promise.all(calls.map((call) => Promise.race([call, Promise.resolve('waiting')])));
  const refused = settled.filter((outcome) => outcome !== 'waiting');
  assert.ok(refused.length >= 10 && refused.length < 20, `${refused.length} refused`);
  for (const error of refused) assert.match(String(error), /overflowBytes: 1048576 allowed|questions: 20 allowed/);
  close();
  const ends = await Promise.all(calls);
  const disconnected = ends.filter((error) => error instanceof Error && 'code' in error && error.code === 'disconnected');
  assert.equal(disconnected.length + refused.length, 30);
});

test('what there is no room to wait for fails, and overtakes nothing', { timeout: 60_000 }, async (t) => {
  const { echo, stall, resume, close } = await stallingEcho(t, { limits: { queuedBytes: MIB, questions: 10 } });
  stall();
  const answered: string[] = [];
  const calls = Array.from({ length: 20 }, (_, n) => echo.echo(`${String(n).padStart(8)}${TEXT}`).then((text) => answered.push(text), (error: unknown) => error));
  await settle();
  resume();
  const outcomes = await Promise.all(calls);
  const refused = outcomes.filter((outcome) => outcome instanceof Error);
  assert.equal(refused.length + answered.length, 20);
  assert.ok(refused.length >= 10, `${refused.length} refused`);
  for (const error of refused) assert.match(String(error), /questions: 10 allowed/);
  assert.deepEqual(answered.map(Number), answered.map((_, n) => n));
  close();
});

test('calls that are given up while they wait for room leave their places to others', { timeout: 60_000 }, async (t) => {
  const { echo, arrived, stall, resume, close } = await stallingEcho(t, { limits: { queuedBytes: MIB, questions: 10 } });
  stall();
  const first = [1, 2, 3].map(() => echo.echo(TEXT));
  await settle();
  const before = arrived();
  for (let round = 0; round < 5; round++) {
    const givenUp = [1, 2, 3, 4].map(() => withSignal(AbortSignal.timeout(1), () => echo.echo('given up')));
    for (const call of givenUp) await assert.rejects(call, { name: 'TimeoutError' });
  }
  const last = echo.echo('last');
  resume();
  assert.equal(await last, 'last');
  await Promise.all(first);
  assert.equal(arrived() - before, 4);
  close();
});
