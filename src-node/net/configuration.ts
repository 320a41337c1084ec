import type { Logger } from '../../src-interfaces/logging.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';
import type { ProxyServer } from './proxy.js';
import type { NetworkAddress } from './wire/network-address.js';

/** Waiting times in milliseconds. */
export interface NetworkTiming {
  /** A connection attempt, and the handshake after it. */
  readonly connect: number;
  readonly handshake: number;
  readonly ping: number;
  /** Silence after which a peer is given up. */
  readonly inactivity: number;
  /** Answer to a request for headers. */
  readonly headers: number;
  /** A block that keeps the download window from moving. */
  readonly blockStalling: number;
  /** A requested block, whatever else happens. */
  readonly block: number;
  readonly transaction: number;
  /** Average delay of transaction announcements. */
  readonly trickleInbound: number;
  readonly trickleOutbound: number;
  /** Between attempts to make missing connections. */
  readonly reconnect: number;
  /** Between announcements of own transactions nobody has asked for. */
  readonly rebroadcast: number;
  readonly feeFilter: number;
  /** Average between announcements of our own address. */
  readonly selfAnnouncement: number;
  /** Between looks at all the times above. */
  readonly tick: number;
}

export const defaultTiming: NetworkTiming = {
  connect: 5_000,
  handshake: 60_000,
  ping: 120_000,
  inactivity: 20 * 60_000,
  headers: 120_000,
  blockStalling: 2_000,
  block: 10 * 60_000,
  transaction: 60_000,
  trickleInbound: 5_000,
  trickleOutbound: 2_000,
  reconnect: 10_000,
  rebroadcast: 12 * 60_000,
  feeFilter: 10 * 60_000,
  selfAnnouncement: 24 * 60 * 60_000,
  tick: 1_000,
};

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface NetworkConfiguration {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  /** Seconds since 1970; may be mocked. */
  now(): number;
  /** Milliseconds that only ever grow. */
  monotonic?(): number;
  /** Cryptographically random bytes. */
  randomBytes?(length: number): Uint8Array;
  readonly log?: Logger;
  /** Addresses of peers and own ones are shown in the log. */
  readonly logAddresses?: boolean;
  /** For example `/Bulkhead:0.1.0/`. */
  readonly userAgent: string;
  /** Where to accept peers; empty for nowhere. Port 0 picks a free one. */
  readonly listen?: readonly Endpoint[];
  /** Own addresses are found out, from interfaces, peers and routers; true by default. */
  readonly discover?: boolean;
  /** Own addresses that somebody named. */
  readonly externalAddresses?: readonly NetworkAddress[];
  /** -connect: only these; an empty list for none. Undefined finds peers by itself. */
  readonly connect?: readonly string[];
  /** Makes all connections out, and looks up names. */
  readonly proxy?: ProxyServer;
  readonly addNodes?: readonly string[];
  /** Default is the network's. */
  readonly minimumChainWork?: bigint;
  readonly maxConnections?: number;
  /** Ask the network's DNS seeds for addresses when few are known. */
  readonly dnsSeed?: boolean;
  readonly blocksOnly?: boolean;
  readonly active?: boolean;
  /** Where banlist.json is; undefined keeps bans in memory only. */
  readonly banListPath?: string;
  /** Where peers.dat is; undefined keeps addresses in memory only. */
  readonly peersPath?: string;
  readonly timing?: Partial<NetworkTiming>;
}
