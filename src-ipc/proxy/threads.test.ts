import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { Connection } from '../capnp/rpc/connection.js';
import { localCapability } from '../capnp/rpc/local.js';
import { hookOf } from '../capnp/rpc/testing.js';
import type { Capability, IncomingCall, LocalServer, MethodRef } from '../capnp/rpc/types.js';
import { memoryTransportPair } from '../capnp/transport/memory.js';
import { connectRoot } from '../connect.js';
import { chainInterface } from '../generated/chain.js';
import { echoInterface } from '../generated/echo.js';
import { serveInit } from '../serve.js';
import { HostedThread, HostedThreadMap } from './hosted-thread.js';
import { connectTo, deferred, implement, initWith, settle } from './testing/pair.js';
import { INIT_CONSTRUCT, THREAD_MAP_MAKE_POOL, THREAD_MAP_MAKE_THREAD } from './thread-interface.js';

/*
 * Which threads calls name, seen from the other end by a peer that speaks Cap'n Proto without our proxies.
 */

const ONE_POINTER = { dataWords: 0, pointers: 1 };
const TWO_POINTERS = { dataWords: 0, pointers: 2 };

/** A first object that exchanges threads and leaves the other calls to `answer`. */
class BarePeer implements LocalServer {
  readonly threadMap = new HostedThreadMap('bare-1/bare');

  constructor(private readonly answer: (call: IncomingCall) => Promise<void>) {}

  dispatch(call: IncomingCall): Promise<void> | void {
    if (call.interfaceId !== INIT_CONSTRUCT.interfaceId) return this.answer(call);
    call.initResults(ONE_POINTER).setCapability(0, localCapability(this.threadMap));
  }
}

/** The thread of ours that a call's context names. */
async function threadOf(call: IncomingCall): Promise<HostedThread> {
  const capability = call.params.getStruct(0).getCapability(0);
  await capability?.whenResolved();
  const server = capability?.localServer;
  capability?.dispose();
  assert.ok(server instanceof HostedThread, 'the call names no thread of ours');
  return server;
}

test('calls under way at the same time run on different threads, later ones on the same again', async () => {
  const [near, far] = memoryTransportPair();
  const release = deferred();
  const threads: HostedThread[] = [];
  const bootstrap = new BarePeer(async (call) => {
    threads.push(await threadOf(call));
    await release.promise;
    call.initResults({ dataWords: 1, pointers: 0 }).setInt32(0, 1);
  });
  const connection = new Connection(far, { bootstrap });
  const { init: chain } = await connectRoot<Chain>(near, chainInterface);
  const calls = [1, 2, 3].map(() => chain.relayMinFee());
  await settle();
  assert.equal(new Set(threads).size, 3);
  release.resolve();
  await Promise.all(calls);
  await chain.getHeight();
  await chain.getHeight();
  assert.equal(threads.length, 5);
  assert.equal(new Set(threads).size, 3);
  assert.equal(threads[3], threads[4]);
  connection.close();
});

/** What a peer without our proxies holds of a served Init. */
interface Bare {
  readonly root: Capability;
  readonly connection: Connection;
}

function connectBare(makeEcho: () => Promise<Echo>): Bare {
  const [near, far] = memoryTransportPair();
  serveInit(initWith({ makeEcho }), far);
  const connection = new Connection(near);
  return { root: connection.bootstrap(), connection };
}

const MAKE_ECHO: MethodRef = { interfaceId: INIT_CONSTRUCT.interfaceId, interfaceName: 'Init', methodId: 1, methodName: 'makeEcho' };
const ECHO: MethodRef = { interfaceId: echoInterface.id, interfaceName: 'Echo', methodId: 1, methodName: 'echo' };

/** Calls `echo`, naming the threads given; null names none. */
async function bareEcho(target: Capability, text: string, thread: Capability | null, back: Capability | null): Promise<string> {
  const call = target.call(ECHO, TWO_POINTERS, (params) => {
    const context = params.initStruct(0, TWO_POINTERS);
    context.setCapability(0, thread?.dup() ?? null);
    context.setCapability(1, back?.dup() ?? null);
    params.setText(1, text);
  });
  using results = await call.results;
  return results.content.getText(0);
}

test('calls that name no thread are welcome, also without the exchange of threads', async () => {
  const { root, connection } = connectBare(() => Promise.resolve(implement<Echo>({ echo: (text) => Promise.resolve(text) })));
  const echo = root.call(MAKE_ECHO, ONE_POINTER, () => undefined).pipeline([0]);
  assert.equal(await bareEcho(echo, 'a', null, null), 'a');
  // A reference that is no thread is ignored as well.
  assert.equal(await bareEcho(echo, 'b', root, null), 'b');
  connection.close();
});

test('calls on one thread run one after the other, also those pipelined on its making', async () => {
  const order: string[] = [];
  const gate = deferred();
  const { root, connection } = connectBare(() =>
    Promise.resolve(
      implement<Echo>({
        echo: async (text) => {
          order.push(`${text} begins`);
          if (text === 'first') await gate.promise;
          order.push(`${text} ends`);
          return text;
        },
      }),
    ),
  );
  const construct = root.call(INIT_CONSTRUCT, ONE_POINTER, () => undefined);
  const thread = construct
    .pipeline([0])
    .call(THREAD_MAP_MAKE_THREAD, ONE_POINTER, (params) => params.setText(0, 'bare'))
    .pipeline([0]);
  const echo = root.call(MAKE_ECHO, ONE_POINTER, () => undefined).pipeline([0]);
  const calls = ['first', 'second', 'third'].map((text) => bareEcho(echo, text, thread, null));
  const elsewhere = bareEcho(echo, 'other', null, null);
  assert.equal(await elsewhere, 'other');
  await settle();
  assert.deepEqual(order, ['first begins', 'other begins', 'other ends']);
  gate.resolve();
  assert.deepEqual(await Promise.all(calls), ['first', 'second', 'third']);
  assert.deepEqual(order.slice(3), ['first ends', 'second begins', 'second ends', 'third begins', 'third ends']);
  connection.close();
});

test('a pool may be asked for once, and calls without a thread run beside each other with it', async () => {
  const gate = deferred();
  const { root, connection } = connectBare(() =>
    Promise.resolve(implement<Echo>({ echo: (text) => (text === 'long' ? gate.promise.then(() => text) : Promise.resolve(text)) })),
  );
  const threadMap = root.call(INIT_CONSTRUCT, ONE_POINTER, () => undefined).pipeline([0]);
  const makePool = async (): Promise<void> => {
    const call = threadMap.call(THREAD_MAP_MAKE_POOL, { dataWords: 1, pointers: 0 }, (params) => params.setUint32(0, 2));
    (await call.results).dispose();
  };
  await makePool();
  await assert.rejects(makePool(), { kind: 'failed', message: 'std::exception: makePool called on connection with existing pool' });
  const echo = root.call(MAKE_ECHO, ONE_POINTER, () => undefined).pipeline([0]);
  const long = bareEcho(echo, 'long', null, null);
  assert.equal(await bareEcho(echo, 'short', null, null), 'short');
  gate.resolve();
  assert.equal(await long, 'long');
  connection.close();
});

test('a call given up before its turn on the thread is skipped', async () => {
  const order: string[] = [];
  const gate = deferred();
  const echoed = async (text: string): Promise<string> => {
    order.push(text);
    if (text === 'first') await gate.promise;
    return text;
  };
  const { root, connection } = connectBare(() => Promise.resolve(implement<Echo>({ echo: echoed })));
  const threadMap = root.call(INIT_CONSTRUCT, ONE_POINTER, () => undefined).pipeline([0]);
  const thread = threadMap.call(THREAD_MAP_MAKE_THREAD, ONE_POINTER, (params) => params.setText(0, 'bare')).pipeline([0]);
  const echo = root.call(MAKE_ECHO, ONE_POINTER, () => undefined).pipeline([0]);
  const first = bareEcho(echo, 'first', thread, null);
  const second = echo.call(ECHO, TWO_POINTERS, (params) => {
    params.initStruct(0, TWO_POINTERS).setCapability(0, thread.dup());
    params.setText(1, 'second');
  });
  const third = bareEcho(echo, 'third', thread, null);
  await settle();
  second.cancel(new Error('no more'));
  await assert.rejects(second.results);
  await settle();
  gate.resolve();
  assert.deepEqual(await Promise.all([first, third]), ['first', 'third']);
  assert.deepEqual(order, ['first', 'third']);
  connection.close();
});

test('a call back names the thread that waits, one call at a time, and a new one after the method returned', async () => {
  const [near, far] = memoryTransportPair();
  const chainCalls: { thread: HostedThread; callbackThread: Capability | null; finish: () => void }[] = [];
  const peerThread = new HostedThread('waits');
  const peerChain = localCapability({
    dispatch: async (call) => {
      const finished = deferred();
      const callbackThread = call.params.getStruct(0).getCapability(1);
      chainCalls.push({ thread: await threadOf(call), callbackThread, finish: () => finished.resolve() });
      await finished.promise;
    },
  });
  let chain: Chain | undefined;
  const late = deferred();
  const lateCall = deferred<Promise<unknown>>();
  serveInit(
    initWith({
      makeWalletLoader: async (_args, argument) => {
        chain = argument;
        const both = Promise.all([chain.initMessage('a'), chain.initMessage('b')]);
        lateCall.resolve(late.promise.then(() => argument.initMessage('c')));
        await both;
        return implement<WalletLoader>({});
      },
    }),
    far,
  );
  const connection = new Connection(near);
  const root = connection.bootstrap();
  const peerMap = new HostedThreadMap('bare-1/bare');
  const theirMap = root.call(INIT_CONSTRUCT, ONE_POINTER, (params) => params.setCapability(0, localCapability(peerMap))).pipeline([0]);
  const running = theirMap.call(THREAD_MAP_MAKE_THREAD, ONE_POINTER, (params) => params.setText(0, 'runs')).pipeline([0]);
  const method = { ...MAKE_ECHO, methodId: 6, methodName: 'makeWalletLoader' };
  const pending = root.call(method, { dataWords: 0, pointers: 3 }, (params) => {
    const context = params.initStruct(0, TWO_POINTERS);
    context.lendCapability(0, running);
    context.setCapability(1, peerThread.capability());
    params.setCapability(2, peerChain.dup());
  });
  await settle();
  assert.equal(chainCalls.length, 1, 'the second call back waits for the first');
  chainCalls[0]?.finish();
  await settle();
  assert.equal(chainCalls.length, 2);
  chainCalls[1]?.finish();
  await pending.results;
  late.resolve();
  await settle();
  assert.equal(chainCalls.length, 3);
  chainCalls[2]?.finish();
  await lateCall.promise;
  assert.deepEqual(chainCalls.map(({ thread }) => thread === peerThread), [true, true, false]);
  // What runs the method is what the peer may call back on in turn.
  assert.deepEqual(chainCalls.map(({ callbackThread }) => callbackThread !== null && hookOf(callbackThread) === hookOf(running)), [true, true, false]);
  connection.close();
});

test('calls go back and forth to any depth', async () => {
  const chain = implement<Chain>({
    updateRwSetting: async (_name, update) => {
      const { value, result } = await update('1');
      return value === '5' && result === 0;
    },
  });
  const { init, close } = await connectTo(initWith({ makeChain: () => Promise.resolve(chain) }));
  const remote = await init.makeChain();
  assert.ok(remote !== undefined);
  let depth = 0;
  const dive = async (value: string): Promise<{ value: string; result: number | undefined }> => {
    depth++;
    if (depth < 50) await remote.updateRwSetting('x', dive);
    return { value: value === '1' ? '5' : value, result: 0 };
  };
  assert.equal(await remote.updateRwSetting('x', dive), true);
  assert.equal(depth, 50);
  close();
});

test('calls back that are made at the same time take turns on the thread that waits', async () => {
  const progress: number[] = [];
  const chain = implement<Chain>({
    showProgress: (_title, percent) => {
      progress.push(percent);
      return Promise.resolve();
    },
    updateRwSetting: async (_name, update) => (await update('null')).result === 1,
  });
  const { init, close } = await connectTo(initWith({ makeChain: () => Promise.resolve(chain) }));
  const remote = await init.makeChain();
  assert.ok(remote !== undefined);
  const update = async (value: string): Promise<{ value: string; result: number }> => {
    await Promise.all([1, 2, 3].map((percent) => remote.showProgress('', percent, false)));
    return { value, result: 1 };
  };
  const results = await Promise.all([1, 2, 3].map(() => remote.updateRwSetting('x', update)));
  assert.deepEqual(results, [true, true, true]);
  assert.equal(progress.length, 9);
  close();
});
