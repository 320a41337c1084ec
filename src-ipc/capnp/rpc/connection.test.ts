import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability } from './local.js';
import { call, connectPair, finish, Probe, settle } from './testing.js';

const EMPTY = { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 };

test('bootstrap, call and results over one connection', async () => {
  const server = new Probe({ 0: (p) => ({ n: p.getInt32(0) + 1, text: `hello ${p.getText(0)}` }) });
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const first = await finish(call(root, 0, { n: 41, text: 'you' }));
  assert.equal(first.n, 42);
  assert.equal(first.text, 'hello you');
  root.dispose();
  await settle();
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
  assert.equal((await pair.server.closed).reason, 'eof');
  assert.equal((await pair.client.closed).reason, 'closed');
  assert.equal(server.releasedCount, 1);
});

test('a call on a promised result does not wait for it', async () => {
  const inner = new Probe({ 1: (p) => ({ n: p.getInt32(0) * 2 }) });
  const server = new Probe({ 0: async () => { await settle(3); return { cap: localCapability(inner) }; } });
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const opened = call(root, 0);
  const promised = opened.pipeline([1]);
  assert.equal((await finish(call(promised, 1, { n: 21 }))).n, 42);
  promised.dispose();
  (await opened.results).dispose();
  root.dispose();
  await settle();
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  assert.equal(inner.releasedCount, 1);
  pair.client.close();
});
