import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { currentCall, withSignal } from '../call-scope.js';
import { Connection } from '../capnp/rpc/connection.js';
import type { Capability, PendingCall } from '../capnp/rpc/types.js';
import { memoryTransportPair } from '../capnp/transport/memory.js';
import { echoInterface } from '../generated/echo.js';
import { serveInit } from '../serve.js';
import { connectTo, deferred, implement, initWith, settle } from './testing/pair.js';
import { INIT_CONSTRUCT, THREAD_MAP_MAKE_THREAD } from './thread-interface.js';

/** An Echo whose answer to 'wait' comes when the call is given up, and what it has noticed. */
function waitingEcho(): { echo: Echo; begun: string[]; givenUp: string[] } {
  const begun: string[] = [];
  const givenUp: string[] = [];
  const echo = implement<Echo>({
    echo: async (text) => {
      begun.push(text);
      if (!text.startsWith('wait')) return text;
      const { signal } = currentCall();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      givenUp.push(text);
      return text;
    },
  });
  return { echo, begun, givenUp };
}

async function echoOver(echo: Echo): Promise<{ remote: Echo; close: () => void; server: { closed: Promise<unknown> } }> {
  const { init, close, server } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echo) }));
  const remote = await init.makeEcho();
  assert.ok(remote !== undefined);
  return { remote, close, server };
}

test('a call given up rejects with the reason, and the method is told', async () => {
  const { echo, givenUp } = waitingEcho();
  const { remote, close } = await echoOver(echo);
  const stop = new AbortController();
  const pending = withSignal(stop.signal, () => remote.echo('wait'));
  await settle();
  assert.deepEqual(givenUp, []);
  stop.abort(new Error('changed my mind'));
  await assert.rejects(pending, /changed my mind/);
  await settle();
  assert.deepEqual(givenUp, ['wait']);
  await assert.rejects(withSignal(stop.signal, () => remote.echo('wait')), /changed my mind/);
  assert.equal(await remote.echo('next'), 'next');
  close();
});

test('a thousand calls end with one signal', async (t) => {
  const warnings: Error[] = [];
  const listener = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listener);
  t.after(() => process.off('warning', listener));
  const { echo, givenUp } = waitingEcho();
  const { remote, close } = await echoOver(echo);
  const stop = new AbortController();
  const calls = withSignal(stop.signal, () => Array.from({ length: 1000 }, () => remote.echo('wait')));
  const settled = Promise.allSettled(calls);
  await settle();
  stop.abort();
  assert.ok((await settled).every(({ status }) => status === 'rejected'));
  await settle();
  assert.equal(givenUp.length, 1000);
  assert.deepEqual(warnings, []);
  close();
});

test('a method is told when its caller is gone', async () => {
  const { echo, givenUp } = waitingEcho();
  const { remote, close, server } = await echoOver(echo);
  const pending = remote.echo('wait');
  await settle();
  close();
  await assert.rejects(pending, { code: 'disconnected' });
  await server.closed;
  await settle();
  assert.deepEqual(givenUp, ['wait']);
});

/** A node that gives its callers an Echo of a third process, or one of its own that asks that one. */
async function throughNode(far: Echo, own: (far: Echo) => Partial<Echo>): Promise<{ passedOn: Echo; asking: Echo; close: () => void }> {
  const beyond = await echoOver(far);
  const given = [beyond.remote, implement<Echo>(own(beyond.remote))];
  const near = await connectTo(initWith({ makeEcho: () => Promise.resolve(given.shift()) }));
  const [passedOn, asking] = [await near.init.makeEcho(), await near.init.makeEcho()];
  assert.ok(passedOn !== undefined && asking !== undefined);
  const close = (): void => {
    near.close();
    beyond.close();
  };
  return { passedOn, asking, close };
}

test('giving up reaches the last of three processes through the one between', async () => {
  const { echo, givenUp } = waitingEcho();
  const { passedOn, close } = await throughNode(echo, () => ({}));
  const stop = new AbortController();
  const pending = withSignal(stop.signal, () => passedOn.echo('wait'));
  await settle();
  stop.abort();
  await assert.rejects(pending, { name: 'AbortError' });
  await settle();
  assert.deepEqual(givenUp, ['wait']);
  assert.equal(await passedOn.echo('next'), 'next');
  close();
});

test("a method's own calls go on unless it ties them to the call it answers", async () => {
  const { echo, givenUp } = waitingEcho();
  const outcomes: string[] = [];
  const { asking, close } = await throughNode(echo, (far) => ({
    echo: async (text) => {
      const ask = (): Promise<string> => far.echo(`wait ${text}`);
      const answer = text === 'tied' ? withSignal(currentCall().signal, ask) : ask();
      await answer.catch((error: unknown) => outcomes.push(`${text}: ${String(error)}`));
      return text;
    },
  }));
  const stop = new AbortController();
  const calls = ['tied', 'loose'].map((text) => withSignal(stop.signal, () => asking.echo(text)));
  const settled = Promise.allSettled(calls);
  await settle();
  stop.abort();
  await settled;
  await settle();
  assert.deepEqual([givenUp, outcomes], [['wait tied'], ['tied: CallFailure: Call was abandoned.']]);
  close();
});

test('a callback can be given up as well, and finds the signal of its own call', async () => {
  const stop = new AbortController();
  const reasons: unknown[] = [];
  const chain = implement<Chain>({
    updateRwSetting: (_name, update) => withSignal(stop.signal, () => update('1')).then(() => true),
  });
  const { init, close } = await connectTo(initWith({ makeChain: () => Promise.resolve(chain) }));
  const remote = await init.makeChain();
  const pending = remote?.updateRwSetting('x', async () => {
    const { signal } = currentCall();
    queueMicrotask(() => stop.abort(new Error('enough')));
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    reasons.push(signal.aborted);
    return { value: '1', result: 0 };
  });
  await assert.rejects(async () => pending, /enough/);
  await settle();
  assert.deepEqual(reasons, [true]);
  close();
});

test('an object of this process is told in the same way', async () => {
  const { echo, givenUp } = waitingEcho();
  const stop = new AbortController();
  const pending = withSignal(stop.signal, () => echo.echo('wait'));
  stop.abort();
  await pending;
  assert.deepEqual(givenUp, ['wait']);
  assert.equal(currentCall().signal.aborted, false);
});

test('signals add up, and ending an object is not given up', async () => {
  let destroyed = 0;
  const { remote, close } = await echoOver(
    implement<Echo>({
      echo: () => new Promise(() => undefined),
      destroy: () => Promise.resolve(void destroyed++),
    }),
  );
  const [outer, inner] = [new AbortController(), new AbortController()];
  const calls = withSignal(outer.signal, () => withSignal(inner.signal, () => [remote.echo('a'), remote.echo('b')]));
  const settled = Promise.allSettled(calls);
  await settle();
  outer.abort(new Error('outer'));
  assert.deepEqual((await settled).map((result) => result.status === 'rejected' && String(result.reason)), ['Error: outer', 'Error: outer']);
  await withSignal(outer.signal, () => remote.destroy());
  assert.equal(destroyed, 1);
  close();
});

test('a thread whose method goes on after it was given up is not used for the next call', async () => {
  const gate = deferred();
  const { init, close } = await connectTo(
    initWith({
      makeNode: () =>
        Promise.resolve(
          implement<Node>({
            getNumBlocks: async () => {
              await gate.promise;
              return 1;
            },
            getHeaderTip: () => Promise.resolve({ height: 7, blockTime: 0n, result: true }),
          }),
        ),
    }),
  );
  const node = await init.makeNode();
  assert.ok(node !== undefined);
  const stop = new AbortController();
  const pending = withSignal(stop.signal, () => node.getNumBlocks());
  await settle();
  stop.abort();
  await assert.rejects(pending, { name: 'AbortError' });
  assert.equal((await node.getHeaderTip()).height, 7);
  gate.resolve();
  close();
});

/** Calls `echo` on a named thread, as a peer without our proxies would. */
function bareEcho(target: Capability, text: string, thread: Capability): PendingCall {
  const method = { interfaceId: echoInterface.id, interfaceName: 'Echo', methodId: 1, methodName: 'echo' };
  return target.call(method, { dataWords: 0, pointers: 2 }, (params) => {
    params.initStruct(0, { dataWords: 0, pointers: 2 }).setCapability(0, thread.dup());
    params.setText(1, text);
  });
}

test('a call that waits for its thread when it is given up is never run', async () => {
  const { echo, begun } = waitingEcho();
  const lines: string[] = [];
  const [near, far] = memoryTransportPair();
  const log = { debug: () => undefined, trace: () => undefined, warn: () => undefined, error: () => undefined, info: (line: string) => void lines.push(line) };
  serveInit(initWith({ makeEcho: () => Promise.resolve(echo) }), far, { log });
  const connection = new Connection(near);
  const root = connection.bootstrap();
  const onePointer = { dataWords: 0, pointers: 1 };
  const map = root.call(INIT_CONSTRUCT, onePointer, () => undefined).pipeline([0]);
  const thread = map.call(THREAD_MAP_MAKE_THREAD, onePointer, () => undefined).pipeline([0]);
  const remote = root.call({ ...INIT_CONSTRUCT, methodId: 1 }, onePointer, () => undefined).pipeline([0]);
  const [first, second, third] = ['wait', 'never', 'then'].map((text) => bareEcho(remote, text, thread));
  await settle();
  second?.cancel();
  await settle();
  first?.cancel();
  using results = await (third?.results ?? assert.fail());
  assert.equal(results.content.getText(0), 'then');
  assert.deepEqual(begun, ['wait', 'then']);
  assert.equal(lines.filter((line) => /canceled before it could be executed/.test(line)).length, 1);
  connection.close();
});
