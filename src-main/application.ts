/**
 * The window's side of the three processes: finds the node, keeps sessions with node and wallets while
 * they live, says what happened when one ends, and starts it again when asked to.
 *
 * The node is never a part of this process's life: it is found or started by its socket, so closing or
 * losing the window leaves it and the wallet running.
 */
import fs from 'node:fs';
import { chainParams } from '../src-bitcoin/params/networks.js';
import type { SpawnTarget } from '../src-ipc/process/index.js';
import type { AppPhase, AppState, CompartmentId, Network, Settings, Snapshot } from '../src-interfaces/facade.js';
import type { EventStream } from './bridge/event-stream.js';
import { asFacadeError, FacadeFailure } from './bridge/facade-failure.js';
import { NodeStartFailure, findNode, type Connect, type ConnectedNode } from './programs/node-connection.js';
import type { NodeChoice, NodeEnd } from './programs/node-launcher.js';
import { Compartments, endReason } from './session/compartments.js';
import { NodeSession } from './session/node-session.js';
import { nodeProcesses, type ProcessFacts } from './session/process-facts.js';
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
/** Milliseconds that a process may take to end after its connection has. */
const endPatience = 3000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

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

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    this.#push = (name, data) => parts.events.push(name, data);
    this.compartments = new Compartments(this.#push, parts.version);
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
      settings: this.#parts.preferences.current.settings,
    };
  }

  snapshot(): Snapshot {
    return {
      sequence: this.#parts.events.sequence,
      app: this.state,
      compartments: this.compartments.list(),
      node: this.#node?.state ?? null,
      wallets: this.#wallets?.states() ?? null,
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
    if (this.#node === undefined) throw new FacadeFailure('disconnected', 'The node is not running. Restart it in the bar below.');
    return this.#node;
  }

  /** @throws FacadeFailure while no wallet process is connected. */
  get wallets(): WalletsSession {
    if (this.#wallets === undefined) throw new FacadeFailure('disconnected', 'The wallet process is not running. Restart it in the bar below.');
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
    if (this.#connected !== undefined && before?.attachAddress === '') await this.stopNode();
    await this.#disconnect();
    void this.connectNode();
  }

  /** Finds or starts the node and opens sessions with it. Calls while that goes on wait for it. */
  connectNode(): Promise<void> {
    return (this.#connecting ??= this.#connectNode().finally(() => (this.#connecting = undefined)));
  }

  async #connectNode(): Promise<void> {
    const chosen = this.#chosen;
    if (chosen === undefined) throw new FacadeFailure('not-ready', 'Choose a network first.');
    this.#setPhase('starting');
    const params = chainParams(chosen.network);
    this.compartments.update('node', { state: { kind: 'starting', detail: 'Starting' }, connection: '' });
    this.compartments.update('wallet', { state: { kind: 'starting', detail: 'Waiting for the node' }, connection: '' });
    let connected: ConnectedNode | undefined;
    try {
      const choice: NodeChoice = { ...chosen, passedOn: this.#parts.fromCommandLine.passedOn };
      connected = await findNode(this.#parts.connect, chosen.attachAddress, choice, this.#parts.nodeProgram);
      const found = connected;
      this.#connected = found;
      void found.link.closed.then(() => this.#nodeGone(found));
      this.#parts.log.write(connected.process === undefined ? `attached to the node at ${connected.address}` : `started the node, process ${connected.process.pid}`);
      await this.#openNode(connected, params);
    } catch (error) {
      if (connected === undefined || this.#connected === connected) {
        this.#connected = undefined;
        await this.#closeSessions();
        connected?.link.close();
        this.#connectFailed(error);
      } else {
        // It ended while it was starting: `#nodeGone` says how.
        this.#setPhase('ready');
      }
    }
  }

  /** How a node that this window started has ended; undefined when it runs on, or was not started here. */
  async #endOf(connected: ConnectedNode | undefined): Promise<NodeEnd | undefined> {
    return connected?.process === undefined ? undefined : Promise.race([connected.process.ended, pause(endPatience).then(() => undefined)]);
  }

  async #openNode(connected: ConnectedNode, params: ReturnType<typeof chainParams>): Promise<void> {
    const node = await connected.link.init.makeNode();
    if (node === undefined) throw new FacadeFailure('unsupported', 'The program at that address is not a node this window can drive.', { field: 'attachAddress' });
    const messages = await node.handleInitMessage(async (message) => this.compartments.setState('node', { kind: 'starting', detail: message }));
    while ((await node.getNumBlocks()) < 0 && this.#connected === connected) await pause(startRetry);
    this.#node = await NodeSession.open(node, this.#nodePush, {
      practice: this.network === 'regtest',
      tipChanged: () => this.#wallets?.tipChanged(),
      alertsChanged: () => void this.#readProcesses().catch(() => undefined),
    });
    await messages.destroy();
    const host = this.#chosen?.attachAddress.startsWith('ssh:') === true ? this.#chosen.attachAddress : undefined;
    this.compartments.update('node', {
      state: host === undefined ? this.#nodeState() : { kind: 'remote', host },
      connection: connected.process === undefined ? `attached by socket ${connected.address.replace(/^unix:/, '')}` : `started by this window, socket ${connected.address.replace(/^unix:/, '')}`,
    });
    this.#push('node.state', this.#node.state ?? null);
    if (this.#phase === 'stopping') return;
    await this.#openWallets(params);
    await this.#readProcesses();
    this.#setPhase('ready');
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

  async #openWallets(params: ReturnType<typeof chainParams>): Promise<void> {
    this.compartments.setState('wallet', { kind: 'starting', detail: 'Opening wallets' });
    const loader = await this.node.node.walletLoader();
    if (loader === undefined) {
      this.compartments.ended('wallet', { kind: 'stopped' });
      this.#push('wallets.loaded', []);
      return;
    }
    this.#wallets = await WalletsSession.open(loader, params, this.#push);
    this.compartments.update('wallet', { state: { kind: 'running' }, connection: 'through the node' });
    this.#push('wallets.loaded', this.#wallets.states());
  }

  #connectFailed(error: unknown): void {
    const failure = asFacadeError(error);
    this.#parts.log.write(`no node: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const end = error instanceof NodeStartFailure ? error.end : undefined;
    this.compartments.ended('node', {
      kind: 'crashed',
      reason: failure.message,
      exitCode: end?.exitCode ?? null,
      signal: end?.signal ?? null,
      atMilliseconds: Date.now(),
      lastLines: end?.lastLines ?? [],
      neverStarted: true,
    });
    this.compartments.ended('wallet', { kind: 'stopped' });
    this.#setPhase('ready');
  }

  /** The connection to the node ended: say how, and what that means for the wallet. */
  async #nodeGone(connected: ConnectedNode): Promise<void> {
    if (this.#connected !== connected) return;
    this.#connected = undefined;
    await this.#closeSessions();
    this.#push('node.state', null);
    this.#push('wallets.loaded', null);
    if (this.#phase === 'stopping') {
      this.compartments.ended('node', { kind: 'stopped' });
      this.compartments.ended('wallet', { kind: 'stopped' });
      return;
    }
    const pid = this.compartments.get('node').pid;
    const end = await this.#endOf(connected);
    if (end === undefined && pid !== null && processExists(pid) && this.#chosen?.attachAddress === '') {
      this.compartments.setState('node', { kind: 'detached', reason: 'The connection ended, but the node still runs.' });
    } else {
      const exitCode = end?.exitCode ?? null;
      const signal = end?.signal ?? null;
      const clean = exitCode === 0;
      this.compartments.ended(
        'node',
        clean
          ? { kind: 'stopped' }
          : { kind: 'crashed', reason: endReason('node', exitCode, signal, end?.lastLines), exitCode, signal, atMilliseconds: Date.now(), lastLines: end?.lastLines ?? [] },
      );
    }
    this.compartments.ended('wallet', { kind: 'stopped' });
  }

  /** Reads process ids, memory and the wallet's state from the node, when it can tell. */
  async #readProcesses(): Promise<void> {
    const session = this.#node;
    if (session === undefined) return;
    const facts = await nodeProcesses(session.node);
    if (facts === undefined || this.#node !== session) return;
    const shown = ({ pid, startedAt, memoryBytes, version, logPath }: ProcessFacts): { pid: number | null; startedAtMilliseconds: number | null; memoryBytes: number | null; version: string; logPath: string | null } => ({
      pid,
      startedAtMilliseconds: startedAt,
      memoryBytes,
      version,
      logPath,
    });
    this.compartments.update('node', shown(facts.node));
    const { wallet } = facts;
    if (wallet.state === 'crashed' || wallet.state === 'stopped') {
      if (this.#wallets !== undefined) await this.#walletGone(wallet);
      return;
    }
    this.compartments.update('wallet', { ...shown(wallet), ...(wallet.state === 'in-process' ? { connection: 'inside the node process' } : {}) });
  }

  async #walletGone(facts: ProcessFacts): Promise<void> {
    const wallets = this.#wallets;
    this.#wallets = undefined;
    this.#push('wallets.loaded', null);
    const { exitCode, signal, endedAt } = facts;
    this.compartments.ended('wallet', { kind: 'crashed', reason: endReason('wallet', exitCode, signal), exitCode, signal, atMilliseconds: endedAt ?? Date.now(), lastLines: [] });
    await wallets?.close();
  }

  async restart(compartment: Exclude<CompartmentId, 'window'>): Promise<void> {
    if (compartment === 'node') {
      this.compartments.setState('node', { kind: 'restarting' });
      if (this.#connected !== undefined) await this.stopNode();
      await this.#disconnect();
      await this.connectNode();
      return;
    }
    const session = this.node;
    this.compartments.setState('wallet', { kind: 'restarting' });
    await this.#wallets?.close();
    this.#wallets = undefined;
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
      const node = this.#node?.node ?? (await connected.link.init.makeNode());
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

  /** Ends this window. @param everything also stops node and wallet, unless they belong to somebody else */
  async leave(everything: boolean): Promise<void> {
    this.watchMemory(false);
    if (everything && this.#chosen?.attachAddress === '' && this.#connected !== undefined) {
      this.#setPhase('stopping');
      await this.stopNode();
      this.#phase = 'stopping';
    }
    await this.#disconnect();
  }
}

/** True while a process runs. One that ended but was not reaped yet does not. */
function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // Only Linux can tell.
    return process.platform !== 'linux';
  }
}
