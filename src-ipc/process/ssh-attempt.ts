import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { defaultDirectoryName } from '../../src-interfaces/product.js';
import { startAskpass, type Askpass } from './askpass.js';
import { fromSystemError, IpcError } from './ipc-error.js';
import type { ConnectOptions, IpcLink } from './link.js';
import { inTime } from './patience.js';
import type { SshAddress } from './ssh-address.js';
import { isForPeople, linkLost, sshFailure } from './ssh-errors.js';
import type { SshProcess, SshSurroundings } from './ssh-program.js';
import type { SshStream, SshWay } from './ssh-way.js';

/** Milliseconds that ssh gets to say that the connection broke, or to pass on what was written last, after the stream ended. */
const LAST_WORDS = 300;
/** Bytes that OpenSSH and the names of our sockets need beyond the directory, of the 104 or so that there are. */
const LONGEST_DIRECTORY = 70;

/** What a shell there is asked to say where the home directory is. */
export const TELL_HOME = `printf '%s\\n' "home:$HOME"`;

/** The host as messages name it. */
export function hostOf({ user, host, port }: SshAddress): string {
  const named = port !== undefined && host.includes(':') ? `[${host}]` : host;
  return `${user === undefined ? '' : `${user}@`}${named}${port === undefined ? '' : `:${port}`}`;
}

async function privateDirectory(): Promise<string> {
  const isShort = process.platform === 'win32' || Buffer.byteLength(tmpdir()) + 'bulkhead-ssh-123456'.length < LONGEST_DIRECTORY;
  // Of mode 0700.
  return mkdtemp(join(isShort ? tmpdir() : '/tmp', 'bulkhead-ssh-'));
}

/** One attempt to connect: what it has started so far, and what ends it. */
export class SshAttempt {
  readonly address: SshAddress;
  /** As messages name it. */
  readonly host: string;
  readonly #way: SshWay;
  readonly #options: ConnectOptions;
  #directory = '';
  #ssh: SshProcess | undefined;
  #askpass: Askpass | undefined;

  constructor(address: SshAddress, way: SshWay, options: ConnectOptions) {
    this.address = address;
    this.host = hostOf(address);
    this.#way = way;
    this.#options = options;
  }

  /** @throws IpcError */
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
      await this.#prepare();
      const opened = await this.#way.open(this);
      if (!this.#way.keepsDirectory) await this.#removeDirectory();
      return { socket: opened.stream, address: this.address.canonical, ended: this.#endOf(opened) };
    } catch (error) {
      stop();
      await this.#ssh?.ended;
      await this.#removeDirectory();
      this.#throwIfCancelled();
      throw fromSystemError(error);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#askpass?.close();
    }
  }

  /** The directory of this attempt, for this user alone; empty for a way that keeps none, without a person to ask. */
  get directory(): string {
    return this.#directory;
  }

  /** Words of ssh's command line that say whose account it is, and where. */
  get destination(): readonly string[] {
    const { user, host, port } = this.address;
    return [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)]), '--', host];
  }

  /** Starts an ssh that ends with the attempt, if that fails. @throws IpcError `cancelled` */
  start<T extends SshProcess>(launch: (surroundings: SshSurroundings) => T): T {
    this.#throwIfCancelled();
    const { askPerson, log } = this.#options;
    const ssh = launch({ directory: this.#directory, env: { ...process.env, ...this.#askpass?.env }, hasPerson: askPerson !== undefined });
    this.#ssh = ssh;
    if (log !== undefined) ssh.onLine((line) => void (isForPeople(line) && log(`ssh ${this.host}: ${line.trimEnd()}`)));
    return ssh;
  }

  /** The other computer let us in; another ssh of this attempt may ask the same again. */
  answersWereRight(): void {
    this.#askpass?.keepAnswers();
  }

  /** Why the attempt failed, from what ssh wrote. */
  failure(lines: readonly string[]): IpcError {
    return sshFailure(this.host, lines);
  }

  /**
   * The home directory there.
   * @param output of the command `TELL_HOME`; a person's shell may say other things before
   * @throws IpcError `no-remote-home`
   */
  homeIn(output: string): string {
    const home = /^home:(\/.*)$/m.exec(output)?.[1];
    if (home !== undefined) return home;
    const shape = 'write the path of its socket at the end of the address, as in ssh://host/path/to/node.sock';
    throw new IpcError('no-remote-home', `${this.host} does not say where the home directory is; ${shape}`);
  }

  /** The socket of a node with the default data directory, in the home directory there. */
  defaultSocket(home: string): string {
    return posix.join(home, defaultDirectoryName, this.address.networkFolder, 'node.sock');
  }

  get #isCancelled(): boolean {
    return this.#options.signal?.aborted === true || this.#askpass?.isCancelled === true;
  }

  #throwIfCancelled(): void {
    if (this.#isCancelled) throw new IpcError('cancelled', `Connecting to ${this.host} was called off`);
  }

  async #prepare(): Promise<void> {
    const { askPerson } = this.#options;
    if (this.#way.keepsDirectory || askPerson !== undefined) this.#directory = await privateDirectory();
    if (askPerson === undefined) return;
    this.#askpass = await startAskpass(this.#directory, this.#way.askpass(this.#directory), this.host, askPerson, () => this.#ssh?.stop());
  }

  async #removeDirectory(): Promise<void> {
    if (this.#directory !== '') await rm(this.#directory, { recursive: true, force: true });
  }

  /** Ends ssh with the stream, and the stream with ssh. */
  async #endOf({ ssh, stream }: SshStream): Promise<IpcError | undefined> {
    let isTheirs = false;
    let isOurs = false;
    stream.once('end', () => (isTheirs = true));
    stream.once('error', () => (isTheirs = true));
    const closed = new Promise<void>((resolve) =>
      stream.once('close', () => {
        isOurs = !isTheirs && !ssh.hasEnded;
        resolve();
      }),
    );
    await Promise.race([closed, ssh.ended]);
    // A line that breaks ends ssh; a node that hangs up need not, and does so well.
    if (!ssh.hasEnded && (!isOurs || this.#way.endsWithStream)) await inTime(LAST_WORDS, ssh.ended);
    const wasLost = ssh.hasEnded && !isOurs && ssh.status !== 0;
    stream.destroy();
    ssh.stop();
    await ssh.ended;
    await this.#removeDirectory();
    return wasLost ? linkLost(this.host, ssh.lines) : undefined;
  }
}
