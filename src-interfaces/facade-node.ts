/** What the window shows of the node. */

/** What the node lets this window do. What is not offered is shown as that, and never asked for. */
export interface NodeOffers {
  /** Wallets can be opened through it. */
  readonly wallets: boolean;
  /** It starts the wallet process again when asked to. */
  readonly restartsWallet: boolean;
  /** It runs commands: console, peers, traffic, mempool. Without them only the tip is known. */
  readonly commands: boolean;
}

export interface SyncState {
  readonly phase:
    | 'loading' // opening databases, loading or reindexing blocks from disk
    | 'connecting' // looking for peers
    | 'headers'
    | 'blocks'
    | 'synced';
  readonly height: number;
  /** Height of the best known header. */
  readonly headers: number;
  readonly tipHash: string;
  readonly tipTime: number;
  /** Verification progress, 0 to 1. */
  readonly progress: number;
  readonly secondsLeft: number | null;
}

export interface NetworkState {
  readonly active: boolean;
  readonly inbound: number;
  readonly outbound: number;
  readonly localAddresses: readonly string[];
  readonly userAgent: string;
}

export interface MempoolState {
  readonly count: number;
  /** Virtual bytes of all transactions. */
  readonly vsize: number;
  readonly usageBytes: number;
  readonly maxUsageBytes: number;
  /** sat/vB a transaction must pay to enter. */
  readonly minFeeRate: number;
  /** Waiting virtual bytes by fee rate band, lowest first; empty when not known. */
  readonly bands: readonly { readonly fromRate: number; readonly vsize: number }[];
}

/** Totals since the node started, sampled by main once a second while `node.watch` is on. */
export interface TrafficSample {
  readonly timeMilliseconds: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export interface Peer {
  readonly id: number;
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  /** Core's connection type: `outbound-full-relay`, `block-relay-only`, `inbound`, `manual`, … */
  readonly connectionType: string;
  readonly transport: 'v1' | 'v2' | 'detecting';
  /** ipv4, ipv6, onion, i2p, cjdns, not_publicly_routable */
  readonly network: string;
  readonly userAgent: string;
  readonly version: number;
  readonly services: readonly string[];
  readonly connectedAt: number;
  readonly pingMilliseconds: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly startingHeight: number;
  readonly syncedBlocks: number;
  readonly relaysTransactions: boolean;
}

export interface Ban {
  readonly subnet: string;
  readonly until: number;
}

export interface BlockSummary {
  readonly height: number;
  readonly hash: string;
  readonly time: number;
}

export interface NodeState {
  readonly offers: NodeOffers;
  readonly sync: SyncState;
  readonly network: NetworkState;
  readonly mempool: MempoolState;
  /** Kept fresh only while `node.watch` is on. */
  readonly peers: readonly Peer[];
  readonly bans: readonly Ban[];
  /** Oldest first, at most 600; grows only while `node.watch` is on. */
  readonly traffic: readonly TrafficSample[];
  readonly warnings: readonly string[];
  /** Newest first, at most 200; at least those seen since the window opened. */
  readonly recentBlocks: readonly BlockSummary[];
}

/** JSON text as the server wrote it: parsing would lose digits of large numbers. */
export interface ConsoleReply {
  readonly json: string;
}
