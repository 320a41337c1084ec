import type { Socket } from 'node:net';
import type { ConnectionType } from '../rpc/context.js';
import type { AddressBook } from './address-book.js';
import type { BanList } from './ban-list.js';
import type { Endpoint } from './configuration.js';
import { Dialer } from './dialer.js';
import { parseEndpoint, resolveHost } from './endpoint.js';
import { randomFraction, type NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import type { ProxyServer } from './proxy.js';
import { formatAddress, ipAddress, type NetworkAddress } from './wire/network-address.js';

/** Connections of each kind we make when nobody says where to. */
export const maxFullRelay = 8;
export const maxBlockRelay = 2;
/** Fewer known addresses than this make it worth asking DNS seeds. */
const fewAddresses = 100;

export interface ConnectorOptions {
  readonly defaultPort: number;
  /** Undefined finds peers by itself. */
  readonly connect: readonly string[] | undefined;
  readonly dnsSeeds: readonly string[];
  readonly maxOutbound: number;
  readonly proxy: ProxyServer | undefined;
}

export interface ConnectorOwner {
  isActive(): boolean;
  peers(): Iterable<Peer>;
  connected(socket: Socket, address: NetworkAddress, name: string, type: ConnectionType): void;
}

/** Makes the connections that go out from here, and makes them again when they are lost. */
export class Connector {
  readonly #context: NetworkContext;
  readonly #options: ConnectorOptions;
  readonly #owner: ConnectorOwner;
  readonly #book: AddressBook;
  readonly #bans: BanList;
  /** Nodes to stay connected to. */
  readonly #added = new Set<string>();
  readonly #dialer: Dialer;
  readonly #dialing = new Set<string>();
  #nextRound = 0;
  #seeded = false;
  #closed = false;

  constructor(context: NetworkContext, owner: ConnectorOwner, book: AddressBook, bans: BanList, options: ConnectorOptions) {
    this.#context = context;
    this.#owner = owner;
    this.#book = book;
    this.#bans = bans;
    this.#options = options;
    this.#dialer = new Dialer(context, options.proxy);
  }

  get added(): readonly string[] {
    return [...this.#added];
  }

  add(node: string): boolean {
    if (this.#added.has(node)) return false;
    this.#added.add(node);
    this.#dialNamed(node);
    return true;
  }

  remove(node: string): boolean {
    return this.#added.delete(node);
  }

  /** Tries a node once. */
  once(node: string): void {
    this.#dialNamed(node);
  }

  /** Looks after missing connections when it is time. */
  tick(): void {
    const now = this.#context.monotonic();
    if (now < this.#nextRound || !this.#owner.isActive()) return;
    this.#nextRound = now + this.#context.timing.reconnect;
    this.round();
  }

  /** Makes the connections that are missing now. */
  round(): void {
    if (!this.#owner.isActive() || this.#closed) return;
    for (const node of [...this.#added, ...(this.#options.connect ?? [])]) {
      if (!this.#isConnected(node)) this.#dialNamed(node);
    }
    if (this.#options.connect !== undefined) return;
    void this.#askSeeds();
    this.#fill('outbound-full-relay', Math.min(maxFullRelay, this.#options.maxOutbound));
    this.#fill('block-relay-only', Math.min(maxBlockRelay, Math.max(0, this.#options.maxOutbound - maxFullRelay)));
  }

  #isConnected(name: string): boolean {
    const endpoint = parseEndpoint(name, this.#options.defaultPort);
    const full = endpoint === undefined ? name : formatAddress({ network: endpoint.host.includes(':') ? 'ipv6' : 'ipv4', ...endpoint });
    for (const peer of this.#owner.peers()) {
      if (peer.name === name || (!peer.inbound && formatAddress(peer.address) === full)) return true;
    }
    return false;
  }

  #count(type: ConnectionType): number {
    let count = 0;
    for (const peer of this.#owner.peers()) if (peer.connectionType === type) count++;
    return count;
  }

  #fill(type: ConnectionType, wanted: number): void {
    const groups = new Set([...this.#owner.peers()].filter((peer) => !peer.inbound).map((peer) => groupOf(peer.address)));
    for (let missing = wanted - this.#count(type) - this.#dialing.size; missing > 0; missing--) {
      const now = this.#context.now();
      const address = this.#book.choose(now, (candidate) => !groups.has(groupOf(candidate)) && this.#isWelcome(candidate));
      if (address === undefined) return;
      groups.add(groupOf(address));
      this.#book.tried(address, now);
      void this.#dial(address, formatAddress(address), type);
    }
  }

  #isWelcome({ host }: NetworkAddress): boolean {
    return !this.#bans.isBanned(host) && !this.#bans.isDiscouraged(host);
  }

  #dialNamed(name: string): void {
    const endpoint = parseEndpoint(name, this.#options.defaultPort);
    if (endpoint !== undefined) void this.#dialEndpoint(endpoint, name, 'manual');
  }

  async #dialEndpoint(endpoint: Endpoint, name: string, type: ConnectionType): Promise<void> {
    if (this.#dialing.has(name) || !this.#owner.isActive()) return;
    this.#dialing.add(name);
    const addresses = await this.#resolve(endpoint);
    this.#dialing.delete(name);
    const address = addresses[Math.floor(randomFraction(this.#context) * addresses.length)];
    if (address !== undefined && !this.#bans.isBanned(address.host)) await this.#dial(address, name, type);
  }

  /** A proxy looks names up itself, so that nobody else learns them. */
  async #resolve({ host, port }: Endpoint): Promise<NetworkAddress[]> {
    if (this.#dialer.proxy === undefined) return resolveHost(host, port);
    return [ipAddress(host, port) ?? { network: 'not_publicly_routable', host, port }];
  }

  async #dial(address: NetworkAddress, name: string, type: ConnectionType): Promise<void> {
    const key = formatAddress(address);
    if (this.#closed || this.#dialing.has(key) || this.#isConnected(key)) return;
    this.#dialing.add(key);
    try {
      const socket = await this.#dialer.open(address);
      this.#owner.connected(socket, address, name, type);
    } catch (cause) {
      this.#context.log?.debug('net', () => `connection to ${key} failed: ${cause instanceof Error ? cause.message : String(cause)}`);
    } finally {
      this.#dialing.delete(key);
    }
  }

  async #askSeeds(): Promise<void> {
    if (this.#seeded || this.#book.size >= fewAddresses || this.#options.dnsSeeds.length === 0) return;
    this.#seeded = true;
    const port = this.#options.defaultPort;
    for (const seed of this.#options.dnsSeeds) {
      if (this.#closed) return;
      if (this.#dialer.proxy !== undefined) {
        await this.#dialEndpoint({ host: seed, port }, seed, 'addr-fetch');
        continue;
      }
      const found = await resolveHost(seed, port);
      // Their real age is not known; three to seven days is what they are taken for.
      const age = (3 + 4 * randomFraction(this.#context)) * 24 * 60 * 60;
      const time = Math.floor(this.#context.now() - age);
      for (const address of found) this.#book.add({ address, services: 9n, time }, address, this.#context.now());
    }
    this.#context.log?.debug('net', `${this.#book.size} addresses known after asking DNS seeds`);
  }

  close(): void {
    this.#closed = true;
    this.#dialer.close();
  }
}

/** Neighbours in the network: connections to many of them would all depend on one operator. */
function groupOf({ network, host }: NetworkAddress): string {
  return network === 'ipv4' ? host.split('.').slice(0, 2).join('.') : host.split(':').slice(0, 2).join(':');
}
