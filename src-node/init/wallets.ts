import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { Patience, restartPolicy, Retrying, secondsUntil, systemClock, within, type RetryClock, type RetryState } from '../../src-ipc/process/index.js';
import type { NodeChain } from '../interfaces/chain.js';
import type { UserInterface } from '../interfaces/user-interface.js';
import { WalletProcess } from '../interfaces/wallet-process.js';
import { InitFailure } from './init-failure.js';
import { silence, windowPatience } from './patience.js';
import { wayOfEnding, type WalletHost, type WalletProcessState } from './wallet-host.js';

const disabled: WalletProcessState = {
  state: 'disabled',
  pid: undefined,
  startedAt: undefined,
  exitCode: undefined,
  signal: undefined,
  endedAt: undefined,
};

/** The wallet process works, but its wallets cannot be had: starting it once more would not help. */
class WalletsUnusable extends InitFailure {}

/** Milliseconds that unloading all wallets may take before their process is ended all the same. */
const unloadPatience = 20_000;

/** The wallets of the node: started with it, brought back when their process crashes, stopped before it. */
export class Wallets {
  /** Also of later ones in its place. */
  readonly process = new WalletProcess(new Patience(silence), 'this node');
  readonly #host: WalletHost | undefined;
  readonly #makeChain: () => NodeChain;
  readonly #userInterface: UserInterface;
  readonly #log: Logger;
  readonly #loaderListeners = new Set<() => Promise<void>>();
  #chain: NodeChain | undefined;
  /** There before its wallets are. */
  #loader: WalletLoader | undefined;
  /** Windows are being told of the loader. */
  #isTold = false;
  /** The wallets that settings name are loaded. */
  #areLoaded = false;
  #starting: Promise<void> | undefined;
  /** Since it was last there. */
  #hasEnded = false;
  /** It is ended in order to be started again. */
  #isReplaced = false;
  #stopped = false;
  readonly #clock: RetryClock;
  readonly #restarts: Retrying;

  /** @param host undefined with -disablewallet */
  constructor(host: WalletHost | undefined, makeChain: () => NodeChain, userInterface: UserInterface, log: Logger, clock: RetryClock = systemClock) {
    this.#host = host;
    this.#makeChain = makeChain;
    this.#userInterface = userInterface;
    this.#log = log;
    this.#clock = clock;
    this.#restarts = new Retrying({
      policy: restartPolicy,
      attempt: () => this.#startOnce(),
      isFinal: (error) => error instanceof WalletsUnusable,
      changed: (state) => this.#tell(state),
      clock,
    });
    host?.onEnded((how) => void this.#ended(how));
  }

  get state(): WalletProcessState {
    return this.#host?.state ?? disabled;
  }

  /**
   * Called once there is a loader, at once when there is one already; returns a function that calls it off. No wallet
   * is loaded before the promise resolves, so that a window that asks to be told of wallets is told of all.
   */
  onLoader(tell: () => Promise<void>): () => void {
    if (this.#loader !== undefined) void tell();
    else this.#loaderListeners.add(tell);
    return () => this.#loaderListeners.delete(tell);
  }

  /** How far the node is with bringing the wallets back. */
  get restart(): RetryState {
    return this.#restarts.state;
  }

  /** Why no command of the wallets can be called; undefined when they are there, or not meant to be. */
  get absence(): string | undefined {
    if (this.#host === undefined || this.#stopped || this.#areLoaded) return undefined;
    const { restart } = this;
    if (restart.kind === 'waiting') return `The wallet process has ended; ${this.#restartWords(restart)}`;
    if (restart.kind === 'trying' || this.#starting !== undefined) return 'The wallet process is being started again';
    return 'The wallet process has ended; restartwallet starts it again';
  }

  /** Starts the wallets and loads those that settings name, at once. @throws InitFailure */
  async start(): Promise<void> {
    if (this.#host === undefined || this.#areLoaded) return;
    if (this.#starting === undefined) this.#restarts.reset();
    try {
      await this.#startOnce();
      this.#restarts.worked();
    } catch (error) {
      if (!this.#stopped) this.#restarts.giveUp(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** Whether the wallet process, if it runs, answers within some seconds. */
  async answers(): Promise<boolean> {
    return (await this.#host?.answers()) ?? true;
  }

  /** Ends the wallet process, be it that it does not answer, and starts it again. @throws InitFailure */
  async replace(): Promise<void> {
    this.#isReplaced = true;
    try {
      await this.#host?.kill();
      // A start that waited for it fails with that.
      await this.#starting?.catch(() => undefined);
    } finally {
      this.#isReplaced = false;
    }
    await this.start();
    // Other windows have the wallets of the process that was.
    this.#userInterface.alertsChanged();
  }

  #startOnce(): Promise<void> {
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async #start(): Promise<void> {
    const host = this.#host;
    if (host === undefined || this.#areLoaded || this.#stopped) return;
    const chain = this.#makeChain();
    this.#chain = chain;
    let loader: WalletLoader;
    try {
      loader = await host.start(chain);
    } catch (cause) {
      await this.#dropChain();
      throw new InitFailure(`The wallet could not be started: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
    this.#loader = loader;
    try {
      await this.#tellOfLoader();
      await loader.registerRpcs();
      if (!(await loader.verify())) throw new WalletsUnusable('The wallets could not be verified.');
      if (!(await loader.load())) throw new WalletsUnusable('The wallets could not be loaded.');
      await loader.start();
      // Its end may have come with its last answer.
      if (host.state.state === 'crashed' || host.state.state === 'stopped') throw new InitFailure('The wallet process ended while it started.');
    } catch (error) {
      // So that it can be started again when the reason is gone.
      this.#loader = undefined;
      await host.stop();
      await this.#dropChain();
      const { state, exitCode, signal } = host.state;
      // What it was asked then failed because of that.
      if (state === 'crashed') throw new InitFailure(`The wallet process ${wayOfEnding(exitCode, signal)} while it started.`, { cause: error });
      throw error;
    }
    this.#areLoaded = true;
    if (this.#hasEnded) this.#log.info('The wallet process runs again');
    this.#hasEnded = false;
    this.#userInterface.setWarning('wallet', undefined);
  }

  async #tellOfLoader(): Promise<void> {
    const listeners = [...this.#loaderListeners];
    this.#loaderListeners.clear();
    this.#isTold = true;
    const told = listeners.map((tell) => tell());
    await within(windowPatience, Promise.all(told), 'no answer').catch(() => this.#log.warning('A window does not answer; wallets are loaded all the same'));
    this.#isTold = false;
  }

  /** The loader, without starting wallets that had ended. Undefined then, and with -disablewallet. */
  async loader(): Promise<WalletLoader | undefined> {
    if (this.#hasEnded && this.#starting === undefined) return this.#loader;
    return this.loaderNow();
  }

  /** The loader, of wallets started again when they had ended. Undefined with -disablewallet. */
  async loaderNow(): Promise<WalletLoader | undefined> {
    if (this.#host === undefined) return undefined;
    // Windows that are told of it ask for it in order to hear of wallets. Others get all wallets together.
    if (!this.#isTold) await this.start();
    return this.#loader;
  }

  async #dropChain(): Promise<void> {
    const chain = this.#chain;
    this.#chain = undefined;
    await chain?.destroy();
  }

  async #ended(how: string): Promise<void> {
    // During a start its own failure tells.
    if (this.#stopped || this.#starting !== undefined) return;
    const isReplaced = this.#isReplaced;
    this.#loader = undefined;
    this.#areLoaded = false;
    this.#hasEnded = true;
    await this.#dropChain();
    if (isReplaced) return;
    // Whoever ended it on purpose does not want it back.
    if (this.#host?.state.state === 'stopped') this.#restarts.giveUp(`The wallet process ${how}`);
    else this.#restarts.failed(`The wallet process ${how}`);
  }

  /** Says in the log, and to everybody who sees the node's warnings, how it stands with the wallets. */
  #tell(state: RetryState): void {
    if (this.#stopped) return;
    switch (state.kind) {
      case 'idle':
        return;
      case 'waiting':
        this.#log.warning(`${state.reason}; ${this.#restartWords(state)}`);
        this.#userInterface.setWarning('wallet', `${state.reason}. It is started again (attempt ${state.attempt} of ${state.of}). Its data is safe on disk.`);
        return;
      case 'trying':
        this.#userInterface.alertsChanged();
        return;
      case 'given-up':
        this.#log.warning(`${state.reason}; it is not started again`);
        this.#userInterface.setWarning('wallet', `${state.reason}. It is not started again by itself; restartwallet does it. Its data is safe on disk.`);
    }
  }

  async setMockTime(seconds: number): Promise<void> {
    await this.#loader?.setMockTime(BigInt(seconds)).catch((error: unknown) => this.#log.warning(`setMockTime: ${String(error)}`));
  }

  async #unload(loader: WalletLoader): Promise<void> {
    try {
      await within(unloadPatience, loader.stop(), 'unloading takes too long');
    } catch (error) {
      this.#log.info(`Chain client did not disconnect cleanly: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The node is to end: a start of the wallets that goes on and on is not waited for. */
  hurry(): void {
    if (this.#starting === undefined) return;
    const timer = setTimeout(() => void this.#host?.stop(), unloadPatience);
    void this.#starting.catch(() => undefined).finally(() => clearTimeout(timer));
  }

  /** Unloads all wallets and ends their process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#restarts.reset();
    await this.#starting?.catch(() => undefined);
    const loader = this.#loader;
    this.#loader = undefined;
    this.#areLoaded = false;
    if (loader !== undefined) await this.#unload(loader);
    await this.#host?.stop();
    await this.#dropChain();
  }

  #restartWords({ at, attempt, of }: Extract<RetryState, { kind: 'waiting' }>): string {
    return `restarting in ${secondsUntil(at, this.#clock.now())} s (attempt ${attempt} of ${of})`;
  }
}
