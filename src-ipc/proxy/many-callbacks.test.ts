import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { InitMessageCallback, Node } from '../../src-interfaces/generated/node.js';
import { owned } from '../../src-interfaces/owned.js';
import { connectTo, implement, initWith, settle, type Pair } from './testing/pair.js';

/* 100,000 callbacks opened and dropped over one connection, in each of the ways they can be dropped. */

const CALLBACKS = 100_000;
const AT_ONCE = 50;

/** Subscriptions as a node keeps them, and the other end's node. */
class Subscriptions {
  readonly callbacks = new Set<InitMessageCallback>();
  /** Callbacks whose owner has been told that they are not needed any more. */
  ended = 0;

  connect(): Promise<Pair> {
    const node = implement<Node>({
      handleInitMessage: (callback) => {
        this.callbacks.add(callback);
        return Promise.resolve(implement<Handler>({ destroy: () => Promise.resolve(void this.callbacks.delete(callback)) }));
      },
    });
    return connectTo(initWith({ makeNode: () => Promise.resolve(node) }));
  }

  callback(): InitMessageCallback {
    const destroy = (): Promise<void> => Promise.resolve(void this.ended++);
    return Object.assign(() => Promise.resolve(), { destroy });
  }
}

/** The tables of both ends once everything under way has arrived. */
async function tables(pair: Pair): Promise<unknown[]> {
  await settle();
  return [pair.statistics(), pair.server.statistics()];
}

async function openAndDrop(subscriptions: Subscriptions, node: Node, count: number, drop: (subscribe: () => Promise<Handler>) => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, () => drop(() => node.handleInitMessage(subscriptions.callback())));
    await Promise.all(batch);
  }
}

const WAYS: Record<string, { share: number; drop: (subscribe: () => Promise<Handler>) => Promise<void> }> = {
  'with destroy': {
    share: 0.5,
    drop: async (subscribe) => {
      const handler = await subscribe();
      await handler.destroy();
    },
  },
  'at the end of a block': {
    share: 0.25,
    drop: async (subscribe) => {
      await using handler = owned(await subscribe());
      void handler;
    },
  },
};

for (const [way, { share, drop }] of Object.entries(WAYS)) {
  test(`callbacks dropped ${way} leave both ends' tables as they were`, { timeout: 120_000 }, async () => {
    const count = CALLBACKS * share;
    const subscriptions = new Subscriptions();
    const pair = await subscriptions.connect();
    const node = await pair.init.makeNode();
    assert.ok(node !== undefined);
    // The threads for that many calls at once are made once.
    await openAndDrop(subscriptions, node, AT_ONCE, drop);
    const before = await tables(pair);
    await openAndDrop(subscriptions, node, count, drop);
    assert.deepEqual(await tables(pair), before);
    assert.deepEqual([subscriptions.callbacks.size, subscriptions.ended], [0, count + AT_ONCE]);
    const [near] = before;
    assert.ok(typeof near === 'object' && near !== null && 'questions' in near && near.questions === 0);
    pair.close();
  });
}

test('callbacks abandoned with their connection leave nothing behind', { timeout: 120_000 }, async () => {
  const subscriptions = new Subscriptions();
  const rounds = 5;
  const count = (CALLBACKS * 0.25) / rounds;
  for (let round = 1; round <= rounds; round++) {
    const pair = await subscriptions.connect();
    const node = await pair.init.makeNode();
    assert.ok(node !== undefined);
    const held: Handler[] = [];
    await openAndDrop(subscriptions, node, count, async (subscribe) => void held.push(await subscribe()));
    assert.deepEqual([pair.statistics().objects, pair.server.statistics().imports - pair.statistics().exports], [count, 0]);
    assert.deepEqual([held.length, subscriptions.callbacks.size], [count, count]);
    pair.close();
    await pair.server.closed;
    const [near, far] = await tables(pair);
    const nothing = { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0, objects: 0, peerThreads: 0, ownThreads: 0 };
    assert.deepEqual([near, far], [nothing, nothing]);
    assert.deepEqual([subscriptions.callbacks.size, subscriptions.ended], [0, round * count]);
  }
});
