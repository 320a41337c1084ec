import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { getInterfaceClient, setInterfaceClient, Struct } from 'capnp-ts';
import { memoryTransportPair } from '../transport/memory.js';
import { encodeFrame } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import { initBody } from './call-messages.js';
import { Connection } from './connection.js';
import { localCapability } from './local.js';
import { call, connectPair, finish, method, Probe, settle, SIZE } from './testing.js';
import { callOurs, callStock, outcome, sharing, stockCall, StockConnection, stockCalls, stockServer, Values } from './testing-stock.js';
import type { Ends } from './testing-stock.js';

/*
 * What the connection of capnp-ts does wrong, each beside the same thing done by ours: one end is always ours, the
 * other first theirs and then ours. When an update mends something there, the test says so.
 */

const never = (): Promise<void> => new Promise(() => {});

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

test('(e) disposing one reference breaks the others to the same object; here each is its own', async () => {
  const { stock } = stockCalls(sharing());
  const root = stock.bootstrap();
  const [first, second] = await Promise.all([stockCall(root, 0), stockCall(root, 0)].map(async (reply) => getInterfaceClient(1, await reply)));
  assert.ok(first && second);
  first.dispose();
  assert.match(await outcome(stockCall(second, 0)), /capability was disposed/);

  const ours = callOurs(sharing());
  const [one, other] = [(await finish(call(ours.root, 0))).cap, (await finish(call(ours.root, 0))).cap];
  assert.ok(one && other);
  one.dispose();
  assert.equal((await finish(call(other, 0))).n, 5);
});

test('the kind of an exception is lost, both ways; here it is kept', async () => {
  const kind = ({ root }: Ends): Promise<unknown> => finish(call(root, 77)).catch((error: unknown) => (error instanceof Error && 'kind' in error ? error.kind : error));
  assert.equal(await kind(callStock(STOCK_TEXT)), 'failed');
  assert.equal(await kind(callOurs(OUR_TEXT())), 'unimplemented');
  const { stock } = stockCalls(OUR_TEXT());
  await stockCall(stock.bootstrap(), 77).then(() => assert.fail(), (error: unknown) => assert.equal(typeof error === 'object' && error !== null && 'kind' in error, false));
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

test('the shapes of both test interfaces are the same', () => {
  assert.deepEqual([Values._capnp.size.dataByteLength, Values._capnp.size.pointerLength], [SIZE.dataWords * 8, SIZE.pointers]);
});
