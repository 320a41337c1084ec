import { setMaxListeners } from 'node:events';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { Mining } from '../../src-interfaces/generated/mining.js';
import type { Tracing } from '../../src-interfaces/generated/tracing.js';
import { isJsonArray, isJsonObject, parseJson, writeJson } from '../../src-interfaces/json/json.js';
import { toGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { RequestMode } from '../../src-interfaces/rpc/command.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { FileLog } from '../../src-ipc/logging/file-log.js';
import { applyLogLevels } from '../../src-ipc/logging/logging-options.js';
import { inTime, Patience } from '../../src-ipc/process/index.js';
import { AttachedLoaders, type Caller } from '../interfaces/attached-loaders.js';
import type { NodeProgram, OwnWallets, StartedNode } from '../interfaces/node-program.js';
import { UserInterface } from '../interfaces/user-interface.js';
import { asRpcFailure, CommandTable } from '../rpc/command-table.js';
import { JsonRpc } from '../rpc/json-rpc.js';
import { CommandWhitelist } from '../rpc/whitelist.js';
import { bootNode } from './boot.js';
import type { BootedNode, NodeDependencies } from './boot-surroundings.js';
import { NodeClock } from './clock.js';
import { adoptConfiguration, type NodeConfiguration } from './configuration.js';
import { InitFailure } from './init-failure.js';
import { settingsPath } from './node-services.js';
import { runNotifyCommand } from './notify-command.js';
import { openLog } from './open-log.js';
import { applyOptionInteractions, checkOptions } from './option-interactions.js';
import { lastNews, silence } from './patience.js';
import { prepareDirectories } from './prepare-directories.js';
import { SettingsStore } from './settings-store.js';
import { ShutdownSteps } from './shutdown-steps.js';

/**
 * A node from its configuration to its end, in the process it runs in. It is configured once, by this
 * program's command line or by the process that started it, then started, then shut down.
 */
export class NodeProcess implements NodeProgram {
  readonly clock = new NodeClock();
  readonly log = new FileLog({ mockTime: () => this.clock.mockTime, threadName: 'main', isToldLevelsLater: true });
  readonly userInterface = new UserInterface(this.log);
  readonly commands = new CommandTable((method) => this.#configured?.options.list('deprecatedrpc').includes(method) ?? false);
  /** Answers requests from the first moment on, if only with what the start is doing. */
  readonly jsonRpc = new JsonRpc(this.commands, ({ method, authUser }) =>
    this.log.debug('rpc', () => `ThreadRPCServer method=${method.replace(/[^\w]/g, '')} user=${authUser}`),
  );
  readonly attachedLoaders = new AttachedLoaders(this.userInterface, (changed) => new Patience(silence, changed), this.log);
  readonly #dependencies: NodeDependencies;
  readonly #steps = new ShutdownSteps();
  readonly #stopping = new AbortController();
  readonly #startedListeners = new Set<(started: StartedNode) => void>();
  readonly #startedAt = Date.now();
  readonly #noSettings = new SettingsStore(new OptionValues(emptySettings(), nodeOptionTable), undefined, this.log);
  #configured: NodeConfiguration | undefined;
  #settings: SettingsStore | undefined;
  #whitelist: CommandWhitelist | undefined;
  #booted: BootedNode | undefined;
  #starting: Promise<boolean> | undefined;
  #shutdown: Promise<void> | undefined;
  #exitStatus = 0;
  #failure: InitFailure | undefined;

  constructor(dependencies: NodeDependencies = {}) {
    this.#dependencies = dependencies;
    // Every wait of a client listens to it.
    setMaxListeners(0, this.stopping);
    // Whoever asked for the end gets it, even when start-up is still under way.
    this.stopping.addEventListener('abort', () => void this.shutdown());
  }

  /** Aborted when the node has been asked to end. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  get configuration(): NodeConfiguration {
    if (this.#configured === undefined) throw new InitFailure('The node has not been configured');
    return this.#configured;
  }

  /** Settings and log, phases 1 to 3 of the start. At most once. @throws InitFailure */
  configure(configuration: NodeConfiguration): void {
    if (this.#configured !== undefined) throw new InitFailure('The node is configured already');
    this.#configured = configuration;
    const { options } = configuration;
    prepareDirectories(configuration);
    this.#settings = new SettingsStore(options, settingsPath(configuration), this.log);
    this.#settings.load();
    this.#whitelist = new CommandWhitelist(options, this.log);
    this.clock.setMockTime(options.integer('mocktime') ?? 0);
    openLog(configuration, this.log);
    this.#steps.add('log', () => {
      this.log.info('Shutdown done');
      this.log.close();
    });
    applyOptionInteractions(options, this.log);
    checkOptions(configuration);
  }

  /** Empty until the node has been configured: a window asks before it has sent its own settings. */
  get settings(): SettingsStore {
    return this.#settings ?? this.#noSettings;
  }

  async initialize(globalArgs: GlobalArgs): Promise<boolean> {
    return this.#reported(() => this.configure(adoptConfiguration(globalArgs)));
  }

  start(): Promise<boolean> {
    this.#starting ??= this.#reported(() => this.#start());
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { configuration, settings, log, clock, commands, jsonRpc, userInterface, attachedLoaders, stopping } = this;
    const booted = await bootNode({
      configuration,
      settings,
      log,
      clock,
      commands,
      jsonRpc,
      userInterface,
      attachedLoaders,
      stopping,
      steps: this.#steps,
      startedAt: this.#startedAt,
      dependencies: this.#dependencies,
      globalArgs: () => toGlobalArgs(configuration.options.settings, configuration.configPath),
      requestShutdown: () => this.requestShutdown(),
      onFault: () => {
        this.#exitStatus = 1;
        this.requestShutdown();
      },
      onStarted: (started) => {
        this.#booted = started;
        for (const listener of this.#startedListeners) listener(started.node);
        this.#startedListeners.clear();
      },
    });
    this.#booted = booted;
    const notify = configuration.options.text('startupnotify') ?? '';
    if (notify !== '') void runNotifyCommand(notify, log);
  }

  /** Runs a part of the start; a failure is shown, logged and becomes false, unless the node is told to end: then it is a part of that. */
  async #reported(run: () => void | Promise<void>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      const known = error instanceof InitFailure;
      const text = error instanceof Error ? error.message : String(error);
      if (!known && error instanceof Error) this.log.error(error.stack ?? text);
      if (this.shutdownRequested) {
        this.log.info(`Start called off: ${text}`);
        return false;
      }
      this.#exitStatus = 1;
      this.#failure = known ? error : new InitFailure(text, { cause: error });
      this.userInterface.error({ original: text, translated: text });
      this.requestShutdown();
      return false;
    }
  }

  /** Why the start failed, if it did. */
  get failure(): InitFailure | undefined {
    return this.#failure;
  }

  requestShutdown(): void {
    this.#stopping.abort();
  }

  get shutdownRequested(): boolean {
    return this.stopping.aborted;
  }

  shutdown(): Promise<void> {
    // Not at once: stopping asks for the shutdown again.
    this.#shutdown ??= Promise.resolve().then(() => this.#stop());
    return this.#shutdown;
  }

  async #stop(): Promise<void> {
    this.requestShutdown();
    this.log.info('Shutdown: In progress...');
    this.userInterface.alertsChanged();
    await inTime(lastNews, this.userInterface.alerts.told());
    await Promise.all(this.#configured?.options.list('shutdownnotify').map((command) => runNotifyCommand(command, this.log)) ?? []);
    // What is half started must be whole before it can be taken down again.
    await this.#starting;
    await this.#steps.run(this.log);
  }

  started(): StartedNode | undefined {
    return this.#booted?.node;
  }

  onStarted(ready: (started: StartedNode) => void): () => void {
    const node = this.started();
    if (node !== undefined) ready(node);
    else this.#startedListeners.add(ready);
    return () => this.#startedListeners.delete(ready);
  }

  get exitStatus(): number {
    return this.#exitStatus;
  }

  get logCategories(): bigint {
    return this.log.categoryMask;
  }

  initLogging(): void {
    if (this.#configured !== undefined) applyLogLevels(this.log, this.#configured.options);
  }

  async executeRpc(method: string, params: string, uri: string): Promise<string> {
    const parsed = parseJson(params === '' ? '[]' : params);
    if (!isJsonArray(parsed) && !isJsonObject(parsed)) {
      throw rpcError('invalidRequest', 'Params must be an array or object');
    }
    try {
      const result = await this.commands.execute({
        id: undefined,
        method,
        params: parsed,
        mode: RequestMode.execute,
        uri,
        authUser: '',
        peerAddress: '',
        version: 1,
      });
      return writeJson(result);
    } catch (error) {
      throw asRpcFailure(error);
    }
  }

  commandWhitelist(): CommandWhitelist | undefined {
    return this.#whitelist;
  }

  rpcCommands(): readonly string[] {
    return this.commands.names();
  }

  /** What has been made of the started node; waits until there is one. @throws CallFailure when the node ends before. */
  #onceBooted<T>(make: (booted: BootedNode) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let callOff = (): void => undefined;
      const giveUp = (): void => {
        callOff();
        reject(new CallFailure('failed', 'The node is ending'));
      };
      // First: a node that has started calls back at once.
      this.stopping.addEventListener('abort', giveUp, { once: true });
      callOff = this.onStarted(() => {
        const booted = this.#booted;
        if (booted === undefined) return;
        this.stopping.removeEventListener('abort', giveUp);
        resolve(make(booted));
      });
      if (this.stopping.aborted) giveUp();
    });
  }

  /**
   * A Chain for a wallet that connects by itself; it waits until the node has started.
   * @param caller whose wallets the node's windows are to show
   */
  makeChain(caller?: Caller): Promise<Chain> {
    const process = this.attachedLoaders.newProcess();
    return this.#onceBooted((booted) => booted.makeChain(process, () => void (caller && this.attachedLoaders.follow(caller, booted.makeChain(process), process))));
  }

  /** Block making for a client; it waits until the node has started. */
  makeMining(): Promise<Mining> {
    return this.#onceBooted((booted) => booted.makeMining());
  }

  /** Trace events for a client; it waits until the node has started. */
  makeTracing(): Promise<Tracing> {
    return this.#onceBooted((booted) => booted.makeTracing());
  }

  get ownWallets(): OwnWallets | undefined {
    return this.#booted?.wallets;
  }

  onWalletLoader(tell: () => Promise<void>): () => void {
    let callOff: (() => void) | undefined;
    const stop = this.onStarted(() => (callOff = this.#booted?.wallets.onLoader(tell)));
    return () => {
      stop();
      callOff?.();
    };
  }
}
