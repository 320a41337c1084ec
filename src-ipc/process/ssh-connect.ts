import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDirectoryName } from '../../src-interfaces/product.js';
import { startAskpass, type Askpass } from './askpass.js';
import { fromSystemError, IpcError } from './ipc-error.js';
import type { ConnectOptions, IpcLink } from './link.js';
import { inTime } from './patience.js';
import type { SshAddress } from './ssh-address.js';
import { isForPeople, linkLost, sshFailure } from './ssh-errors.js';
import { runSsh, startSsh, type SshProcess } from './ssh-program.js';
import { connectSocket } from './unix-socket.js';

/** Milliseconds that each step may take once the other computer has let us in. */
const STEP_LIMIT = 20_000;
/** Milliseconds between looks at whether ssh is in. */
const LOOK_EVERY = 20;
/** Milliseconds that ssh gets to say that the connection broke, after the stream ended. */
const LAST_WORDS = 300;
/** Bytes that OpenSSH and the names of our sockets need beyond the directory, of the 104 or so that there are. */
const LONGEST_DIRECTORY = 70;

/**
 * A connection of its own, which lasts as long as the link: no terminal, nothing forwarded but the one socket,
 * whatever the configuration says, and a dead line noticed within a quarter of a minute. How the host is reached, who
 * is who and what is trusted stays as the person configured it.
 */
const OWN_CONNECTION = [
  ...['-M', '-N', '-T', '-x', '-a', '-vv'],
  ...['ControlPersist=no', 'ClearAllForwardings=yes', 'PermitLocalCommand=no', 'RemoteCommand=none', 'ForkAfterAuthentication=no'],
  ...['ServerAliveInterval=5', 'ServerAliveCountMax=3', 'TCPKeepAlive=yes', 'ConnectTimeout=30', 'StreamLocalBindMask=0177'],
].flatMap((word) => (word.startsWith('-') ? [word] : ['-o', word]));

/** Connects to a socket on another computer through the system's OpenSSH client. @throws IpcError */
export async function connectOverSsh(address: SshAddress, options: ConnectOptions): Promise<IpcLink> {
  if (process.platform === 'win32') throw new IpcError('ssh-failed', `${address.canonical}: connecting over ssh needs Linux or macOS on this computer`);
  return new SshConnecting(address, options).run();
}

/** The host as messages name it. */
export function hostOf({ user, host, port }: SshAddress): string {
  const named = port !== undefined && host.includes(':') ? `[${host}]` : host;
  return `${user === undefined ? '' : `${user}@`}${named}${port === undefined ? '' : `:${port}`}`;
}

/** A path as OpenSSH reads it in a forwarding: some letters mean something there. */
function forwardedPath(path: string): string {
  return path.replace(/[\\:]/g, '\\$&').replaceAll('%', '%%');
}

async function privateDirectory(): Promise<string> {
  const base = Buffer.byteLength(tmpdir()) + 'bulkhead-ssh-123456'.length < LONGEST_DIRECTORY ? tmpdir() : '/tmp';
  // Of mode 0700.
  return mkdtemp(join(base, 'bulkhead-ssh-'));
}

/** One attempt: what it has started so far, and what ends it. */
class SshConnecting {
  readonly #address: SshAddress;
  readonly #options: ConnectOptions;
  readonly #host: string;
  #directory = '';
  #ssh: SshProcess | undefined;
  #askpass: Askpass | undefined;

  constructor(address: SshAddress, options: ConnectOptions) {
    this.#address = address;
    this.#options = options;
    this.#host = hostOf(address);
  }

  async run(): Promise<IpcLink> {
    const { signal } = this.#options;
    const stop = (): void => {
      this.#ssh?.stop();
      // A question that still waits for its answer would keep ssh from having ended.
      this.#askpass?.close();
    };
    try {
      this.#throwIfCancelled();
      signal?.addEventListener('abort', stop);
      const ssh = await this.#start();
      await this.#authenticated(ssh);
      const path = this.#address.path ?? (await this.#defaultPath(ssh));
      const socket = await this.#open(ssh, path);
      return { socket, address: this.#address.canonical, ended: this.#endOf(ssh, socket) };
    } catch (error) {
      stop();
      await this.#ssh?.ended;
      if (this.#directory !== '') await rm(this.#directory, { recursive: true, force: true });
      this.#throwIfCancelled();
      throw fromSystemError(error);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#askpass?.close();
    }
  }

  get #isCancelled(): boolean {
    return this.#options.signal?.aborted === true || this.#askpass?.isCancelled === true;
  }

  #throwIfCancelled(): void {
    if (this.#isCancelled) throw new IpcError('cancelled', `Connecting to ${this.#host} was called off`);
  }

  async #start(): Promise<SshProcess> {
    const { askPerson, log } = this.#options;
    this.#directory = await privateDirectory();
    if (askPerson !== undefined) {
      this.#askpass = await startAskpass(this.#directory, this.#host, askPerson, () => this.#ssh?.stop());
    }
    const { user, host, port } = this.#address;
    const account = [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)])];
    const args = [...OWN_CONNECTION, '-S', this.#control, ...account, '--', host];
    const ssh = startSsh(args, this.#directory, { ...process.env, ...this.#askpass?.env }, askPerson !== undefined);
    this.#ssh = ssh;
    if (log !== undefined) ssh.onLine((line) => void (isForPeople(line) && log(`ssh ${this.#host}: ${line.trimEnd()}`)));
    return ssh;
  }

  get #control(): string {
    return join(this.#directory, 'ctl');
  }

  /** Runs a command of ssh over the connection that is up, without asking anybody anything again. */
  #command(...args: readonly string[]): ReturnType<typeof runSsh> {
    return runSsh(['-F', 'none', '-S', this.#control, '-T', ...args], STEP_LIMIT);
  }

  /** ssh listens for further commands once the other computer has let it in. It takes as long as the person takes. */
  async #authenticated(ssh: SshProcess): Promise<void> {
    while (!existsSync(this.#control)) {
      if (ssh.hasEnded) throw sshFailure(this.#host, ssh.lines);
      await inTime(LOOK_EVERY, ssh.ended);
    }
  }

  /** The socket of a node with the default data directory, in the home directory there. */
  async #defaultPath(ssh: SshProcess): Promise<string> {
    const run = await this.#command('--', this.#address.host, `printf '%s\\n' "home:$HOME"`);
    if (ssh.hasEnded) throw sshFailure(this.#host, ssh.lines);
    // A person's shell may say other things before.
    const home = /^home:(\/.*)$/m.exec(run.output)?.[1];
    if (home === undefined) {
      const shape = 'write the path of its socket at the end of the address, as in ssh://host/path/to/node.sock';
      throw new IpcError('no-remote-home', `${this.#host} does not say where the home directory is; ${shape}`);
    }
    return join(home, defaultDirectoryName, this.#address.networkFolder, 'node.sock');
  }

  async #open(ssh: SshProcess, path: string): Promise<Socket> {
    const local = join(this.#directory, 'node.sock');
    const forwarding = await this.#command('-O', 'forward', '-L', `${forwardedPath(local)}:${forwardedPath(path)}`, '--', this.#address.host);
    if (forwarding.status !== 0) throw sshFailure(this.#host, [...ssh.lines, ...forwarding.lines]);
    const opened = this.#opened(ssh, path);
    const socket = await connectSocket(local);
    // Whoever takes the socket over listens, too; until then a broken line must not be an uncaught error.
    socket.on('error', () => {});
    try {
      await opened;
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** What ssh writes about the stream tells whether somebody took it at the other end: the stream itself says nothing yet. */
  #opened(ssh: SshProcess, path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      let channel: string | undefined;
      const timer = setTimeout(() => settle(() => reject(new IpcError('timeout', `${this.#host} does not open ${path}`))), STEP_LIMIT);
      const stopListening = ssh.onLine((line) => {
        channel ??= /channel (\d+): new \[?direct-streamlocal/.exec(line)?.[1];
        const [, number, outcome, reason = ''] = /channel (\d+): open (confirm|failed)(.*)/.exec(line) ?? [];
        if (number === undefined || number !== channel) return;
        settle(() => (outcome === 'confirm' ? resolve() : reject(this.#notOpened(path, reason))));
      });
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        stopListening();
        how();
      };
      void ssh.ended.then(() => settle(() => reject(sshFailure(this.#host, ssh.lines))));
    });
  }

  #notOpened(path: string, reason: string): IpcError {
    const isForbidden = /prohibited/.test(reason);
    const why = isForbidden ? `does not let you use ${path}` : `has nobody listening at ${path}, or does not let you use it`;
    return new IpcError(isForbidden ? 'forwarding-refused' : 'refused', `${this.#host} ${why}. Start the node there with -ipcbind=unix`);
  }

  /** Ends ssh with the socket, and the socket with ssh. */
  async #endOf(ssh: SshProcess, socket: Socket): Promise<IpcError | undefined> {
    let isOurs = true;
    socket.once('end', () => (isOurs = false));
    socket.once('error', () => (isOurs = false));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await Promise.race([closed, ssh.ended]);
    // A node that hangs up leaves ssh running; a line that breaks ends ssh as well.
    if (!isOurs && !ssh.hasEnded) await inTime(LAST_WORDS, ssh.ended);
    const wasLost = ssh.hasEnded;
    socket.destroy();
    ssh.stop();
    await ssh.ended;
    await rm(this.#directory, { recursive: true, force: true });
    return wasLost ? linkLost(this.#host, ssh.lines) : undefined;
  }
}
