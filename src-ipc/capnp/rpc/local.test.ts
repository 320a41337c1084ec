import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability, promisedCapability } from './local.js';
import { call, connectPair, finish, Probe, settle } from './testing.js';

test('objects of one process call each other without a connection', async () => {
  const inner = new Probe({ 0: () => ({ n: 5 }) });
  const outer = localCapability(
    new Probe({
      0: async (p) => {
        await settle(1);
        return { n: p.getInt32(0), text: p.getText(0), cap: localCapability(inner) };
      },
      1: (_p, incoming) => ({ n: incoming.connection === undefined ? 1 : 0 }),
    }),
  );
  const pending = call(outer, 0, { n: 3, text: 'here' });
  const promised = pending.pipeline([1]);
  assert.equal((await finish(call(promised, 0))).n, 5);
  const reply = await finish(pending);
  assert.deepEqual([reply.n, reply.text, reply.cap?.localServer], [3, 'here', inner]);
  assert.equal((await finish(call(outer, 1))).n, 1);
  reply.cap?.dispose();
  promised.dispose();
  assert.equal(inner.releasedCount, 1);
  outer.dispose();
});

test('a method starts at once, and its end is never on the stack of the call', async () => {
  const events: string[] = [];
  const cap = localCapability(new Probe({ 0: () => void events.push('run') }));
  const pending = call(cap, 0);
  void pending.results.then(() => events.push('done'));
  events.push('called');
  await pending.results;
  assert.deepEqual(events, ['run', 'called', 'done']);
  cap.dispose();
});

test('a promised object gets its calls in order, and errors break it', async () => {
  const seen: number[] = [];
  const probe = new Probe({ 0: (p) => void seen.push(p.getInt32(0)) });
  const cap = promisedCapability(settle(2).then(() => localCapability(probe)));
  const calls = [0, 1, 2].map((n) => finish(call(cap, 0, { n })));
  assert.equal(cap.localServer, undefined);
  await cap.whenResolved();
  calls.push(finish(call(cap, 0, { n: 3 })));
  await Promise.all(calls);
  assert.deepEqual(seen, [0, 1, 2, 3]);
  cap.dispose();
  assert.equal(probe.releasedCount, 1);

  const broken = promisedCapability(Promise.reject(new Error('no')));
  let heard: unknown;
  broken.onBroken((error) => (heard = error.message));
  await assert.rejects(broken.whenResolved(), /no/);
  await assert.rejects(finish(call(broken, 0)), /no/);
  assert.equal(heard, 'no');
});

test('a queued call can be cancelled before it goes anywhere', async () => {
  let ran = 0;
  let give: (probe: Probe) => void = () => {};
  const cap = promisedCapability(new Promise<Probe>((resolve) => (give = resolve)).then(localCapability));
  const [first, second] = [call(cap, 0), call(cap, 0)];
  first.cancel(new Error('never mind'));
  await assert.rejects(first.results, /never mind/);
  give(new Probe({ 0: () => void ran++ }));
  await finish(second);
  assert.equal(ran, 1);
  cap.dispose();
});

test('a long chain of pipelined calls does not exhaust the stack', async () => {
  const make = (): Probe => new Probe({ 0: () => ({ cap: localCapability(make()) }), 1: () => ({ n: 1 }) });
  const pair = connectPair(new Probe({ 0: async () => { await settle(2); return { cap: localCapability(make()) }; } }));
  const root = pair.client.bootstrap();
  let cap = root.dup();
  for (let i = 0; i < 20_000; i++) {
    const next = call(cap, 0).pipeline([1]);
    cap.dispose();
    cap = next;
  }
  assert.equal((await finish(call(cap, 1))).n, 1);
  cap.dispose();
  root.dispose();
  pair.client.close();
});

test('results that arrived and are not wanted are let go by cancelling', async () => {
  const inner = new Probe();
  const pair = connectPair(new Probe({ 0: () => ({ cap: localCapability(inner) }) }));
  const root = pair.client.bootstrap();
  const pending = call(root, 0);
  await settle();
  assert.equal(inner.releasedCount, 0);
  pending.cancel();
  await settle();
  assert.equal(inner.releasedCount, 1);
  root.dispose();
  pair.client.close();
});
