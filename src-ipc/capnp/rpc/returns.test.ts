import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeBuffer } from '../wire/buffer-pool.js';
import { localCapability } from './local.js';
import { call, finish, Probe, settle } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { PendingCall } from './types.js';

/* Every kind of Return a peer may send, also those the reference never does. */

/** A connection whose first call, question 1, is under way, with one object passed. */
async function asked(): Promise<{ peer: RawPeer; pending: PendingCall; passed: Probe }> {
  const peer = new RawPeer();
  const passed = new Probe();
  const pending = call(peer.connection.bootstrap(), 0, { cap: localCapability(passed) });
  await peer.take();
  return { peer, pending, passed };
}

function returnKind(peer: RawPeer, tag: number, number = 0, question = 1): void {
  peer.sendBody('return', { dataWords: 2, pointers: 1 }, (body) => {
    body.setUint32(0, question);
    body.setUint16(6, tag);
    body.setUint32(8, number);
  });
}

/** The call is finished towards the peer, and nothing of it is left. */
async function isDone(peer: RawPeer): Promise<void> {
  const finishes = (await peer.take()).filter(({ kind, body }) => kind === 'finish' && body.getUint32(0) === 1);
  assert.equal(finishes.length, 1);
  assert.deepEqual([peer.connection.isClosed, peer.connection.statistics().questions], [false, 1]);
  peer.hangUp();
}

test('results are handed on, and the peer is told to keep the capabilities in them', async () => {
  const { peer, pending } = await asked();
  peer.returnResults(1, { n: 9, caps: [[1, 4]] });
  const { n, cap } = await finish(pending);
  assert.equal(n, 9);
  const [finished] = (await peer.take()).filter(({ kind }) => kind === 'finish');
  assert.deepEqual([finished?.body.getUint32(0), finished?.body.getBool(32, true)], [1, false]);
  cap?.dispose();
  assert.deepEqual((await peer.take()).map(({ kind, body }) => [kind, body.getUint32(0), body.getUint32(4)]), [['release', 4, 1]]);
  peer.hangUp();
});

for (const [number, kind] of (['failed', 'overloaded', 'disconnected', 'unimplemented', 'failed'] as const).entries()) {
  test(`an exception of kind ${number} rejects as ${kind}`, async () => {
    const { peer, pending, passed } = await asked();
    peer.sendBody('return', { dataWords: 2, pointers: 1 }, (body) => {
      body.setUint32(0, 1);
      body.setUint16(6, 1);
      const exception = body.initStruct(0, { dataWords: 1, pointers: 2 });
      exception.setText(0, 'because');
      exception.setUint16(4, number);
    });
    await assert.rejects(pending.results, { kind, message: 'because' });
    // releaseParamCaps is true unless it is said not to be.
    assert.equal(passed.releasedCount, 1);
    await isDone(peer);
  });
}

test('a call the callee has canceled fails', async () => {
  const { peer, pending } = await asked();
  returnKind(peer, 2);
  await assert.rejects(pending.results, { kind: 'failed', message: 'Call was canceled by the callee.' });
  await isDone(peer);
});

test('acceptFromThirdParty, and what is not known yet, fail as unimplemented', async () => {
  for (const tag of [5, 6, 99]) {
    const { peer, pending, passed } = await asked();
    returnKind(peer, tag);
    await assert.rejects(pending.results, { kind: 'unimplemented', message: 'Unknown kind of Return.' });
    assert.equal(passed.releasedCount, 1);
    await isDone(peer);
  }
});

for (const [what, tag, reason] of [
  ['resultsSentElsewhere for a call that wants its results', 3, '`Return` had `resultsSentElsewhere` but this was not a tail call.'],
  ['takeFromOtherQuestion of a call there is not', 4, '`Return.takeFromOtherQuestion` had invalid answer ID.'],
] as const) {
  test(`${what} ends the connection`, async () => {
    const { peer, pending } = await asked();
    returnKind(peer, tag, 77);
    await assert.rejects(pending.results, { kind: 'disconnected' });
    const abort = (await peer.take()).at(-1);
    assert.deepEqual([abort?.kind, abort?.body.getText(0)], ['abort', reason]);
  });
}

test('takeFromOtherQuestion gives the results of a call made to here', async () => {
  const inner = new Probe({ 3: () => ({ n: 8 }) });
  const callee = new Probe({ 7: async (p) => { await settle(4); return { n: p.getInt32(0) * 2, cap: localCapability(inner) }; } });
  const peer = new RawPeer({ bootstrap: callee });
  const pending = call(peer.connection.bootstrap(), 0);
  await peer.take();
  peer.bootstrap(0);
  peer.call(5, { answer: 0 }, 7, { n: 21, sendResultsTo: 1 });
  returnKind(peer, 4, 5);
  // From here on, calls on its results go there at once.
  await settle(1);
  const pipelined = pending.pipeline([1]);
  assert.equal((await finish(call(pipelined, 3))).n, 8);
  const { n, cap } = await finish(pending);
  assert.deepEqual([n, cap?.localServer], [42, inner]);
  // Its own Return says that the results went elsewhere.
  const returned = (await peer.take()).find(({ kind, body }) => kind === 'return' && body.getUint32(0) === 5);
  assert.equal(returned?.body.getUint16(6), 3);
  pipelined.dispose();
  cap?.dispose();
  peer.finish(5, true);
  await peer.take();
  assert.equal(inner.releasedCount, 1);
  peer.hangUp();
});

/** A peer that makes calls, 10 and on, which are passed on to itself as the questions returned; their results are to stay here. */
async function reflected(count: number): Promise<{ peer: RawPeer; questions: number[] }> {
  const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => ({ cap: p.getCapability(1) }) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0, { caps: [[1, 9]] });
  await peer.take();
  for (let i = 0; i < count; i++) peer.call(10 + i, { answer: 1, ops: [[1, 1]] }, 3, { sendResultsTo: 1 });
  const calls = (await peer.take()).filter(({ kind }) => kind === 'call');
  assert.equal(calls.length, count);
  return { peer, questions: calls.map(({ body }) => body.getUint32(0)) };
}

/** Whatever is under way ends with the connection. */
async function endsCleanly(peer: RawPeer): Promise<void> {
  peer.hangUp();
  await peer.connection.closed;
  assert.deepEqual(peer.connection.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
}

for (const count of [1, 2, 3]) {
  test(`${count} calls that take their results from one another in a circle fail`, async () => {
    const { peer, questions } = await reflected(count);
    // Calls on what is to be in the results, before and after.
    peer.call(2, { answer: 10, ops: [[1, 1]] }, 3);
    await peer.take();
    questions.forEach((question, i) => returnKind(peer, 4, 10 + ((i + 1) % count), question));
    await peer.take();
    peer.call(3, { answer: 10, ops: [[1, 1]] }, 3);
    const [failed] = await peer.take();
    assert.equal(failed?.body.getStruct(0).getText(0), 'Call takes its results from itself.');
    assert.deepEqual([peer.connection.isClosed, peer.connection.statistics().questions], [false, 1]);
    await endsCleanly(peer);
  });
}

for (const order of ['first to last', 'last to first']) {
  test(`any number of calls that take their results from the next, said ${order}, end without exhausting the stack`, async () => {
    const count = 20_000;
    const { peer, questions } = await reflected(count);
    const links = questions.slice(0, -1).map((question, i) => [question, 11 + i] as const);
    for (const [question, answer] of order === 'first to last' ? links : links.reverse()) returnKind(peer, 4, answer, question);
    const returned = (await peer.take()).filter(({ kind }) => kind === 'return');
    // Those that would lead too far have failed; so have those that led to them.
    assert.ok(returned.length > count / 200, `${returned.length} returned`);
    assert.equal(peer.connection.isClosed, false);
    await endsCleanly(peer);
  });
}

test('a hundred calls in a row may take their results from the next', async () => {
  const { peer, questions } = await reflected(101);
  questions.slice(0, -1).forEach((question, i) => returnKind(peer, 4, 11 + i, question));
  peer.call(2, { answer: 10, ops: [[1, 1]] }, 5);
  const passedOn = (await peer.take()).find(({ kind }) => kind === 'call');
  assert.equal(passedOn?.body.getStruct(0).getStruct(0).getUint32(0), questions.at(-1));
  await endsCleanly(peer);
});

test('results without capabilities are let go of when they are sent, though the peer may call into them until it finishes', async () => {
  const bytes = 8 * 1024 * 1024;
  const text = 'r'.repeat(bytes - 64 * 1024);
  const peer = new RawPeer({ bootstrap: new Probe({ 0: () => ({ text }) }) });
  peer.bootstrap(1);
  peer.call(2, { answer: 1 }, 0);
  const [, returned] = (await peer.take()).filter(({ kind }) => kind === 'return');
  assert.equal(returned?.body.getUint32(0), 2);
  const used = Buffer.from(takeBuffer(bytes));
  assert.ok(used.includes('rrrrrrrr'), 'the buffer of the results is used again');
  peer.call(3, { answer: 2, ops: [[1, 0]] }, 0);
  const [failed] = await peer.take();
  assert.equal(failed?.body.getStruct(0).getText(0), 'Called null capability.');
  peer.finish(2, true);
  peer.finish(3, true);
  await peer.take();
  assert.equal(peer.connection.statistics().answers, 1);
  peer.hangUp();
});
