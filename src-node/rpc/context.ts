import type { Block } from '../../src-bitcoin/primitives/block.js';
import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { LogControl } from '../../src-interfaces/logging.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';
import type { BlockTemplate, TemplateOptions } from '../mining/miner.js';
import type { BanList } from '../interfaces/node-program.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';

/** The node's time. A mocked time stands still until it is set again. */
export interface Clock {
  /** Seconds since 1970, whole. */
  now(): number;
  /** Seconds since 1970; 0 goes back to real time. */
  setMockTime(seconds: number): void;
  readonly mockTime: number;
}

export type ConnectionType =
  | 'inbound'
  | 'outbound-full-relay'
  | 'manual'
  | 'feeler'
  | 'block-relay-only'
  | 'addr-fetch'
  | 'private-broadcast';

export type NetworkName = 'ipv4' | 'ipv6' | 'onion' | 'i2p' | 'cjdns' | 'not_publicly_routable';

/** A connected peer, as `getpeerinfo` and the Node interface report it. Times in seconds since 1970, 0 for never. */
export interface PeerStatistics {
  readonly id: number;
  /** `host:port`, IPv6 hosts in brackets. */
  readonly address: string;
  /** Our end of the connection. */
  readonly bindAddress: string | undefined;
  /** Our address as the peer sees it. */
  readonly localAddress: string | undefined;
  readonly network: NetworkName;
  readonly services: bigint;
  readonly relaysTransactions: boolean;
  readonly lastInvSequence: bigint;
  readonly invToSend: number;
  readonly lastSend: number;
  readonly lastReceive: number;
  readonly lastTransaction: number;
  readonly lastBlock: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly connectedAt: number;
  readonly timeOffset: number;
  /** Seconds, with fraction. */
  readonly pingTime: number | undefined;
  readonly minPing: number | undefined;
  readonly pingWait: number | undefined;
  readonly version: number;
  readonly userAgent: string;
  readonly inbound: boolean;
  readonly highBandwidthTo: boolean;
  readonly highBandwidthFrom: boolean;
  readonly startingHeight: number;
  readonly presyncedHeaders: number;
  /** Heights both have; -1 while unknown. */
  readonly syncedHeaders: number;
  readonly syncedBlocks: number;
  /** Heights of the blocks asked for and not yet received. */
  readonly inflight: readonly number[];
  readonly addrRelayEnabled: boolean;
  readonly addrProcessed: number;
  readonly addrRateLimited: number;
  readonly permissions: readonly string[];
  /** Satoshis per 1000 vbytes. */
  readonly minFeeFilter: bigint;
  readonly bytesSentPerMessage: ReadonlyMap<string, number>;
  readonly bytesReceivedPerMessage: ReadonlyMap<string, number>;
  readonly connectionType: ConnectionType;
  readonly transport: 'detecting' | 'v1' | 'v2';
  /** Hex; empty without BIP324. */
  readonly sessionId: string;
}

export interface AddedNode {
  readonly node: string;
  readonly connected: { readonly address: string; readonly inbound: boolean } | undefined;
}

/** What commands and the Node interface may ask of the peer-to-peer network. */
export interface PeerNetwork {
  readonly active: boolean;
  setActive(active: boolean): void;
  /** For example `/Bulkhead:0.1.0/`. */
  readonly userAgent: string;
  readonly protocolVersion: number;
  readonly localServices: bigint;
  /** False with -blocksonly. */
  readonly relaysTransactions: boolean;
  /** Median difference of the peers' clocks to ours, seconds. */
  readonly timeOffset: number;
  peers(): readonly PeerStatistics[];
  /** What connections to IPv4 and IPv6 addresses go through. `host` may be a name. */
  readonly proxy: { readonly host: string; readonly port: number; readonly randomCredentials: boolean } | undefined;
  connectionCount(direction?: 'in' | 'out'): number;
  totals(): { readonly bytesReceived: number; readonly bytesSent: number };
  /** Addresses announced to peers. */
  localAddresses(): readonly { readonly address: string; readonly port: number; readonly score: number }[];
  /** Remembers a node to stay connected to. False when it is remembered already. */
  addNode(node: string): boolean;
  /** False when it was not remembered. */
  removeNode(node: string): boolean;
  /** Tries once, without remembering. */
  connectOnce(node: string): void;
  addedNodes(): readonly AddedNode[];
  /** False when there is no such peer. */
  disconnectByAddress(address: string): boolean;
  disconnectById(id: number): boolean;
  pingAll(): void;
  /** Announces a transaction of the mempool to all peers. */
  relayTransaction(tx: Transaction): void;
  /** Subscribes to changes of the peer count and of `active`; returns a function that ends it. */
  subscribe(events: {
    connectionsChanged?(count: number): void;
    activeChanged?(active: boolean): void;
  }): () => void;
}

/** Block making, as commands and the Mining interface use it. */
export interface Miner {
  /**
   * Makes blocks on the tip, one after another, from the mempool, and submits them.
   * @returns the hashes, internal byte order; fewer than `count` when `maxTries` nonces were used up.
   */
  generate(scriptPubKey: Uint8Array, count: number, maxTries: number): Promise<readonly Uint8Array[]>;
  /**
   * Makes one block on the tip with exactly these transactions after the coinbase, and does not submit it.
   * @throws Error with the reason when the block would be invalid.
   */
  assemble(scriptPubKey: Uint8Array, transactions: readonly Transaction[]): Promise<Block>;
  /** The block with a nonce that meets its target; undefined when `maxTries` were used up. */
  solve(block: Block, maxTries: number): Block | undefined;
  /** A block on the tip with what pays best in the mempool, that lacks only its nonce. */
  template(scriptPubKey: Uint8Array, options?: TemplateOptions): Promise<BlockTemplate>;
  /** Target in compact form that the block after the tip must have, if made now. */
  nextBits(): number;
  /** Weight and transactions (coinbase excluded) of the last block assembled, if any. */
  readonly lastTemplate: { readonly weight: number; readonly transactions: number } | undefined;
  /** -blockmintxfee, satoshis per 1000 vbytes. */
  readonly minFeeRate: bigint;
}

/** Everything the commands of the node work on. */
export interface RpcContext {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  /** Undefined when the node runs without peer-to-peer networking. */
  readonly network: PeerNetwork | undefined;
  /** Undefined without peer-to-peer networking. */
  readonly bans: BanList | undefined;
  readonly miner: Miner | undefined;
  readonly clock: Clock;
  readonly log: LogControl;
  readonly options: OptionValues;
  /** Milliseconds since 1970 at which the node was started. */
  readonly startedAt: number;
  /** Bytes of blocks and undo data on disk. */
  blocksOnDisk(): number;
  /** What the operator should know, in plain words; usually empty. */
  warnings(): readonly string[];
  /** Asks the program to end; returns at once. */
  requestShutdown(): void;
  /** Resolves when those who follow the mempool, wallets above all, have been told everything so far. */
  notificationsDelivered(): Promise<void>;
  /** Aborted when the program ends: commands that wait give up. */
  readonly stopping: AbortSignal;
}
