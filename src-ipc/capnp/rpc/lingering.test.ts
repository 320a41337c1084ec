import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability } from './local.js';
import { Probe } from './testing.js';
import { RawPeer } from './testing-raw-peer.js';

/* Calls that go on though their caller has finished them. */

/** A server whose method 0 does not look at its signal, and ends when told to. */
function deafServer(): { probe: Probe; count: () => number; end: () => void } {
  let started = 0;
  const waiting: (() => void)[] = [];
  const given = new Probe({ 2: () => ({ n: 2 }) });
  const probe = new Probe({
    0: async (_params, incoming) => {
      started++;
      incoming.releaseParams();
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { cap: localCapability(given) };
    },
    1: () => ({ n: 1 }),
  });
  const end = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { probe, count: () => started, end };
}

/** Why call `id` was refused; undefined when it was not. */
async function refusalOf(peer: RawPeer, id: number): Promise<string | undefined> {
  const returned = (await peer.take()).find(({ kind, body }) => kind === 'return' && body.getUint32(0) === id)?.body;
  return returned?.getUint16(6) === 1 ? returned.getStruct(0).getText(0) : undefined;
}

/** An object at pointer 1 of the results of a call. */
const inResultsOf = (answer: number): { answer: number; ops: [number, number][] } => ({ answer, ops: [[1, 1]] });

test('methods that run on after their calls were finished count until they end', async () => {
  const { probe, count, end } = deafServer();
  const peer = new RawPeer({ bootstrap: probe, limits: { answers: 5 } });
  peer.bootstrap(0);
  for (let round = 0; round < 3; round++) {
    for (let id = 1; id <= 20; id++) {
      peer.call(1, { answer: 0 }, 0);
      peer.finish(1, true);
    }
    peer.call(2, { answer: 0 }, 1);
    assert.equal(await refusalOf(peer, 2), 'Too many calls go on after they were finished (answers: 5 allowed).');
    assert.equal(count(), 5 * (round + 1));
    end();
    peer.finish(2, true);
    await peer.take();
    peer.call(2, { answer: 0 }, 1);
    assert.equal(await refusalOf(peer, 2), undefined);
    peer.finish(2, true);
  }
  assert.equal(peer.connection.isClosed, false);
  peer.hangUp();
});

test('what methods that run on were given counts until they end', async () => {
  const { probe, count, end } = deafServer();
  const peer = new RawPeer({ bootstrap: probe, limits: { heldBytes: 50000 } });
  peer.bootstrap(0);
  for (let round = 1; round <= 2; round++) {
    for (let id = 1; id <= 20; id++) {
      peer.call(1, { answer: 0 }, 0, { bytes: 8000 });
      peer.finish(1, true);
    }
    peer.call(2, { answer: 0 }, 1, { bytes: 8000 });
    assert.equal(await refusalOf(peer, 2), 'Too many bytes of unfinished calls (heldBytes: 50000 allowed).');
    assert.equal(count(), 5 * round);
    peer.finish(2, true);
    end();
    await peer.take();
  }
  peer.hangUp();
});

test('calls that wait for one another, each finished when the next is made, count as long as they wait', async () => {
  for (const [limits, bytes, refusal, refusedAt] of [
    [{ answers: 5 }, 0, 'Too many calls go on after they were finished (answers: 5 allowed).', 7],
    [{ heldBytes: 50000 }, 8000, 'Too many bytes of unfinished calls (heldBytes: 50000 allowed).', 6],
  ] as const) {
    const { probe, end } = deafServer();
    const peer = new RawPeer({ bootstrap: probe, limits });
    peer.bootstrap(0);
    peer.call(1, { answer: 0 }, 0, { bytes });
    let [last, refused] = [1, undefined as string | undefined];
    for (; refused === undefined && last < 20; last++) {
      peer.call(last + 1, inResultsOf(last), 2, { bytes });
      peer.finish(last, true);
      refused = await refusalOf(peer, last + 1);
    }
    assert.deepEqual([refused, last], [refusal, refusedAt]);
    end();
    peer.finish(last, true);
    await peer.take();
    peer.call(1, { answer: 0 }, 1, { bytes });
    assert.equal(await refusalOf(peer, 1), undefined);
    assert.deepEqual(peer.connection.statistics().answers, 2);
    peer.hangUp();
  }
});

for (const how of ['fails', 'is finished', 'is lost'] as const) {
  test(`a row of calls that wait for one another, whose end ${how}, does not exhaust the stack`, { timeout: 60_000 }, async () => {
    const count = 50_000;
    let aborted = false;
    let fail = (): void => undefined;
    const probe = new Probe({
      0: async (_params, incoming) => {
        incoming.signal.addEventListener('abort', () => (aborted = true));
        await new Promise((_resolve, reject) => (fail = () => reject(new Error('late'))));
      },
    });
    const peer = new RawPeer({ bootstrap: probe });
    peer.bootstrap(0);
    peer.call(1, { answer: 0 }, 0);
    for (let last = 1; last < count; last++) {
      peer.call(last + 1, inResultsOf(last), 2);
      peer.finish(last, true);
    }
    await peer.take();
    if (how === 'is lost') peer.hangUp();
    else if (how === 'is finished') peer.finish(count, true);
    else fail();
    const [last] = await peer.take();
    if (how !== 'is lost') assert.deepEqual([last?.kind, last?.body.getUint32(0)], ['return', count]);
    assert.deepEqual([peer.connection.isClosed, aborted], [how === 'is lost', how !== 'fails']);
    peer.hangUp();
    await peer.connection.closed;
    assert.equal(peer.connection.statistics().answers, 0);
  });
}
