import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { getInterfaceClient, setInterfaceClient, Struct } from 'capnp-ts';
import type { Server } from 'capnp-ts';
import { memoryTransportPair } from '../transport/memory.js';
import { encodeFrame } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import { initBody } from './call-messages.js';
import { Connection } from './connection.js';
import { localCapability, promisedCapability } from './local.js';
import { call, connectPair, finish, method, Probe, settle, SIZE } from './testing.js';
import { stockCall, StockConnection, stockServer, Values } from './testing-stock.js';
import type { Capability } from './types.js';

/*
 * What the connection of capnp-ts does wrong, each beside the same thing done by ours: one end is always ours, the
 * other first theirs and then ours. When an update mends something there, the test says so.
 */

const never = (): Promise<void> => new Promise(() => {});

interface Ends {
  readonly client: Connection;
  readonly root: Capability;
  readonly stock?: StockConnection;
}

/** Our client with a server of capnp-ts. */
function callStock(server: Server): Ends & { stock: StockConnection } {
  const [near, far] = memoryTransportPair();
  const stock = new StockConnection(far, near, server);
  const client = new Connection(near);
  return { client, root: client.bootstrap(), stock };
}

/** Our client with a server of ours. */
function callOurs(server: Probe): Ends & { server: Connection } {
  const pair = connectPair(server);
  return { client: pair.client, root: pair.client.bootstrap(), server: pair.server };
}

/** A client of capnp-ts with a server of ours. */
function stockCalls(server: Probe): { stock: StockConnection; server: Connection } {
  const [near, far] = memoryTransportPair();
  const served = new Connection(far, { bootstrap: server });
  return { stock: new StockConnection(near, far), server: served };
}

/** What a promise has come to once everything under way has arrived. */
async function outcome<T>(promise: PromiseLike<T>): Promise<string> {
  let seen = 'nothing';
  void promise.then(
    () => (seen = 'answer'),
    (error: unknown) => (seen = String(error)),
  );
  await settle(30);
  return seen;
}

const STOCK_TEXT = stockServer({
  0: never,
  1: (_params, results) => Struct.setText(0, 'text', results),
  2: () => {
    throw new Error('thrown');
  },
});
const OUR_TEXT = (): Probe => new Probe({ 0: never, 1: () => ({ text: 'text' }), 2: () => { throw new Error('thrown'); } });

test('(a) a call pipelined on one that is never answered blocks all others; here none', async () => {
  const run = async ({ root }: Ends): Promise<string> => {
    void call(call(root, 0).pipeline([1]), 1);
    return outcome(finish(call(root, 1)));
  };
  assert.equal(await run(callStock(STOCK_TEXT)), 'nothing');
  assert.equal(await run(callOurs(OUR_TEXT())), 'answer');
});

test('(b) a path that leads nowhere loses its call and the next; here it fails, alone', async () => {
  const run = async ({ root }: Ends): Promise<string[]> => {
    const lost = finish(call(call(root, 1).pipeline([0, 3]), 1));
    return Promise.all([outcome(lost), outcome(finish(call(root, 1)))]);
  };
  assert.deepEqual(await run(callStock(STOCK_TEXT)), ['nothing', 'nothing']);
  const [failed, next] = await run(callOurs(OUR_TEXT()));
  assert.match(failed ?? '', /^RpcError: Message contains non-struct pointer/);
  assert.equal(next, 'answer');
});

test('(c) a malformed message is thrown at the transport; here it ends the connection with its reason', async () => {
  const malformed = Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1, 0, 1, 0]);
  const { stock } = callStock(STOCK_TEXT);
  assert.throws(() => stock.deliver(malformed));
  const [near, far] = memoryTransportPair();
  const ours = new Connection(far, { bootstrap: OUR_TEXT() });
  far.sendBytes(malformed);
  near.start({ message: () => {}, malformed: () => {}, ended: () => {} });
  assert.equal((await ours.closed).error.message, 'Message contains out-of-bounds pointer.');
});

test('(d) a call nobody awaits ends the process with its connection; here it does not', () => {
  const program = `
    const { Conn, Client, Struct, ObjectSize } = require('capnp-ts');
    class Values extends Struct {}
    Values._capnp = { displayName: 'Values', id: '1', size: new ObjectSize(8, 3) };
    let close;
    const conn = new Conn({ close() {}, onClose: (callback) => (close = callback), onMessage() {}, send() {} });
    const { client } = conn.bootstrap({ _capnp: {}, Client: class { constructor(client) { this.client = client; } } });
    client.call({ interfaceId: 1n, methodId: 0, ParamsClass: Values, ResultsClass: Values });
    close();
    setTimeout(() => process.exit(0), 50);`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  assert.deepEqual([status, /connection closed/.test(stderr)], [1, true]);
  const ours = connectPair(OUR_TEXT());
  void call(ours.client.bootstrap(), 0).results;
  ours.client.close();
});

/** A server of ours that gives out the same object again and again. */
function sharing(): { probe: Probe; shared: Probe } {
  const shared = new Probe({ 0: () => ({ n: 5 }) });
  return { shared, probe: new Probe({ 0: () => ({ cap: localCapability(shared) }) }) };
}

test('(e) disposing one reference breaks the others to the same object; here each is its own', async () => {
  const { stock } = stockCalls(sharing().probe);
  const root = stock.bootstrap();
  const [first, second] = await Promise.all([stockCall(root, 0), stockCall(root, 0)].map(async (reply) => getInterfaceClient(1, await reply)));
  assert.ok(first && second);
  first.dispose();
  assert.match(await outcome(stockCall(second, 0)), /capability was disposed/);

  const ours = callOurs(sharing().probe);
  const [one, other] = [(await finish(call(ours.root, 0))).cap, (await finish(call(ours.root, 0))).cap];
  assert.ok(one && other);
  one.dispose();
  assert.equal((await finish(call(other, 0))).n, 5);
});

test('(f) a pipelined reference disposed before the answer leaks; here it is released', async () => {
  const run = async (server: Connection): Promise<number> => {
    await settle(30);
    return server.statistics().exports;
  };
  const { stock, server } = stockCalls(sharing().probe);
  stockCall(stock.bootstrap(), 0).at(1).dispose();
  // The first object and the one that was given up.
  assert.equal(await run(server), 2);
  const ours = callOurs(sharing().probe);
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

test('the kind of an exception is lost, both ways; here it is kept', async () => {
  const kind = ({ root }: Ends): Promise<unknown> => finish(call(root, 77)).catch((error: unknown) => (error instanceof Error && 'kind' in error ? error.kind : error));
  assert.equal(await kind(callStock(STOCK_TEXT)), 'failed');
  assert.equal(await kind(callOurs(OUR_TEXT())), 'unimplemented');
  const { stock } = stockCalls(OUR_TEXT());
  await stockCall(stock.bootstrap(), 77).then(assert.fail, (error: unknown) => assert.equal(typeof error === 'object' && error !== null && 'kind' in error, false));
});

test('a call that was given up is never returned; here at once, and its method is told', async () => {
  const questions = async ({ root, client }: Ends): Promise<number> => {
    const pending = call(root, 0);
    await settle();
    pending.cancel();
    await settle();
    return client.statistics().questions;
  };
  assert.equal(await questions(callStock(STOCK_TEXT)), 1);
  assert.equal(await questions(callOurs(OUR_TEXT())), 0);
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

test('calls on a capability that goes back are refused; here they are passed on, in order', async () => {
  const seen: number[] = [];
  const own = new Probe({ 0: (p) => void seen.push(p.getInt32(0)) });
  const run = async ({ root }: Ends): Promise<string> => {
    const reflecting = call(root, 0, { cap: localCapability(own) });
    const reflected = reflecting.pipeline([1]);
    const calls = [0, 1, 2, 3, 4].map((n) => finish(call(reflected, 0, { n })));
    for (const pending of calls) pending.catch(() => {});
    await reflecting.results;
    for (let n = 5; n < 10; n++) calls.push(finish(call(reflected, 0, { n })));
    return outcome(Promise.all(calls));
  };
  assert.match(await run(callStock(stockServer({ 0: async (params, results) => { await settle(2); setInterfaceClient(1, getInterfaceClient(1, params), results); } }))), /proxying calls is not implemented/);
  seen.length = 0;
  assert.equal(await run(callOurs(new Probe({ 0: async (p) => { const cap = p.getCapability(1); await settle(2); return { cap }; } }))), 'answer');
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('results of a tail call are not understood; here they are taken', async () => {
  const tailing = new Probe({
    0: (p, incoming) => {
      using cap = p.getCapability(1) ?? assert.fail();
      incoming.tailCall(cap, method(1), SIZE, () => {});
    },
  });
  const { stock } = stockCalls(tailing);
  const callback = stockServer({ 1: (_params, results) => Struct.setText(0, 'tail', results) });
  const reply = stockCall(stock.bootstrap(), 0, (params) => setInterfaceClient(1, callback, params));
  assert.match(await outcome(reply), /unimplemented return: TAKE_FROM_OTHER_QUESTION/);
  const ours = callOurs(tailing);
  assert.equal((await finish(call(ours.root, 0, { cap: localCapability(OUR_TEXT()) }))).text, 'text');
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

test('a capability of another connection arrives as null; here it is passed on', async () => {
  const isGiven = (): { probe: Probe; seen: boolean[] } => {
    const seen: boolean[] = [];
    return { seen, probe: new Probe({ 0: (p) => { const cap = p.getCapability(1); seen.push(cap !== null); cap?.dispose(); } }) };
  };
  const [theirs, ours] = [isGiven(), isGiven()];
  const far = stockCalls(new Probe()).stock.bootstrap();
  await stockCall(stockCalls(theirs.probe).stock.bootstrap(), 0, (params) => setInterfaceClient(1, far, params));
  await finish(call(callOurs(ours.probe).root, 0, { cap: callOurs(new Probe()).root }));
  assert.deepEqual([theirs.seen, ours.seen], [[false], [true]]);
});

test('messages of an unknown kind are only printed; here they are sent back', async (t) => {
  const printed = t.mock.method(console, 'error', () => {});
  // A Provide, of level 3.
  const message = new MessageBuilder();
  initBody(message, 10, { dataWords: 1, pointers: 2 });
  const answers = async (start: (transport: ReturnType<typeof memoryTransportPair>) => void): Promise<number> => {
    const [near, far] = memoryTransportPair();
    let count = 0;
    near.start({ message: () => void count++, malformed: () => {}, ended: () => {} });
    start([near, far]);
    far.sendBytes(encodeFrame(message));
    await settle();
    return count;
  };
  assert.equal(await answers(([near, far]) => void new StockConnection(far, near, STOCK_TEXT)), 0);
  assert.equal(printed.mock.callCount(), 1);
  assert.equal(await answers(([, far]) => void new Connection(far)), 1);
});

test('question numbers only grow; here the lowest free one is used again', async () => {
  const { stock } = stockCalls(OUR_TEXT());
  const root = stock.bootstrap();
  for (let i = 0; i < 5; i++) await stockCall(root, 1);
  assert.equal(Reflect.get(stock.conn, 'nextQuestionId'), 6);
  const highest = { id: 0 };
  const [near, far] = memoryTransportPair();
  new Connection(far, { bootstrap: OUR_TEXT() });
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

test('the shapes of both test interfaces are the same', () => {
  assert.deepEqual([Values._capnp.size.dataByteLength, Values._capnp.size.pointerLength], [SIZE.dataWords * 8, SIZE.pointers]);
});
