/**
 * The window's side of the three processes: what is chosen, the state that the page shows, and the two other
 * compartments, each in a file of its own below `session/`.
 *
 * The node is never a part of this process's life: it is found or started by its socket, so closing or
 * losing the window leaves it and the wallet running.
 */
import type { SpawnTarget } from '../src-ipc/process/index.js';
import type { AppState, CompartmentId, Network, Settings, Snapshot } from '../src-interfaces/facade.js';
import type { EventStream } from './bridge/event-stream.js';
import type { Connect } from './programs/node-connection.js';
import { Compartments } from './session/compartments.js';
import { NodeCompartment, type Stops } from './session/node-compartment.js';
import type { NodeSession } from './session/node-session.js';
import type { Questions } from './session/questions.js';
import { WalletCompartment } from './session/wallet-compartment.js';
import type { WalletsSession } from './session/wallets-session.js';
import type { Push } from './session/wallet-session.js';
import { WindowState, type Choice } from './session/window-state.js';
import type { PreferencesFile } from './settings/preferences.js';
import type { WindowLog } from './settings/window-log.js';

export type { Stops } from './session/node-compartment.js';

export interface ApplicationParts {
  readonly preferences: PreferencesFile;
  readonly events: EventStream;
  readonly connect: Connect;
  /** How to start bitcoin-node. */
  readonly nodeProgram: SpawnTarget;
  readonly version: string;
  /** Network, data directory and attach address of this run, when the command line names them. */
  readonly fromCommandLine: Partial<Choice> & { readonly passedOn: readonly string[] };
  readonly log: WindowLog;
}

/** Milliseconds between memory readings while the bar's details are open. */
const memoryPeriod = 2000;

export class Application {
  readonly #events: EventStream;
  readonly compartments: Compartments;
  readonly #window: WindowState;
  readonly #node: NodeCompartment;
  readonly #wallets: WalletCompartment;
  #memoryWatch: NodeJS.Timeout | undefined;

  constructor(parts: ApplicationParts) {
    this.#events = parts.events;
    const push: Push = (name, data) => parts.events.push(name, data);
    this.compartments = new Compartments(push, parts.version);
    this.#window = new WindowState(parts, push, this.compartments);
    this.#wallets = new WalletCompartment(this.#window, this.compartments, push);
    this.#node = new NodeCompartment({ ...parts, passedOn: parts.fromCommandLine.passedOn }, this.#window, this.compartments, this.#wallets, push);
  }

  get state(): AppState {
    return this.#window.state;
  }

  get questions(): Questions {
    return this.#window.questions;
  }

  snapshot(): Snapshot {
    return {
      sequence: this.snapshotSequence,
      app: this.state,
      compartments: this.compartments.list(),
      node: this.#node.sessions.state,
      wallets: this.#wallets.states(),
    };
  }

  /** Number of the last event pushed. */
  get snapshotSequence(): number {
    return this.#events.sequence;
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

  /** @throws FacadeFailure while no node is connected. */
  get node(): NodeSession {
    return this.#node.session;
  }

  /** @throws FacadeFailure while no wallet process is connected. */
  get wallets(): WalletsSession {
    return this.#wallets.session;
  }

  /** What a wallet is called, by commands as well; its name when it is not there. */
  walletTitle(name: string): string {
    return this.#wallets.states()?.find((wallet) => wallet.name === name)?.title ?? name;
  }

  /** @throws FacadeFailure in the first run */
  get network(): Network {
    return this.#window.choice.network;
  }

  updateSettings(change: Partial<Settings>): void {
    this.#window.updateSettings(change);
  }

  /** Starts with what was chosen before or on the command line; does nothing in the first run. */
  start(): void {
    if (this.#window.chosen !== undefined) void this.#node.connect();
  }

  /** Chooses a node; another one than before takes its place. */
  async configure({ keepRunning, ...choice }: Choice & { readonly keepRunning: boolean }): Promise<void> {
    const before = this.#window.chosen;
    if (!this.#window.choose(choice, keepRunning)) return;
    await this.#node.abandon(before);
    void this.#node.connect();
  }

  /** A call of the page is under way: if it waits for the wallet in vain, that is found out. */
  underWay(group: string, work: Promise<unknown>): void {
    if (group === 'wallet' || group === 'wallets') this.#wallets.asked(work);
  }

  /** @param kill whether a wallet process that runs is ended for it, without being asked */
  async restart(compartment: Exclude<CompartmentId, 'window'>, kill: boolean): Promise<void> {
    if (compartment === 'node') return this.#node.restart();
    try {
      await this.#wallets.restart(this.node, kill);
    } finally {
      await this.#node.sessions.readProcesses();
    }
  }

  watchMemory(on: boolean): void {
    clearInterval(this.#memoryWatch);
    this.#memoryWatch = undefined;
    if (!on) return;
    const read = (): void => {
      this.compartments.update('window', { memoryBytes: process.memoryUsage().rss });
      void this.#node.sessions.readProcesses().catch(() => undefined);
    };
    read();
    this.#memoryWatch = setInterval(read, memoryPeriod);
  }

  /** The window cannot be seen: nothing needs to be kept fresh for the eye. */
  hidden(): void {
    this.watchMemory(false);
    this.#node.sessions.unwatch();
  }

  /**
   * Ends this window.
   * @param stops what else ends: `nothing`; node and wallet if a `window` started the node; or, asked for in so many
   * words, `everything` of the chosen data directory. What was attached to by its address is never stopped.
   * @returns the exit status: that of the node this window started, when it has ended; else 0
   */
  async leave(stops: Stops): Promise<number> {
    this.watchMemory(false);
    return this.#node.leave(stops);
  }
}
