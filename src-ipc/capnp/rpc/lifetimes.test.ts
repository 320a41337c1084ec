import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { localCapability } from './local.js';
import { call, connectPair, finish, hookOf, method, Probe, settle, SIZE } from './testing.js';
import type { Capability, IncomingCall } from './types.js';
import { ListElementSize } from '../wire/index.js';

const EMPTY = { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 };

function keeper(): { server: Probe; kept: Capability[] } {
  const kept: Capability[] = [];
  const server = new Probe({
    0: (params) => {
      const cap = params.getCapability(1);
      if (cap !== null) kept.push(cap);
    },
    1: async (params) => {
      const results: string[] = [];
      for (const cap of kept) results.push((await finish(call(cap, 0, { text: params.getText(0) }))).text);
      return { text: results.join() };
    },
    2: () => {
      for (const cap of kept.splice(0)) cap.dispose();
    },
  });
  return { server, kept };
}

test('a callback kept after the call that passed it stays callable and is released when dropped', async () => {
  const { server } = keeper();
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const callback = new Probe({ 0: (p) => ({ text: `got ${p.getText(0)}` }) });
  await finish(call(root, 0, { cap: localCapability(callback) }));
  await settle();
  assert.equal(callback.releasedCount, 0);
  for (const text of ['a', 'b']) assert.equal((await finish(call(root, 1, { text }))).text, `got ${text}`);
  await finish(call(root, 2));
  await settle();
  assert.equal(callback.releasedCount, 1);
  assert.equal((await finish(call(root, 1))).text, '');
  root.dispose();
  await settle();
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

test('a callback the callee ignores is released when the call returns', async () => {
  const pair = connectPair(new Probe({ 0: () => {} }));
  const root = pair.client.bootstrap();
  const callback = new Probe();
  await finish(call(root, 0, { cap: localCapability(callback) }));
  await settle();
  assert.equal(callback.releasedCount, 1);
  root.dispose();
  pair.client.close();
});

test('handles that are garbage collected release their object', async () => {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  assert.ok(typeof gc === 'function');
  const { server, kept } = keeper();
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const callback = new Probe({ 0: () => ({ text: 'alive' }) });
  await finish(call(root, 0, { cap: localCapability(callback) }));
  gc();
  await settle();
  assert.equal((await finish(call(root, 1))).text, 'alive');
  kept.length = 0;
  for (let i = 0; i < 50 && callback.releasedCount === 0; i++) {
    gc();
    await settle();
  }
  assert.equal(callback.releasedCount, 1);
  assert.equal(pair.client.isClosed, false);
  root.dispose();
  pair.client.close();
});

test('results that nobody reads keep nothing once disposed', async () => {
  const made: Probe[] = [];
  const pair = connectPair(
    new Probe({
      0: () => {
        const inner = new Probe();
        made.push(inner);
        return { cap: localCapability(inner), cap2: localCapability(new Probe()) };
      },
    }),
  );
  const root = pair.client.bootstrap();
  (await call(root, 0).results).dispose();
  await settle();
  assert.equal(made[0]?.releasedCount, 1);
  root.dispose();
  pair.client.close();
});

test('one object passed many times is one export, and comes back as itself', async () => {
  const seen: unknown[] = [];
  const server = new Probe({
    0: (params) => {
      const cap = params.getCapability(1);
      return { cap };
    },
    1: (params) => {
      const a = params.getCapability(1);
      const b = params.getCapability(2);
      if (a !== null && b !== null) seen.push(hookOf(a) === hookOf(b));
      a?.dispose();
      b?.dispose();
    },
  });
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const object = new Probe();
  const held = localCapability(object);
  await finish(call(root, 1, { cap: localCapability(object), cap2: held.dup() }));
  assert.deepEqual(seen, [true]);
  const reflected = await finish(call(root, 0, { cap: held.dup() }));
  assert.equal(reflected.cap?.localServer, object);
  reflected.cap?.dispose();
  await settle();
  assert.equal(object.releasedCount, 0);
  held.dispose();
  assert.equal(object.releasedCount, 1);
  root.dispose();
  pair.client.close();
});

test('10,000 callbacks opened and dropped leave the tables as they were', async () => {
  const { server } = keeper();
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  await finish(call(root, 1));
  await settle();
  const before = [pair.client.statistics(), pair.server.statistics()];
  const callbacks = Array.from({ length: 10_000 }, () => new Probe());
  for (let i = 0; i < callbacks.length; i += 500) {
    await Promise.all(callbacks.slice(i, i + 500).map((callback) => finish(call(root, 0, { cap: localCapability(callback) }))));
  }
  assert.equal(pair.client.statistics().exports, 10_000);
  assert.equal(pair.server.statistics().imports, 10_000);
  await finish(call(root, 2));
  await settle();
  assert.deepEqual([pair.client.statistics(), pair.server.statistics()], before);
  assert.ok(callbacks.every((callback) => callback.releasedCount === 1));
  root.dispose();
  pair.client.close();
});

test('capabilities in a list arrive in order', async () => {
  const server = new Probe({
    0: (_params: unknown, incoming: IncomingCall) => {
      const list = incoming.initResults({ dataWords: 0, pointers: 1 }).initList(0, ListElementSize.POINTER, 4);
      for (let i = 0; i < 4; i++) list.setCapability(i, i === 2 ? null : localCapability(new Probe({ 0: () => ({ n: i }) })));
    },
  });
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const results = await call(root, 0).results;
  const list = results.content.getList(0, ListElementSize.POINTER);
  const numbers: (number | null)[] = [];
  for (let i = 0; i < list.length; i++) {
    const cap = list.getCapability(i);
    numbers.push(cap === null ? null : (await finish(call(cap, 0))).n);
    cap?.dispose();
  }
  results.dispose();
  assert.deepEqual(numbers, [0, 1, null, 3]);
  root.dispose();
  await settle();
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

test('everything is released when the connection ends', async () => {
  const { server } = keeper();
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const callback = new Probe();
  await finish(call(root, 0, { cap: localCapability(callback) }));
  pair.server.close();
  await pair.client.closed;
  assert.equal(callback.releasedCount, 1);
  assert.equal(server.releasedCount, 1);
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
});

test('using a disposed capability is an error of the caller', () => {
  const cap = localCapability(new Probe());
  cap.dispose();
  cap.dispose();
  assert.throws(() => cap.dup(), /after it had been disposed/);
  assert.throws(() => cap.call(method(0), SIZE, () => {}), /after it had been disposed/);
});
