/** Links over a real ssh server to a node that answers probes, and a person who answers OpenSSH's questions. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Connection } from '../capnp/rpc/connection.js';
import { call, finish, Probe } from '../capnp/rpc/testing.js';
import { StreamTransport } from '../capnp/transport/stream.js';
import { connectTo, parseConnectAddress, type Answer, type ConnectOptions, type IpcLink, type Question } from '../process/index.js';
import { SshServer, type SshServerOptions } from './ssh-server.js';

/** Where the links of this process have their directories: tests of other processes make links at the same time. */
const scratch = mkdtempSync(join(tmpdir(), 'links-'));
process.env['TMPDIR'] = scratch;
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** Directories of links. */
export const linkDirectories = (): readonly string[] => readdirSync(scratch).filter((name) => name.startsWith('bulkhead-ssh-'));

/** Command lines of all processes that name a link's directory. */
export function linkProcesses(): readonly string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      return line.includes(join(scratch, 'bulkhead-ssh-')) ? [line] : [];
    } catch {
      return [];
    }
  });
}

export function assertNothingLeft(): void {
  assert.deepEqual(linkDirectories(), []);
  if (process.platform === 'linux') assert.deepEqual(linkProcesses(), []);
}

/** A server whose client is the one that is used, and a node on it that answers probes. */
export async function startFarNode(t: TestContext, options: SshServerOptions = {}): Promise<{ readonly server: SshServer; readonly socketPath: string }> {
  const server = await SshServer.start(options);
  const path = process.env['PATH'];
  process.env['PATH'] = server.path;
  const socketPath = join(server.home, 'far.sock');
  listen(t, socketPath);
  t.after(async () => {
    process.env['PATH'] = path;
    await server.stop();
  });
  return { server, socketPath };
}

/** A node: answers call 0, and call 1 never. */
export function listen(t: TestContext, path: string): { close(): void } {
  const connections = new Set<Connection>();
  const node = createServer((socket) => {
    const probe = new Probe({ 0: (params) => ({ n: 7, text: params.getText(0) }), 1: () => new Promise(() => {}) });
    connections.add(new Connection(new StreamTransport(socket), { bootstrap: probe }));
  });
  node.listen(path);
  const close = (): void => {
    node.close();
    for (const connection of connections) connection.close();
  };
  t.after(close);
  return { close };
}

export async function connect(address: string, options: ConnectOptions = {}): Promise<IpcLink> {
  const parsed = parseConnectAddress(address, '/unused', 'regtest');
  assert.ok(parsed);
  const link = await connectTo(parsed, options);
  assert.ok(link);
  return link;
}

/** Answers in the order given, and what was asked. */
export function person(...answers: readonly Answer[]): { readonly asked: Question[]; readonly askPerson: (question: Question) => Promise<Answer> } {
  const asked: Question[] = [];
  return { asked, askPerson: async (question) => answers[asked.push(question) - 1] };
}

export async function assertAnswers(link: IpcLink): Promise<Connection> {
  const connection = new Connection(new StreamTransport(link.socket));
  const root = connection.bootstrap();
  const answer = await finish(call(root, 0, { text: 'far away' }));
  assert.deepEqual([answer.n, answer.text], [7, 'far away']);
  root.dispose();
  return connection;
}

/** Connects, makes a call and hangs up; nothing is left then. */
export async function assertReaches(address: string, options: ConnectOptions = {}): Promise<void> {
  const link = await connect(address, options);
  (await assertAnswers(link)).close();
  assert.equal(await link.ended, undefined);
  assertNothingLeft();
}
