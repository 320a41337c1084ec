import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Connection, StreamTransport } from '../../src-ipc/capnp/index.js';
import type { Capability } from '../../src-ipc/capnp/index.js';
import { call, finish } from '../../src-ipc/capnp/rpc/testing.js';
import { spawnProcess } from '../../src-ipc/process/index.js';
import type { SpawnedProcess } from '../../src-ipc/process/index.js';
import { buildPeer } from './build-peer.js';
import { PROBE } from './scenario-server.js';

const peer = buildPeer();

export interface Session {
  readonly child: SpawnedProcess;
  readonly connection: Connection;
  readonly root: Capability;
}

/** A C++ process and our connection to it; killed with the test. */
export async function startPeer(t: TestContext, program: string): Promise<Session> {
  const child = await spawnProcess({ command: program }, { name: 'peer' });
  t.after(() => child.kill('SIGKILL'));
  const connection = new Connection(new StreamTransport(child.socket));
  return { child, connection, root: connection.bootstrap() };
}

/** The names of the tests there are. */
export const names = new Set<string>();

/** Runs `body` with a fresh C++ process, which must exit cleanly afterwards, with no table entry left over. */
export function withPeer(name: string, body: (session: Session, t: TestContext) => Promise<void>): void {
  names.add(name);
  test(name, { timeout: 30_000 }, async (t: TestContext) => {
    if ('missing' in peer) {
      t.skip(peer.missing);
      return;
    }
    const session = await startPeer(t, peer.program);
    const { child, connection, root } = session;
    await body(session, t);
    root.dispose();
    if (!connection.isClosed) {
      await drained(connection);
      assert.deepEqual(connection.statistics(), { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 });
      connection.close();
      assert.deepEqual(await child.exited, { code: 0, signal: null, waitStatus: 0 });
    }
  });
}

/** Waits until what is still on its way has arrived: releases of the peer come after the answers. */
export async function drained(connection: Connection): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const { exports, answers, questions } = connection.statistics();
    if (exports + answers + questions === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How many objects of the C++ process are alive, once it has heard everything said so far. */
export async function live(root: Capability): Promise<number> {
  await finish(call(root, PROBE.echo));
  return (await finish(call(root, PROBE.statistics))).n;
}
