/** The wallets in a child process, `bitcoin-wallet -ipcfd <n>`. */
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { connectInit, type InitConnection } from '../../src-ipc/connect.js';
import { ipcLog } from '../../src-ipc/logging/ipc-log.js';
import { spawnProcess, type ExitStatus, type SpawnedProcess, type SpawnTarget } from '../../src-ipc/process/index.js';
import type { WalletHost, WalletProcessState } from './wallet-host.js';

/** Milliseconds that a wallet gets to end by itself before it is killed. */
const patience = 20_000;

export class SpawnedWallet implements WalletHost {
  readonly #target: SpawnTarget;
  readonly #globalArgs: () => GlobalArgs;
  readonly #log: Logger;
  #process: SpawnedProcess | undefined;
  #connection: InitConnection | undefined;
  #loader: WalletLoader | undefined;
  #startedAt: number | undefined;
  #ended: { readonly status: ExitStatus; readonly at: number; readonly asked: boolean } | undefined;
  #stopping = false;
  #onEnded: () => void = () => undefined;

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

  onEnded(ended: () => void): void {
    this.#onEnded = ended;
  }

  async start(chain: Chain): Promise<WalletLoader> {
    if (this.#process !== undefined) throw new Error('the wallet process runs already');
    const process = await spawnProcess(this.#target, { name: 'bitcoin-wallet', log: (line) => this.#log.debug('ipc', line) });
    this.#process = process;
    this.#startedAt = Date.now();
    this.#ended = undefined;
    this.#stopping = false;
    void process.exited.then((status) => this.#exited(process, status));
    const connection = await connectInit(process.socket, { processName: 'bitcoin-node', log: ipcLog(this.#log) });
    this.#connection = connection;
    const loader = await connection.init.makeWalletLoader(this.#globalArgs(), chain);
    if (loader === undefined) {
      connection.close();
      throw new Error(`${this.#target.command} serves no wallets`);
    }
    this.#loader = loader;
    return loader;
  }

  #exited(process: SpawnedProcess, status: ExitStatus): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#loader = undefined;
    this.#connection?.close();
    this.#connection = undefined;
    this.#ended = { status, at: Date.now(), asked: this.#stopping };
    if (this.#stopping) return;
    const how = status.signal === null ? `with exit status ${status.code ?? 'unknown'}` : `by ${status.signal}`;
    this.#log.warning(`The wallet process (pid ${process.pid}) ended ${how}`);
    this.#onEnded();
  }

  async stop(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    this.#stopping = true;
    await this.#loader?.destroy().catch(() => undefined);
    this.#connection?.close();
    const timer = setTimeout(() => process.kill('SIGKILL'), patience);
    await process.exited;
    clearTimeout(timer);
  }
}
