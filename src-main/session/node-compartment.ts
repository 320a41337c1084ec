/**
 * The node as the window has it: found or started, driven while it lives, and brought back when it is lost. By itself
 * after a crash or a lost connection, else when asked to.
 */
import type { SpawnTarget } from '../../src-ipc/process/index.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { asFacadeError, FacadeFailure } from '../bridge/facade-failure.js';
import { recogniseNode } from '../core-node/recognise-node.js';
import { endOf, findNode, NodeStartFailure, type Connect, type ConnectedNode } from '../programs/node-connection.js';
import type { NodeChoice } from '../programs/node-launcher.js';
import { OwnNode } from '../programs/own-node.js';
import { wasStartedByWindow } from '../programs/started-node.js';
import type { PreferencesFile } from '../settings/preferences.js';
import type { WindowLog } from '../settings/window-log.js';
import { crashedState, endReason, type Compartments } from './compartments.js';
import { NodeReturn } from './node-return.js';
import type { NodeSession } from './node-session.js';
import { NodeSessions } from './node-sessions.js';
import { nodeProcesses, processExists } from './process-facts.js';
import type { WalletCompartment } from './wallet-compartment.js';
import type { Push } from './wallet-session.js';
import type { WindowState } from './window-state.js';

export interface NodePrograms {
  readonly connect: Connect;
  /** How to start bitcoin-node. */
  readonly nodeProgram: SpawnTarget;
  /** Options of the command line that are the node's. */
  readonly passedOn: readonly string[];
  readonly preferences: PreferencesFile;
  readonly log: WindowLog;
}

/** What a window that ends takes along. */
export type Stops = 'nothing' | 'window' | 'everything';

export class NodeCompartment {
  readonly #programs: NodePrograms;
  readonly #window: WindowState;
  readonly #compartments: Compartments;
  readonly #wallets: WalletCompartment;
  readonly sessions: NodeSessions;
  readonly #return: NodeReturn;
  readonly #own: OwnNode;
  #connected: ConnectedNode | undefined;
  #connecting: Promise<void> | undefined;
  #search = new AbortController();

  constructor(programs: NodePrograms, window: WindowState, compartments: Compartments, wallets: WalletCompartment, push: Push) {
    this.#programs = programs;
    this.#window = window;
    this.#compartments = compartments;
    this.#wallets = wallets;
    this.sessions = new NodeSessions(window, compartments, wallets, push);
    this.#own = new OwnNode(programs.preferences, (text) => programs.log.write(text));
    this.#return = new NodeReturn({
      compartments,
      attempt: () => this.#connectOnce(),
      waits: () => this.sessions.walletWaits(),
      gaveUp: () => this.sessions.forget(),
      log: (text) => programs.log.write(text),
    });
  }

  /** @throws FacadeFailure while no node is connected. */
  get session(): NodeSession {
    const { current } = this.sessions;
    if (current === undefined) throw new FacadeFailure('disconnected', this.#absence());
    return current;
  }

  #absence(): string {
    if (this.#return.isUnderWay) return 'There is no connection to the node at the moment. It is being looked for.';
    return this.#window.usesOwnDirectory ? 'The node is not running. Restart it in the bar below.' : 'There is no connection to the node. Reconnect in the bar below.';
  }

  /** Finds or starts the node, because a person asked for it. */
  async connect(): Promise<void> {
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
    return (this.#connecting ??= this.#findAndOpen().finally(() => (this.#connecting = undefined)));
  }

  async #findAndOpen(): Promise<void> {
    const { log, connect, nodeProgram, passedOn } = this.#programs;
    const chosen = this.#window.choice;
    this.#window.enter('starting');
    this.#compartments.update('node', { state: { kind: 'starting', detail: this.#return.isUnderWay ? 'Trying again' : this.#window.usesOwnDirectory ? 'Starting' : 'Connecting' }, connection: '' });
    this.sessions.walletWaits();
    let connected: ConnectedNode | undefined;
    try {
      const choice: NodeChoice = { ...chosen, passedOn };
      connected = await findNode(connect, chosen.attachAddress, choice, nodeProgram, {
        signal: this.#search.signal,
        askPerson: this.#window.questions.ask,
        log: (line) => log.logger.debug('ipc', line),
        launched: (process) => this.#own.launched(process),
      });
      this.#connected = connected;
      log.write(connected.process === undefined ? `attached to the node at ${connected.address}` : `started the node, process ${connected.process.pid}`);
      await this.sessions.open(connected);
      const found = connected;
      void found.link.closed.then((reason) => this.#gone(found, reason));
    } catch (error) {
      if (connected !== undefined) {
        if (this.#connected === connected) this.#connected = undefined;
        await this.sessions.close();
        connected.link.close();
        // What the node itself says of its end is the better reason.
        const end = await endOf(connected);
        if (end !== undefined && this.#window.phase !== 'stopping') throw new NodeStartFailure(end);
      }
      throw error;
    } finally {
      if (this.#window.phase === 'starting') this.#window.enter('ready');
    }
  }

  #connectFailed(error: unknown): void {
    if (this.#window.phase === 'stopping' || this.#search.signal.aborted) {
      this.#bothStopped();
      return;
    }
    this.#programs.log.write(`no node: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const crashed = crashedState(asFacadeError(error).message, error instanceof NodeStartFailure ? error.end : {});
    // It was killed before it had started: that says nothing against starting it.
    if (crashed.signal !== null) {
      this.#return.crashed(crashed);
      return;
    }
    this.#compartments.ended('node', { ...crashed, never: this.#window.usesOwnDirectory ? 'started' : 'reached' });
    this.#compartments.ended('wallet', { kind: 'stopped' });
    this.sessions.forget();
  }

  #bothStopped(): void {
    this.#compartments.ended('node', { kind: 'stopped' });
    this.#compartments.ended('wallet', { kind: 'stopped' });
  }

  /** The connection to the node ended: say how, what that means for the wallet, and see about bringing it back. */
  async #gone(connected: ConnectedNode, reason: string | undefined): Promise<void> {
    if (this.#connected !== connected) return;
    this.#connected = undefined;
    this.sessions.keepForLater();
    this.sessions.walletWaits();
    await this.sessions.close();
    if (this.#window.phase === 'stopping') {
      this.#bothStopped();
      return;
    }
    const { pid } = this.#compartments.get('node');
    const end = await endOf(connected);
    if (this.#connected !== undefined || this.#connecting !== undefined) return;
    const attached = !this.#window.usesOwnDirectory;
    const hasStopped = this.sessions.hasStopped(connected);
    if (attached && hasStopped) {
      this.#return.lost({ kind: 'detached', failure: null, reason: 'The node has stopped.', hasStopped });
      return;
    }
    if (attached || (end === undefined && !hasStopped && pid !== null && processExists(pid))) {
      this.#return.lost({ kind: 'detached', failure: null, reason: reason ?? (attached ? 'The connection to the node was lost.' : 'The connection ended, but the node still runs.') });
      return;
    }
    const { exitCode = null, signal = null, lastLines } = end ?? {};
    const crashed = crashedState(endReason('node', exitCode, signal, lastLines), end);
    // Only the window's own is its business; what ended with status 0 was asked to.
    if (end !== undefined && exitCode !== 0) {
      this.#return.crashed(crashed);
      return;
    }
    this.#compartments.ended('node', exitCode === 0 || (end === undefined && hasStopped) ? { kind: 'stopped' } : crashed);
    this.#compartments.ended('wallet', { kind: 'stopped' });
    this.sessions.forget();
  }

  /** Stops it if it is the window's to stop, and finds or starts it again. */
  async restart(): Promise<void> {
    // The attempt that is asked for is under way.
    if (this.#connecting !== undefined && this.#return.isUnderWay) return this.#connecting.catch(() => undefined);
    // Somebody else's node is not stopped from here: it is only looked for again.
    const stops = this.#window.usesOwnDirectory && this.sessions.areOfOurKind;
    this.#compartments.setState('node', stops ? { kind: 'restarting' } : { kind: 'starting', detail: 'Connecting again' });
    this.sessions.keepForLater();
    if (stops) await this.#stop();
    await this.#disconnect();
    await this.connect();
  }

  /** Lets go of the node that was chosen before, and stops it if nobody else needs it. */
  async abandon(before: { readonly attachAddress: string } | undefined): Promise<void> {
    if (before?.attachAddress === '' && this.sessions.areOfOurKind) await this.#stop();
    await this.#disconnect();
    this.sessions.forget();
  }

  /** Lets go of node and wallet; they go on running. */
  async #disconnect(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    this.#return.reset();
    this.sessions.keepForLater();
    await this.sessions.close();
    connected?.link.close();
  }

  /** Asks the node to stop, which stops its wallet too, and waits until it has. */
  async #stop(): Promise<void> {
    const connected = this.#connected;
    if (connected === undefined) return;
    const before = this.#window.phase;
    this.#window.phase = 'stopping';
    try {
      const node = await this.#node();
      // Handles pin the wallets: they must be given back before the node can finish.
      await this.#wallets.close();
      await node?.startShutdown();
      await connected.link.closed;
      await connected.process?.ended;
    } catch {
      // Gone already.
    } finally {
      this.#window.phase = before;
    }
  }

  /** Of the connected node, also while it is still starting and the window has no session with it yet. */
  async #node(): Promise<Node | undefined> {
    const { current } = this.sessions;
    if (current !== undefined) return current.node;
    return this.#connected === undefined ? undefined : (await recogniseNode(this.#connected.link.init))?.node;
  }

  /** Whether a window started the node, this one or an earlier one. Asks a node that was met only a moment ago. */
  async #isStartedByWindow(): Promise<boolean> {
    if (this.#own.isRunning) return true;
    const { startedNode } = this.#programs.preferences.current;
    if (startedNode === null || this.#connected === undefined) return false;
    const { pid, startedAtMilliseconds } = this.#compartments.get('node');
    if (pid !== null) return wasStartedByWindow(startedNode, pid, startedAtMilliseconds);
    const node = await this.#node();
    const facts = node === undefined ? undefined : (await nodeProcesses(node))?.node;
    return facts !== undefined && wasStartedByWindow(startedNode, facts.pid, facts.startedAt);
  }

  async #isStoppedBy(stops: Stops): Promise<boolean> {
    if (!this.#window.usesOwnDirectory) return false;
    return (stops === 'everything' && this.sessions.areOfOurKind) || (stops === 'window' && (await this.#isStartedByWindow()));
  }

  /** @returns the exit status of the node this window started, when it has ended; else 0 */
  async leave(stops: Stops): Promise<number> {
    this.#search.abort();
    this.#return.reset();
    if (await this.#isStoppedBy(stops)) {
      if (this.#connected !== undefined || this.#own.isRunning) this.#window.enter('stopping');
      if (this.#connected !== undefined) await this.#stop();
      else await this.#own.terminate();
      this.#window.phase = 'stopping';
    }
    await this.#disconnect();
    return this.#own.exitStatus;
  }
}
