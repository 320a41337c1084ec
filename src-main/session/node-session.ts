/** The node as the window knows it: state pushed when the node says that something changed. No polling. */
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { SynchronizationState } from '../../src-interfaces/enums.js';
import type { Ban, BlockSummary, NodeOffers, NodeState, Peer, SyncState, TrafficSample } from '../../src-interfaces/facade.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { BlockTip, Node } from '../../src-interfaces/generated/node.js';
import type { ShutdownNotice } from '../core-node/multiprocess-node.js';
import type { RecognisedNode } from '../core-node/recognise-node.js';
import { readMempool, readNetwork, readRecentBlocks, readSync, readWarnings } from './node-readings.js';
import { shownBans, shownPeer } from './peers.js';
import { SyncEstimate } from './sync-estimate.js';
import { words } from './words.js';
import type { Push } from './wallet-session.js';

const mostBlocks = 200;
const mostSamples = 600;
/** Milliseconds between samples while somebody watches the Node page. */
const samplePeriod = 1000;
/** Milliseconds: bursts of events (blocks while syncing) become one push. */
const gatherTime = 150;

export interface NodeListener {
  tipChanged(): void;
  /** Warnings or the state of the node's child processes changed. */
  alertsChanged(): void;
  /** The node was told to stop, or says that it does. */
  stopping(): void;
  /** The node ends, and must be let go of before: node and wallets are to be closed. */
  ending(): Promise<void>;
  /** A chain of one's own: that it has no block yet does not mean that others were not found yet. */
  readonly practice: boolean;
}

/** Milliseconds of rest after a block before the node is asked how far it is. */
const rereadPause = 300;

export class NodeSession {
  readonly node: Node;
  readonly offers: NodeOffers;
  readonly #push: Push;
  readonly #listener: NodeListener;
  readonly #handlers: Handler[] = [];
  readonly #estimate = new SyncEstimate();
  #state: NodeState | undefined;
  #watch: NodeJS.Timeout | undefined;
  #gather: NodeJS.Timeout | undefined;
  readonly #shutdownNotice: ShutdownNotice | undefined;
  #closing: Promise<void> | undefined;
  #newsHeard = 0;
  #headersKnown = true;
  #reread: NodeJS.Timeout | undefined;

  private constructor({ node, shutdownNotice }: RecognisedNode, offers: NodeOffers, push: Push, listener: NodeListener) {
    this.node = node;
    this.offers = offers;
    this.#shutdownNotice = shutdownNotice;
    this.#push = push;
    this.#listener = listener;
  }

  static async open(node: RecognisedNode, push: Push, listener: NodeListener): Promise<NodeSession> {
    const session = new NodeSession(node, await node.offers(), push, listener);
    await session.#subscribe();
    await session.#readAll();
    // Blocks and headers that came while everything else was read.
    if (session.#newsHeard > 0) await session.#rereadSync();
    node.shutdownNotice?.watch(() => void listener.ending());
    node.stopping?.addEventListener('abort', () => listener.stopping());
    return session;
  }

  get #closed(): boolean {
    return this.#closing !== undefined;
  }

  /** A wallet is being unloaded, which may be the first that is heard of the node's end. */
  async walletUnloading(): Promise<void> {
    if ((await this.#shutdownNotice?.isGiven().catch(() => false)) === true) await this.#listener.ending();
  }

  /**
   * Runs a command of a person.
   * @param params a JSON array
   * @param uri '' or the path of a wallet
   * @returns the JSON text of the result
   * @throws RpcFailure
   */
  async command(method: string, params: string, uri: string): Promise<string> {
    const result = await this.node.executeRpc(method, params, uri);
    if (method === 'stop') this.#listener.stopping();
    return result;
  }

  get state(): NodeState | undefined {
    return this.#state;
  }

  async #subscribe(): Promise<void> {
    const { node } = this;
    const handlers = [
      node.handleNotifyBlockTip(async (syncState, tip, progress) => this.#tip(syncState, tip, progress)),
      node.handleNotifyHeaderTip(async (_syncState, header) => this.#header(header)),
      node.handleNotifyNumConnectionsChanged(async () => this.#gatherNetwork()),
      node.handleNotifyNetworkActiveChanged(async () => this.#gatherNetwork()),
      node.handleNotifyAlertChanged(async () => {
        if (await node.shutdownRequested()) return this.#listener.stopping();
        await this.#readWarnings();
        // It also tells of the end of loading.
        if (this.#state?.sync.phase === 'loading') await this.#rereadSync();
        this.#listener.alertsChanged();
      }),
      // Start-up goes on for a while after the first answers: loading blocks from disk, the mempool.
      node.handleInitMessage(async () => this.#rereadSync()),
      node.handleBannedListChanged(async () => this.#readBans()),
      node.handleShowProgress(async (title, progress) => {
        this.#push('app.progress', { id: `node:${title}`, title, fraction: progress / 100, done: progress >= 100 });
      }),
      node.handleMessageBox(async (message) => {
        const text = words(message);
        this.#push('app.notice', { level: 'warning', what: text, why: '', todo: '' });
        return true;
      }),
    ];
    this.#handlers.push(...(await Promise.all(handlers)));
  }

  #rereadSyncSoon(): void {
    clearTimeout(this.#reread);
    this.#reread = setTimeout(() => void this.#rereadSync().catch(() => undefined), rereadPause);
  }

  async #rereadSync(): Promise<void> {
    if (this.#state === undefined) return;
    const heard = this.#newsHeard;
    const sync = await this.#sync();
    if (this.#closed || this.#state === undefined) return;
    // A block or header came while it was read: what was read may be older than what is known.
    if (this.#newsHeard !== heard) {
      this.#knowHeaders(sync.headers);
      return this.#rereadSyncSoon();
    }
    this.#state = { ...this.#state, sync };
    this.#push('node.sync', sync);
  }

  async #sync(): Promise<SyncState> {
    const { sync, headersKnown } = await readSync(this.node, this.#listener.practice);
    this.#headersKnown = headersKnown;
    return sync;
  }

  async #readAll(): Promise<void> {
    const { node } = this;
    const sync = await this.#sync();
    const [network, mempool, warnings, recentBlocks] = await Promise.all([readNetwork(node), readMempool(node), readWarnings(node), readRecentBlocks(node, sync)]);
    this.#state = { offers: this.offers, sync, network, mempool, peers: [], bans: [], traffic: [], warnings, recentBlocks };
  }

  async #readWarnings(): Promise<void> {
    const warnings = await readWarnings(this.node);
    if (this.#state === undefined) return;
    this.#state = { ...this.#state, warnings };
    this.#push('node.warnings', warnings);
  }

  #tip(syncState: number, tip: BlockTip, progress: number): void {
    this.#newsHeard += 1;
    const state = this.#state;
    if (state === undefined) return;
    const block: BlockSummary = { height: tip.blockHeight, hash: hashToHex(tip.blockHash), time: Number(tip.blockTime) };
    const headers = Math.max(state.sync.headers, block.height);
    const synced = this.#headersKnown ? block.height >= headers : syncState === SynchronizationState.postInit;
    // Headers can become fewer, when a block turns out to be invalid: only the node knows.
    if (!synced && syncState === SynchronizationState.postInit) this.#rereadSyncSoon();
    const sync: SyncState = {
      phase: synced ? 'synced' : syncState === SynchronizationState.initReindex ? 'loading' : 'blocks',
      height: block.height,
      headers,
      tipHash: block.hash,
      tipTime: block.time,
      progress: synced ? 1 : progress,
      secondsLeft: synced ? null : this.#estimate.secondsLeft(Date.now(), progress),
    };
    const recentBlocks = [block, ...state.recentBlocks.filter((known) => known.height < block.height)].slice(0, mostBlocks);
    this.#state = { ...state, sync, recentBlocks };
    this.#gatherSync(block);
  }

  #header(header: BlockTip): void {
    this.#newsHeard += 1;
    const state = this.#state;
    if (state === undefined) return;
    this.#setHeaders(state, Math.max(header.blockHeight, state.sync.height));
  }

  #knowHeaders(height: number): void {
    const state = this.#state;
    if (state !== undefined && height > state.sync.headers) this.#setHeaders(state, height);
  }

  #setHeaders(state: NodeState, headers: number): void {
    const behind = headers > state.sync.height;
    this.#state = { ...state, sync: { ...state.sync, headers, phase: behind && (state.sync.phase === 'synced' || state.sync.phase === 'connecting') ? 'headers' : state.sync.phase } };
    this.#gatherSync(undefined);
  }

  #lastBlock: BlockSummary | undefined;
  #tipWaiting = false;

  #gatherSync(block: BlockSummary | undefined): void {
    if (block !== undefined) {
      this.#lastBlock = block;
      this.#tipWaiting = true;
    }
    this.#gather ??= setTimeout(() => {
      this.#gather = undefined;
      void this.#flush();
    }, gatherTime);
  }

  async #flush(): Promise<void> {
    if (this.#closed || this.#state === undefined) return;
    this.#push('node.sync', this.#state.sync);
    if (!this.#tipWaiting) return;
    this.#tipWaiting = false;
    if (this.#lastBlock !== undefined) this.#push('node.block', this.#lastBlock);
    this.#listener.tipChanged();
    await this.mempoolChanged();
  }

  /** Reads the mempool's figures again: after a block, a payment of ours, or while the Node page is open. */
  async mempoolChanged(): Promise<void> {
    try {
      const mempool = await readMempool(this.node);
      if (this.#closed || this.#state === undefined) return;
      this.#state = { ...this.#state, mempool };
      this.#push('node.mempool', mempool);
    } catch {
      // The node went away while it was asked; its end is told elsewhere.
    }
  }

  async #gatherNetwork(): Promise<void> {
    const network = await readNetwork(this.node);
    if (this.#closed || this.#state === undefined) return;
    this.#state = { ...this.#state, network };
    this.#push('node.network', network);
  }

  async #readBans(): Promise<void> {
    const bans: readonly Ban[] = shownBans((await this.node.getBanned()).banmap.json);
    if (this.#closed || this.#state === undefined) return;
    this.#state = { ...this.#state, bans };
    this.#push('node.bans', bans);
  }

  /** Starts or stops sampling peers and traffic: only while somebody looks. */
  watch(on: boolean): void {
    if (!on || this.#closed || !this.offers.commands) {
      clearInterval(this.#watch);
      this.#watch = undefined;
      return;
    }
    if (this.#watch !== undefined) return;
    const sample = (): void => void this.#sample().catch(() => this.watch(false));
    sample();
    void this.#readBans().catch(() => undefined);
    this.#watch = setInterval(sample, samplePeriod);
  }

  async #sample(): Promise<void> {
    const { node } = this;
    const [stats, received, sent] = await Promise.all([node.getNodesStats(), node.getTotalBytesRecv(), node.getTotalBytesSent()]);
    if (this.#closed || this.#state === undefined) return;
    const peers: readonly Peer[] = stats.stats.map(shownPeer);
    const traffic: TrafficSample = { timeMilliseconds: Date.now(), receivedBytes: Number(received), sentBytes: Number(sent) };
    this.#state = { ...this.#state, peers, traffic: [...this.#state.traffic, traffic].slice(-mostSamples) };
    this.#push('node.peers', peers);
    this.#push('node.traffic', traffic);
    await this.mempoolChanged();
  }

  /** Lets go of the node; it goes on running. */
  close(): Promise<void> {
    return (this.#closing ??= this.#letGo());
  }

  async #letGo(): Promise<void> {
    clearInterval(this.#watch);
    clearTimeout(this.#reread);
    clearTimeout(this.#gather);
    await Promise.allSettled(this.#handlers.map((handler) => handler.destroy()));
    await this.#shutdownNotice?.close();
    await this.node.destroy().catch(() => undefined);
  }
}
