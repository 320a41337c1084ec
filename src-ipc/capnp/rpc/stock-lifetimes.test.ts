import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getInterfaceClient, setInterfaceClient } from 'capnp-ts';
import { memoryTransportPair } from '../transport/memory.js';
import { Connection } from './connection.js';
import { localCapability, promisedCapability } from './local.js';
import { call, finish, Probe, settle } from './testing.js';
import { callOurs, callStock, outcome, sharing, stockCall, stockCalls, stockServer } from './testing-stock.js';
import type { Ends } from './testing-stock.js';
import type { Capability } from './types.js';

/* What the connection of capnp-ts keeps for ever or lets go too early, beside the same done by ours. */

test('(f) a pipelined reference disposed before the answer leaks; here it is released', async () => {
  const run = async (server: Connection): Promise<number> => {
    await settle(30);
    return server.statistics().exports;
  };
  const { stock, server } = stockCalls(sharing());
  stockCall(stock.bootstrap(), 0).at(1).dispose();
  // The first object and the one that was given up.
  assert.equal(await run(server), 2);
  const ours = callOurs(sharing());
  const pending = call(ours.root, 0);
  pending.pipeline([1]).dispose();
  pending.cancel();
  assert.equal(await run(ours.server), 1);
});

test('a callback kept after its call ends the connection; here it stays callable', async () => {
  let kept: ReturnType<typeof getInterfaceClient> | undefined;
  const stockKeeper = stockServer({
    0: (params) => void (kept = getInterfaceClient(1, params)),
    1: async () => {
      if (kept !== undefined) await stockCall(kept, 0);
    },
  });
  let ourKept: Capability | null = null;
  const keeper = new Probe({
    0: (p) => void (ourKept = p.getCapability(1)),
    1: async () => {
      if (ourKept !== null) await finish(call(ourKept, 0));
    },
  });
  const run = async ({ root, client }: Ends): Promise<[string, boolean]> => {
    await finish(call(root, 0, { cap: localCapability(new Probe({ 0: () => {} })) }));
    await settle();
    return [await outcome(finish(call(root, 1))), client.isClosed];
  };
  const [error, isClosed] = await run(callStock(stockKeeper));
  assert.match(error, /disconnect/);
  assert.equal(isClosed, true);
  assert.deepEqual(await run(callOurs(keeper)), ['answer', false]);
});

test('capabilities in results that were given up leak; here they are released', async () => {
  let answer = (): void => {};
  const wait = (): Promise<void> => new Promise((resolve) => (answer = resolve));
  const inner = stockServer({ 0: () => {} });
  const stock = callStock(
    stockServer({
      0: async (_params, results) => {
        await wait();
        setInterfaceClient(1, inner, results);
      },
    }),
  );
  const ours = callOurs(new Probe({ 0: async () => { await wait(); return { cap: localCapability(new Probe()) }; } }));
  for (const { root } of [stock, ours]) {
    const pending = call(root, 0);
    await settle();
    pending.cancel();
    answer();
    await settle();
  }
  assert.equal(stock.stock.size('exports'), 2);
  assert.equal(ours.server.statistics().exports, 1);
});

test('what a promise has become leaks; here it is used and released', async () => {
  const promising = (): Probe => new Probe({ 0: () => ({ cap: promisedCapability(settle(5).then(() => localCapability(new Probe()))) }) });
  const { stock, server } = stockCalls(promising());
  const client = getInterfaceClient(1, await stockCall(stock.bootstrap(), 0));
  await settle(20);
  client.dispose();
  await settle();
  assert.equal(server.statistics().exports, 2);
  const ours = callOurs(promising());
  const { cap } = await finish(call(ours.root, 0));
  await cap?.whenResolved();
  cap?.dispose();
  await settle();
  assert.equal(ours.server.statistics().exports, 1);
});

test('question numbers only grow; here the lowest free one is used again', async () => {
  const { stock } = stockCalls(new Probe({ 1: () => ({}) }));
  const root = stock.bootstrap();
  for (let i = 0; i < 5; i++) await stockCall(root, 1);
  assert.equal(Reflect.get(stock.conn, 'nextQuestionId'), 6);
  const highest = { id: 0 };
  const [near, far] = memoryTransportPair();
  new Connection(far, { bootstrap: new Probe({ 1: () => ({}) }) });
  const send = near.send.bind(near);
  near.send = (message) => {
    const tag = message.segment.getUint16(8);
    if (tag === 2) highest.id = Math.max(highest.id, message.segment.getUint32(24));
    send(message);
  };
  const ours = new Connection(near).bootstrap();
  for (let i = 0; i < 5; i++) await finish(call(ours, 1));
  assert.ok(highest.id <= 1, `question ${highest.id}`);
});
