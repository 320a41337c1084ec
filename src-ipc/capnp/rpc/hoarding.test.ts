import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { StreamTransport } from '../transport/stream.js';
import { socketPair } from '../transport/testing-sockets.js';
import { encodeFrame } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import { initBody } from './call-messages.js';
import { Connection } from './connection.js';
import type { ConnectionLimits } from './limits.js';
import { localCapability } from './local.js';
import { DESCRIPTOR_TAG, MESSAGE_TAG } from './rpc-schema.js';
import { call, connectPair, finish, Probe, settle } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { Capability } from './types.js';

/* Peers that ask and do not read, do not finish, or let what is kept for them pile up. */

const MIB = 1024 * 1024;

interface Flooded {
  readonly connection: Connection;
  /** Most bytes of memory it took. */
  readonly bytes: number;
  /** Most bytes that waited to be written. */
  readonly queued: number;
  readonly bytesRead: number;
}

/** Sends `again` over and over, without reading, for some seconds or until the connection ends. */
async function flood(t: TestContext, seconds: number, server: Probe, again: Uint8Array, limits: Partial<ConnectionLimits> = {}): Promise<Flooded> {
  const [left, right] = await socketPair(t);
  const before = process.memoryUsage().arrayBuffers;
  const transport = new StreamTransport(right);
  const connection = new Connection(transport, { bootstrap: server, limits });
  left.pause();
  left.on('error', () => {});
  left.write(BOOTSTRAP);
  const pump = (): void => void left.write(again, (error) => (error ? undefined : pump()));
  pump();
  let [bytes, queued] = [0, 0];
  for (let tenths = 0; tenths < seconds * 10 && !connection.isClosed; tenths++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    globalThis.gc?.();
    bytes = Math.max(bytes, process.memoryUsage().arrayBuffers - before);
    queued = Math.max(queued, transport.queuedBytes);
  }
  left.destroy();
  connection.close();
  return { bytes, queued, bytesRead: right.bytesRead, connection };
}

function frame(tag: number, size: { dataWords: number; pointers: number }, build: (body: ReturnType<typeof initBody>) => void): Uint8Array {
  const message = new MessageBuilder();
  build(initBody(message, tag, size));
  return encodeFrame(message);
}

const BOOTSTRAP = frame(MESSAGE_TAG.bootstrap, { dataWords: 1, pointers: 1 }, () => {});

/** A call of the bootstrap object, finished at once. */
function finishedCall(): Buffer {
  const asked = frame(MESSAGE_TAG.call, { dataWords: 3, pointers: 3 }, (body) => {
    body.setUint32(0, 1);
    const target = body.initStruct(0, { dataWords: 1, pointers: 1 });
    target.setUint16(4, 1);
    target.initStruct(0, { dataWords: 1, pointers: 1 });
  });
  return Buffer.concat([asked, frame(MESSAGE_TAG.finish, { dataWords: 1, pointers: 0 }, (body) => body.setUint32(0, 1))]);
}

for (const [what, isContent] of [['content', true], ['bytes that nothing points to', false]] as const) {
  test(`who sends ${what} of a kind that does not exist, and does not read that it does not, is not kept`, { timeout: 60_000 }, async (t) => {
    const unknown = frame(10, { dataWords: 1, pointers: 1 }, (body) => {
      if (isContent) body.setData(0, new Uint8Array(100_000));
      else body.message.allocate(12_500);
    });
    // Longer than reading stops for at most.
    const { bytes, bytesRead } = await flood(t, 3, new Probe(), unknown);
    if (isContent) assert.ok(bytesRead < 40 * MIB, `${bytesRead} bytes read`);
    assert.ok(bytes < 100 * MIB, `${bytes} bytes held`);
  });
}

test('who goes on calling without reading is not read from again and again, and is dropped in the end', { timeout: 60_000 }, async (t) => {
  const calls = Buffer.concat(Array.from({ length: 5000 }, finishedCall));
  const { queued, connection } = await flood(t, 30, new Probe(), calls, { overflowBytes: MIB });
  assert.ok(queued < 3 * MIB, `${queued} bytes queued`);
  assert.match((await connection.closed).error.message, /^Too many bytes are waiting to be sent \(overflowBytes: 1048576 allowed\)\.$/);
});

test('results with objects in them that are never finished are kept up to a limit', async () => {
  const object = new Probe();
  const results = new Probe({ 0: () => ({ text: 'r'.repeat(8000), cap: localCapability(object) }), 1: () => ({ text: 'r'.repeat(8000) }) });
  const peer = new RawPeer({ bootstrap: results, limits: { heldBytes: 50000 } });
  peer.bootstrap(0);
  for (let id = 1; id <= 10; id++) peer.call(id, { answer: 0 }, 0);
  const outcomes = (await peer.take()).filter(({ kind, body }) => kind === 'return' && body.getUint32(0) > 0);
  assert.equal(outcomes.length, 10);
  const refused = outcomes.filter(({ body }) => body.getUint16(6) === 1);
  assert.ok(refused.length >= 6, `${refused.length} refused`);
  assert.equal(refused[0]?.body.getStruct(0).getText(0), 'Too many bytes of unfinished calls (heldBytes: 50000 allowed).');
  for (let id = 1; id <= 10; id++) peer.finish(id, true);
  for (let id = 1; id <= 10; id++) peer.call(id, { answer: 0 }, 1);
  for (const { body } of await peer.take()) assert.equal(body.getUint16(6), 0);
  peer.call(11, { answer: 0 }, 0);
  const again = (await peer.take()).at(-1);
  assert.deepEqual([again?.kind, again?.body.getUint16(6)], ['return', 0]);
  peer.hangUp();
});

test('parameters of calls that are under way are kept up to a limit', async () => {
  const pair = connectPair(new Probe(), { server: { bootstrap: new Probe({ 0: () => new Promise(() => {}), 1: () => ({ n: 1 }) }), limits: { heldBytes: 50000 } } });
  const root = pair.client.bootstrap();
  const calls = Array.from({ length: 10 }, () => call(root, 0, { text: 'p'.repeat(8000) }));
  await assert.rejects(calls[9]?.results ?? assert.fail(), { kind: 'overloaded', message: /heldBytes: 50000 allowed/ });
  for (const pending of calls) pending.cancel();
  assert.equal((await finish(call(root, 1, { text: 'p'.repeat(8000) }))).n, 1);
  pair.client.close();
});

test('objects of the peer are held up to a limit', async () => {
  const kept: Capability[] = [];
  const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => void kept.push(p.getCapability(1) ?? assert.fail()) }), limits: { imports: 3 } });
  peer.bootstrap(0);
  for (let id = 1; id <= 4; id++) peer.call(id, { answer: 0 }, 0, { caps: [[1, id]] });
  const abort = (await peer.take()).at(-1);
  assert.deepEqual([abort?.kind, abort?.body.getText(0)], ['abort', 'Too many objects of the peer are held (imports: 3 allowed).']);
});

test('very many capabilities in one message that are none take little room', { timeout: 60_000 }, async () => {
  const count = 200_000;
  for (const tag of [DESCRIPTOR_TAG.receiverHosted, DESCRIPTOR_TAG.receiverAnswer, 99]) {
    const peer = new RawPeer({ bootstrap: new Probe({ 0: () => new Promise(() => {}) }) });
    peer.bootstrap(0);
    await peer.take();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    peer.call(1, { answer: 0 }, 0, { descriptors: Array.from({ length: count }, () => [tag, 12345]) });
    assert.deepEqual(await peer.take(), []);
    globalThis.gc?.();
    const grown = process.memoryUsage().heapUsed - before;
    if (globalThis.gc !== undefined) assert.ok(grown < count * 250, `${grown} bytes for ${tag}`);
    peer.hangUp();
  }
});

test('calls on ever more places in results that do not come fail beyond a limit', async () => {
  const peer = new RawPeer({ bootstrap: new Probe({ 0: () => new Promise(() => {}) }), limits: { answers: 5 } });
  peer.bootstrap(0);
  for (const id of [1, 2]) peer.call(id, { answer: 0 }, 0);
  for (let place = 0; place < 6; place++) {
    peer.call(3, { answer: 1 + (place % 2), ops: [[1, place]] }, 0);
    if (place < 5) peer.finish(3, true);
  }
  const last = (await peer.take()).at(-1);
  assert.deepEqual([last?.kind, last?.body.getUint16(6)], ['return', 1]);
  assert.equal(last?.body.getStruct(0).getText(0), 'Too many places in the results of calls (answers: 5 allowed).');
  for (const id of [1, 2, 3]) peer.finish(id, true);
  await peer.take();
  peer.call(1, { answer: 0 }, 0);
  for (let place = 0; place < 3; place++) peer.call(2 + place, { answer: 1, ops: [[1, place]] }, 0);
  assert.deepEqual(await peer.take(), []);
  peer.hangUp();
});

test('a path deeper than any message fails its call alone', async () => {
  const peer = new RawPeer({ bootstrap: new Probe({ 0: () => new Promise(() => {}) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0);
  peer.call(2, { answer: 1, ops: Array.from({ length: 65 }, () => [1, 0]) }, 0);
  const last = (await peer.take()).at(-1);
  assert.equal(last?.body.getStruct(0).getText(0), 'Path into results is too long: 65 steps, 64 allowed.');
  assert.equal(peer.connection.isClosed, false);
  peer.hangUp();
});

test('a promise that becomes another, over and over, is kept once, and dropping it does not exhaust the stack', { timeout: 60_000 }, async () => {
  const kept: Capability[] = [];
  const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => void kept.push(p.getCapability(1) ?? assert.fail()) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0, { caps: [[2, 1]] });
  await peer.take();
  const collect = globalThis.gc ?? (() => {});
  collect();
  const before = process.memoryUsage().heapUsed;
  const rounds = 50_000;
  for (let id = 1; id <= rounds; id++) {
    peer.sendBody('resolve', { dataWords: 1, pointers: 1 }, (body) => {
      body.setUint32(0, id);
      const descriptor = body.initStruct(0, { dataWords: 1, pointers: 1 });
      descriptor.setUint16(0, 2);
      descriptor.setUint32(4, id + 1);
    });
    if (id % 1000 === 0) await peer.take();
  }
  assert.equal(peer.connection.statistics().imports, 1);
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  if (globalThis.gc !== undefined) assert.ok(grown < rounds * 100, `${grown} bytes`);
  for (const cap of kept) cap.dispose();
  await peer.take();
  assert.equal(peer.connection.statistics().imports, 0);
  peer.hangUp();
});

test('promises of one process that wait for one another are dropped without exhausting the stack', async () => {
  const give = new Probe({ 0: (p) => ({ cap: p.getCapability(1) }), 1: () => new Promise(() => {}) });
  const pair = connectPair(give);
  const root = pair.client.bootstrap();
  await settle();
  const never = call(root, 1);
  let cap = never.pipeline([1]);
  for (let i = 0; i < 12_000; i++) {
    const next = call(root, 0, { cap }).pipeline([1]);
    if (i % 1000 === 0) await settle(3);
    cap = next;
  }
  await settle();
  cap.dispose();
  never.cancel();
  pair.client.close();
  await pair.server.closed;
});
