import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { ChainEvents } from '../kernel/types.js';
import type { AddedNode, ConnectionType, PeerNetwork, PeerStatistics } from '../rpc/context.js';
import { AddressBook } from './address-book.js';
import { AddressRelay } from './address-relay.js';
import { BanList } from './ban-list.js';
import { BlockDownload } from './block-download.js';
import { BlockServer } from './block-server.js';
import { defaultTiming, type Endpoint, type NetworkConfiguration } from './configuration.js';
import { Connector, maxBlockRelay, maxFullRelay } from './connector.js';
import { Handshake } from './handshake.js';
import { HeaderSync } from './header-sync.js';
import { KeepAlive } from './keep-alive.js';
import { Listener } from './listener.js';
import { MessageRouter } from './message-router.js';
import { randomFraction, type NetworkContext } from './network-context.js';
import { Peer, type PeerOwner } from './peer.js';
import { statisticsOf } from './peer-statistics.js';
import { TransactionAnnouncer } from './transaction-announcer.js';
import { TransactionIntake } from './transaction-intake.js';
import { protocolVersion, services } from './wire/messages.js';
import { formatAddress, ipAddress, isLocalAddress, type NetworkAddress } from './wire/network-address.js';

const defaultMaxConnections = 125;
/** Connections for short visits, beside those that stay. */
const feelers = 1;
const banSaveInterval = 15 * 60_000;

type NetworkListener = Parameters<PeerNetwork['subscribe']>[0];

/** The peer-to-peer network: puts its parts together and owns the connections. */
export class NodePeerNetwork implements PeerNetwork {
  readonly userAgent: string;
  readonly protocolVersion = protocolVersion;
  readonly localServices = services.network | services.witness | services.networkLimited;
  readonly bans: BanList;
  readonly #configuration: NetworkConfiguration;
  readonly #context: NetworkContext;
  readonly #peers = new Map<number, Peer>();
  readonly #book: AddressBook;
  readonly #handshake: Handshake;
  readonly #headers: HeaderSync;
  readonly #download: BlockDownload;
  readonly #server: BlockServer;
  readonly #announcer: TransactionAnnouncer;
  readonly #intake: TransactionIntake;
  readonly #addresses: AddressRelay;
  readonly #keepAlive: KeepAlive;
  readonly #router: MessageRouter;
  readonly #connector: Connector;
  readonly #listeners = new Set<NetworkListener>();
  readonly #maxInbound: number;
  readonly #offsets: number[] = [];
  #sockets: Listener[] = [];
  #unsubscribe: () => void = () => undefined;
  #ticker: NodeJS.Timeout | undefined;
  #nextBanSave = 0;
  #nextId = 0;
  #active: boolean;
  #bytesSent = 0;
  #bytesReceived = 0;

  private constructor(configuration: NetworkConfiguration) {
    const { chainstate, mempool, now, log, userAgent } = configuration;
    this.#configuration = configuration;
    this.userAgent = userAgent;
    this.#active = configuration.active ?? true;
    const context: NetworkContext = {
      chainstate,
      mempool,
      log,
      now,
      userAgent,
      timing: { ...defaultTiming, ...configuration.timing },
      blocksOnly: configuration.blocksOnly ?? false,
      localServices: this.localServices,
      monotonic: configuration.monotonic ?? (() => performance.now()),
      randomBytes: configuration.randomBytes ?? ((length) => randomBytes(length)),
      readyPeers: () => [...this.#peers.values()].filter((peer) => peer.ready && !peer.closed),
      misbehaved: (peer, what) => this.#misbehaved(peer, what),
    };
    this.#context = context;
    this.bans = new BanList(configuration.banListPath, now);
    this.#book = new AddressBook(() => randomFraction(context));
    this.#handshake = new Handshake(context, (peer) => this.#ready(peer));
    this.#headers = new HeaderSync(context, (peer) => this.#moreHeaders(peer));
    this.#download = new BlockDownload(context, this.#headers);
    this.#server = new BlockServer(context);
    this.#announcer = new TransactionAnnouncer(context);
    this.#intake = new TransactionIntake(context, this.#announcer);
    this.#addresses = new AddressRelay(context, this.#book);
    this.#keepAlive = new KeepAlive(context);
    this.#router = new MessageRouter(context, {
      headers: this.#headers,
      download: this.#download,
      server: this.#server,
      intake: this.#intake,
      addresses: this.#addresses,
      keepAlive: this.#keepAlive,
    });
    const maxConnections = configuration.maxConnections ?? defaultMaxConnections;
    const maxOutbound = Math.min(maxFullRelay + maxBlockRelay + feelers, maxConnections);
    this.#maxInbound = Math.max(0, maxConnections - maxOutbound);
    const { params } = chainstate;
    this.#connector = new Connector(
      context,
      {
        isActive: () => this.#active,
        peers: () => this.#peers.values(),
        connected: (socket, address, name, type) => this.#open(socket, address, name, type),
      },
      this.#book,
      this.bans,
      {
        defaultPort: params.defaultPort,
        connect: configuration.connect,
        dnsSeeds: configuration.dnsSeed === true ? params.dnsSeeds : [],
        maxOutbound,
      },
    );
  }

  /**
   * Starts listening and connecting.
   * @throws BindError when an address to listen on cannot be had.
   */
  static async start(configuration: NetworkConfiguration): Promise<NodePeerNetwork> {
    const network = new NodePeerNetwork(configuration);
    try {
      await network.#start();
    } catch (fault) {
      await network.close();
      throw fault;
    }
    return network;
  }

  async #start(): Promise<void> {
    await this.bans.load(this.#context.log);
    for (const endpoint of this.#configuration.listen ?? []) {
      const listener = await Listener.open(endpoint, (socket) => this.#accept(socket));
      this.#sockets.push(listener);
      this.#context.log?.info(`Bound to ${listener.endpoint.host}:${listener.endpoint.port}`);
    }
    this.#unsubscribe = this.#context.chainstate.subscribe(this.#chainEvents());
    for (const node of this.#configuration.addNodes ?? []) this.#connector.add(node);
    this.#connector.round();
    this.#ticker = setInterval(() => this.#tick(), this.#context.timing.tick);
  }

  #chainEvents(): Partial<ChainEvents> {
    return {
      blockConnected: ({ block }) => this.#intake.blockConnected(block),
      blockDisconnected: () => this.#intake.blockDisconnected(),
      blockChecked: ({ hash, failure }) => this.#download.checked(hash, failure),
      tipChanged: ({ tip, fork, initialDownload }) => {
        if (!initialDownload) this.#server.announce(tip, fork);
        this.#announcer.tellAll();
      },
    };
  }

  /** Where peers are accepted, with the ports picked. */
  get listening(): readonly Endpoint[] {
    return this.#sockets.map(({ endpoint }) => endpoint);
  }

  /** Stops everything and waits until all sockets are closed. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    this.#unsubscribe();
    this.#announcer.close();
    this.#connector.close();
    this.#active = false;
    for (const peer of [...this.#peers.values()]) peer.disconnect('the node is stopping');
    await Promise.all(this.#sockets.map((listener) => listener.close()));
    this.#sockets = [];
    await this.bans.save();
  }

  #tick(): void {
    this.#keepAlive.tick(this.#peers.values());
    this.#headers.tick();
    this.#download.tick();
    this.#intake.tick();
    this.#announcer.tick();
    this.#connector.tick();
    const now = this.#context.monotonic();
    if (now < this.#nextBanSave) return;
    this.#nextBanSave = now + banSaveInterval;
    this.bans.save().catch((cause: unknown) => this.#context.log?.warning(`banlist.json cannot be written: ${String(cause)}`));
  }

  #accept(socket: Socket): void {
    const address = ipAddress(socket.remoteAddress ?? '', socket.remotePort ?? 0);
    const inbound = this.connectionCount('in');
    const full = inbound >= this.#maxInbound;
    // Who misbehaved is let in only while there is plenty of room.
    const unwelcome = address !== undefined && this.bans.isDiscouraged(address.host) && inbound + 1 >= this.#maxInbound;
    if (address === undefined || !this.#active || full || unwelcome || this.bans.isBanned(address.host)) {
      socket.destroy();
      return;
    }
    this.#open(socket, address, formatAddress(address), 'inbound');
  }

  #open(socket: Socket, address: NetworkAddress, name: string, connectionType: ConnectionType): void {
    if (!this.#active) {
      socket.destroy();
      return;
    }
    const { now, monotonic, chainstate } = this.#context;
    const id = this.#nextId++;
    const peer = new Peer({ id, socket, address, name, connectionType, magic: chainstate.params.magic, now, monotonic }, this.#owner);
    this.#peers.set(id, peer);
    this.#context.log?.debug('net', () => `${peer.inbound ? 'accepted' : 'connected to'} ${formatAddress(address)}, peer=${id}`);
    this.#notifyCount();
    this.#handshake.start(peer);
  }

  readonly #owner: PeerOwner = {
    received: async (peer, command, payload) => {
      if (this.#handshake.received(peer, command, payload)) return;
      if (!peer.ready) return;
      await this.#router.received(peer, command, payload);
    },
    trouble: (peer, what, cause) => {
      const detail = cause instanceof Error ? `: ${cause.message}` : '';
      this.#context.log?.debug('net', `peer=${peer.id}: ${what}${detail}`);
    },
    closed: (peer, reason) => this.#closedPeer(peer, reason),
  };

  #closedPeer(peer: Peer, reason: string): void {
    if (!this.#peers.delete(peer.id)) return;
    this.#bytesSent += peer.bytesSent;
    this.#bytesReceived += peer.bytesReceived;
    this.#context.log?.debug('net', `disconnected peer=${peer.id}: ${reason}`);
    this.#handshake.ended(peer);
    this.#download.ended(peer);
    this.#intake.ended(peer);
    this.#notifyCount();
  }

  #ready(peer: Peer): void {
    if (!peer.inbound) this.#offsets.push(peer.timeOffset);
    this.#context.log?.info(`New peer connected: peer=${peer.id}, ${peer.connectionType}, blocks=${peer.version?.startHeight ?? -1}`);
    this.#keepAlive.ping(peer);
    this.#announcer.tellFeeFilter(peer);
    this.#addresses.start(peer);
    this.#headers.start();
    if (peer.connectionType === 'feeler') peer.disconnect('the visit is over');
  }

  #moreHeaders(peer: Peer): void {
    this.#server.tellHeadersPreferred(peer);
    this.#download.request(peer);
    this.#headers.start();
  }

  #misbehaved(peer: Peer, what: string): void {
    this.#context.log?.debug('net', `peer=${peer.id} misbehaves: ${what}`);
    if (!peer.manual && !isLocalAddress(peer.address)) this.bans.discourage(peer.address.host);
    if (!peer.manual) peer.disconnect(`misbehaviour: ${what}`);
  }

  get active(): boolean {
    return this.#active;
  }

  setActive(active: boolean): void {
    if (this.#active === active) return;
    this.#active = active;
    if (!active) for (const peer of [...this.#peers.values()]) peer.disconnect('networking is switched off');
    for (const listener of [...this.#listeners]) listener.activeChanged?.(active);
    this.#connector.round();
  }

  get relaysTransactions(): boolean {
    return !this.#context.blocksOnly;
  }

  get timeOffset(): number {
    const sorted = this.#offsets.slice(-50).sort((a, b) => a - b);
    return sorted.length < 5 ? 0 : (sorted[sorted.length >> 1] ?? 0);
  }

  peers(): readonly PeerStatistics[] {
    const now = this.#context.monotonic();
    return [...this.#peers.values()].map((peer) => statisticsOf(peer, now));
  }

  connectionCount(direction?: 'in' | 'out'): number {
    if (direction === undefined) return this.#peers.size;
    let count = 0;
    for (const peer of this.#peers.values()) if (peer.inbound === (direction === 'in')) count++;
    return count;
  }

  totals(): { readonly bytesReceived: number; readonly bytesSent: number } {
    let [bytesReceived, bytesSent] = [this.#bytesReceived, this.#bytesSent];
    for (const peer of this.#peers.values()) {
      bytesReceived += peer.bytesReceived;
      bytesSent += peer.bytesSent;
    }
    return { bytesReceived, bytesSent };
  }

  localAddresses(): readonly { readonly address: string; readonly port: number; readonly score: number }[] {
    return [];
  }

  addNode(node: string): boolean {
    return this.#connector.add(node);
  }

  removeNode(node: string): boolean {
    return this.#connector.remove(node);
  }

  connectOnce(node: string): void {
    this.#connector.once(node);
  }

  addedNodes(): readonly AddedNode[] {
    return this.#connector.added.map((node) => {
      const peer = [...this.#peers.values()].find(({ name, address }) => name === node || formatAddress(address) === node);
      return { node, connected: peer === undefined ? undefined : { address: formatAddress(peer.address), inbound: peer.inbound } };
    });
  }

  disconnectByAddress(address: string): boolean {
    const peer = [...this.#peers.values()].find((candidate) => candidate.name === address || formatAddress(candidate.address) === address);
    peer?.disconnect('the operator asked for it');
    return peer !== undefined;
  }

  disconnectById(id: number): boolean {
    const peer = this.#peers.get(id);
    peer?.disconnect('the operator asked for it');
    return peer !== undefined;
  }

  pingAll(): void {
    for (const peer of this.#context.readyPeers()) this.#keepAlive.ping(peer);
  }

  relayTransaction(tx: Transaction): void {
    this.#announcer.relay(tx);
  }

  subscribe(events: NetworkListener): () => void {
    this.#listeners.add(events);
    return () => {
      this.#listeners.delete(events);
    };
  }

  #notifyCount(): void {
    for (const listener of [...this.#listeners]) listener.connectionsChanged?.(this.#peers.size);
  }
}
