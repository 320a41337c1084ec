/**
 * The window's side of the three processes: finds the node, keeps sessions with node and wallets while
 * they live, says what happened when one ends, and brings it back: by itself after a crash or a lost
 * connection, else when asked to.
 *
 * The node is never a part of this process's life: it is found or started by its socket, so closing or
 * losing the window leaves it and the wallet running.
 */
import { constants } from 'node:os';
import { chainParams } from '../src-bitcoin/params/networks.js';
import type { SpawnTarget } from '../src-ipc/process/index.js';
import type { AppPhase, AppState, CompartmentId, Network, NodeState, Settings, Snapshot } from '../src-interfaces/facade.js';
import { recogniseNode } from './core-node/recognise-node.js';
import type { EventStream } from './bridge/event-stream.js';
import { asFacadeError, FacadeFailure } from './bridge/facade-failure.js';
import { endPatience, findNode, NodeStartFailure, type Connect, type ConnectedNode } from './programs/node-connection.js';
import type { NodeChoice, NodeEnd, RunningNodeProcess } from './programs/node-launcher.js';
import { wasStartedByWindow } from './programs/started-node.js';
import { Compartments, endReason } from './session/compartments.js';
import { NodeReturn } from './session/node-return.js';
import { NodeSession } from './session/node-session.js';
import { hasEnded, nodeProcesses, processExists, shownFacts, type ProcessFacts } from './session/process-facts.js';
import { Questions } from './session/questions.js';
import { WalletsSession } from './session/wallets-session.js';
import type { Push } from './session/wallet-session.js';
import { firstRunOffer } from './settings/first-run.js';
import type { PreferencesFile } from './settings/preferences.js';
import type { WindowLog } from './settings/window-log.js';

export interface ApplicationParts {
  readonly preferences: PreferencesFile;
  readonly events: EventStream;
  readonly connect: Connect;
  /** How to start bitcoin-node. */
  readonly nodeProgram: SpawnTarget;
  readonly version: string;
  /** Network, data directory and attach address of this run, when the command line names them. */
  readonly fromCommandLine: { readonly network?: Network; readonly datadir?: string; readonly attachAddress?: string; readonly passedOn: readonly string[] };
  readonly log: WindowLog;
}

/** Milliseconds between questions to a node that is still starting and sends no messages yet. */
const startRetry = 250;
/** Milliseconds between memory readings while the bar's details are open. */
const memoryPeriod = 2000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What a window that ends takes along. */
export type Stops = 'nothing' | 'window' | 'everything';

export class Application {
  readonly #parts: ApplicationParts;
  readonly #push: Push;
  readonly compartments: Compartments;
  #phase: AppPhase = 'first-run';
  #connected: ConnectedNode | undefined;
  #node: NodeSession | undefined;
  #wallets: WalletsSession | undefined;
  #memoryWatch: NodeJS.Timeout | undefined;
  #connecting: Promise<void> | undefined;
  #chosen: { network: Network; datadir: string; attachAddress: string } | undefined;
  readonly #return: NodeReturn;
  readonly questions = new Questions(() => this.#push('app.state', this.state));
  #openingWallets: Promise<void> | undefined;
  /** The last session with the wallets: what is still shown, and whose drafts the next one keeps. */
  #lastWallets: WalletsSession | undefined;
  /** State of the node while the way back to it is looked for: the pages stay as they are. */
  #lastNode: NodeState | undefined;
  #search = new AbortController();
  /** The node that this window started last, until it has ended. */
  #launched: RunningNodeProcess | undefined;
  #exitStatus = 0;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    this.#push = (name, data) => parts.events.push(name, data);
    this.compartments = new Compartments(this.#push, parts.version);
    this.#return = new NodeReturn({
      compartments: this.compartments,
      attempt: () => this.#connectOnce(),
      gaveUp: () => this.#forget(),
      log: (text) => parts.log.write(text),
    });
    const { current } = parts.preferences;
    const { network, datadir, attachAddress } = parts.fromCommandLine;
    const chosenNetwork = network ?? current.network;
    const chosenDatadir = datadir ?? current.datadir ?? (network === undefined ? null : firstRunOffer().defaultDatadir);
    if (chosenNetwork !== null && chosenDatadir !== null) {
      this.#chosen = { network: chosenNetwork, datadir: chosenDatadir, attachAddress: attachAddress ?? (network === undefined ? current.attachAddress : '') };
      this.#phase = 'starting';
    }
    this.#openLog();
  }

  /** The window's log goes beside the node's. */
  #openLog(): void {
    const { log } = this.#parts;
    log.open(this.#chosen);
    this.compartments.update('window', { logPath: log.path ?? null });
  }

  get state(): AppState {
    return {
      phase: this.#phase,
      version: this.#parts.version,
      network: this.#chosen?.network ?? null,
      datadir: this.#chosen?.datadir ?? null,
      attachAddress: this.#chosen?.attachAddress ?? '',
      firstRun: this.#phase === 'first-run' ? firstRunOffer() : null,
      question: this.questions.current,
      settings: this.#parts.preferences.current.settings,
    };
  }

  snapshot(): Snapshot {
    return {
      sequence: this.#parts.events.sequence,
      app: this.state,
      compartments: this.compartments.list(),
      node: this.#node?.state ?? this.#lastNode ?? null,
      wallets: (this.#wallets ?? this.#lastWallets)?.states() ?? null,
    };
  }

  /** Number of the last event pushed. */
  get snapshotSequence(): number {
    return this.#parts.events.sequence;
  }

  /** Hash and time of the block at a height of the active chain. */
  async blockFacts(height: number | null): Promise<{ readonly blockHash: string | null; readonly blockTime: number | null }> {
    if (height === null) return { blockHash: null, blockTime: null };
    const { node } = this.node;
    const hash: unknown = JSON.parse(await node.executeRpc('getblockhash', `[${height}]`, ''));
    const header: unknown = JSON.parse(await node.executeRpc('getblockheader', JSON.stringify([hash]), ''));
    const time = typeof header === 'object' && header !== null && 'time' in header && typeof header.time === 'number' ? header.time : null;
    return { blockHash: typeof hash === 'string' ? hash : null, blockTime: time };
  }

  #setPhase(phase: AppPhase): void {
    this.#phase = phase;
    this.#push('app.state', this.state);
  }

  /** @throws FacadeFailure while no node is connected. */
  get node(): NodeSession {
    if (this.#node === undefined) throw new FacadeFailure('disconnected', this.#return.isUnderWay ? 'There is no connection to the node at the moment. It is being looked for.' : 'The node is not running. Restart it in the bar below.');
    return this.#node;
  }

  /** @throws FacadeFailure while no wallet process is connected. */
  get wallets(): WalletsSession {
    if (this.#wallets === undefined) throw new FacadeFailure('disconnected', this.#lastWallets === undefined ? 'The wallet process is not running. Restart it in the bar below.' : 'The wallet is not there at the moment. It will be back.');
    return this.#wallets;
  }

  get network(): Network {
    if (this.#chosen === undefined) throw new FacadeFailure('not-ready', 'Choose a network first.');
    return this.#chosen.network;
  }

  updateSettings(change: Partial<Settings>): void {
    const { preferences } = this.#parts;
    preferences.update({ settings: { ...preferences.current.settings, ...change } });
    this.#push('app.state', this.state);
  }

  /** Starts with what was chosen before or on the command line; does nothing in the first run. */
  start(): void {
    if (this.#chosen !== undefined) void this.connectNode();
  }

  async configure(choice: { network: Network; datadir: string; keepRunning: boolean; attachAddress: string }): Promise<void> {
    const { network, datadir, attachAddress, keepRunning } = choice;
    const { preferences } = this.#parts;
    const before = this.#chosen;
    const changed = before === undefined || before.network !== network || before.datadir !== datadir || before.attachAddress !== attachAddress;
    preferences.update({ network, datadir, attachAddress, settings: { ...preferences.current.settings, keepRunning } });
    this.#chosen = { network, datadir, attachAddress };
    if (changed) this.#openLog();
    if (!changed) {
      this.#push('app.state', this.state);
      return;
    }
    if (before?.attachAddress === '' && this.#isOurKind) await this.stopNode();
    await this.#disconnect();
    this.#forget();
    void this.connectNode();
  }

  /** Finds or starts the node, because a person asked for it. */
  async connectNode(): Promise<void> {
    this.#return.reset();
    // An attempt that was cut off is not the one that is wanted now.
    await this.#connecting?.catch(() => undefined);
    try {
      await this.#connectOnce();
      this.#return.worked();
    } catch (error) {
      this.#connectFailed(error);
    }
  }

  /** Finds or starts the node and opens sessions with it. Calls while that goes on wait for it. */
  #connectOnce(): Promise<void> {
    return (this.#connecting ??= this.#connectNode().finally(() => (this.#connecting = undefined)));
  }

  async #connectNode(): Promise<void> {
    const chosen = this.#chosen;
    if (chosen === undefined) throw new FacadeFailure('not-ready', 'Choose a network first.');
    this.#setPhase('starting');
    const params = chainParams(chosen.network);
    this.compartments.update('node', { state: { kind: 'starting', detail: this.#return.isUnderWay ? 'Trying again' : 'Starting' }, connection: '' });
    this.compartments.update('wallet', { state: { kind: 'starting', detail: 'Waiting for the node' }, connection: '' });
    let connected: ConnectedNode | undefined;
    try {
      const choice: NodeChoice = { ...chosen, passedOn: this.#parts.fromCommandLine.passedOn };
      connected = await findNode(this.#parts.connect, chosen.attachAddress, choice, this.#parts.nodeProgram, {
        signal: this.#search.signal,
        askPerson: this.questions.ask,
        log: (line) => this.#parts.log.logger.debug('ipc', line),
        launched: (process) => this.#hasLaunched(process),
      });
      this.#connected = connected;
      this.#parts.log.write(connected.process === undefined ? `attached to the node at ${connected.address}` : `started the node, process ${connected.process.pid}`);
      await this.#openNode(connected, params);
      const found = connected;
      void found.link.closed.then((reason) => this.#nodeGone(found, reason));
    } catch (error) {
      if (connected !== undefined) {
        if (this.#connected === connected) this.#connected = undefined;
        await this.#closeSessions();
        connected.link.close();
        // What the node itself says of its end is the better reason.
        const end = await this.#endOf(connected);
        if (end !== undefined && this.#phase !== 'stopping') throw new NodeStartFailure(end);
      }
      throw error;
    } finally {
      if (this.#phase === 'starting') this.#setPhase('ready');
    }
  }

  #hasLaunched(process: RunningNodeProcess): void {
    this.#launched = process;
    this.#parts.preferences.update({ startedNode: { pid: process.pid, startedAt: process.startedAt } });
    void process.ended.then(({ exitCode, signal }) => {
      if (this.#launched !== process) return;
      this.#launched = undefined;
      this.#exitStatus = exitStatusOf(exitCode, signal);
      this.#parts.log.write(`the node, process ${process.pid}, ended ${signal === null ? `with exit status ${exitCode ?? 'unknown'}` : `by ${signal}`}`);
    });
  }

  /** What was there is not shown any longer. */
  #forget(): void {
    this.#lastNode = undefined;
    this.#lastWallets = undefined;
    this.#push('node.state', null);
    this.#push('wallets.loaded', null);
  }

  /** How a node that this window started has ended; undefined when it runs on, or was not started here. */
  async #endOf(connected: ConnectedNode | undefined): Promise<NodeEnd | undefined> {
    return connected?.process === undefined ? undefined : Promise.race([connected.process.ended, pause(endPatience).then(() => undefined)]);
  }

  async #openNode(connected: ConnectedNode, params: ReturnType<typeof chainParams>): Promise<void> {
    const recognised = await recogniseNode(connected.link.init);
    if (recognised === undefined) throw new FacadeFailure('unsupported', 'The program at that address is not a node this window can drive.', { field: 'attachAddress' });
    const { node } = recognised;
    const messages = await node.handleInitMessage(async (message) => this.compartments.setState('node', { kind: 'starting', detail: message }));
    while ((await node.getNumBlocks()) < 0 && this.#connected === connected) await pause(startRetry);
    const session = await NodeSession.open(recognised, this.#nodePush, {
      practice: this.network === 'regtest',
      tipChanged: () => this.#wallets?.tipChanged(),
      alertsChanged: () => void this.#readProcesses().catch(() => undefined),
    });
    this.#node = session;
    this.#lastNode = undefined;
    await messages.destroy();
    const host = this.#chosen === undefined ? undefined : hostOf(this.#chosen.attachAddress);
    this.compartments.update('node', {
      state: host === undefined ? this.#nodeState() : { kind: 'remote', host },
      connection: host !== undefined ? `by SSH to ${host}` : connected.process === undefined ? `attached by socket ${connected.address.replace(/^unix:/, '')}` : `started by this window, socket ${connected.address.replace(/^unix:/, '')}`,
    });
    this.#push('node.state', this.#node.state ?? null);
    if (this.#phase === 'stopping') return;
    const facts = await nodeProcesses(node);
    // Asking for the wallets of a process that has ended would start it, which is the node's business.
    if (facts === undefined || !hasEnded(facts.wallet)) await this.#openWallets(params);
    await this.#readProcesses();
  }

  /** Node events also move the node's compartment between syncing and running. */
  readonly #nodePush: Push = (name, data) => {
    this.#push(name, data);
    if (name === 'node.sync' && this.compartments.get('node').state.kind !== 'remote') this.compartments.setState('node', this.#nodeState());
  };

  #nodeState(): { kind: 'running' } | { kind: 'syncing'; progress: number } {
    const sync = this.#node?.state?.sync;
    return sync === undefined || sync.phase === 'synced' || sync.phase === 'connecting' ? { kind: 'running' } : { kind: 'syncing', progress: sync.progress };
  }

  #openWallets(params: ReturnType<typeof chainParams>): Promise<void> {
    return (this.#openingWallets ??= this.#openWalletsOnce(params).finally(() => (this.#openingWallets = undefined)));
  }

  async #openWalletsOnce(params: ReturnType<typeof chainParams>): Promise<void> {
    this.compartments.setState('wallet', { kind: 'starting', detail: 'Opening wallets' });
    if (!this.node.offers.wallets) {
      this.compartments.ended('wallet', { kind: 'not-offered' });
      this.#push('wallets.loaded', []);
      return;
    }
    const loader = await this.node.node.walletLoader();
    if (loader === undefined) {
      this.compartments.ended('wallet', { kind: 'stopped' });
      this.#push('wallets.loaded', []);
      return;
    }
    this.#wallets = await WalletsSession.open(loader, params, this.#push, this.#lastWallets);
    this.#lastWallets = undefined;
    this.compartments.update('wallet', { state: { kind: 'running' }, connection: 'through the node' });
    this.#push('wallets.loaded', this.#wallets.states());
  }

  #connectFailed(error: unknown): void {
    if (this.#phase === 'stopping' || this.#search.signal.aborted) {
      this.compartments.ended('node', { kind: 'stopped' });
      this.compartments.ended('wallet', { kind: 'stopped' });
      return;
    }
    const failure = asFacadeError(error);
    this.#parts.log.write(`no node: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const end = error instanceof NodeStartFailure ? error.end : undefined;
    const crashed = {
      kind: 'crashed',
      reason: failure.message,
      exitCode: end?.exitCode ?? null,
      signal: end?.signal ?? null,
      atMilliseconds: Date.now(),
      lastLines: end?.lastLines ?? [],
    } as const;
    // It was killed before it had started: that says nothing against starting it.
    if (crashed.signal !== null) {
      this.#return.crashed(crashed);
      return;
    }
    this.compartments.ended('node', { ...crashed, neverStarted: true });
    this.compartments.ended('wallet', { kind: 'stopped' });
    this.#forget();
  }

  /** The connection to the node ended: say how, what that means for the wallet, and see about bringing it back. */
  async #nodeGone(connected: ConnectedNode, reason: string | undefined): Promise<void> {
    if (this.#connected !== connected) return;
    this.#connected = undefined;
    this.#lastNode = this.#node?.state;
    this.#lastWallets = this.#wallets ?? this.#lastWallets;
    await this.#closeSessions();
    if (this.#phase === 'stopping') {
      this.compartments.ended('node', { kind: 'stopped' });
      this.compartments.ended('wallet', { kind: 'stopped' });
      return;
    }
    const pid = this.compartments.get('node').pid;
    const end = await this.#endOf(connected);
    if (this.#connected !== undefined || this.#connecting !== undefined) return;
    const attached = this.#chosen?.attachAddress !== '';
    if (attached || (end === undefined && pid !== null && processExists(pid))) {
      this.#return.lost({ kind: 'detached', reason: reason ?? (attached ? 'The connection to the node was lost.' : 'The connection ended, but the node still runs.') });
      return;
    }
    const exitCode = end?.exitCode ?? null;
    const signal = end?.signal ?? null;
    const crashed = { kind: 'crashed', reason: endReason('node', exitCode, signal, end?.lastLines), exitCode, signal, atMilliseconds: Date.now(), lastLines: end?.lastLines ?? [] } as const;
    // Only the window's own is its business; what ended with status 0 was asked to.
    if (end !== undefined && exitCode !== 0) {
      this.#return.crashed(crashed);
      return;
    }
    this.compartments.ended('node', exitCode === 0 ? { kind: 'stopped' } : crashed);
    this.compartments.ended('wallet', { kind: 'stopped' });
    this.#forget();
  }

  /** Reads process ids, memory and the wallet's state from the node, when it can tell. */
  async #readProcesses(): Promise<void> {
    const session = this.#node;
    if (session === undefined) return;
    const facts = await nodeProcesses(session.node);
    if (facts === undefined || this.#node !== session) return;
    this.compartments.update('node', shownFacts(facts.node));
    if (!session.offers.wallets) return;
    const { wallet } = facts;
    if (hasEnded(wallet)) {
      await this.#walletGone(wallet);
      return;
    }
    // It is back.
    if (wallet.state === 'running' && this.#wallets === undefined && this.#connecting === undefined) await this.#openWallets(chainParams(this.network));
    this.compartments.update('wallet', { ...shownFacts(wallet), ...(wallet.state === 'in-process' ? { connection: 'inside the node process' } : {}) });
  }

  async #walletGone({ exitCode, signal, endedAt, restart }: ProcessFacts): Promise<void> {
    const wallets = this.#wallets;
    this.#wallets = undefined;
    const crashed = { kind: 'crashed', reason: endReason('wallet', exitCode, signal), exitCode, signal, atMilliseconds: endedAt ?? Date.now(), lastLines: [] } as const;
    if (restart !== null) {
      this.#lastWallets ??= wallets;
      this.compartments.ended('wallet', { ...crashed, retry: restart });
    } else {
      this.#lastWallets = undefined;
      this.#push('wallets.loaded', null);
      this.compartments.ended('wallet', exitCode === 0 ? { kind: 'stopped' } : crashed);
    }
    await wallets?.close();
  }

  async restart(compartment: Exclude<CompartmentId, 'window'>): Promise<void> {
    if (compartment === 'node') {
      // The attempt that is asked for is under way.
      if (this.#connecting !== undefined && this.#return.isUnderWay) return this.#connecting.catch(() => undefined);
      this.compartments.setState('node', { kind: 'restarting' });
      // Somebody else's node is not stopped from here: it is only looked for again.
      if (this.#chosen?.attachAddress === '' && this.#isOurKind) await this.stopNode();
      await this.#disconnect();
      await this.connectNode();
      return;
    }
    const session = this.node;
    this.compartments.setState('wallet', { kind: 'restarting' });
    const wallets = this.#wallets;
    this.#lastWallets ??= wallets;
    this.#wallets = undefined;
    await wallets?.close();
    try {
      await session.node.executeRpc('restartwallet', '[]', '');
      await this.#openWallets(chainParams(this.network));
    } catch (error) {
      this.compartments.ended('wallet', { kind: 'crashed', reason: asFacadeError(error).message, exitCode: null, signal: null, atMilliseconds: Date.now(), lastLines: [] });
      throw error;
    } finally {
      await this.#readProcesses();
    }
  }

  watchMemory(on: boolean): void {
    clearInterval(this.#memoryWatch);
    this.#memoryWatch = undefined;
    if (!on) return;
    const read = (): void => {
      this.compartments.update('window', { memoryBytes: process.memoryUsage().rss });
      void this.#readProcesses().catch(() => undefined);
    };
    read();
    this.#memoryWatch = setInterval(read, memoryPeriod);
  }

  /** The window cannot be seen: nothing needs to be kept fresh for the eye. */
  hidden(): void {
    this.watchMemory(false);
    this.#node?.watch(false);
  }

  async #closeSessions(): Promise<void> {
    const wallets = this.#wallets;
    const node = this.#node;
    this.#wallets = undefined;
    this.#node = undefined;
    await wallets?.close();
    await node?.close();
  }

  /** Lets go of node and wallet; they go on running. */
  async #disconnect(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    this.#return.reset();
    this.#lastNode ??= this.#node?.state;
    this.#lastWallets ??= this.#wallets;
    await this.#closeSessions();
    connected?.link.close();
  }

  /** Asks the node to stop, which stops its wallet too, and waits until it has. */
  async stopNode(): Promise<void> {
    const connected = this.#connected;
    if (connected === undefined) return;
    const before = this.#phase;
    this.#phase = 'stopping';
    try {
      // Asked while the node is still starting, the window has no session with it yet.
      const node = this.#node?.node ?? (await recogniseNode(connected.link.init))?.node;
      // Handles pin the wallets: they must be given back before the node can finish.
      await this.#wallets?.close();
      this.#wallets = undefined;
      await node?.startShutdown();
      await connected.link.closed;
      await connected.process?.ended;
    } catch {
      // Gone already.
    } finally {
      this.#phase = before;
    }
  }

  /** Whether the node is one this window could have started. A Bitcoin Core node that listens in our directory is not. */
  get #isOurKind(): boolean {
    return this.#node?.offers.wallets !== false;
  }

  /** Whether a window started the node, this one or an earlier one. Asks a node that was met only a moment ago. */
  async #isStartedByWindow(): Promise<boolean> {
    if (this.#launched !== undefined) return true;
    const { startedNode } = this.#parts.preferences.current;
    if (startedNode === null || this.#connected === undefined) return false;
    const { pid, startedAtMilliseconds } = this.compartments.get('node');
    if (pid !== null) return wasStartedByWindow(startedNode, pid, startedAtMilliseconds);
    const node = this.#node?.node ?? (await recogniseNode(this.#connected.link.init))?.node;
    const facts = node === undefined ? undefined : (await nodeProcesses(node))?.node;
    return facts !== undefined && wasStartedByWindow(startedNode, facts.pid, facts.startedAt);
  }

  async #stopsNode(stops: Stops): Promise<boolean> {
    return (stops === 'everything' && this.#isOurKind) || (stops === 'window' && (await this.#isStartedByWindow()));
  }

  /**
   * Ends this window.
   * @param stops what else ends: `nothing`; node and wallet if a `window` started the node; or, asked for in so many
   * words, `everything` of the chosen data directory. What was attached to by its address is never stopped.
   * @returns the exit status: that of the node this window started, when it has ended; else 0
   */
  async leave(stops: Stops): Promise<number> {
    this.watchMemory(false);
    this.#search.abort();
    this.#return.reset();
    if (this.#chosen?.attachAddress === '' && (await this.#stopsNode(stops))) {
      if (this.#connected !== undefined) {
        this.#setPhase('stopping');
        await this.stopNode();
      } else if (this.#launched !== undefined) {
        // It was started a moment ago, and nothing is connected to it yet.
        this.#setPhase('stopping');
        this.#launched.kill('SIGTERM');
        const { signal } = await this.#launched.ended;
        // It had not come far enough to end by itself, as it was asked to.
        if (signal === 'SIGTERM') this.#exitStatus = 0;
      }
      this.#phase = 'stopping';
    }
    await this.#disconnect();
    return this.#launched === undefined ? this.#exitStatus : 0;
  }
}

/** The host of an address on another computer, as a person wrote it; undefined for a socket of this one. */
function hostOf(attachAddress: string): string | undefined {
  return /^ssh:\/\/([^/]+)/i.exec(attachAddress)?.[1];
}

/** A status as shells give it: a signal counts from 128. */
function exitStatusOf(exitCode: number | null, signal: NodeJS.Signals | null): number {
  return exitCode ?? (signal === null ? 1 : 128 + constants.signals[signal]);
}
