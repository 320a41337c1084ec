/** A real OpenSSH server of its own on loopback, and a client configuration that knows nothing of the person's own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { passwordCommand, passwordConfiguration, type PasswordMethod } from './ssh-password.js';

const SSHD = '/usr/sbin/sshd';

/** Why no server can be run here; undefined when one can. */
export function sshServerObstacle(): string | undefined {
  if (!existsSync(SSHD)) return `needs ${SSHD} of openssh-server`;
  // The server gives up its rights in this directory when it runs as root.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  return undefined;
}

export interface SshServerOptions {
  /** Lines for sshd_config. */
  readonly server?: readonly string[];
  /** Lines for the client's ssh_config. */
  readonly client?: readonly string[];
  /** Path of the client; the system's without. */
  readonly ssh?: string;
  /** What lets the person in, instead of a key. */
  readonly password?: { readonly text: string; readonly method: PasswordMethod };
}

/** Where a line between client and server can be cut. */
interface Wire {
  readonly near: Socket;
  readonly far: Socket;
}

/** A running server, reached over a wire that can be cut or held. */
export class SshServer {
  /** Holds everything; the home directory of sessions is `home` in it. */
  readonly directory: string;
  readonly home: string;
  /** Directory with an `ssh` that uses the client configuration: to be put first on PATH. */
  readonly clientDirectory: string;
  /** Port of the wire. */
  readonly port: number;
  readonly #sshd: ChildProcess;
  readonly #proxy: Server;
  readonly #wires: Set<Wire>;

  private constructor(directory: string, port: number, sshd: ChildProcess, proxy: Server, wires: Set<Wire>) {
    this.directory = directory;
    this.home = join(directory, 'home');
    this.clientDirectory = join(directory, 'client');
    this.port = port;
    this.#sshd = sshd;
    this.#proxy = proxy;
    this.#wires = wires;
  }

  static async start({ server = [], client = [], ssh, password }: SshServerOptions = {}): Promise<SshServer> {
    const directory = mkdtempSync(join(tmpdir(), 'sshd-'));
    for (const name of ['home', 'client']) mkdirSync(join(directory, name), { mode: 0o700 });
    makeKey(join(directory, 'host-key'), '');
    makeKey(join(directory, 'id'), '');
    const sshdPort = await freePort();
    const config = [
      `Port ${sshdPort}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(directory, 'host-key')}`,
      'PidFile none',
      `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
      'StrictModes no',
      // OpenSSH takes the first line of a kind.
      ...(password === undefined ? [] : passwordConfiguration(password.method)),
      'UsePAM no',
      'PasswordAuthentication no',
      `SetEnv HOME=${join(directory, 'home')}`,
      ...server,
    ];
    writeFileSync(join(directory, 'sshd_config'), `${config.join('\n')}\n`);
    const before = password === undefined ? [] : passwordCommand(directory, password.text);
    const [command = SSHD, ...args] = [...before, SSHD, '-D', '-e', '-f', join(directory, 'sshd_config')];
    const sshd = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    sshd.stderr.on('data', (text: Buffer) => appendFileSync(join(directory, 'sshd.log'), text));
    await answering(sshdPort);
    const wires = new Set<Wire>();
    const proxy = createServer((near) => lay(near, connect(sshdPort, '127.0.0.1'), wires));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const made = new SshServer(directory, portOf(proxy), sshd, proxy, wires);
    const real = ssh ?? execFileSync('/bin/sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
    writeFileSync(join(made.clientDirectory, 'ssh'), `#!/bin/sh\nexec ${real} -F ${join(directory, 'ssh_config')} "$@"\n`, { mode: 0o755 });
    made.configureClient(client);
    made.allow(join(directory, 'id.pub'));
    return made;
  }

  /** Writes the client's ssh_config anew. @param lines that come first; OpenSSH takes the first of a kind */
  configureClient(lines: readonly string[]): void {
    const config = [
      ...lines,
      `UserKnownHostsFile ${join(this.directory, 'known_hosts')}`,
      'GlobalKnownHostsFile /dev/null',
      `IdentityFile ${join(this.directory, 'id')}`,
      'IdentitiesOnly yes',
      'IdentityAgent none',
    ];
    writeFileSync(join(this.directory, 'ssh_config'), `${config.join('\n')}\n`);
  }

  /** PATH with the configured client first. */
  get path(): string {
    return `${this.clientDirectory}${delimiter}${process.env['PATH'] ?? ''}`;
  }

  /** The address of a socket there; without a path that of the default. */
  address(path = ''): string {
    return `ssh://${userInfo().username}@127.0.0.1:${this.port}${path}`;
  }

  /** Lets the client know the host key, as if the person had met this host before. */
  trust(publicKeyFile = join(this.directory, 'host-key.pub')): void {
    const [type = '', key = ''] = readFileSync(publicKeyFile, 'utf8').split(' ');
    writeFileSync(join(this.directory, 'known_hosts'), `[127.0.0.1]:${this.port} ${type} ${key}\n`);
  }

  /** Lets the owner of a key in, and nobody else; without one nobody. */
  allow(publicKeyFile?: string): void {
    const keys = publicKeyFile === undefined ? '' : readFileSync(publicKeyFile, 'utf8');
    writeFileSync(join(this.directory, 'authorized_keys'), keys, { mode: 0o600 });
  }

  get knownHosts(): string {
    const file = join(this.directory, 'known_hosts');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Protects the person's key by a passphrase. */
  protectKey(passphrase: string): void {
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', join(this.directory, 'id')]);
  }

  /** Cuts all connections, as a network that goes away does; new ones are possible. */
  cut(): void {
    for (const { near, far } of this.#wires) {
      near.destroy();
      far.destroy();
    }
  }

  /** Keeps all connections open, but nothing gets through any more. */
  hold(): void {
    for (const { near, far } of this.#wires) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  async stop(): Promise<void> {
    this.cut();
    this.#proxy.close();
    const exited = new Promise((resolve) => this.#sshd.once('exit', resolve));
    if (this.#sshd.exitCode === null && this.#sshd.signalCode === null) {
      this.#sshd.kill();
      await exited;
    }
    // Its sessions may still have something to say for the log.
    this.#sshd.stderr?.destroy();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function makeKey(file: string, passphrase: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file]);
}

function lay(near: Socket, far: Socket, wires: Set<Wire>): void {
  const wire = { near, far };
  wires.add(wire);
  const end = (): void => {
    wires.delete(wire);
    near.destroy();
    far.destroy();
  };
  for (const socket of [near, far]) socket.on('error', end).on('close', end);
  near.pipe(far).pipe(near);
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(port: number): Promise<void> {
  for (let i = 0; i < 250; i++) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => socket.once('data', () => resolve(true)).once('error', () => resolve(false)));
    socket.destroy();
    if (isThere) return;
    await pause(20);
  }
  throw new Error(`sshd does not answer on port ${port}`);
}
