import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { Connection } from '../rpc/connection.js';
import { call, finish, method, Probe, SIZE } from '../rpc/testing.js';
import { encodeFrame } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import { StreamTransport } from './stream.js';
import { socketPair } from './testing-sockets.js';

const SERVER = new Probe({ 0: (p) => ({ n: p.getInt32(0), text: p.getText(0) }), 1: () => new Promise(() => {}) });

test('calls over a socket, small and large, many at once', async (t) => {
  const [left, right] = await socketPair(t);
  const client = new Connection(new StreamTransport(left));
  const server = new Connection(new StreamTransport(right), { bootstrap: SERVER });
  const root = client.bootstrap();
  const large = 'x'.repeat(3 * 1024 * 1024);
  const answers = await Promise.all([...Array(200).keys()].map((n) => finish(call(root, 0, { n, text: n % 50 === 0 ? large : `t${n}` }))));
  answers.forEach((answer, n) => {
    assert.equal(answer.n, n);
    assert.equal(answer.text, n % 50 === 0 ? large : `t${n}`);
  });
  const sixty = 'y'.repeat(60 * 1024 * 1024);
  assert.equal((await finish(call(root, 0, { text: sixty }))).text.length, sixty.length);
  root.dispose();
  client.close();
  assert.equal((await server.closed).reason, 'eof');
});

test('many large calls at once do not keep their own answers from being read', { timeout: 30_000 }, async (t) => {
  const [left, right] = await socketPair(t);
  const client = new Connection(new StreamTransport(left));
  const server = new Connection(new StreamTransport(right), { bootstrap: SERVER });
  const root = client.bootstrap();
  // More than either side takes in before it stops reading, in both directions at once.
  const text = 'w'.repeat(1024 * 1024);
  const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => finish(call(root, 0, { n, text }))));
  assert.deepEqual(answers.map(({ n, text: { length } }) => [n, length]), answers.map((_, n) => [n, text.length]));
  root.dispose();
  client.close();
  await server.closed;
});

test('large calls and answers that share used buffers do not get into each other', { timeout: 60_000 }, async (t) => {
  const [left, right] = await socketPair(t);
  const client = new Connection(new StreamTransport(left));
  const slow = new Probe({
    0: async (p) => {
      const [n, text] = [p.getInt32(0), p.getText(0)];
      // Answers come in another order than calls, while later calls are arriving.
      if (n % 3 === 0) await new Promise((resolve) => setTimeout(resolve, n % 7));
      // The parameters are still there.
      assert.equal(p.getText(0), text);
      return { n, text };
    },
  });
  const server = new Connection(new StreamTransport(right), { bootstrap: slow });
  const root = client.bootstrap();
  const letter = (n: number): string => String.fromCharCode(97 + (n % 26));
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const pending = call(root, 0, { n, text: letter(n + round).repeat(200_000 + n * 20_000) });
        if (n % 10 === 9) pending.cancel(new Error('given up'));
        return n % 10 === 9 ? undefined : finish(pending);
      }),
    );
    answers.forEach((answer, n) => {
      if (answer === undefined) return;
      assert.equal(answer.n, n);
      assert.equal(answer.text, letter(n + round).repeat(200_000 + n * 20_000));
    });
  }
  root.dispose();
  client.close();
  await server.closed;
});

test('bytes may arrive one at a time', async (t) => {
  const [left, right] = await socketPair(t);
  const client = new Connection(new StreamTransport(left));
  // The server sees the same stream, cut up as finely as can be.
  const trickle = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      right.write(chunk, () => done());
    },
  });
  right.on('data', (chunk: Buffer) => {
    for (const byte of chunk) trickle.push(Buffer.of(byte));
  });
  new Connection(new StreamTransport(trickle), { bootstrap: SERVER });
  const root = client.bootstrap();
  for (let n = 0; n < 5; n++) assert.equal((await finish(call(root, 0, { n, text: 'slowly' }))).text, 'slowly');
  client.close();
});

test('what is sent in one turn is written together', async (t) => {
  const [left, right] = await socketPair(t);
  new Connection(new StreamTransport(right), { bootstrap: SERVER });
  let writes = 0;
  const write = left.write.bind(left);
  left.write = ((...args: Parameters<typeof write>) => {
    writes++;
    return write(...args);
  }) as typeof left.write;
  const client = new Connection(new StreamTransport(left));
  const root = client.bootstrap();
  await finish(call(root, 0));
  writes = 0;
  await Promise.all(Array.from({ length: 50 }, (_, n) => finish(call(root, 0, { n }))));
  // One for the calls; the Finish messages go out with the turns their Returns come in.
  assert.ok(writes <= 10, `${writes} writes`);
  client.close();
});

test('a connection that ends in the middle of a message says so', async (t) => {
  const [left, right] = await socketPair(t);
  const connection = new Connection(new StreamTransport(right));
  const message = new MessageBuilder();
  message.initRoot(SIZE);
  left.end(encodeFrame(message).subarray(0, 20));
  const end = await connection.closed;
  assert.deepEqual([end.reason, end.error.message], ['error', 'Connection ended in the middle of a message.']);
});

test('the reason of an abort still reaches the peer', async (t) => {
  const [left, right] = await socketPair(t);
  const client = new Connection(new StreamTransport(left));
  const server = new Connection(new StreamTransport(right), { bootstrap: SERVER });
  const pending = call(client.bootstrap(), 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  server.close(new Error('out of order'));
  await assert.rejects(pending.results, { kind: 'disconnected' });
  assert.equal((await client.closed).error.message, 'Peer aborted the connection: out of order');
});

test('a socket that breaks fails the calls', async (t) => {
  const [left, right] = await socketPair(t);
  const client = new Connection(new StreamTransport(left));
  new Connection(new StreamTransport(right), { bootstrap: SERVER });
  const pending = call(client.bootstrap(), 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  right.destroy();
  await assert.rejects(pending.results, { kind: 'disconnected', message: 'IPC client method call interrupted by disconnect.' });
});

test('calls that do not wait for room fail before memory runs out', async (t) => {
  const [left, right] = await socketPair(t);
  right.pause();
  const client = new Connection(new StreamTransport(left), { limits: { overflowBytes: 8 * 1024 * 1024 } });
  const root = client.bootstrap();
  const text = 'z'.repeat(1024 * 1024);
  const calls = Array.from({ length: 40 }, () => root.call(method(0), SIZE, (params) => params.setText(0, text)));
  const settled = await Promise.all(calls.map((pending) => Promise.race([pending.results.catch((error: unknown) => error), new Promise((resolve) => setImmediate(() => resolve('waiting')))])));
  const refused = settled.filter((result) => result !== 'waiting');
  assert.ok(refused.length >= 30, `${refused.length} refused`);
  for (const error of refused) assert.match(String(error), /Too many bytes are waiting to be sent \(overflowBytes: 8388608 allowed\)/);
  client.close();
});

test('a peer that asks without reading the answers is not read from', async (t) => {
  const [left, right] = await socketPair(t);
  const text = 'a'.repeat(1024 * 1024);
  let served = 0;
  const server = new Connection(new StreamTransport(right), {
    bootstrap: new Probe({
      0: () => {
        served++;
        return { text };
      },
    }),
  });
  // The client's own transport reads; so the raw bytes of many calls are sent by hand.
  const frames: Uint8Array[] = [];
  const recorder = new Connection({ queuedBytes: 0, writeFailure: undefined, start: () => {}, close: () => {}, send: (message) => frames.push(encodeFrame(message)) });
  const root = recorder.bootstrap();
  for (let i = 0; i < 400; i++) void call(root, 0, { text: 'b'.repeat(2000) });
  left.pause();
  left.write(Buffer.concat(frames));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(served < 400, `${served} calls served`);
  assert.equal(server.isClosed, false);
  server.close();
});
