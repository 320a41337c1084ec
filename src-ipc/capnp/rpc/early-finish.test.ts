import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability, promisedCapability } from './local.js';
import { Probe } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { Capability, IncomingCall } from './types.js';

/* Calls that waited for a promise, and were finished before they were sent on: only calls on their results need them. */

/** An object at pointer 1 of the results of a call. */
const inResultsOf = (answer: number): { answer: number; ops: [number, number][] } => ({ answer, ops: [[1, 1]] });

/** A peer that has called method 1 of a promise, then method 2 of what that returns, and finished the first of these calls. */
async function finishedWhileWaiting(): Promise<{ peer: RawPeer; resolve: (capability: Capability) => void }> {
  let resolve = (_capability: Capability): void => {};
  const promise = new Promise<Capability>((fulfil) => (resolve = fulfil));
  const peer = new RawPeer({ bootstrap: new Probe({ 0: () => ({ cap: promisedCapability(promise) }) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0);
  await peer.take();
  peer.call(2, inResultsOf(1), 1);
  peer.call(3, inResultsOf(2), 2);
  peer.finish(2, true);
  await peer.take();
  return { peer, resolve };
}

test('the results of a call are let go of when what was called on them has ended', async () => {
  const { peer, resolve } = await finishedWhileWaiting();
  const given = new Probe({ 2: () => ({ n: 7 }) });
  resolve(localCapability(new Probe({ 1: () => ({ cap: localCapability(given) }) })));
  const returned = (await peer.take()).find(({ kind, body }) => kind === 'return' && body.getUint32(0) === 3);
  assert.equal(returned?.body.getStruct(0).getPointer(0).asStruct().getInt32(0), 7);
  peer.finish(3, true);
  await peer.take();
  assert.equal(given.releasedCount, 1);
  peer.hangUp();
});

test('a call is given up when nobody waits for anything on its results any more', async () => {
  const { peer, resolve } = await finishedWhileWaiting();
  let running: IncomingCall | undefined;
  const slow = new Probe({
    1: (_params, call) => {
      running = call;
      return new Promise(() => {});
    },
  });
  resolve(localCapability(slow));
  await peer.take();
  assert.equal(running?.isCancelled, false);
  peer.finish(3, true);
  await peer.take();
  assert.equal(running?.isCancelled, true);
  peer.hangUp();
});
