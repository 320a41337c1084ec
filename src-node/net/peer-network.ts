import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { AddedNode, ConnectionType, PeerNetwork, PeerStatistics } from '../rpc/context.js';
import { AddressBook } from './address-book.js';
import { BanList } from './ban-list.js';
import { defaultTiming, type Endpoint, type NetworkConfiguration } from './configuration.js';
import { Connector, maxBlockRelay, maxFullRelay } from './connector.js';
import { KnownPeers } from './known-peers.js';
import { addressesBehind, interfaceAddresses, isWildcard, LocalAddresses } from './local-addresses.js';
import { Listener } from './listener.js';
import { randomFraction, type NetworkContext } from './network-context.js';
import { Peer, type PeerOwner } from './peer.js';
import { PeerTable } from './peer-table.js';
import { Protocol } from './protocol.js';
import type { ProxyServer } from './proxy.js';
import { protocolVersion, services } from './wire/messages.js';
import { formatAddress, ipAddress, isLocalAddress, type NetworkAddress } from './wire/network-address.js';

const defaultMaxConnections = 125;
/** Connections for short visits, beside those that stay. */
const feelers = 1;

type NetworkListener = Parameters<PeerNetwork['subscribe']>[0];

/** The peer-to-peer network: puts its parts together and owns the connections. */
export class NodePeerNetwork implements PeerNetwork {
  readonly userAgent: string;
  readonly protocolVersion = protocolVersion;
  readonly localServices = services.network | services.witness | services.networkLimited;
  readonly bans: BanList;
  /** Where peers may reach this node. */
  readonly ownAddresses: LocalAddresses;
  readonly #configuration: NetworkConfiguration;
  readonly #context: NetworkContext;
  readonly #peers = new PeerTable();
  readonly #book: AddressBook;
  readonly #protocol: Protocol;
  readonly #knownPeers: KnownPeers;
  readonly #connector: Connector;
  readonly #listeners = new Set<NetworkListener>();
  readonly #maxInbound: number;
  #sockets: Listener[] = [];
  #unsubscribe: () => void = () => undefined;
  #ticker: NodeJS.Timeout | undefined;
  #active: boolean;

  private constructor(configuration: NetworkConfiguration) {
    const { chainstate, mempool, now, log, userAgent } = configuration;
    this.#configuration = configuration;
    this.userAgent = userAgent;
    this.#active = configuration.active ?? true;
    this.ownAddresses = new LocalAddresses(configuration.discover ?? true, configuration.logAddresses === true ? configuration.log : undefined);
    const context: NetworkContext = {
      chainstate,
      mempool,
      log,
      now,
      userAgent,
      minimumChainWork: configuration.minimumChainWork ?? chainstate.params.consensus.minimumChainWork,
      timing: { ...defaultTiming, ...configuration.timing },
      blocksOnly: configuration.blocksOnly ?? false,
      localServices: this.localServices,
      localAddresses: this.ownAddresses,
      listeningPort: () => this.listening[0]?.port,
      monotonic: configuration.monotonic ?? (() => performance.now()),
      randomBytes: configuration.randomBytes ?? ((length) => randomBytes(length)),
      readyPeers: () => this.#peers.ready(),
      misbehaved: (peer, what) => this.#misbehaved(peer, what),
    };
    this.#context = context;
    this.bans = new BanList(configuration.banListPath, now);
    this.#book = new AddressBook(() => randomFraction(context));
    this.#knownPeers = new KnownPeers(context, this.#book, this.bans, configuration.peersPath);
    this.#protocol = new Protocol(context, this.#book);
    const maxConnections = configuration.maxConnections ?? defaultMaxConnections;
    const maxOutbound = Math.min(maxFullRelay + maxBlockRelay + feelers, maxConnections);
    this.#maxInbound = Math.max(0, maxConnections - maxOutbound);
    const { params } = chainstate;
    this.#connector = new Connector(
      context,
      {
        isActive: () => this.#active,
        peers: () => this.#peers.all(),
        connected: (socket, address, name, type) => this.#open(socket, address, name, type),
      },
      this.#book,
      this.bans,
      {
        defaultPort: params.defaultPort,
        connect: configuration.connect,
        dnsSeeds: configuration.dnsSeed === true ? params.dnsSeeds : [],
        maxOutbound,
        proxy: configuration.proxy,
      },
    );
  }

  /**
   * Starts listening and connecting.
   * @throws BindError when an address to listen on cannot be had, PeersFileError when peers.dat is damaged.
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
    await this.#knownPeers.load();
    for (const endpoint of this.#configuration.listen ?? []) {
      const listener = await Listener.open(endpoint, (socket) => this.#accept(socket));
      this.#sockets.push(listener);
      this.#context.log?.info(`Bound to ${listener.endpoint.host}:${listener.endpoint.port}`);
    }
    this.#findOwnAddresses();
    this.#unsubscribe = this.#context.chainstate.subscribe(this.#protocol.chainEvents());
    for (const node of this.#configuration.addNodes ?? []) this.#connector.add(node);
    this.#connector.round();
    this.#ticker = setInterval(() => this.#tick(), this.#context.timing.tick);
  }

  #findOwnAddresses(): void {
    for (const address of this.#configuration.externalAddresses ?? []) this.ownAddresses.add(address, 'manual');
    for (const endpoint of this.listening) {
      const source = isWildcard(endpoint.host) ? 'interface' : 'bound';
      for (const address of addressesBehind(endpoint, interfaceAddresses())) this.ownAddresses.add(address, source);
    }
  }

  /** Where peers are accepted, with the ports picked. */
  get listening(): readonly Endpoint[] {
    return this.#sockets.map(({ endpoint }) => endpoint);
  }

  /** Stops everything and waits until all sockets are closed. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    this.#unsubscribe();
    this.#protocol.close();
    this.#connector.close();
    this.#active = false;
    for (const peer of this.#peers.all()) peer.disconnect('the node is stopping');
    await Promise.all(this.#sockets.map((listener) => listener.close()));
    this.#sockets = [];
    await this.#knownPeers.save();
  }

  #tick(): void {
    this.#protocol.tick(this.#peers.all());
    this.#connector.tick();
    this.#knownPeers.tick();
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
    const id = this.#peers.nextId();
    const peer = new Peer({ id, socket, address, name, connectionType, magic: chainstate.params.magic, now, monotonic, isAddressLogged: this.#configuration.logAddresses ?? false }, this.#owner);
    this.#peers.add(peer);
    this.#context.log?.debug('net', () => `${peer.inbound ? 'accepted' : 'connected to'} ${formatAddress(address)}, peer=${id}`);
    this.#notifyCount();
    this.#protocol.opened(peer);
  }

  readonly #owner: PeerOwner = {
    received: (peer, command, payload) => this.#protocol.received(peer, command, payload),
    trouble: (peer, what, cause) => {
      const detail = cause instanceof Error ? `: ${cause.message}` : '';
      this.#context.log?.debug('net', `${peer.label}: ${what}${detail}`);
    },
    closed: (peer, reason) => this.#closedPeer(peer, reason),
  };

  #closedPeer(peer: Peer, reason: string): void {
    if (!this.#peers.remove(peer)) return;
    this.#context.log?.debug('net', `disconnected ${peer.label}: ${reason}`);
    this.#protocol.closed(peer);
    this.#notifyCount();
  }

  #misbehaved(peer: Peer, what: string): void {
    this.#context.log?.debug('net', `${peer.label} misbehaves: ${what}`);
    if (!peer.manual && !isLocalAddress(peer.address)) this.bans.discourage(peer.address.host);
    if (!peer.manual) peer.disconnect(`misbehaviour: ${what}`);
  }

  get active(): boolean {
    return this.#active;
  }

  setActive(active: boolean): void {
    if (this.#active === active) return;
    this.#active = active;
    if (!active) for (const peer of this.#peers.all()) peer.disconnect('networking is switched off');
    for (const listener of [...this.#listeners]) listener.activeChanged?.(active);
    this.#connector.round();
  }

  get relaysTransactions(): boolean {
    return !this.#context.blocksOnly;
  }

  get timeOffset(): number {
    return this.#peers.timeOffset;
  }

  peers(): readonly PeerStatistics[] {
    return this.#peers.statistics(this.#context.monotonic());
  }

  get proxy(): ProxyServer | undefined {
    return this.#configuration.proxy;
  }

  connectionCount(direction?: 'in' | 'out'): number {
    return this.#peers.count(direction);
  }

  totals(): { readonly bytesReceived: number; readonly bytesSent: number } {
    return this.#peers.totals();
  }

  localAddresses(): readonly { readonly address: string; readonly port: number; readonly score: number }[] {
    return this.ownAddresses.list().map(({ address: { host, port }, score }) => ({ address: host, port, score }));
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
    return this.#peers.added(this.#connector.added);
  }

  disconnectByAddress(address: string): boolean {
    const peer = this.#peers.find(address);
    peer?.disconnect('the operator asked for it');
    return peer !== undefined;
  }

  disconnectById(id: number): boolean {
    const peer = this.#peers.get(id);
    peer?.disconnect('the operator asked for it');
    return peer !== undefined;
  }

  pingAll(): void {
    for (const peer of this.#context.readyPeers()) this.#protocol.ping(peer);
  }

  relayTransaction(tx: Transaction): void {
    this.#protocol.relay(tx);
  }

  subscribe(events: NetworkListener): () => void {
    this.#listeners.add(events);
    return () => {
      this.#listeners.delete(events);
    };
  }

  #notifyCount(): void {
    for (const listener of [...this.#listeners]) listener.connectionsChanged?.(this.#peers.count());
  }
}
