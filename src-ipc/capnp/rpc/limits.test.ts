import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import type { ConnectionLimits } from './limits.js';
import { localCapability } from './local.js';
import { call, connectPair, finish, method, Probe, settle } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { Capability } from './types.js';

/* What happens at each limit of a connection, on the side that sets it. */

const MIB = 1024 * 1024;
const ONE_POINTER = { dataWords: 0, pointers: 1 };

const held: Capability[] = [];
const SERVER = new Probe({
  0: (p) => ({ text: p.getText(0) }),
  1: () => new Promise(() => {}),
  2: (p) => void held.push(p.getCapability(1) ?? assert.fail()),
  3: (p) => ({ text: 'r'.repeat(p.getInt32(0)) }),
  4: (p) => ({ n: depthOf(p) }),
  5: (p) => ({ n: [1, 2, 3, 4].map(() => p.getText(0)).length }),
});

function depthOf(struct: StructReader): number {
  let depth = 0;
  for (let inner = struct; inner.has(0); inner = inner.getStruct(0)) depth++;
  return depth;
}

function nest(struct: StructBuilder, depth: number): void {
  let inner = struct;
  for (let i = 0; i < depth; i++) inner = inner.initStruct(0, ONE_POINTER);
}

/** Runs `body` over a connection whose client or server has the limits. */
async function limited(side: 'client' | 'server', limits: Partial<ConnectionLimits>, body: (root: Capability) => Promise<void>): Promise<void> {
  const pair = connectPair(SERVER, { [side]: { limits, ...(side === 'server' && { bootstrap: SERVER }) } });
  const root = pair.client.bootstrap();
  await body(root);
  root.dispose();
  pair.client.close();
}

test('a message of ours over the size limit fails its call and names both sizes', async () => {
  await limited('client', { messageBytes: 1000 }, async (root) => {
    assert.throws(() => call(root, 0, { text: 'x'.repeat(2000) }), /^WireError: Message is too large: \d+ bytes, 1000 allowed\.$/);
    assert.equal((await finish(call(root, 0, { text: 'still there' }))).text, 'still there');
  });
  await limited('server', { messageBytes: 1000 }, async (root) => {
    await assert.rejects(finish(call(root, 3, { n: 2000 })), { kind: 'failed', message: /^Message is too large: \d+ bytes, 1000 allowed\.$/ });
    assert.equal((await finish(call(root, 3, { n: 500 }))).text.length, 500);
  });
});

test('parameters built before it was known where they go are checked when they are sent', async () => {
  const probe = new Probe();
  const pair = connectPair(SERVER, { client: { limits: { messageBytes: 1000 } } });
  const opened = localCapability(new Probe({ 0: async () => { await settle(2); return { cap: pair.client.bootstrap() }; } }));
  const promised = call(opened, 0).pipeline([1]);
  const pending = call(promised, 2, { text: 'x'.repeat(2000), cap: localCapability(probe) });
  await assert.rejects(finish(pending), { kind: 'failed', message: /^Message is too large: \d+ bytes, 1000 allowed\.$/ });
  assert.deepEqual([probe.releasedCount, pair.client.statistics().exports], [1, 0]);
  pair.client.close();
});

test('messages may be larger than 64 MiB where both sides say so, and not otherwise', async () => {
  const text = 'y'.repeat(65 * MIB);
  const limits = { messageBytes: 80 * MIB };
  const both = connectPair(SERVER, { client: { limits }, server: { limits, bootstrap: SERVER } });
  assert.equal((await finish(call(both.client.bootstrap(), 0, { text }))).text.length, text.length);
  both.client.close();
  const one = connectPair(SERVER, { client: { limits } });
  await assert.rejects(finish(call(one.client.bootstrap(), 0, { text })), { kind: 'disconnected' });
  assert.match((await one.client.closed).error.message, /^Peer aborted the connection: Message is too large: \d+ bytes, 67108864 allowed\.$/);
});

test('a peer over a limit is told which', async () => {
  const told = async (limits: Partial<ConnectionLimits>, provoke: (peer: RawPeer) => void): Promise<string | undefined> => {
    const peer = new RawPeer({ bootstrap: SERVER, limits });
    provoke(peer);
    const abort = (await peer.take()).at(-1);
    assert.deepEqual([abort?.kind, peer.hasEnded], ['abort', true]);
    return abort?.body.getText(0);
  };
  const large = new MessageBuilder();
  large.initRoot(ONE_POINTER).setData(0, new Uint8Array(200));
  assert.equal(await told({ messageBytes: 100 }, (peer) => peer.sendBytes(encodeFrame(large))), 'Message is too large: 216 bytes, 100 allowed.');
  const segments = Buffer.alloc(16 + 3 * 8);
  segments.writeUInt32LE(2, 0);
  for (const at of [4, 8, 12]) segments.writeUInt32LE(1, at);
  assert.equal(await told({ segments: 2 }, (peer) => peer.sendBytes(segments)), 'Message has too many segments: 3, 2 allowed.');
  const calls = (peer: RawPeer): void => {
    peer.bootstrap(0);
    for (const id of [1, 2]) peer.call(id, { answer: 0 }, 1);
  };
  assert.equal(await told({ answers: 2 }, calls), 'Too many calls at once (answers: 2 allowed).');
  const bootstrap = (peer: RawPeer): void => peer.bootstrap(0);
  assert.equal(await told({ traversalBytes: 30 }, bootstrap), 'Exceeded message traversal limit.');
  assert.equal(await told({ nesting: 1 }, bootstrap), 'Message is too deeply-nested or contains cycles.');
});

test('parameters too deep, or read too often, fail their call', async () => {
  // Message, Call, Payload and the content come before.
  await limited('server', { nesting: 20 }, async (root) => {
    const dive = async (depth: number): Promise<number> => {
      using results = await root.call(method(4), ONE_POINTER, (params) => nest(params, depth)).results;
      return results.content.getInt32(0);
    };
    assert.equal(await dive(10), 10);
    await assert.rejects(dive(20), { kind: 'failed', message: 'Message is too deeply-nested or contains cycles.' });
  });
  await limited('server', { traversalBytes: 3000 }, async (root) => {
    assert.equal((await finish(call(root, 5, { text: 'x'.repeat(500) }))).n, 4);
    await assert.rejects(finish(call(root, 5, { text: 'x'.repeat(1000) })), { kind: 'failed', message: 'Exceeded message traversal limit.' });
  });
});

test('results too deep or too large to traverse fail their caller, not the connection', async () => {
  await limited('client', { traversalBytes: 1000 }, async (root) => {
    using results = await call(root, 3, { n: 900 }).results;
    assert.equal(results.content.getText(0).length, 900);
    assert.throws(() => results.content.getText(0), /Exceeded message traversal limit/);
  });
});

test('calls and objects over the limit fail as overloaded, naming it', async () => {
  await limited('client', { questions: 3 }, async (root) => {
    await settle();
    const calls = Array.from({ length: 4 }, () => call(root, 1));
    await assert.rejects(calls[3]?.results ?? assert.fail(), { kind: 'overloaded', message: 'Too many calls are waiting for an answer (questions: 3 allowed).' });
  });
  await limited('client', { exports: 2 }, async (root) => {
    for (let i = 0; i < 2; i++) await finish(call(root, 2, { cap: localCapability(new Probe()) }));
    const refused = new Probe();
    await assert.rejects(finish(call(root, 2, { cap: localCapability(refused) })), { kind: 'overloaded', message: 'Too many objects are held by the peer (exports: 2 allowed).' });
    assert.equal(refused.releasedCount, 1);
    for (const cap of held.splice(0)) cap.dispose();
    await settle();
    await finish(call(root, 2, { cap: localCapability(new Probe()) }));
  });
  for (const cap of held.splice(0)) cap.dispose();
});
