import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import { Connection } from '../capnp/rpc/connection.js';
import { localCapability, promisedCapability } from '../capnp/rpc/local.js';
import type { Capability, LocalServer, MethodRef, PendingCall } from '../capnp/rpc/types.js';
import { memoryTransportPair } from '../capnp/transport/memory.js';
import { chainInterface } from '../generated/chain.js';
import { serveInit, type ServedConnection } from '../serve.js';
import { implement, initWith, settle } from './testing/pair.js';
import { INIT_CONSTRUCT, THREAD_GET_NAME, THREAD_MAP_MAKE_THREAD } from './thread-interface.js';

/*
 * Calls that have not begun, made by a peer that speaks Cap'n Proto without our proxies: what is kept for them goes when
 * they are given up.
 */

const ONE_POINTER = { dataWords: 0, pointers: 1 };
const TWO_POINTERS = { dataWords: 0, pointers: 2 };
const UPDATE: MethodRef = { interfaceId: chainInterface.id, interfaceName: 'Chain', methodId: 46, methodName: 'updateRwSetting' };

/** A callback that notes when nobody has it any more. */
class Callback implements LocalServer {
  isReleased = false;

  dispatch(): void {
    // It is told of its end.
  }

  released(): void {
    this.isReleased = true;
  }
}

/** Methods that go on: what is forgotten would be collected. */
const running: unknown[] = [];

interface Bare {
  readonly connection: Connection;
  readonly served: ServedConnection;
  readonly root: Capability;
  readonly log: string[];
  /** A call of a method that never ends, on a thread. */
  update(callback: Callback, thread: Capability | null): PendingCall;
}

function bare(): Bare {
  const [near, far] = memoryTransportPair();
  const log: string[] = [];
  const note = (line: string): void => void log.push(line);
  const chain = implement<Chain>({ updateRwSetting: (_name, update) => new Promise((resolve) => running.push({ update, resolve })) });
  const served = serveInit(initWith({ makeChain: () => Promise.resolve(chain) }), far, {
    log: { debug: (line) => note(line()), trace: () => undefined, info: note, warn: note, error: note },
  });
  const connection = new Connection(near);
  const root = connection.bootstrap();
  const makeChain = { ...INIT_CONSTRUCT, methodId: 4 };
  const target = root.call(makeChain, ONE_POINTER, () => undefined).pipeline([0]);
  const update = (callback: Callback, thread: Capability | null): PendingCall =>
    target.call(UPDATE, { dataWords: 0, pointers: 3 }, (params) => {
      params.initStruct(0, TWO_POINTERS).setCapability(0, thread);
      params.setText(1, 'name');
      params.setCapability(2, localCapability(callback));
    });
  return { connection, served, root, log, update };
}

function makeThread(root: Capability, name: string): Capability {
  const map = root.call(INIT_CONSTRUCT, ONE_POINTER, () => undefined).pipeline([0]);
  return map.call(THREAD_MAP_MAKE_THREAD, ONE_POINTER, (params) => params.setText(0, name)).pipeline([0]);
}

const canceled = (log: readonly string[]): number => log.filter((line) => /canceled before it could be executed/.test(line)).length;

test('one whose thread is busy for ever', async () => {
  const { connection, served, root, log, update } = bare();
  const thread = makeThread(root, 'bare');
  update(new Callback(), thread.dup());
  const callbacks = Array.from({ length: 50 }, () => new Callback());
  const waiting = callbacks.map((callback) => update(callback, thread.dup()));
  await settle();
  const { imports } = served.statistics();
  for (const call of waiting) call.cancel();
  await settle();
  assert.deepEqual([canceled(log), callbacks.every(({ isReleased }) => isReleased)], [50, true]);
  assert.equal(served.statistics().imports, imports - 50);
  connection.close();
});

test('one whose thread is a promise that stays one', async () => {
  const { connection, served, root, log, update } = bare();
  await settle();
  const never = promisedCapability(new Promise(() => {}));
  const callbacks = Array.from({ length: 50 }, () => new Callback());
  const waiting = callbacks.map((callback) => update(callback, never.dup()));
  await settle();
  for (const call of waiting) call.cancel();
  await settle();
  assert.deepEqual([canceled(log), callbacks.every(({ isReleased }) => isReleased)], [50, true]);
  assert.equal(served.statistics().imports, 0);
  root.dispose();
  connection.close();
});

test('one whose thread could not be made', async () => {
  const { connection, served, root, update } = bare();
  await settle();
  const callback = new Callback();
  const broken = promisedCapability(settle().then(() => Promise.reject(new Error('no such thread'))));
  await assert.rejects(update(callback, broken).results, /no such thread/);
  await settle();
  assert.deepEqual([callback.isReleased, served.statistics().imports], [true, 0]);
  root.dispose();
  connection.close();
});

test('a peer’s name for a thread neither fills the log nor adds lines to it', async () => {
  const { connection, root } = bare();
  const thread = makeThread(root, `a\n2026-01-01T00:00:00Z forged\r${'x'.repeat(1_000_000)}`);
  using results = await thread.call(THREAD_GET_NAME, { dataWords: 0, pointers: 0 }, () => undefined).results;
  const name = results.content.getText(0);
  assert.match(name, /\(from a\?2026-01-01T00:00:00Z forged\?x+\)$/);
  assert.ok(name.length < 400, `${name.length} characters`);
  connection.close();
});

test('threads exchanged again and again: one end, told once', async () => {
  const { connection, served, root, log } = bare();
  for (let i = 0; i < 50; i++) (await root.call(INIT_CONSTRUCT, ONE_POINTER, () => undefined).results).dispose();
  await settle();
  // The first object and the factory of threads.
  assert.equal(served.statistics().exports, 2);
  connection.close();
  await served.closed;
  await settle();
  assert.equal(log.filter((line) => /socket disconnected/.test(line)).length, 1);
});
