import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability } from './local.js';
import { DESCRIPTOR_TAG, DISEMBARGO_TAG, MESSAGE_TARGET } from './rpc-schema.js';
import { call, connectPair, fill, finish, method, Probe, settle, SIZE } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { Capability } from './types.js';

const EMPTY = { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 };

/** a ↔ b ↔ c: what `far` serves is handed out by b, and comes to a through b. */
function chain(far: Probe): { root: Capability; near: ReturnType<typeof connectPair>; beyond: ReturnType<typeof connectPair> } {
  const beyond = connectPair(far);
  const farRoot = beyond.client.bootstrap();
  const middle = new Probe({
    0: () => ({ cap: farRoot.dup() }),
    1: async (p) => {
      const cap = p.getCapability(1);
      const reply = await finish(call(farRoot, 1, { cap }));
      return { text: reply.text, cap: reply.cap };
    },
  });
  middle.released = () => farRoot.dispose();
  const near = connectPair(middle);
  return { root: near.client.bootstrap(), near, beyond };
}

test('a capability of one connection works over another, pipelined as well', async () => {
  const far = new Probe({ 0: (p) => ({ n: p.getInt32(0) + 1, text: 'far', cap: localCapability(new Probe({ 0: () => ({ n: 9 }) })) }) });
  const { root, near, beyond } = chain(far);
  const opened = call(root, 0);
  const proxied = opened.pipeline([1]);
  const pending = call(proxied, 0, { n: 1 });
  const nested = pending.pipeline([1]);
  assert.equal((await finish(call(nested, 0))).n, 9);
  const first = await finish(pending);
  assert.deepEqual([first.n, first.text], [2, 'far']);
  const second = await finish(call(proxied, 0, { n: 5 }));
  assert.equal(second.n, 6);
  await assert.rejects(finish(call(proxied, 7)), { kind: 'unimplemented' });
  for (const cap of [nested, proxied, first.cap, second.cap, root]) cap?.dispose();
  (await opened.results).dispose();
  await settle(30);
  assert.deepEqual(near.client.statistics(), EMPTY);
  // What the middle holds of the far end is its bootstrap object, for as long as somebody can ask for it.
  assert.deepEqual(beyond.client.statistics(), { ...EMPTY, imports: 1 });
  near.client.close();
  await near.server.closed;
  await settle();
  assert.deepEqual(beyond.client.statistics(), EMPTY);
  beyond.client.close();
});

test('a callback passed through the middle is called back through it', async () => {
  const far = new Probe({
    1: async (p) => {
      const cap = p.getCapability(1);
      assert.ok(cap);
      const reply = await finish(call(cap, 0, { text: 'from afar' }));
      return { text: reply.text, cap };
    },
  });
  const { root, near, beyond } = chain(far);
  const callback = new Probe({ 0: (p) => ({ text: `heard ${p.getText(0)}` }) });
  const reply = await finish(call(root, 1, { cap: localCapability(callback) }));
  assert.equal(reply.text, 'heard from afar');
  // Both hops recognise what they are given back, so it is the very object.
  assert.equal(reply.cap?.localServer, callback);
  reply.cap?.dispose();
  await settle(30);
  assert.equal(callback.releasedCount, 1);
  root.dispose();
  near.client.close();
  beyond.client.close();
});

test('a call forwarded to where it came from is answered by a tail call', async () => {
  let middleStatistics: unknown;
  const pair = connectPair(
    new Probe({
      0: async (p) => {
        const cap = p.getCapability(1);
        await settle(1);
        return { cap };
      },
      // Forwards by hand, through the call's own tail call.
      1: (p, incoming) => {
        const cap = p.getCapability(1);
        assert.ok(cap);
        incoming.tailCall(cap, method(0), SIZE, (params) => fill(params, { n: p.getInt32(0) * 10 }));
        cap.dispose();
        middleStatistics = pair.server.statistics();
      },
    }),
  );
  const root = pair.client.bootstrap();
  const inner = new Probe({ 0: () => ({ n: 77 }) });
  const own = new Probe({ 0: async (p) => { await settle(2); return { n: p.getInt32(0) + 1, cap: localCapability(inner) }; } });

  await finish(call(root, 0));
  await settle();
  const tail = call(root, 1, { n: 4, cap: localCapability(own) });
  const nested = tail.pipeline([1]);
  const early = finish(call(nested, 0));
  const reply = await finish(tail);
  assert.equal(reply.n, 41);
  assert.equal(reply.cap?.localServer, inner);
  assert.equal((await early).n, 77);
  assert.deepEqual(middleStatistics, { questions: 1, answers: 1, exports: 1, imports: 1, embargoes: 0 });
  reply.cap?.dispose();
  nested.dispose();

  const reflecting = call(root, 0, { cap: localCapability(own) });
  const reflected = reflecting.pipeline([1]);
  assert.equal((await finish(call(reflected, 0, { n: 6 }))).n, 7);
  reflected.dispose();
  (await reflecting.results).dispose();
  root.dispose();
  await settle(30);
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

test('a tail call to another connection, or to an object here, works as well', async () => {
  const far = new Probe({ 0: (p) => ({ n: p.getInt32(0) + 100 }) });
  const beyond = connectPair(far);
  const farRoot = beyond.client.bootstrap();
  const own = localCapability(new Probe({ 0: (p) => ({ n: p.getInt32(0) + 1 }) }));
  const pair = connectPair(
    new Probe({
      0: (_p, incoming) => incoming.tailCall(farRoot, method(0), SIZE, (params) => fill(params, { n: 1 })),
      1: (_p, incoming) => incoming.tailCall(own, method(0), SIZE, (params) => fill(params, { n: 1 })),
      2: (_p, incoming) => incoming.tailCall(own, method(8), SIZE, () => {}),
    }),
  );
  const root = pair.client.bootstrap();
  assert.equal((await finish(call(root, 0))).n, 101);
  assert.equal((await finish(call(root, 1))).n, 2);
  await assert.rejects(finish(call(root, 2)), { kind: 'unimplemented' });
  pair.client.close();
  beyond.client.close();
});

test('cancelling a forwarded call reaches the far end', async () => {
  let aborted = 0;
  const far = new Probe({ 0: (_p, incoming) => new Promise((resolve) => incoming.signal.addEventListener('abort', () => resolve(void aborted++))) });
  const { root, near, beyond } = chain(far);
  const proxied = call(root, 0).pipeline([1]);
  const pending = call(proxied, 0);
  await settle();
  pending.cancel();
  await settle(20);
  assert.equal(aborted, 1);
  near.client.close();
  beyond.client.close();
});

test('cancelling a tail call reaches the object it ended at', async () => {
  let aborted = 0;
  const pair = connectPair(
    new Probe({
      0: (p, incoming) => {
        const cap = p.getCapability(1);
        assert.ok(cap);
        incoming.tailCall(cap, method(0), SIZE, () => {});
        cap.dispose();
      },
    }),
  );
  const root = pair.client.bootstrap();
  const own = new Probe({ 0: (_p, incoming) => new Promise((resolve) => incoming.signal.addEventListener('abort', () => resolve(void aborted++))) });
  const pending = call(root, 0, { cap: localCapability(own) });
  await settle();
  pending.cancel();
  await settle(20);
  assert.equal(aborted, 1);
  assert.equal(own.releasedCount, 1);
  root.dispose();
  await settle();
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

test('losing the far connection breaks its capabilities everywhere', async () => {
  const far = new Probe({ 0: () => new Promise(() => {}) });
  const { root, near, beyond } = chain(far);
  const opened = await finish(call(root, 0));
  assert.ok(opened.cap);
  const pending = call(opened.cap, 0);
  await settle();
  beyond.server.close();
  await assert.rejects(pending.results, { kind: 'disconnected' });
  await assert.rejects(finish(call(opened.cap, 0)), { kind: 'disconnected' });
  assert.equal(near.client.isClosed, false);
  const again = call(root, 0);
  await assert.rejects(finish(call(again.pipeline([1]), 0)), { kind: 'disconnected' });
  near.client.close();
});

for (const [name, late] of [['when the answer comes', 0], ['and with calls that cross the answer', 2]] as const) {
  test(`calls on their way round through the far end are not overtaken in the middle ${name}`, async () => {
    const far = new RawPeer();
    const farRoot = far.connection.bootstrap();
    const near = connectPair(new Probe({ 0: () => ({ cap: farRoot.dup() }) }));
    const root = near.client.bootstrap();
    const proxied = await finish(call(root, 0));
    assert.ok(proxied.cap !== null);
    const seen: number[] = [];
    const own = new Probe({ 0: (p) => void seen.push(p.getInt32(0)) });
    const reflecting = call(proxied.cap, 0, { cap: localCapability(own) });
    const reflected = reflecting.pipeline([1]);
    const calls = [0, 1, 2].map((n) => finish(call(reflected, 0, { n })));
    const asked = (await far.take()).filter(({ kind }) => kind === 'call');
    const [reflect, ...onAnswer] = asked.map(({ body }) => body.getUint32(0));
    assert.ok(reflect !== undefined && onAnswer.length === 3);
    const exported = asked[0]?.body.getStruct(1).getStructList(1).getStruct(0).getUint32(4) ?? -1;
    // The answer is told before the calls that waited for it have been sent on.
    far.returnResults(reflect, { caps: [[DESCRIPTOR_TAG.receiverHosted, exported]] });
    for (let n = 3; n < 3 + late; n++) calls.push(finish(call(reflected, 0, { n })));
    const results = await reflecting.results;
    for (let n = 3 + late; n < 6; n++) calls.push(finish(call(reflected, 0, { n })));
    results.dispose();
    await settle(20);
    assert.deepEqual(seen, []);
    const embargo = (await far.take()).find(({ kind }) => kind === 'disembargo');
    assert.ok(embargo !== undefined);
    onAnswer.forEach((id, n) => {
      far.call(10 + n, { importedCap: exported }, 0, { n });
      far.returnResults(id);
    });
    far.sendBody('disembargo', { dataWords: 1, pointers: 1 }, (body) => {
      body.setUint32(0, embargo.body.getUint32(0));
      body.setUint16(4, DISEMBARGO_TAG.receiverLoopback);
      body.initStruct(0, MESSAGE_TARGET).setUint32(0, exported);
    });
    await Promise.all(calls);
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5]);
    for (const cap of [reflected, proxied.cap, root]) cap.dispose();
    near.client.close();
    far.hangUp();
  });
}
