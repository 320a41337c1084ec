import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Logger } from '../../src-interfaces/logging.js';
import type { NodeChain } from '../interfaces/chain.js';
import type { UserInterface } from '../interfaces/user-interface.js';
import { InitFailure } from './init-failure.js';
import type { WalletHost, WalletProcessState } from './wallet-host.js';

const disabled: WalletProcessState = {
  state: 'disabled',
  pid: undefined,
  startedAt: undefined,
  exitCode: undefined,
  signal: undefined,
  endedAt: undefined,
};

/** Milliseconds that unloading all wallets may take before their process is ended all the same. */
const unloadPatience = 20_000;

/** The wallets of the node: started with it, started again after they ended, stopped before it. */
export class Wallets {
  readonly #host: WalletHost | undefined;
  readonly #makeChain: () => NodeChain;
  readonly #userInterface: UserInterface;
  readonly #log: Logger;
  readonly #readyListeners = new Set<() => void>();
  #chain: NodeChain | undefined;
  #loader: WalletLoader | undefined;
  #starting: Promise<void> | undefined;
  #stopped = false;

  /** @param host undefined with -disablewallet */
  constructor(host: WalletHost | undefined, makeChain: () => NodeChain, userInterface: UserInterface, log: Logger) {
    this.#host = host;
    this.#makeChain = makeChain;
    this.#userInterface = userInterface;
    this.#log = log;
    host?.onEnded(() => void this.#ended());
  }

  get state(): WalletProcessState {
    return this.#host?.state ?? disabled;
  }

  get loader(): WalletLoader | undefined {
    return this.#loader;
  }

  /** Called once the wallets are there, at once when they are already; returns a function that calls it off. */
  onReady(ready: () => void): () => void {
    if (this.#loader !== undefined) ready();
    else this.#readyListeners.add(ready);
    return () => this.#readyListeners.delete(ready);
  }

  /** Starts the wallets and loads those that settings name. @throws InitFailure */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async #start(): Promise<void> {
    const host = this.#host;
    if (host === undefined || this.#loader !== undefined || this.#stopped) return;
    const chain = this.#makeChain();
    this.#chain = chain;
    let loader: WalletLoader;
    try {
      loader = await host.start(chain);
    } catch (cause) {
      await this.#dropChain();
      throw new InitFailure(`The wallet could not be started: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
    try {
      await loader.registerRpcs();
      if (!(await loader.verify())) throw new InitFailure('The wallets could not be verified.');
      if (!(await loader.load())) throw new InitFailure('The wallets could not be loaded.');
      await loader.start();
    } catch (error) {
      // So that it can be started again when the reason is gone.
      await host.stop();
      await this.#dropChain();
      throw error;
    }
    this.#loader = loader;
    this.#userInterface.setWarning('wallet', undefined);
    for (const ready of this.#readyListeners) ready();
    this.#readyListeners.clear();
  }

  /** The loader, of wallets started again when they had ended. Undefined with -disablewallet. */
  async loaderNow(): Promise<WalletLoader | undefined> {
    if (this.#host === undefined) return undefined;
    await this.start();
    return this.#loader;
  }

  async #dropChain(): Promise<void> {
    const chain = this.#chain;
    this.#chain = undefined;
    await chain?.destroy();
  }

  async #ended(): Promise<void> {
    this.#loader = undefined;
    if (this.#stopped) return;
    this.#userInterface.setWarning('wallet', 'The wallet process has ended unexpectedly. Its data is safe on disk; it can be started again.');
    await this.#dropChain();
  }

  async setMockTime(seconds: number): Promise<void> {
    await this.#loader?.setMockTime(BigInt(seconds)).catch((error: unknown) => this.#log.warning(`setMockTime: ${String(error)}`));
  }

  async #unload(loader: WalletLoader): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('unloading takes too long')), unloadPatience);
    });
    try {
      await Promise.race([loader.stop(), tooLong]);
    } catch (error) {
      this.#log.info(`Chain client did not disconnect cleanly: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Unloads all wallets and ends their process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#starting?.catch(() => undefined);
    const loader = this.#loader;
    this.#loader = undefined;
    if (loader !== undefined) await this.#unload(loader);
    await this.#host?.stop();
    await this.#dropChain();
  }
}
