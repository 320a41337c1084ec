import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability } from './local.js';
import { DESCRIPTOR_TAG } from './rpc-schema.js';
import { call, connectPair, finish, Probe, settle } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { Capability } from './types.js';

/* Promises that a peer makes, and what it makes of them. */

/** A peer that has passed promises 1 to `count` to an object that keeps them. */
async function promising(count: number): Promise<{ peer: RawPeer; kept: Capability[] }> {
  const kept: Capability[] = [];
  const keeper = new Probe({ 0: (p) => void kept.push(p.getCapability(1) ?? assert.fail()), 1: () => ({ n: 3 }) });
  const peer = new RawPeer({ bootstrap: keeper });
  peer.bootstrap(0);
  for (let id = 1; id <= count; id++) peer.call(id, { answer: 0 }, 0, { caps: [[DESCRIPTOR_TAG.senderPromise, id]] });
  await peer.take();
  assert.equal(kept.length, count);
  return { peer, kept };
}

test('promises of the peer resolve, to its objects, to ours, or to an error', async () => {
  const probe = new Probe({ 1: () => ({ n: 3 }) });
  const kept: Capability[] = [];
  const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => void kept.push(p.getCapability(1) ?? assert.fail()), 1: () => ({ cap: localCapability(probe) }) }) });
  peer.bootstrap(0);
  for (const id of [1, 2, 3, 4]) peer.call(id, { answer: 0 }, 0, { caps: [[2, id]] });
  peer.call(5, { answer: 0 }, 1);
  const reply = (await peer.take()).at(-1);
  assert.deepEqual(reply?.body.getStruct(0).getStructList(1).getStruct(0).getUint32(4), 1);
  const [toTheirs, toOurs, toError, dropped] = kept;
  assert.ok(toTheirs && toOurs && toError && dropped);
  peer.resolve(1, DESCRIPTOR_TAG.senderHosted, 20);
  const resolved = toTheirs.whenResolved();
  await resolved;
  void call(toTheirs, 0);
  const toTwenty = await peer.take();
  assert.deepEqual(toTwenty.map(({ kind, body }) => [kind, kind === 'call' ? body.getStruct(0).getUint32(0) : body.getUint32(0)]), [['release', 1], ['call', 20]]);

  void call(toOurs, 0);
  await peer.take();
  peer.resolve(2, DESCRIPTOR_TAG.receiverHosted, 1);
  const [disembargo, released] = await peer.take();
  assert.deepEqual([disembargo?.kind, disembargo?.body.getUint16(4), disembargo?.body.getStruct(0).getUint32(0)], ['disembargo', 0, 2]);
  assert.deepEqual([released?.kind, released?.body.getUint32(0)], ['release', 2]);
  const held = finish(call(toOurs, 1));
  let isHeld = true;
  void held.finally(() => (isHeld = false));
  await settle();
  assert.equal(isHeld, true);
  peer.disembargo('receiverLoopback', 0, { importedCap: 1 });
  assert.equal((await held).n, 3);

  peer.sendBody('resolve', { dataWords: 1, pointers: 1 }, (body) => {
    body.setUint32(0, 3);
    body.setUint16(4, 1);
    const exception = body.initStruct(0, { dataWords: 1, pointers: 2 });
    exception.setText(0, 'no such thing');
    exception.setUint16(4, 1);
  });
  await assert.rejects(toError.whenResolved(), { kind: 'overloaded', message: 'no such thing' });
  await assert.rejects(finish(call(toError, 0)), { kind: 'overloaded' });

  // A resolution for a promise that has been let go in the meantime is let go as well.
  dropped.dispose();
  await peer.take();
  peer.resolve(4, DESCRIPTOR_TAG.senderHosted, 30);
  const [late] = await peer.take();
  assert.deepEqual([late?.kind, late?.body.getUint32(0)], ['release', 30]);
  assert.equal(peer.connection.isClosed, false);
  peer.hangUp();
});

test('a promise that resolves to itself is broken, not followed for ever', async () => {
  const { peer, kept } = await promising(1);
  peer.resolve(1, DESCRIPTOR_TAG.senderPromise, 1);
  await peer.take();
  for (const cap of kept) await assert.rejects(finish(call(cap, 0)), /resolved to itself/);
  peer.hangUp();
});

test('promises that resolve to one another are broken, or stay promises, and are let go', async () => {
  for (const count of [2, 3, 50]) {
    const { peer, kept } = await promising(count);
    const calls = kept.map((cap) => finish(call(cap, 0)));
    for (let id = 1; id <= count; id++) peer.resolve(id, DESCRIPTOR_TAG.senderPromise, (id % count) + 1);
    const later = kept.map((cap) => finish(call(cap, 0)));
    await peer.take();
    assert.equal(peer.connection.isClosed, false);
    for (const cap of kept) cap.dispose();
    peer.hangUp();
    for (const { status } of await Promise.allSettled([...calls, ...later])) assert.equal(status, 'rejected');
    assert.deepEqual(peer.connection.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
  }
});

/** Ends the embargoes that the peer was asked to end. */
async function lift(peer: RawPeer): Promise<void> {
  for (const { kind, body } of await peer.take()) {
    if (kind === 'disembargo') peer.disembargo('receiverLoopback', body.getUint32(0), { importedCap: 1 });
  }
  await peer.take();
}

/** Passes a capability to a peer. Returns the number it is known by there. */
async function passTo(peer: RawPeer, cap: Capability): Promise<number> {
  void call(peer.connection.bootstrap(), 0, { cap: cap.dup() });
  const passed = (await peer.take()).find(({ kind }) => kind === 'call');
  return passed?.body.getStruct(1).getStructList(1).getStruct(0).getUint32(4) ?? assert.fail();
}

for (const isSecondUsed of [false, true]) {
  for (const firstToLift of [0, 1]) {
    test(`promises of two peers that become one another are broken, ${isSecondUsed ? 'both' : 'one'} held back, peer ${firstToLift} lifting first`, async () => {
      const [first, second] = [await promising(1), await promising(1)];
      const [ofFirst, ofSecond] = [first.kept[0] ?? assert.fail(), second.kept[0] ?? assert.fail()];
      const knownToFirst = await passTo(first.peer, ofSecond);
      const knownToSecond = await passTo(second.peer, ofFirst);
      void call(ofFirst, 0);
      if (isSecondUsed) void call(ofSecond, 0);
      for (const { peer } of [first, second]) await peer.take();
      first.peer.resolve(1, DESCRIPTOR_TAG.receiverHosted, knownToFirst);
      await settle();
      second.peer.resolve(1, DESCRIPTOR_TAG.receiverHosted, knownToSecond);
      await settle();
      assert.deepEqual([first, second].map(({ peer }) => peer.connection.statistics().embargoes), [1, isSecondUsed ? 1 : 0]);
      const held = Promise.all([ofFirst, ofSecond].map((cap) => assert.rejects(finish(call(cap, 0)), { message: 'Promise resolved to itself.' })));
      for (const { peer } of firstToLift === 0 ? [first, second] : [second, first]) await lift(peer);
      await held;
      for (const cap of [ofFirst, ofSecond]) cap.dispose();
      for (const { peer } of [first, second]) peer.hangUp();
      await settle();
      for (const { peer } of [first, second]) assert.deepEqual(peer.connection.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
    });
  }
}

test('a second resolution of a promise is for none, and let go', async () => {
  const { peer, kept } = await promising(1);
  peer.resolve(1, DESCRIPTOR_TAG.senderPromise, 2);
  peer.resolve(1, DESCRIPTOR_TAG.senderHosted, 3);
  await peer.take();
  assert.equal(peer.connection.isClosed, false);
  assert.equal(peer.connection.statistics().imports, 1);
  for (const cap of kept) cap.dispose();
  peer.hangUp();
});

test('what was returned leads where it did then, for a Disembargo that comes after the promise in it has resolved', async () => {
  const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => ({ cap: p.getCapability(1) }) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0, { caps: [[DESCRIPTOR_TAG.senderPromise, 5]] });
  const returned = (await peer.take()).find(({ kind, body }) => kind === 'return' && body.getUint32(0) === 1)?.body.getStruct(0).getStructList(1).getStruct(0);
  assert.deepEqual([returned?.getUint16(0), returned?.getUint32(4)], [DESCRIPTOR_TAG.receiverHosted, 5]);
  peer.resolve(5, DESCRIPTOR_TAG.senderHosted, 20);
  peer.disembargo('senderLoopback', 77, { answer: 1, ops: [[1, 1]] });
  const echo = (await peer.take()).find(({ kind }) => kind === 'disembargo')?.body;
  assert.deepEqual([echo?.getUint32(0), echo?.getUint16(4), echo?.getStruct(0).getUint32(0)], [77, 1, 5]);
  peer.hangUp();
});

test('calls held back by an embargo that the peer does not lift fail with the connection', async () => {
  const { peer, kept } = await promising(1);
  const [promise] = kept;
  assert.ok(promise !== undefined);
  void call(promise, 1);
  await peer.take();
  peer.resolve(1, DESCRIPTOR_TAG.receiverHosted, 0);
  assert.deepEqual((await peer.take()).map(({ kind }) => kind), ['disembargo', 'release']);
  const held = finish(call(promise, 1));
  await settle();
  assert.equal(peer.connection.statistics().embargoes, 1);
  peer.hangUp();
  await assert.rejects(held, { kind: 'disconnected' });
  assert.equal(peer.connection.statistics().embargoes, 0);
});

test('calls on an object that comes back through three connections arrive in order', async () => {
  for (let crossing = 0; crossing <= 8; crossing++) {
    const seen: number[] = [];
    const own = new Probe({ 0: (p) => void seen.push(p.getInt32(0)) });
    // The last process gives back what it is given to the first, where it was made.
    const last = connectPair(new Probe({ 0: async (p) => { await settle(crossing); return { cap: p.getCapability(1) }; } }));
    const lastRoot = last.client.bootstrap();
    const passOn = (to: Capability): Probe => new Probe({ 0: async (p) => ({ cap: (await finish(call(to, 0, { cap: p.getCapability(1) }))).cap }) });
    const middle = connectPair(passOn(lastRoot));
    const middleRoot = middle.client.bootstrap();
    const first = connectPair(passOn(middleRoot));
    const root = first.client.bootstrap();
    const passed = call(root, 0, { cap: localCapability(own) });
    const back = passed.pipeline([1]);
    const calls = [0, 1, 2, 3, 4].map((n) => finish(call(back, 0, { n })));
    await settle(crossing);
    for (const n of [5, 6]) calls.push(finish(call(back, 0, { n })));
    await back.whenResolved();
    for (const n of [7, 8, 9]) calls.push(finish(call(back, 0, { n })));
    await Promise.all(calls);
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], `crossing ${crossing}`);
    (await passed.results).dispose();
    for (const cap of [back, root, middleRoot, lastRoot]) cap.dispose();
    await settle();
    for (const { client, server } of [first, middle, last]) {
      for (const { embargoes, questions } of [client.statistics(), server.statistics()]) assert.deepEqual([embargoes, questions], [0, 0]);
    }
    assert.equal(own.releasedCount, 1);
    for (const { client } of [first, middle, last]) client.close();
  }
});
