import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import { localCapability } from './local.js';
import { call, Probe, settle } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';

/** What a peer may not do, by the reason it is given. */
const VIOLATIONS: Record<string, (peer: RawPeer) => void> = {
  "'Finish' for invalid question ID.": (peer) => peer.finish(5, true),
  'Message target is not a current export ID.': (peer) => peer.call(0, { importedCap: 9 }, 0),
  'PromisedAnswer.questionId is not a current question.': (peer) => peer.call(0, { answer: 9 }, 0),
  'questionId is already in use': (peer) => {
    peer.bootstrap(0);
    peer.bootstrap(0);
  },
  'Tried to release invalid export ID.': (peer) => peer.release(3, 1),
  "Tried to drop export's refcount below zero.": (peer) => {
    peer.bootstrap(0);
    peer.release(0, 2);
  },
  'Invalid question ID in Return message.': (peer) => peer.returnResults(7),
  '`Return.takeFromOtherQuestion` referenced a call that did not use `sendResultsTo.yourself`.': (peer) => {
    peer.bootstrap(0);
    peer.sendBody('return', { dataWords: 2, pointers: 1 }, (body) => body.setUint16(6, 4));
  },
  'Invalid embargo ID in `Disembargo.context.receiverLoopback`.': (peer) =>
    peer.sendBody('disembargo', { dataWords: 1, pointers: 1 }, (body) => body.setUint16(4, 1)),
  "'Disembargo' of type 'senderLoopback' sent to an object that does not point back to the sender.": (peer) => {
    peer.bootstrap(0);
    peer.sendBody('disembargo', { dataWords: 1, pointers: 1 }, (body) => body.initStruct(0, { dataWords: 1, pointers: 1 }).setUint32(0, 0));
  },
  'Message has too many segments: 4294967296, 512 allowed.': (peer) => peer.sendBytes(Buffer.from('ffffffff00000000', 'hex')),
  'Message did not contain a root pointer.': (peer) => peer.sendBytes(Buffer.alloc(8)),
  'Message contains out-of-bounds pointer.': (peer) => peer.sendBytes(Buffer.from('0000000001000000' + '0400000001000100', 'hex')),
  'Peer did not implement required RPC message type.': (peer) =>
    peer.sendBody('unimplemented', { dataWords: 1, pointers: 1 }, (body) => body.setUint16(0, 4)),
};

for (const [reason, provoke] of Object.entries(VIOLATIONS)) {
  test(`a peer is told and dropped: ${reason}`, async () => {
    const server = new Probe({ 0: () => {} });
    const peer = new RawPeer({ bootstrap: server });
    const pending = call(peer.connection.bootstrap(), 0);
    provoke(peer);
    await assert.rejects(pending.results, { kind: 'disconnected' });
    const abort = (await peer.take()).at(-1);
    assert.deepEqual([abort?.kind, abort?.body.getText(0)], ['abort', reason]);
    assert.equal(peer.hasEnded, true);
    assert.equal((await peer.connection.closed).reason, 'error');
    assert.equal(server.releasedCount, 1);
    assert.deepEqual(peer.connection.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
  });
}

test('damaged messages end the connection at worst', async () => {
  const frames: Uint8Array[] = [];
  const record = new RawPeer();
  const root = record.connection.bootstrap();
  void call(root, 0, { n: 1, text: 'abc', cap: localCapability(new Probe()) });
  const promised = call(root, 1).pipeline([1]);
  void call(promised, 0, { cap: promised.dup() });
  for (const { message } of await record.take()) frames.push(frameOf(message.segments[0]?.bytes(0, message.byteLength).slice().buffer ?? new ArrayBuffer(0)));
  record.hangUp();
  let random = 12345;
  const next = (limit: number): number => {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    return (random >>> 8) % limit;
  };
  const done: Promise<unknown>[] = [];
  for (let round = 0; round < 1500; round++) {
    const peer = new RawPeer({ bootstrap: new Probe({ 0: (p) => ({ text: p.getText(0), cap: p.getCapability(1) }), 1: (p) => ({ cap: p.getCapability(1) }) }) });
    for (const frame of frames) {
      const damaged = frame.slice();
      for (let flips = next(3); flips > 0; flips--) {
        const at = 8 + next(damaged.length - 8);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << next(8));
      }
      peer.sendBytes(damaged);
    }
    await settle(3);
    peer.hangUp();
    done.push(peer.connection.closed);
  }
  await Promise.all(done);
});

function frameOf(segment: ArrayBuffer): Uint8Array {
  const builder = new MessageBuilder();
  builder.allocate(segment.byteLength / 8 - 1);
  new Uint8Array(builder.segment.buffer).set(new Uint8Array(segment));
  return encodeFrame(builder);
}
