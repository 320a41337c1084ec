import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESCRIPTOR_TAG, TARGET_TAG } from './rpc-schema.js';
import type { ConnectionLimits } from './limits.js';
import { call, finish, Probe, settle } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { Capability, PendingCall } from './types.js';

/* What waits until a peer says where it goes. */

interface Keeping {
  readonly peer: RawPeer;
  /** Promise 1 of the peer, which calls have been sent to and which is an object of this side, held back by an embargo. */
  readonly held: Capability;
  /** Numbers that calls of method 2 have reached the object with. */
  readonly seen: number[];
}

async function embargoed(limits: Partial<ConnectionLimits>): Promise<Keeping> {
  const kept: Capability[] = [];
  const seen: number[] = [];
  const keeper = new Probe({
    0: (p) => void kept.push(p.getCapability(1) ?? assert.fail()),
    1: async (p) => {
      await settle(1);
      return { cap: p.getCapability(1) };
    },
    2: (p) => void seen.push(p.getInt32(0)),
  });
  const peer = new RawPeer({ bootstrap: keeper, limits });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0, { caps: [[DESCRIPTOR_TAG.senderPromise, 1]] });
  await peer.take();
  const [held] = kept;
  assert.ok(held);
  await raise(peer, held);
  return { peer, held, seen };
}

/** Sends a call to a promise of the peer, which becomes an object of this side. */
async function raise(peer: RawPeer, promise: Capability): Promise<void> {
  const sent = call(promise, 2);
  await peer.take();
  peer.resolve(1, DESCRIPTOR_TAG.receiverHosted, 0);
  await peer.take();
  sent.cancel();
}

/** Why a call was refused at once; undefined when it waits. */
async function refusalOf(pending: PendingCall): Promise<string | undefined> {
  const refused = pending.results.then(() => 'answered', (error: unknown) => String(error));
  return Promise.race([refused, settle(2).then(() => undefined)]);
}

const TOO_MANY = 'RpcError: Too many calls wait for promises of the peer (questions: 5 allowed).';

test('calls held back by an embargo are bounded, with those made on their results', async () => {
  const { peer, held, seen } = await embargoed({ questions: 5 });
  const calls = [0, 1, 2, 3].map((n) => call(held, 2, { n }));
  const onResults = call(calls[0]?.pipeline([1]) ?? assert.fail(), 2);
  assert.equal(await refusalOf(onResults), undefined);
  assert.equal(await refusalOf(call(held, 2)), TOO_MANY);
  // One that is given up leaves its place.
  calls.pop()?.cancel();
  calls.push(call(held, 2, { n: 4 }));
  assert.equal(await refusalOf(call(held, 2)), TOO_MANY);
  assert.deepEqual(seen, []);
  peer.disembargo('receiverLoopback', 0, { importedCap: 1 });
  await Promise.all(calls.map(finish));
  assert.deepEqual(seen, [0, 1, 2, 4]);
  await finish(call(held, 2, { n: 5 }));
  assert.equal(seen.at(-1), 5);
  peer.hangUp();
});

test('bytes of calls held back by an embargo are bounded', async () => {
  const { peer, held, seen } = await embargoed({ heldBytes: 50_000 });
  const text = 'p'.repeat(8000);
  const calls = Array.from({ length: 5 }, (_, n) => call(held, 2, { n, text }));
  assert.equal(await refusalOf(call(held, 2, { text })), 'RpcError: Too many bytes of unfinished calls (heldBytes: 50000 allowed).');
  peer.disembargo('receiverLoopback', 0, { importedCap: 1 });
  await Promise.all(calls.map(finish));
  assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  // All the room is there again, for the calls of the peer.
  for (let id = 10; id < 15; id++) peer.call(id, { answer: 0 }, 2, { bytes: 8000 });
  for (const { body } of await peer.take()) assert.equal(body.getUint16(6), 0);
  peer.hangUp();
});

test('calls on what a peer names by a call of its that does not end are bounded', async () => {
  const kept: Capability[] = [];
  const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => void kept.push(p.getCapability(1) ?? assert.fail()), 1: () => new Promise(() => {}) }), limits: { questions: 5 } });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 1);
  // Its results are the object of the next call: where calls on it go is known when call 1 ends.
  peer.sendBody('call', { dataWords: 3, pointers: 3 }, (body) => {
    body.setUint32(0, 2);
    body.setUint64(8, 0xabcdef0123456789n);
    const target = body.initStruct(0, { dataWords: 1, pointers: 1 });
    target.setUint16(4, TARGET_TAG.promisedAnswer);
    target.initStruct(0, { dataWords: 1, pointers: 1 });
    const payload = body.initStruct(1, { dataWords: 0, pointers: 2 });
    const content = payload.initStruct(0, { dataWords: 1, pointers: 3 });
    content.message.segment.setUint32(content.pointerOffset(1), 3);
    const descriptor = payload.initStructList(1, 1, { dataWords: 1, pointers: 1 }).getStruct(0);
    descriptor.setUint16(0, DESCRIPTOR_TAG.receiverAnswer);
    descriptor.initStruct(0, { dataWords: 1, pointers: 1 }).setUint32(0, 1);
  });
  await peer.take();
  const [never] = kept;
  assert.ok(never);
  const calls = Array.from({ length: 5 }, () => call(never, 2));
  assert.equal(await refusalOf(call(never, 2)), TOO_MANY);
  // Those of the peer itself are answers.
  for (let id = 3; id < 10; id++) peer.call(id, { answer: 1 }, 2);
  assert.deepEqual(await peer.take(), []);
  for (const pending of calls) pending.cancel();
  assert.equal(await refusalOf(call(never, 2)), undefined);
  peer.hangUp();
});

test('a peer that asks for the end of its own embargo over and over, while it keeps ours, is dropped', async () => {
  const { peer } = await embargoed({ answers: 5 });
  // The answer leads back to the peer, by way of a promise that calls have been made on and that turned out to be ours.
  peer.call(2, { answer: 0 }, 1, { caps: [[DESCRIPTOR_TAG.senderPromise, 7]] });
  peer.call(3, { answer: 2, ops: [[1, 1]] }, 2);
  await peer.take();
  peer.resolve(7, DESCRIPTOR_TAG.receiverHosted, 0);
  await peer.take();
  const ask = (id: number): void => peer.disembargo('senderLoopback', id, { answer: 2, ops: [[1, 1]] });
  for (let id = 0; id < 5; id++) ask(id);
  assert.deepEqual(await peer.take(), []);
  ask(5);
  const [abort] = await peer.take();
  assert.deepEqual([abort?.kind, abort?.body.getText(0)], ['abort', 'Too many Disembargoes wait for calls before them (answers: 5 allowed).']);
  assert.deepEqual(peer.connection.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
});
