/** Links over a real ssh server to a node that answers probes, and a person who answers OpenSSH's questions. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Connection } from '../capnp/rpc/connection.js';
import { call, finish, Probe } from '../capnp/rpc/testing.js';
import { StreamTransport } from '../capnp/transport/stream.js';
import { connectTo, parseConnectAddress, type Answer, type ConnectOptions, type IpcLink, type Question, type SshStreamKind } from '../process/index.js';
import { SshServer, sshServerObstacle, type SshServerOptions } from './ssh-server.js';

/** Where the links of this process have their directories: tests of other processes make links at the same time. */
const scratch = mkdtempSync(join(tmpdir(), 'links-'));
process.env['TMPDIR'] = scratch;
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** Directories of links. */
export const linkDirectories = (): readonly string[] => readdirSync(scratch).filter((name) => name.startsWith('bulkhead-ssh-'));

/** Command lines of all processes that name a link's directory or a client's configuration. */
export function linkProcesses(): readonly string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      return line.includes(scratch) && /\/bulkhead-ssh-|\/ssh_config /.test(line) ? [line] : [];
    } catch {
      return [];
    }
  });
}

export function assertNothingLeft(): void {
  assert.deepEqual(linkDirectories(), []);
  if (process.platform === 'linux') assert.deepEqual(linkProcesses(), []);
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

/** How a test connects: the ways that there are, and the client for each. */
export interface LinkWay {
  readonly name: string;
  readonly sshStream: SshStreamKind;
  /** Path of the client; undefined for the system's. */
  readonly ssh: string | undefined;
  /** Why it cannot be tested here; false when it can. */
  readonly skip: string | false;
}

const obstacle = sshServerObstacle();
/** What the system's client says it is. */
export const systemSshVersion = (spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr ?? '').trim();
/** Whether it can do only what is done on Linux and macOS. */
export const isSystemSshOld = !/OpenSSH_(?:9\.(?:[4-9]|\d\d)|[1-9]\d)/.test(systemSshVersion);
const named = process.env['BULKHEAD_SSH'] ?? '';
const newerSsh = named === '' ? undefined : named;
const withoutNewer = newerSsh === undefined ? (isSystemSshOld ? 'BULKHEAD_SSH is not set' : undefined) : existsSync(newerSsh) ? undefined : `there is no ${newerSsh}`;

/** As on Linux and macOS, and as on Windows. */
export const linkWays: readonly [LinkWay, LinkWay] = [
  { name: 'over a socket of ssh', sshStream: 'socket', ssh: undefined, skip: skipFor(obstacle) },
  { name: 'over standard input and output of ssh', sshStream: 'stdio', ssh: newerSsh, skip: skipFor(obstacle ?? withoutNewer) },
];

function skipFor(what: string | undefined): string | false {
  return what === undefined ? false : `skipped: ${what}`;
}

/** Links of one way. */
export interface Links {
  /** A server whose client is the one that is used, and a node on it that answers probes. */
  startFarNode(t: TestContext, options?: SshServerOptions): Promise<{ readonly server: SshServer; readonly socketPath: string }>;
  connect(address: string, options?: ConnectOptions): Promise<IpcLink>;
  /** Connects, makes a call and hangs up; nothing is left then. */
  assertReaches(address: string, options?: ConnectOptions): Promise<void>;
}

export function linksOver({ sshStream, ssh }: Pick<LinkWay, 'sshStream' | 'ssh'>): Links {
  const connect: Links['connect'] = async (address, options = {}) => {
    const parsed = parseConnectAddress(address, '/unused', 'regtest');
    assert.ok(parsed);
    const link = await connectTo(parsed, { ...options, sshStream });
    assert.ok(link);
    return link;
  };
  return {
    connect,
    async startFarNode(t, options = {}) {
      const server = await SshServer.start({ ...options, ...(ssh === undefined ? {} : { ssh }) });
      const path = process.env['PATH'];
      process.env['PATH'] = server.path;
      const socketPath = join(server.home, 'far.sock');
      listen(t, socketPath);
      t.after(async () => {
        process.env['PATH'] = path;
        await server.stop();
      });
      return { server, socketPath };
    },
    async assertReaches(address, options = {}) {
      const link = await connect(address, options);
      (await assertAnswers(link)).close();
      assert.equal(await link.ended, undefined);
      assertNothingLeft();
    },
  };
}
