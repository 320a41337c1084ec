import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageBuilder } from '../wire/message.js';
import { localCapability } from './local.js';
import { call, finish, Probe, settle } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';
import type { Received } from './testing-raw-peer.js';
import type { Capability } from './types.js';

const kinds = (messages: Received[]): string[] => messages.map((message) => message.kind);
const hex = (message: Received | undefined): string => (message === undefined ? '' : message.message.segments.map((s) => s.asBuffer(0, s.byteLength).toString('hex')).join('|'));

test('the first messages are byte for byte what the reference sends', async () => {
  const peer = new RawPeer();
  const init = peer.connection.bootstrap();
  const threadMap = new Probe();
  const construct = { interfaceId: 0x8838c700ba5cba65n, methodId: 0, interfaceName: 'Init', methodName: 'construct' };
  const pending = init.call(construct, { dataWords: 0, pointers: 1 }, (params) => params.setCapability(0, localCapability(threadMap)));
  const [bootstrap, called] = await peer.take();
  assert.equal(hex(bootstrap), '0000000001000100' + '0800000000000000' + '0000000001000100' + '0000000000000000' + '0000000000000000');
  assert.equal(called?.body.getUint32(0), 1);
  assert.equal(called.body.getUint64(8), construct.interfaceId);
  assert.equal(called.body.getStruct(0).getUint16(4), 1);
  assert.equal(called.body.getStruct(0).getStruct(0).getUint32(0), 0);
  const descriptor = called.body.getStruct(1).getStructList(1).getStruct(0);
  assert.deepEqual([descriptor.getUint16(0), descriptor.getUint32(4)], [1, 0]);
  // The answers as the reference gives them.
  const returned = (words: string): void => peer.sendBytes(Buffer.from(words.replaceAll(' ', ''), 'hex'));
  returned('000000000b000000 0000000001000100 0300000000000000 0000000002000100 0000000000000000 0000000000000000 0000000000000200 0300000000000000 0100000017000000 0400000001000100 0100000000000000 0000000000000000');
  returned('000000000c000000 0000000001000100 0300000000000000 0000000002000100 0100000001000000 0000000000000000 0000000000000200 0400000000000100 0500000017000000 0300000000000000 0400000001000100 0100000001000000 0000000000000000');
  const results = await pending.results;
  const theirs = results.content.getCapability(0);
  assert.ok(theirs);
  results.dispose();
  const [finish0, finish1] = await peer.take();
  assert.equal(hex(finish0), '0000000001000100' + '0400000000000000' + '0000000001000000' + '0000000001000000');
  assert.equal(finish1?.kind, 'finish');
  void call(theirs, 0);
  void call(init, 0);
  const [third, fourth] = await peer.take();
  assert.deepEqual([third?.body.getUint32(0), third?.body.getStruct(0).getUint32(0)], [0, 1]);
  assert.deepEqual([fourth?.body.getUint32(0), fourth?.body.getStruct(0).getUint16(4), fourth?.body.getStruct(0).getUint32(0)], [1, 0, 0]);
  peer.hangUp();
});

test('a question number is used again only after both Return and Finish', async () => {
  const peer = new RawPeer();
  const root = peer.connection.bootstrap();
  const first = call(root, 0);
  void call(root, 0);
  await peer.take();
  first.cancel();
  const [finished] = await peer.take();
  assert.deepEqual([finished?.kind, finished?.body.getUint32(0), finished?.body.getBool(32, true)], ['finish', 1, true]);
  void call(root, 0);
  assert.equal((await peer.take())[0]?.body.getUint32(0), 3);
  // A Return that crossed the Finish: its capabilities are the callee's to release.
  peer.returnResults(1, { caps: [[1, 55]] });
  assert.deepEqual(kinds(await peer.take()), []);
  assert.equal(peer.connection.statistics().imports, 0);
  void call(root, 0);
  assert.equal((await peer.take())[0]?.body.getUint32(0), 1);
  peer.hangUp();
});

test('releaseParamCaps: never asked for, honoured when the peer asks', async () => {
  const peer = new RawPeer({ bootstrap: new Probe({ 0: () => {} }) });
  const root = peer.connection.bootstrap();
  const [kept, taken] = [new Probe(), new Probe()];
  const calls = [finish(call(root, 0, { cap: localCapability(kept) })), finish(call(root, 0, { cap: localCapability(taken) }))];
  await peer.take();
  peer.returnResults(1, { releaseParamCaps: false });
  peer.returnResults(2, { releaseParamCaps: true });
  await Promise.all(calls);
  assert.deepEqual([kept.releasedCount, taken.releasedCount], [0, 1]);
  peer.release(0, 1);
  await settle();
  assert.equal(kept.releasedCount, 1);

  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0, { caps: [[1, 9]] });
  const messages = (await peer.take()).filter(({ kind }) => kind !== 'finish');
  assert.deepEqual(kinds(messages).sort(), ['release', 'return', 'return']);
  for (const message of messages) if (message.kind === 'return') assert.equal(message.body.getBool(32, true), false);
  const release = messages.find(({ kind }) => kind === 'release');
  assert.deepEqual([release?.body.getUint32(0), release?.body.getUint32(4)], [9, 1]);
  peer.hangUp();
});

test('releaseResultCaps releases what the results mentioned; without it Release does', async () => {
  const made: Probe[] = [];
  const peer = new RawPeer({
    bootstrap: new Probe({
      0: () => {
        const probe = new Probe();
        made.push(probe);
        return { cap: localCapability(probe), cap2: localCapability(probe) };
      },
    }),
  });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0);
  peer.call(2, { answer: 0 }, 0);
  await peer.take();
  peer.finish(1, true);
  peer.finish(2, false);
  await peer.take();
  assert.deepEqual(made.map((probe) => probe.releasedCount), [1, 0]);
  assert.equal(peer.connection.statistics().exports, 2);
  peer.release(2, 2);
  await peer.take();
  assert.deepEqual(made.map((probe) => probe.releasedCount), [1, 1]);
  peer.hangUp();
});

test('mentions of an import are counted and given back together', async () => {
  const kept: (Capability | null)[] = [];
  const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => void kept.push(p.getCapability(1), p.getCapability(2)) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0, { caps: [[1, 4], [1, 4]] });
  peer.call(2, { answer: 0 }, 0, { caps: [[1, 4], [0, 0]] });
  assert.deepEqual(kinds(await peer.take()), ['return', 'return', 'return']);
  for (const cap of kept) cap?.dispose();
  const [release] = await peer.take();
  assert.deepEqual([release?.kind, release?.body.getUint32(0), release?.body.getUint32(4)], ['release', 4, 3]);
  peer.hangUp();
});

/** Gives an object when told to; notes which of its calls are given up. */
function slowServer(): { probe: Probe; given: Probe; aborted: number[]; end: () => void } {
  const aborted: number[] = [];
  let end = (): void => undefined;
  const told = new Promise<void>((resolve) => (end = resolve));
  const given = new Probe({ 1: (params) => ({ n: params.getInt32(0) + 1 }) });
  const probe = new Probe({
    0: async (_params, incoming) => {
      incoming.signal.addEventListener('abort', () => aborted.push(0));
      await told;
      return { cap: localCapability(given) };
    },
  });
  return { probe, given, aborted, end: () => end() };
}

test('a call that is finished early goes on while calls made on its answer need it', async () => {
  const { probe, given, aborted, end } = slowServer();
  const peer = new RawPeer({ bootstrap: probe });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0);
  peer.call(2, { answer: 1, ops: [[1, 1]] }, 1, { n: 7 });
  peer.finish(1, true);
  const [, canceled] = await peer.take();
  assert.deepEqual([canceled?.kind, canceled?.body.getUint32(0), canceled?.body.getUint16(6)], ['return', 1, 2]);
  assert.deepEqual(aborted, []);
  end();
  const [answered] = await peer.take();
  assert.deepEqual([answered?.kind, answered?.body.getUint32(0), answered?.body.getUint16(6)], ['return', 2, 0]);
  assert.equal(answered?.body.getStruct(0).getStruct(0).getInt32(0), 8);
  peer.finish(2, true);
  await peer.take();
  assert.deepEqual(peer.connection.statistics(), { questions: 0, answers: 1, exports: 1, imports: 0, embargoes: 0 });
  assert.equal(given.releasedCount, 1);
  peer.hangUp();
});

for (const how of ['finished', 'lost'] as const) {
  test(`a call that is finished early is given up when the calls made on its answer are ${how}, too`, async () => {
    const { probe, aborted } = slowServer();
    const peer = new RawPeer({ bootstrap: probe });
    peer.bootstrap(0);
    peer.call(1, { answer: 0 }, 0);
    peer.call(2, { answer: 1, ops: [[1, 1]] }, 1);
    peer.call(3, { answer: 1, ops: [[1, 1]] }, 1);
    peer.finish(1, true);
    peer.finish(2, true);
    await peer.take();
    assert.deepEqual(aborted, []);
    if (how === 'finished') peer.finish(3, true);
    else peer.hangUp();
    await peer.take();
    assert.deepEqual(aborted, [0]);
    peer.hangUp();
  });
}

test('a call that is finished early is returned as canceled', async () => {
  const peer = new RawPeer({ bootstrap: new Probe({ 0: () => new Promise(() => {}) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0 }, 0);
  await peer.take();
  peer.finish(1, true);
  const [returned] = await peer.take();
  assert.deepEqual([returned?.kind, returned?.body.getUint32(0), returned?.body.getUint16(6)], ['return', 1, 2]);
  assert.equal(peer.connection.statistics().answers, 1);
  peer.hangUp();
});

test('what is not understood is sent back as unimplemented', async () => {
  const peer = new RawPeer();
  peer.sendBody(10, { dataWords: 1, pointers: 2 }, (body) => body.setUint32(0, 77));
  peer.sendBody('disembargo', { dataWords: 1, pointers: 1 }, (body) => body.setUint16(4, 3));
  const [provide, disembargo] = await peer.take();
  assert.equal(provide?.kind, 'unimplemented');
  assert.deepEqual([provide.body.getUint16(0), provide.body.getStruct(0).getUint32(0)], [10, 77]);
  assert.equal(disembargo?.kind, 'unimplemented');
  assert.equal(peer.connection.isClosed, false);
  peer.hangUp();
});

test('a peer that does not know calls fails them', async () => {
  const peer = new RawPeer();
  const root = peer.connection.bootstrap();
  const probe = new Probe();
  const pending = call(root, 0, { cap: localCapability(probe) });
  const [bootstrap, called] = await peer.take();
  for (const message of [bootstrap, called]) {
    const echo = new MessageBuilder();
    const unimplemented = echo.initRoot({ dataWords: 1, pointers: 1 }).initStruct(0, { dataWords: 1, pointers: 1 });
    unimplemented.setUint16(0, message?.kind === 'call' ? 2 : 8);
    unimplemented.initStruct(0, { dataWords: 1, pointers: 0 }).setUint32(0, message?.body.getUint32(0) ?? 0);
    peer.send(echo);
  }
  await assert.rejects(pending.results, { kind: 'unimplemented' });
  assert.equal(probe.releasedCount, 1);
  assert.deepEqual(kinds(await peer.take()), []);
  assert.equal(peer.connection.statistics().questions, 0);
  peer.hangUp();
});

test('an abort of the peer ends the connection with its reason', async () => {
  const peer = new RawPeer();
  const pending = call(peer.connection.bootstrap(), 0);
  await peer.take();
  peer.sendBody('abort', { dataWords: 1, pointers: 2 }, (body) => body.setText(0, 'enough'));
  await assert.rejects(pending.results, { kind: 'disconnected', message: 'IPC client method call interrupted by disconnect.' });
  const end = await peer.connection.closed;
  assert.deepEqual([end.reason, end.error.message], ['error', 'Peer aborted the connection: enough']);
});

test('calls that cannot be made sense of are answered with an exception', async () => {
  const peer = new RawPeer({ bootstrap: new Probe({ 0: () => ({ n: 1 }) }) });
  peer.bootstrap(0);
  peer.call(1, { answer: 0, ops: [[7, 0]] }, 0);
  peer.call(2, { answer: 0 }, 0, { sendResultsTo: 2 });
  peer.call(3, { answer: 0, ops: [[1, 5], [0, 0], [1, 6]] }, 0);
  peer.call(4, { answer: 0 }, 0, { caps: [[3, 99], [9, 0]] });
  peer.call(5, { answer: 0 }, 0);
  const answers = new Map((await peer.take()).filter(({ kind }) => kind === 'return').map(({ body }) => [body.getUint32(0), body]));
  const reason = (id: number): [number | undefined, string | undefined] => [answers.get(id)?.getUint16(6), answers.get(id)?.getStruct(0).getText(0)];
  assert.deepEqual(reason(1), [1, 'Unsupported pipeline op.']);
  assert.deepEqual(reason(2), [1, 'Unsupported `Call.sendResultsTo`.']);
  assert.equal(answers.get(3)?.getUint16(6), 1);
  assert.equal(answers.get(4)?.getUint16(6), 0);
  assert.equal(answers.get(5)?.getUint16(6), 0);
  assert.equal(peer.connection.isClosed, false);
  peer.hangUp();
});
