import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability, promisedCapability } from './local.js';
import { call, connectPair, finish, Probe, settle } from './testing.js';
import type { Capability } from './types.js';

const EMPTY = { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 };

/** Records the numbers it is called with. */
function recorder(): { probe: Probe; seen: number[] } {
  const seen: number[] = [];
  return { seen, probe: new Probe({ 0: (p) => void seen.push(p.getInt32(0)) }) };
}

/** Gives back the capability it is given, after some turns. */
const echo = (turns: number): Probe =>
  new Probe({
    0: async (p) => {
      const cap = p.getCapability(1);
      await settle(turns);
      return { cap };
    },
  });

test('calls on a reflected capability, made before and after it is known, arrive in order', async () => {
  const { probe, seen } = recorder();
  const pair = connectPair(echo(2));
  const root = pair.client.bootstrap();
  const reflecting = call(root, 0, { cap: localCapability(probe) });
  const reflected = reflecting.pipeline([1]);
  const pending: Promise<unknown>[] = [];
  for (let i = 0; i < 5; i++) pending.push(finish(call(reflected, 0, { n: i })));
  const results = await reflecting.results;
  // The promise has just turned out to be our own object, while the first five are still on their way round.
  for (let i = 5; i < 10; i++) pending.push(finish(call(reflected, 0, { n: i })));
  results.dispose();
  await Promise.all(pending);
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(reflected.localServer, probe);
  reflected.dispose();
  root.dispose();
  await settle();
  assert.equal(probe.releasedCount, 1);
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

for (const turns of [0, 1, 2, 3, 4, 5]) {
  test(`calls on their way round when a capability turns out to be here are not overtaken (${turns} turns)`, async () => {
    const { probe, seen } = recorder();
    const pair = connectPair(echo(turns));
    const root = pair.client.bootstrap();
    const reflecting = call(root, 0, { cap: localCapability(probe) });
    const reflected = reflecting.pipeline([1]);
    const pending: Promise<unknown>[] = [];
    // One in each turn: whenever the answer comes, the one before is still on its way to the peer.
    for (let n = 0; n < 10; n++) {
      pending.push(finish(call(reflected, 0, { n })));
      await settle(1);
    }
    await Promise.all(pending);
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    (await reflecting.results).dispose();
    reflected.dispose();
    root.dispose();
    await settle();
    assert.deepEqual([pair.client.statistics(), pair.server.statistics()], [EMPTY, EMPTY]);
    pair.client.close();
  });
}

test('a promise passed to the peer resolves there, and calls keep their order through it', async () => {
  const { probe, seen } = recorder();
  let given: Capability | undefined;
  const pair = connectPair(
    new Probe({
      0: async (p) => {
        const cap = p.getCapability(1);
        assert.ok(cap);
        given = cap;
        const sent = [0, 1, 2].map((n) => finish(call(cap, 0, { n })));
        await cap.whenResolved();
        for (const n of [3, 4]) sent.push(finish(call(cap, 0, { n })));
        await Promise.all(sent);
        cap.dispose();
      },
    }),
  );
  const root = pair.client.bootstrap();
  let resolve: (cap: Capability) => void = () => {};
  const promise = promisedCapability(new Promise<Capability>((r) => (resolve = r)));
  const done = finish(call(root, 0, { cap: promise }));
  await settle();
  assert.deepEqual(seen, []);
  resolve(localCapability(probe));
  await done;
  assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  assert.ok(given);
  root.dispose();
  await settle();
  assert.equal(probe.releasedCount, 1);
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

test('a promise that turns out to be an object of the receiver needs an embargo there', async () => {
  const { probe, seen } = recorder();
  const pair = connectPair(
    new Probe({
      // Takes a promise, calls it, and goes on calling while it resolves to an object of its own.
      0: async (p) => {
        const cap = p.getCapability(1);
        assert.ok(cap);
        const sent = [0, 1, 2, 3, 4].map((n) => finish(call(cap, 0, { n })));
        await cap.whenResolved();
        for (const n of [5, 6, 7, 8, 9]) sent.push(finish(call(cap, 0, { n })));
        await Promise.all(sent);
        assert.equal(cap.localServer, probe);
        cap.dispose();
      },
      1: () => ({ cap: localCapability(probe) }),
    }),
  );
  const root = pair.client.bootstrap();
  const promise = promisedCapability(settle(3).then(async () => (await finish(call(root, 1))).cap ?? assert.fail()));
  await finish(call(root, 0, { cap: promise }));
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  root.dispose();
  await settle();
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

test('a pipelined call on an answer that never comes blocks nothing else', async () => {
  const pair = connectPair(new Probe({ 0: () => new Promise(() => {}), 1: () => ({ n: 7 }) }));
  const root = pair.client.bootstrap();
  const stuck = call(root, 0);
  const promised = stuck.pipeline([1]);
  const waiting = call(promised, 0);
  for (let i = 0; i < 3; i++) assert.equal((await finish(call(root, 1))).n, 7);
  pair.client.close();
  await assert.rejects(waiting.results, { kind: 'disconnected' });
});

test('pipelining goes over several calls and through nested results', async () => {
  let depth = 0;
  const deeper = (): Probe => new Probe({ 0: async () => { depth++; await settle(1); return { cap: localCapability(deeper()) }; }, 1: () => ({ n: depth }) });
  const pair = connectPair(deeper());
  const root = pair.client.bootstrap();
  let cap = root.dup();
  for (let i = 0; i < 6; i++) {
    const pending = call(cap, 0);
    const next = pending.pipeline([1]);
    void pending.results.then((r) => r.dispose());
    cap.dispose();
    cap = next;
  }
  assert.equal((await finish(call(cap, 1))).n, 6);
  cap.dispose();
  root.dispose();
  await settle();
  assert.deepEqual(pair.client.statistics(), EMPTY);
  assert.deepEqual(pair.server.statistics(), EMPTY);
  pair.client.close();
});

test('a hundred calls at once are answered in order of completion', async () => {
  const pair = connectPair(new Probe({ 0: async (p) => { const n = p.getInt32(0); await settle(n % 3); return { n }; } }));
  const root = pair.client.bootstrap();
  const answers = await Promise.all(Array.from({ length: 100 }, async (_, n) => (await finish(call(root, 0, { n }))).n));
  assert.deepEqual(answers, Array.from({ length: 100 }, (_, n) => n));
  root.dispose();
  pair.client.close();
});

test('a call made on an answer is not overtaken by one on the promise that the answer turns out to be', async () => {
  const { probe, seen } = recorder();
  let resolve = (_capability: Capability): void => undefined;
  const promise = new Promise<Capability>((done) => (resolve = done));
  const server = new Probe({
    0: async () => {
      await settle(4);
      return { cap: promisedCapability(promise) };
    },
  });
  const pair = connectPair(server);
  const root = pair.client.bootstrap();
  const asking = call(root, 0);
  const early = asking.pipeline([1]);
  // Waits at the peer until there is an answer; the second then goes to the promise in it by itself.
  const calls = [finish(call(early, 0, { n: 0 }))];
  using results = await asking.results;
  const late = results.content.getCapability(1);
  assert.ok(late !== null);
  calls.push(finish(call(late, 0, { n: 1 })), finish(call(early, 0, { n: 2 })));
  await settle();
  resolve(localCapability(probe));
  await Promise.all(calls);
  assert.deepEqual(seen, [0, 1, 2]);
  early.dispose();
  late.dispose();
  root.dispose();
  pair.client.close();
});
