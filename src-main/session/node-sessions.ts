/** What the window has open at a connected node: a session with it, and through it those with its wallets. */
import type { Compartment, NodeState } from '../../src-interfaces/facade.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import { recogniseNode, type RecognisedNode } from '../core-node/recognise-node.js';
import { remoteHost, type ConnectedNode } from '../programs/node-connection.js';
import type { Compartments } from './compartments.js';
import { NodeSession } from './node-session.js';
import { isMissing, nodeProcesses, shownFacts } from './process-facts.js';
import type { WalletCompartment } from './wallet-compartment.js';
import type { Push } from './wallet-session.js';
import type { WindowState } from './window-state.js';

/** Milliseconds between questions to a node that is still starting and sends no messages yet. */
const startRetry = 250;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class NodeSessions {
  readonly #window: WindowState;
  readonly #compartments: Compartments;
  readonly #wallets: WalletCompartment;
  readonly #push: Push;
  #current: NodeSession | undefined;
  /** State of the node while the way back to it is looked for: the pages stay as they are. */
  #last: NodeState | undefined;
  #opening: ConnectedNode | undefined;
  #stopping: ConnectedNode['link'] | undefined;

  constructor(window: WindowState, compartments: Compartments, wallets: WalletCompartment, push: Push) {
    this.#window = window;
    this.#compartments = compartments;
    this.#wallets = wallets;
    this.#push = push;
  }

  get current(): NodeSession | undefined {
    return this.#current;
  }

  /** Null until a node answered once. */
  get state(): NodeState | null {
    return this.#current?.state ?? this.#last ?? null;
  }

  /** Whether the node is one this window could have started. A Bitcoin Core node that listens in our directory is not. */
  get areOfOurKind(): boolean {
    return this.#current?.offers.wallets !== false;
  }

  /** @throws FacadeFailure for a program that is no node; what the node answers, or that it is gone */
  async open(connected: ConnectedNode): Promise<void> {
    this.#opening = connected;
    try {
      const recognised = await recogniseNode(connected.link.init);
      if (recognised === undefined) throw new FacadeFailure('unsupported', 'The program at that address is not a node this window can drive.', { field: 'attachAddress' });
      const { node, shutdownNotice } = recognised;
      if ((await shutdownNotice?.isGiven()) === true) throw new FacadeFailure('disconnected', 'The node is stopping.');
      const messages = shutdownNotice === undefined ? await node.handleInitMessage(async (message) => this.#starting(message)) : undefined;
      for (let doing = await recognised.starting(); doing !== undefined && this.#opening === connected; doing = await recognised.starting()) {
        this.#starting(doing);
        await pause(startRetry);
      }
      const session = await this.#openNode(recognised, connected);
      await messages?.destroy();
      this.#compartments.update('node', this.#shownConnection(connected));
      this.#push('node.state', this.state);
      if (this.#window.phase === 'stopping') return;
      const facts = await nodeProcesses(node);
      // Of a process that is missing, or does not answer, more is to be said than that its wallets are opened.
      if (!session.offers.wallets || facts?.wallet === undefined || (!isMissing(facts.wallet) && facts.wallet.answers)) await this.#wallets.open(session);
      await this.readProcesses();
    } finally {
      if (this.#opening === connected) this.#opening = undefined;
    }
  }

  /** @param doing what the node does while it starts; '' if it does not say */
  #starting(doing: string): void {
    if (doing !== '') this.#compartments.setState('node', { kind: 'starting', detail: doing });
  }

  async #openNode(recognised: RecognisedNode, connected: ConnectedNode): Promise<NodeSession> {
    const session = await NodeSession.open(recognised, this.#nodePush, {
      practice: this.#window.choice.network === 'regtest',
      tipChanged: () => this.#wallets.tipChanged(),
      alertsChanged: () => void this.readProcesses().catch(() => undefined),
      stopping: () => this.#willStop(connected),
      ending: () => this.#ending(session, connected),
    });
    this.#current = session;
    this.#last = undefined;
    return session;
  }

  /** The node ends, which it does badly while something of it is held here. */
  async #ending(session: NodeSession, connected: ConnectedNode): Promise<void> {
    if (this.#current !== session) return;
    this.#willStop(connected);
    const { link } = connected;
    const closed = session.close();
    await this.#wallets.letGo(closed);
    await closed;
    link.close();
  }

  #willStop({ link }: ConnectedNode): void {
    this.#stopping = link;
  }

  /** Whether a node was told to stop, or said that it does, before its connection ended. */
  hasStopped({ link }: ConnectedNode): boolean {
    return this.#stopping === link;
  }

  #shownConnection({ address, process }: ConnectedNode): Pick<Compartment, 'state' | 'connection'> {
    const host = remoteHost(this.#window.choice.attachAddress);
    if (host !== undefined) return { state: { kind: 'remote', host }, connection: `by SSH to ${host}` };
    const socket = address.replace(/^unix:/, '');
    return { state: this.#shownState(), connection: process === undefined ? `attached by socket ${socket}` : `started by this window, socket ${socket}` };
  }

  /** Node events also move the node's compartment between syncing and running. */
  readonly #nodePush: Push = (name, data) => {
    this.#push(name, data);
    if (name === 'node.sync' && this.#compartments.get('node').state.kind !== 'remote') this.#compartments.setState('node', this.#shownState());
  };

  #shownState(): { kind: 'running' } | { kind: 'syncing'; progress: number } {
    const sync = this.#current?.state?.sync;
    return sync === undefined || sync.phase === 'synced' || sync.phase === 'connecting' ? { kind: 'running' } : { kind: 'syncing', progress: sync.progress };
  }

  /** Reads process ids, memory and the wallet's state from the node, when it can tell. */
  async readProcesses(): Promise<void> {
    const session = this.#current;
    if (session === undefined) return;
    const facts = await nodeProcesses(session.node);
    if (facts === undefined || this.#current !== session) return;
    this.#compartments.update('node', shownFacts(facts.node));
    if (session.offers.wallets && facts.wallet !== undefined) await this.#wallets.told(facts.wallet, session, this.#opening === undefined);
  }

  /** Nobody looks at the Node page any longer. */
  unwatch(): void {
    this.#current?.watch(false);
  }

  /** What is open is still shown when it is closed, until the next is open or until it is forgotten. */
  keepForLater(): void {
    this.#last = this.#current?.state ?? this.#last;
    this.#wallets.keepForLater();
  }

  /** Lets go of node and wallets; they go on. Ends a wait for a node that is still starting. */
  async close(): Promise<void> {
    const session = this.#current;
    this.#current = undefined;
    this.#opening = undefined;
    await this.#wallets.close();
    await session?.close();
  }

  /** While the node is not there. One that offers no wallets is taken to be the same when it is back. */
  walletWaits(): void {
    if (this.state?.offers.wallets === false) this.#compartments.ended('wallet', { kind: 'not-offered' });
    else this.#compartments.update('wallet', { state: { kind: 'starting', detail: 'Waiting for the node' }, connection: '' });
  }

  /** What was there is not shown any longer. */
  forget(): void {
    this.#last = undefined;
    this.#push('node.state', null);
    this.#wallets.forget();
  }
}
