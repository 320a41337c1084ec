import type { Outpoint, Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Chainstate, Coin, CoinsView } from '../kernel/types.js';
import type { PolicyOptions } from '../policy/limits.js';

/** What the mempool needs of the chain. */
export type MempoolChain = Pick<Chainstate, 'tip' | 'coins' | 'initialDownload' | 'subscribe'>;

/** A transaction waiting for a block. Sizes in vbytes, fees in satoshis. */
export interface MempoolEntry {
  readonly tx: Transaction;
  /** Internal byte order. */
  readonly txid: Uint8Array;
  readonly wtxid: Uint8Array;
  /** Seconds since 1970 when it came in. */
  readonly time: number;
  /** Height of the tip when it came in. */
  readonly height: number;
  readonly virtualSize: number;
  readonly weight: number;
  readonly fee: bigint;
  /** `fee` plus what prioritisetransaction added. */
  readonly modifiedFee: bigint;
  readonly sigopCost: number;
  readonly spendsCoinbase: boolean;
  /** The mempool's sequence when it came in; 0 when it came back from a disconnected block. */
  readonly sequence: bigint;
  readonly parents: ReadonlySet<MempoolEntry>;
  readonly children: ReadonlySet<MempoolEntry>;
}

/** Counts, vbytes and satoshis, the entry itself included. */
export interface Package {
  readonly count: number;
  readonly size: number;
  readonly fees: bigint;
}

/** Why a transaction left. Numbers are those of Bitcoin Core's MemPoolRemovalReason. */
export type RemovalReason = 'expiry' | 'sizelimit' | 'reorg' | 'block' | 'conflict' | 'replaced';

/** Transactions that are best mined together, parents before children. */
export interface MempoolChunk {
  readonly entries: readonly MempoolEntry[];
  /** Satoshis, priorities included. */
  readonly fee: bigint;
  /** Weight units, adjusted for signature operations. */
  readonly size: number;
}

export type AcceptOutcome =
  | { readonly accepted: true; readonly entry: MempoolEntry; readonly replaced: readonly Transaction[] }
  | {
      readonly accepted: false;
      /** Bitcoin Core's reject reason, for example `min relay fee not met`. */
      readonly reason: string;
      readonly debug: string;
      /** `consensus` and `mutated` are the sender's fault; `missing-inputs` may be an orphan. */
      readonly kind: 'consensus' | 'policy' | 'missing-inputs' | 'mutated' | 'conflict' | 'known' | 'premature';
      /** Refused for its fee alone: another parent, child or fee could change that. */
      readonly reconsiderable?: boolean;
    };

export interface MempoolEvents {
  added(event: { entry: MempoolEntry }): void;
  /** Not sent with reason `block` before the block's own event. */
  removed(event: { tx: Transaction; reason: RemovalReason }): void;
}

/** Valid unconfirmed transactions, checked against the chain's tip. */
export interface Mempool {
  readonly size: number;
  /** Sum of virtual sizes, vbytes. */
  readonly totalVirtualSize: number;
  readonly totalFee: bigint;
  /** Estimated memory in bytes, and its limit. */
  readonly memoryUsage: number;
  readonly maxMemory: number;
  /** Feerate above what was evicted lately, satoshis per 1000 vbytes; 0 when nothing was. */
  readonly evictionFeeRate: bigint;
  /** Lowest feerate taken now, satoshis per 1000 vbytes; and the configured ones. */
  readonly minFeeRate: bigint;
  readonly minRelayFeeRate: bigint;
  readonly incrementalFeeRate: bigint;
  readonly dustRelayFeeRate: bigint;
  get(txid: Uint8Array): MempoolEntry | undefined;
  getByWtxid(wtxid: Uint8Array): MempoolEntry | undefined;
  entries(): Iterable<MempoolEntry>;
  /** The entry that spends an outpoint. */
  spender(outpoint: Outpoint): MempoolEntry | undefined;
  /** Coins of the chain and of the mempool (height 0x7fffffff), minus those the mempool spends. */
  readonly coins: CoinsView;
  getCoin(outpoint: Outpoint): Coin | undefined;
  ancestors(entry: MempoolEntry): ReadonlySet<MempoolEntry>;
  descendants(entry: MempoolEntry): ReadonlySet<MempoolEntry>;
  ancestorPackage(entry: MempoolEntry): Package;
  descendantPackage(entry: MempoolEntry): Package;
  /** The entry's cluster (all it is connected with) in the order it is best mined, by falling feerate. */
  clusterChunks(entry: MempoolEntry): readonly MempoolChunk[];
  /** The whole mempool by falling feerate, parents before children: the order to mine it in. */
  chunks(): readonly MempoolChunk[];
  readonly policy: PolicyOptions;
  /** Loading the saved mempool has ended. */
  readonly loaded: boolean;
  /** Adds satoshis to what a transaction's fee counts as, here or not yet here. */
  prioritise(txid: Uint8Array, delta: bigint): void;
  /** What `prioritise` added up to, per txid. */
  priorities(): readonly { readonly txid: Uint8Array; readonly feeDelta: bigint }[];
  /** Own transactions no peer has asked for yet. */
  readonly unbroadcastCount: number;
  isUnbroadcast(txid: Uint8Array): boolean;
  unbroadcast(): readonly Uint8Array[];
  /** Remembers to announce an entry until a peer has asked for it. */
  setUnbroadcast(txid: Uint8Array, waiting: boolean): void;
  /** Checks and adds; with `test`, checks only. */
  accept(tx: Transaction, options?: { test?: boolean; bypassLimits?: boolean }): Promise<AcceptOutcome>;
  /** Feerate in satoshis per 1000 vbytes expected to confirm within `target` blocks. */
  estimateFeeRate(target: number, conservative: boolean): { feeRate: bigint | undefined; blocks: number };
  /** Grows with every change. */
  readonly sequence: bigint;
  subscribe(events: Partial<MempoolEvents>): () => void;
  /**
   * Takes back what was saved, skipping what is no longer valid. A missing file is fine.
   * @throws DecodeError when the file is damaged; the mempool counts as loaded all the same.
   */
  load(): Promise<void>;
  /** Writes mempool.dat. Does nothing before `load` has ended. @returns where the file is, if it was written */
  save(): Promise<string | undefined>;
  /** Resolves once the mempool has followed the chain to its tip. */
  settle(): Promise<void>;
  /** Stops following the chain. */
  close(): void;
}
