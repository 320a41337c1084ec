import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { initBody } from '../rpc/call-messages.js';
import { Connection } from '../rpc/connection.js';
import { RpcError } from '../rpc/error.js';
import { MESSAGE_TAG } from '../rpc/rpc-schema.js';
import { call, finish, settle } from '../rpc/testing.js';
import { encodeFrame } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import { StreamTransport } from './stream.js';
import { socketPair } from './testing-sockets.js';

/* What a peer has said before it could not be written to any more. */

function frame(tag: number, build: (body: ReturnType<typeof initBody>) => void): Uint8Array {
  const message = new MessageBuilder();
  build(initBody(message, tag, { dataWords: 2, pointers: 2 }));
  return encodeFrame(message);
}

const ABORT = frame(MESSAGE_TAG.abort, (body) => body.setText(0, 'enough'));
/** The answer of question 1, with no results. */
const RETURN = frame(MESSAGE_TAG.return, (body) => {
  body.setUint32(0, 1);
  body.initStruct(0, { dataWords: 0, pointers: 2 });
});

/** The kinds of socket that a connection may be on, and the other end. */
const ENDS: Record<string, (t: TestContext) => Promise<[Socket, Socket]>> = {
  'a socket that connected': socketPair,
  'a socket that was accepted': async (t) => (await socketPair(t)).reverse() as [Socket, Socket],
};

/**
 * In the one turn in which what is sent is written before what arrives is read: the loop looks for bytes, then runs what
 * `setImmediate` was told.
 */
async function beforeReading(): Promise<void> {
  await stat('.');
}

for (const [what, connect] of Object.entries(ENDS)) {
  test(`${what} and cannot be written to has the peer's reason, which it had not read yet`, async (t) => {
    const [own, peer] = await connect(t);
    const connection = new Connection(new StreamTransport(own));
    const root = connection.bootstrap();
    await beforeReading();
    const pending = call(root, 0);
    peer.write(ABORT);
    peer.destroy();
    await assert.rejects(pending.results, { kind: 'disconnected' });
    const { reason, error } = await connection.closed;
    assert.deepEqual([reason, error.message], ['error', 'Peer aborted the connection: enough']);
  });

  test(`${what} and cannot be written to has the answers that were on their way, and ends for the reason it has`, async (t) => {
    const [own, peer] = await connect(t);
    const connection = new Connection(new StreamTransport(own));
    const root = connection.bootstrap();
    const first = call(root, 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await beforeReading();
    const second = call(root, 0);
    peer.write(RETURN);
    peer.destroy();
    await finish(first);
    await assert.rejects(second.results, { kind: 'disconnected' });
    const { reason, error } = await connection.closed;
    assert.deepEqual([reason, error.cause instanceof Error], ['error', true]);
    assert.match(error.message, /^write (EPIPE|ECONNRESET)$/);
  });
}

test('a call that cannot be written any more fails at once, while answers to earlier ones are still read', { timeout: 10_000 }, async () => {
  let writes = 0;
  const own = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done(++writes === 1 ? undefined : new Error('write EPIPE'));
    },
  });
  const connection = new Connection(new StreamTransport(own));
  const root = connection.bootstrap();
  const first = call(root, 0);
  await settle();
  const unwritten = call(root, 0);
  await settle();
  assert.equal(writes, 2);
  for (const later of [call(root, 0), call(connection.bootstrap(), 0)]) await assert.rejects(later.results, (error: RpcError) => error.kind === 'disconnected' && error.cause instanceof Error && error.cause.message === 'write EPIPE');
  assert.equal(connection.isClosed, false);
  own.push(RETURN);
  await finish(first);
  assert.equal(connection.isClosed, false);
  own.push(null);
  await assert.rejects(unwritten.results, { kind: 'disconnected' });
  assert.equal((await connection.closed).error.message, 'write EPIPE');
});

test('calls that wait for room when it turns out that nothing can be written any more fail then', { timeout: 10_000 }, async () => {
  let fail = (): void => {};
  const own = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      fail = () => done(new Error('write EPIPE'));
    },
  });
  const connection = new Connection(new StreamTransport(own), { limits: { queuedBytes: 1000 } });
  const root = connection.bootstrap();
  const large = call(root, 0, { text: 'x'.repeat(2000) });
  await settle();
  assert.equal(connection.isWritable, false);
  const waiting = new Promise<RpcError | undefined>((resolve) => connection.whenWritable(() => call(root, 0).results.catch(resolve)));
  fail();
  assert.equal((await waiting)?.kind, 'disconnected');
  assert.equal(connection.isClosed, false);
  own.push(null);
  await assert.rejects(large.results, { kind: 'disconnected' });
});

test('a peer that does not read goes on sending in vain', { timeout: 10_000 }, async () => {
  let writes = 0;
  const unknown = frame(10, () => {});
  const own = new Duplex({
    read() {
      setImmediate(() => this.push(unknown));
    },
    write(_chunk, _encoding, done) {
      writes++;
      done(new Error('write EPIPE'));
    },
  });
  const connection = new Connection(new StreamTransport(own));
  const pending = call(connection.bootstrap(), 0);
  await assert.rejects(pending.results, RpcError);
  const { reason, error } = await connection.closed;
  assert.deepEqual([reason, error.message], ['error', 'write EPIPE']);
  // Its messages of a kind that does not exist are not answered, nor are later calls written.
  assert.equal(writes, 1);
  assert.equal(own.destroyed, true);
});
