import assert from 'node:assert/strict';
import { encodeFrame, ListElementSize, localCapability, MessageBuilder, promisedCapability } from '../../src-ipc/capnp/index.js';
import type { Capability } from '../../src-ipc/capnp/index.js';
import { call, finish, method, Probe, settle } from '../../src-ipc/capnp/rpc/testing.js';
import { FEATURES } from './features.js';
import { live, names, withPeer } from './peer-session.js';
import { PROBE, Recorder, VALUES } from './scenario-server.js';

/* Every protocol feature with this implementation calling the C++ one; driven.test.ts has the other direction. */

withPeer('values, small and large', async ({ root }) => {
  const reply = await finish(call(root, PROBE.echo, { n: 41, text: 'héllo' }));
  assert.deepEqual([reply.n, reply.text], [42, 'héllo']);
  for (const size of [100_000, 20_000_000]) {
    const text = 'L'.repeat(size);
    assert.equal((await finish(call(root, PROBE.echo, { text }))).text, text);
  }
});

withPeer('an object comes back as itself', async ({ root }) => {
  const own = new Recorder();
  const reply = await finish(call(root, PROBE.echo, { cap: localCapability(own) }));
  assert.equal(reply.cap?.localServer, own);
  reply.cap?.dispose();
  await finish(call(root, PROBE.echo));
  await settle();
  assert.equal(own.releasedCount, 1);
});

withPeer('pipelined calls arrive in order, and objects are released', async ({ root }) => {
  const opened = call(root, PROBE.open);
  const recorder = opened.pipeline([1]);
  const replies = await Promise.all(Array.from({ length: 100 }, (_, n) => finish(call(recorder, PROBE.echo, { n }))));
  assert.equal(replies.at(-1)?.text, [...Array(100).keys()].join());
  assert.equal(await live(root), 1);
  recorder.dispose();
  (await opened.results).dispose();
  assert.equal(await live(root), 0);
});

withPeer('callbacks during a call, and kept after it', async ({ root }) => {
  const own = new Recorder();
  assert.equal((await finish(call(root, PROBE.callBack, { n: 5, cap: localCapability(own) }))).n, 5);
  await settle();
  const kept = new Recorder();
  await finish(call(root, PROBE.keep, { cap: localCapability(kept) }));
  for (const n of [1, 2, 3]) await finish(call(root, PROBE.callKept, { n }));
  assert.deepEqual([kept.seen, kept.releasedCount], [[1, 2, 3], 0]);
  await finish(call(root, PROBE.dropKept));
  await finish(call(root, PROBE.echo));
  assert.equal(kept.releasedCount, 1);
});

for (const delay of [0, 3]) {
  withPeer(`calls on a reflected capability keep their order (${delay} turns)`, async ({ root }) => {
    const own = new Recorder();
    const reflecting = call(root, PROBE.reflect, { n: delay, cap: localCapability(own) });
    const reflected = reflecting.pipeline([1]);
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 5; n++) calls.push(finish(call(reflected, PROBE.echo, { n })));
    const results = await reflecting.results;
    for (let n = 5; n < 10; n++) calls.push(finish(call(reflected, PROBE.echo, { n })));
    await Promise.all(calls);
    assert.deepEqual(own.seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    results.dispose();
    reflected.dispose();
    await settle();
  });
}

withPeer('a promise of the peer resolves to its object', async ({ root }) => {
  const pending = call(root, PROBE.promise);
  const cap = (await finish(pending)).cap;
  assert.ok(cap);
  const calls = [0, 1, 2].map((n) => finish(call(cap, PROBE.echo, { n })));
  await cap.whenResolved();
  calls.push(finish(call(cap, PROBE.echo, { n: 3 })));
  assert.equal((await Promise.all(calls)).at(-1)?.text, '0,1,2,3');
  cap.dispose();
  assert.equal(await live(root), 0);
});

withPeer('a promise of the peer resolves to our object, in order', async ({ root }) => {
  const own = new Recorder();
  const cap = (await finish(call(root, PROBE.promise, { cap: localCapability(own) }))).cap;
  assert.ok(cap);
  const calls = [0, 1, 2, 3, 4].map((n) => finish(call(cap, PROBE.echo, { n })));
  await cap.whenResolved();
  for (let n = 5; n < 10; n++) calls.push(finish(call(cap, PROBE.echo, { n })));
  await Promise.all(calls);
  assert.deepEqual(own.seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  cap.dispose();
  await finish(call(root, PROBE.echo));
  await settle();
});

withPeer('a promise of ours resolves to our object, to theirs, or to an error', async ({ root }) => {
  const own = new Recorder();
  let give: (cap: Capability) => void = () => {};
  await finish(call(root, PROBE.keep, { cap: promisedCapability(new Promise<Capability>((resolve) => (give = resolve))) }));
  const calls = [0, 1].map((n) => finish(call(root, PROBE.callKept, { n })));
  await settle();
  give(localCapability(own));
  await Promise.all(calls);
  await finish(call(root, PROBE.callKept, { n: 2 }));
  assert.deepEqual(own.seen, [0, 1, 2]);

  const theirs = call(root, PROBE.open);
  await finish(call(root, PROBE.keep, { cap: promisedCapability(settle(3).then(() => theirs.pipeline([1]))) }));
  const replies = await Promise.all([0, 1, 2, 3].map((n) => finish(call(root, PROBE.callKept, { n }))));
  assert.equal(replies.at(-1)?.text, '0,1,2,3');
  (await theirs.results).dispose();

  await finish(call(root, PROBE.keep, { cap: promisedCapability(settle(3).then(() => Promise.reject(new Error('gone')))) }));
  await assert.rejects(finish(call(root, PROBE.callKept)), { kind: 'failed', message: /gone/ });
  await finish(call(root, PROBE.dropKept));
  assert.equal(await live(root), 0);
});

withPeer('lists of capabilities', async ({ root }) => {
  const results = await call(root, PROBE.list).results;
  const caps = results.content.getList(3, ListElementSize.POINTER).map((list, i) => list.getCapability(i) ?? assert.fail());
  results.dispose();
  assert.deepEqual(await Promise.all(caps.map(async (cap, n) => (await finish(call(cap, PROBE.echo, { n }))).n)), [0, 1, 2]);
  for (const cap of caps) cap.dispose();
  assert.equal(await live(root), 0);
});

withPeer('a tail call of the peer back to us', async ({ root }) => {
  const own = new Recorder();
  for (const n of [1, 2]) assert.equal((await finish(call(root, PROBE.tailTo, { n, cap: localCapability(own) }))).n, n);
  assert.deepEqual(own.seen, [1, 2]);
  const slow = new Probe({ 0: async (p) => { await settle(5); return { n: p.getInt32(0), cap: localCapability(own) }; } });
  const pending = call(root, PROBE.tailTo, { n: 9, cap: localCapability(slow) });
  const nested = pending.pipeline([1]);
  assert.equal((await finish(call(nested, PROBE.echo, { n: 3 }))).text, '1,2,3');
  nested.dispose();
  (await pending.results).dispose();
  await settle();
});

withPeer('exceptions keep their kind', async ({ root }) => {
  for (const [n, kind] of (['failed', 'overloaded', 'disconnected', 'unimplemented'] as const).entries()) {
    await assert.rejects(finish(call(root, PROBE.fail, { n, text: 'because' })), { kind, message: 'because' });
  }
  await assert.rejects(finish(call(root, PROBE.missing)), { kind: 'unimplemented', message: 'Method not implemented.; interfaceName = probe.capnp:Probe; typeId = 12379813738877118345; methodName = missing; methodId = 14' });
  await assert.rejects(finish(call(root, 99)), { kind: 'unimplemented', message: 'Method not implemented.; interfaceName = probe.capnp:Probe; typeId = 12379813738877118345; methodId = 99' });
  const foreign = root.call({ interfaceId: 0x9999999999999999n, methodId: 0, interfaceName: 'X', methodName: 'x' }, { dataWords: 0, pointers: 0 }, () => {});
  await assert.rejects(foreign.results, { kind: 'unimplemented', message: /^Requested interface not implemented\.; actualInterfaceName = .*; requestedTypeId = 11068046444225730969$/ });
});

withPeer('cancelling stops the method', async ({ root }) => {
  const stop = new AbortController();
  const pending = call(root, PROBE.never, {}, { signal: stop.signal });
  await finish(call(root, PROBE.echo));
  stop.abort();
  await assert.rejects(pending.results, { name: 'AbortError' });
  await finish(call(root, PROBE.echo));
  assert.equal((await finish(call(root, PROBE.statistics))).text, 'cancelled=1');
});

withPeer('a killed peer fails everything at once', async ({ child, root, connection }) => {
  await finish(call(root, PROBE.echo));
  const pending = call(root, PROBE.never);
  child.kill('SIGKILL');
  await assert.rejects(pending.results, { kind: 'disconnected', message: 'IPC client method call interrupted by disconnect.' });
  await connection.closed;
});

withPeer('1,000 callbacks opened and dropped leave nothing behind', async ({ root, connection }) => {
  for (let round = 0; round < 10; round++) {
    const own = Array.from({ length: 100 }, () => new Recorder());
    await Promise.all(own.map((recorder, n) => finish(call(root, PROBE.callBack, { n, cap: localCapability(recorder) }))));
    await finish(call(root, PROBE.echo));
    assert.ok(own.every((recorder) => recorder.releasedCount === 1));
  }
  assert.equal(connection.statistics().exports, 0);
});

withPeer('pipelined calls through nested structs', async ({ root }) => {
  const pending = root.call(method(PROBE.nest), VALUES, (params) => params.setInt32(0, 3));
  const deep = pending.pipeline([4, 4, 1]);
  const replies = await Promise.all([1, 2].map((n) => finish(call(deep, PROBE.echo, { n }))));
  assert.equal(replies.at(-1)?.text, '1,2');
  deep.dispose();
  (await pending.results).dispose();
  assert.equal(await live(root), 0);
});

withPeer('an object of an answer that is not there yet is passed', async ({ root }) => {
  const opened = call(root, PROBE.open);
  assert.equal((await finish(call(root, PROBE.callBack, { n: 8, cap: opened.pipeline([1]) }))).n, 8);
  (await opened.results).dispose();
  assert.equal(await live(root), 0);
});

withPeer('results given up while they are on their way are released', async ({ root }) => {
  for (let i = 0; i < 50; i++) {
    const pending = call(root, PROBE.open);
    await settle(i % 3);
    pending.cancel();
  }
  assert.equal(await live(root), 0);
});

withPeer('null, and promises that lead to nothing', async ({ root }) => {
  const pending = call(root, PROBE.echo);
  await assert.rejects(finish(call(pending.pipeline([1]), PROBE.echo)), { kind: 'failed', message: /null capability|returned no capabilities/ });
  assert.equal((await finish(pending)).cap, null);
});

withPeer('a message too large for C++ fails its call, not the connection', async ({ root }) => {
  assert.throws(() => call(root, PROBE.echo, { text: 'x'.repeat(64 * 1024 * 1024) }), { name: 'WireError', message: /too large: \d+ bytes, 67108864 allowed/ });
  assert.equal((await finish(call(root, PROBE.echo, { n: 1 }))).n, 2);
});

/** A message of the given kind with a number in its body. */
function rawMessage(tag: number, number: number): Uint8Array {
  const message = new MessageBuilder();
  const root = message.initRoot({ dataWords: 1, pointers: 1 });
  root.setUint16(0, tag);
  root.initStruct(0, { dataWords: 1, pointers: 2 }).setUint32(0, number);
  return encodeFrame(message);
}

withPeer('the peer sends back a message it does not know', async ({ child, connection, root }) => {
  await finish(call(root, PROBE.echo));
  // Join, of level 4.
  child.socket.write(rawMessage(12, 0));
  assert.equal((await connection.closed).error.message, 'Peer did not implement required RPC message type.');
});

withPeer('the peer aborts a connection on which the protocol is broken', async ({ child, connection, root }) => {
  await finish(call(root, PROBE.echo));
  const pending = call(root, PROBE.never);
  // Release of something it has not exported.
  child.socket.write(rawMessage(6, 99));
  await assert.rejects(pending.results, { kind: 'disconnected' });
  assert.match((await connection.closed).error.message, /^Peer aborted the connection: .*Tried to release invalid export ID/);
});

withPeer('every feature has its test', async () => {
  for (const { feature, ours } of FEATURES) assert.ok(names.has(ours), `${feature}: no test "${ours}"`);
  await Promise.resolve();
});
