import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RpcError } from './error.js';
import { brokenCapability, localCapability, nullCapability } from './local.js';
import { call, connectPair, finish, Probe, settle } from './testing.js';
import type { RpcErrorKind } from './error.js';

test('exceptions keep their kind and reason both ways', async () => {
  const kinds: RpcErrorKind[] = ['failed', 'overloaded', 'disconnected', 'unimplemented'];
  const server = new Probe({
    0: (p) => {
      throw new RpcError(kinds[p.getInt32(0)] ?? 'failed', `reason ${p.getInt32(0)}`);
    },
    1: () => {
      throw new Error('plain');
    },
    2: async () => {
      await settle(1);
      throw new TypeError('late');
    },
  });
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  for (const [n, kind] of kinds.entries()) await assert.rejects(finish(call(root, 0, { n })), { name: 'RpcError', kind, message: `reason ${n}` });
  await assert.rejects(finish(call(root, 1)), { kind: 'failed', message: 'plain' });
  await assert.rejects(finish(call(root, 2)), { kind: 'failed', message: 'late' });
  await assert.rejects(finish(call(root, 9)), { kind: 'unimplemented', message: `Method not implemented.; interfaceName = Probe; typeId = ${0xabcdef0123456789n}; methodId = 9` });
  // The exception of a call is the exception of everything pipelined on it.
  const failing = call(root, 1).pipeline([1]);
  await assert.rejects(finish(call(failing, 0)), { kind: 'failed', message: 'plain' });
  failing.dispose();
  root.dispose();
  pair.client.close();
});

test('a lost connection fails calls under way and later ones, and tells who asked', async () => {
  const pair = connectPair(new Probe({ 0: () => new Promise(() => {}), 1: () => ({ cap: localCapability(new Probe()) }) }));
  const root = pair.client.bootstrap();
  const other = (await finish(call(root, 1))).cap;
  assert.ok(other);
  const broken: string[] = [];
  const off = other.onBroken(() => broken.push('never'));
  off();
  other.onBroken((error) => broken.push(error.kind));
  const pending = [call(root, 0), call(other, 0), call(call(root, 0).pipeline([1]), 0)];
  await settle(2);
  pair.server.close();
  for (const item of pending.slice(0, 1)) await assert.rejects(item.results, { kind: 'disconnected', message: 'IPC client method call interrupted by disconnect.' });
  assert.deepEqual(broken, ['disconnected']);
  for (const cap of [root, other]) await assert.rejects(finish(call(cap, 0)), { kind: 'disconnected', message: 'IPC client method called after disconnect.' });
  await assert.rejects(finish(call(pair.client.bootstrap(), 0)), { kind: 'disconnected', message: 'IPC client method called after disconnect.' });
  root.dispose();
  other.dispose();
  await settle();
});

test('calls nobody awaits raise no unhandled rejection when the connection drops', async (t) => {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', listener);
  t.after(() => process.off('unhandledRejection', listener));
  const pair = connectPair(new Probe({ 0: () => new Promise(() => {}) }));
  const root = pair.client.bootstrap();
  for (let i = 0; i < 5; i++) void call(root, 0).results;
  await settle(2);
  pair.server.close();
  await pair.client.closed;
  await settle();
  assert.deepEqual(seen, []);
});

test('a call is cancelled through its signal: the callee hears of it and the caller is free', async () => {
  let aborted = 0;
  const started: number[] = [];
  const pair = connectPair(
    new Probe({
      0: async (p, incoming) => {
        started.push(p.getInt32(0));
        await new Promise<void>((resolve) => incoming.signal.addEventListener('abort', () => resolve()));
        aborted++;
      },
      1: () => ({ n: 1 }),
    }),
  );
  const root = pair.client.bootstrap();
  const stop = new AbortController();
  const pending = call(root, 0, { n: 3 }, { signal: stop.signal });
  await settle(3);
  assert.deepEqual([started, aborted], [[3], 0]);
  stop.abort(new Error('changed my mind'));
  await assert.rejects(pending.results, /changed my mind/);
  await settle();
  assert.equal(aborted, 1);
  const early = call(root, 0, {}, { signal: AbortSignal.abort(new Error('before')) });
  await assert.rejects(early.results, /before/);
  await settle();
  assert.equal(aborted, 2);
  assert.equal((await finish(call(root, 1))).n, 1);
  root.dispose();
  await settle();
  assert.deepEqual(pair.client.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
  assert.deepEqual(pair.server.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
  pair.client.close();
});

test('results with capabilities that cross a cancellation are released', async () => {
  const inner = new Probe();
  let release: () => void = () => {};
  const pair = connectPair(new Probe({ 0: async () => { await new Promise<void>((r) => (release = r)); return { cap: localCapability(inner) }; } }));
  const root = pair.client.bootstrap();
  const pending = call(root, 0);
  await settle(3);
  release();
  await Promise.resolve();
  await Promise.resolve();
  pending.cancel();
  await assert.rejects(pending.results);
  await settle();
  assert.equal(inner.releasedCount, 1);
  assert.equal(pair.client.statistics().imports, 1);
  root.dispose();
  pair.client.close();
});

test('the callee hears when its caller is gone', async () => {
  let reason: unknown;
  const pair = connectPair(
    new Probe({
      0: (_p, incoming) => new Promise((resolve) => incoming.signal.addEventListener('abort', () => resolve(void (reason = incoming.signal.reason)))),
    }),
  );
  const root = pair.client.bootstrap();
  void call(root, 0);
  await settle(3);
  pair.client.close();
  await pair.server.closed;
  await settle();
  assert.ok(reason instanceof RpcError);
});

test('null and broken capabilities fail their calls, here and at the peer', async () => {
  const got: unknown[] = [];
  const pair = connectPair(
    new Probe({
      0: async (p) => {
        const cap = p.getCapability(1);
        got.push(cap === null ? null : await finish(call(cap, 0)).catch((error: unknown) => (error instanceof RpcError ? [error.kind, error.message] : error)));
        cap?.dispose();
      },
    }),
  );
  await assert.rejects(finish(call(nullCapability(), 0)), { message: 'Called null capability.' });
  const root = pair.client.bootstrap();
  await finish(call(root, 0, { cap: nullCapability() }));
  await finish(call(root, 0, { cap: brokenCapability(new RpcError('overloaded', 'worn out')) }));
  assert.deepEqual(got, [null, ['overloaded', 'worn out']]);
  root.dispose();
  pair.client.close();
});

test('a peer without bootstrap object says so', async () => {
  const pair = connectPair(new Probe());
  const none = pair.server.bootstrap();
  await assert.rejects(finish(call(none, 0)), /does not expose a bootstrap interface/);
  none.dispose();
  pair.client.close();
});

test('more calls than the limit allows fail as overloaded', async () => {
  const pair = connectPair(new Probe({ 0: () => new Promise(() => {}) }), { client: { limits: { questions: 5 } } });
  const root = pair.client.bootstrap();
  await settle(3);
  const calls = Array.from({ length: 6 }, () => call(root, 0));
  await assert.rejects(calls[5]?.results ?? assert.fail(), { kind: 'overloaded' });
  pair.client.close();
});

test('parameters too large to send fail the call, not the connection', async () => {
  const pair = connectPair(new Probe({ 0: () => ({ n: 1 }), 1: () => ({ text: 'x'.repeat(64 * 1024 * 1024) }) }));
  const root = pair.client.bootstrap();
  assert.throws(() => call(root, 0, { text: 'x'.repeat(64 * 1024 * 1024) }), /too large/);
  await assert.rejects(finish(call(root, 1)), /too large/);
  assert.equal((await finish(call(root, 0))).n, 1);
  root.dispose();
  pair.client.close();
});

test('an error with a text of any length is one message that fails its call alone', async () => {
  const pair = connectPair(new Probe({ 0: () => { throw new Error('x'.repeat(70 * 1024 * 1024)); }, 1: () => ({ n: 1 }) }));
  const root = pair.client.bootstrap();
  await assert.rejects(finish(call(root, 0)), (error: Error) => error.message === `${'x'.repeat(64 * 1024)}…`);
  assert.equal((await finish(call(root, 1))).n, 1);
  pair.client.close();
});
