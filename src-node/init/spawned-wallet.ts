/** The wallets in a child process, `bitcoin-wallet -ipcfd <n>`. */
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { connectInit, type InitConnection } from '../../src-ipc/connect.js';
import { ipcLog } from '../../src-ipc/logging/ipc-log.js';
import { inTime, Patience, spawnProcess, type ExitStatus, type SpawnedProcess, type SpawnTarget } from '../../src-ipc/process/index.js';
import { silence } from './patience.js';
import { wayOfEnding, type WalletHost, type WalletProcessState } from './wallet-host.js';

/** Milliseconds that a wallet gets to end by itself before it is killed. */
const patience = 20_000;

/** Milliseconds within which a wallet process that was started must answer for the first time. */
const firstAnswer = 60_000;

/** Waits for the first answer; when none comes, ends what should have given it, which makes the waiting fail. */
async function answerOrEnd<T>(answer: Promise<T>, end: () => void): Promise<T> {
  const timer = setTimeout(end, firstAnswer);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

/** Fulfilled when the process answers, in whatever way. */
async function echoed({ init }: InitConnection): Promise<boolean> {
  try {
    const echo = await init.makeEcho();
    await echo?.echo('');
    await echo?.destroy();
  } catch {
    // To refuse is an answer; that the process is gone, its end tells.
  }
  return true;
}

export class SpawnedWallet implements WalletHost {
  readonly #target: SpawnTarget;
  readonly #globalArgs: () => GlobalArgs;
  readonly #log: Logger;
  #process: SpawnedProcess | undefined;
  #connection: InitConnection | undefined;
  #loader: WalletLoader | undefined;
  readonly #patience = new Patience(silence);
  #startedAt: number | undefined;
  #ended: { readonly status: ExitStatus; readonly at: number; readonly asked: boolean } | undefined;
  #stopping = false;
  #killed = false;
  #onEnded: (how: string) => void = () => undefined;

  constructor(target: SpawnTarget, globalArgs: () => GlobalArgs, log: Logger) {
    this.#target = target;
    this.#globalArgs = globalArgs;
    this.#log = log;
  }

  get state(): WalletProcessState {
    const ended = this.#ended;
    const running = this.#process !== undefined;
    return {
      state: running ? 'running' : ended === undefined || ended.asked ? 'stopped' : 'crashed',
      pid: this.#process?.pid,
      startedAt: running ? this.#startedAt : undefined,
      exitCode: running ? undefined : (ended?.status.code ?? undefined),
      signal: running ? undefined : (ended?.status.signal ?? undefined),
      endedAt: running ? undefined : ended?.at,
    };
  }

  onEnded(ended: (how: string) => void): void {
    this.#onEnded = ended;
  }

  async start(chain: Chain): Promise<WalletLoader> {
    if (this.#process !== undefined) throw new Error('the wallet process runs already');
    const process = await spawnProcess(this.#target, { name: 'bitcoin-wallet', log: (line) => this.#log.debug('ipc', line) });
    this.#process = process;
    this.#startedAt = Date.now();
    this.#ended = undefined;
    this.#stopping = false;
    this.#killed = false;
    void process.exited.then((status) => this.#exited(process, status));
    try {
      const connection = await answerOrEnd(connectInit(process.socket, { processName: 'bitcoin-node', log: ipcLog(this.#log) }), () => process.kill('SIGKILL'));
      this.#connection = connection;
      this.#loader = await connection.init.makeWalletLoader(this.#globalArgs(), chain);
      if (this.#loader === undefined) throw new Error(`${this.#target.command} serves no wallets`);
      return this.#loader;
    } catch (error) {
      await this.#hangUp(process);
      throw error;
    }
  }

  #exited(process: SpawnedProcess, status: ExitStatus): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#loader = undefined;
    this.#connection?.close();
    this.#connection = undefined;
    this.#ended = { status, at: Date.now(), asked: status.code === 0 || this.#killed };
    if (this.#stopping) return;
    const how = wayOfEnding(status.code ?? undefined, status.signal ?? undefined);
    this.#log.warning(`The wallet process (pid ${process.pid}) ${how}`);
    this.#onEnded(how);
  }

  async answers(): Promise<boolean> {
    const connection = this.#connection;
    if (connection === undefined) return true;
    return (await this.#patience.ask(() => echoed(connection))) ?? false;
  }

  async kill(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    this.#log.warning(`The wallet process (pid ${process.pid}) is killed, as somebody asked for`);
    process.kill('SIGKILL');
    await process.exited;
  }

  async stop(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    this.#stopping = true;
    // It waits for calls under way, which an end of the process may be needed for.
    const hasAnswered = this.#loader === undefined || (await inTime(patience, this.#loader.destroy().then(() => true, () => true)));
    if (hasAnswered !== true) {
      this.#log.warning(`The wallet process (pid ${process.pid}) does not answer and is killed`);
      this.#killed = true;
      process.kill('SIGKILL');
    }
    await this.#hangUp(process);
  }

  /** Ends the connection, and waits until the process has ended for that. */
  async #hangUp(process: SpawnedProcess): Promise<void> {
    this.#connection?.close();
    const timer = setTimeout(() => {
      this.#log.warning(`The wallet process (pid ${process.pid}) does not end and is killed`);
      this.#killed = true;
      process.kill('SIGKILL');
    }, patience);
    await process.exited;
    clearTimeout(timer);
  }
}
