import type { Block, BlockHeader } from '../../src-bitcoin/primitives/block.js';
import type { Outpoint, Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';

/** One header known to the node. Entries are shared and live as long as the node. */
export interface BlockIndex {
  /** Internal byte order. */
  readonly hash: Uint8Array;
  readonly header: BlockHeader;
  readonly height: number;
  readonly prev: BlockIndex | undefined;
  /** Total work of the chain up to and with this block. */
  readonly chainWork: bigint;
  /** Highest block time (seconds) up to and with this block. */
  readonly timeMax: number;
  /** Transactions in this block; 0 while only the header is known. */
  readonly txCount: number;
  /** Transactions in the chain up to and with this block; 0 while any block below is missing. */
  readonly chainTxCount: number;
  /** The block's data is on disk. */
  readonly haveData: boolean;
  readonly haveUndo: boolean;
  /** This block or an ancestor is known to be invalid. */
  readonly failed: boolean;
  /** Scripts and everything else of this block were checked at some time. */
  readonly validScripts: boolean;
  /** Block file number and the byte offset of the block in it, when `haveData`. */
  readonly file: number;
  readonly dataPos: number;
  /** Ancestor at a height of at most this block's; undefined above it. Logarithmic. */
  ancestor(height: number): BlockIndex | undefined;
  /** Median of the times of the last 11 blocks, seconds. */
  medianTimePast(): number;
}

/** An unspent output with where it came from. */
export interface Coin {
  /** Satoshis. */
  readonly value: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly height: number;
  readonly coinbase: boolean;
}

/** Reads unspent outputs. Synchronous: callers hold no lock across a turn of the event loop. */
export interface CoinsView {
  getCoin(outpoint: Outpoint): Coin | undefined;
  hasCoin(outpoint: Outpoint): boolean;
}

/**
 * Hears of each coin that comes into the cache of unspent outputs, is spent, or is dropped to make room. Outputs made
 * and spent by the same block never come into it. Called in the middle of the work: must be quick and not throw.
 */
export type CoinsTrace = (event: 'add' | 'spend' | 'uncache', outpoint: Outpoint, coin: Coin) => void;

/** How a block or transaction broke a rule. `reason` is Bitcoin Core's reject reason. */
export interface ValidationFailure {
  readonly kind:
    | 'consensus'
    | 'mutated'
    | 'cached-invalid'
    | 'invalid-header'
    | 'missing-prev'
    | 'invalid-prev'
    | 'time-future'
    | 'low-work';
  /** For example `bad-txns-inputs-missingorspent`. */
  readonly reason: string;
  /** More words for the log; may be empty. */
  readonly debug: string;
}

export type BlockOutcome =
  | { readonly accepted: true; readonly index: BlockIndex; readonly isNew: boolean }
  | { readonly accepted: false; readonly failure: ValidationFailure };

/** Checks that a block fails while a miner is still at work on it; not made unless asked for. */
export interface OpenBlockChecks {
  readonly proofOfWork?: boolean;
  readonly merkleRoot?: boolean;
}

/** What listeners are told, in order, one at a time, after the state has changed. */
export interface ChainEvents {
  blockConnected(event: { block: Block; index: BlockIndex }): void;
  blockDisconnected(event: { block: Block; index: BlockIndex }): void;
  /** After a batch of connects and disconnects. `fork` is the last block both tips share. */
  tipChanged(event: { tip: BlockIndex; fork: BlockIndex | undefined; initialDownload: boolean }): void;
  headerTipChanged(event: { header: BlockIndex; initialDownload: boolean }): void;
  /** Everything up to `tip` has been written to disk. */
  flushed(event: { tip: BlockIndex }): void;
  /** A block was fully checked, as the first answer to who sent it. */
  blockChecked(event: { hash: Uint8Array; failure: ValidationFailure | undefined }): void;
}

/** Totals of `gettxoutsetinfo`. Hashes in internal byte order. */
export interface UtxoSetStatistics {
  readonly height: number;
  readonly bestBlock: Uint8Array;
  readonly transactions: number;
  readonly outputs: number;
  readonly bogoSize: bigint;
  readonly hash: Uint8Array | undefined;
  readonly diskSize: bigint;
  readonly totalAmount: bigint;
}

/**
 * The block tree, the active chain and its unspent outputs. The one writer of chain state:
 * calls that change it are queued and run one after another.
 */
export interface Chainstate {
  readonly params: ChainParams;
  /** Tip of the active chain. The genesis block is always there once opened. */
  readonly tip: BlockIndex;
  /** The header with most work that is not known to be invalid. */
  readonly bestHeader: BlockIndex;
  /** Unspent outputs at the tip. */
  readonly coins: CoinsView;
  /** Tells of changes of the coins in memory; returns a function that ends it. */
  traceCoins(trace: CoinsTrace): () => void;
  /** True until the tip is recent and has enough work; never true again after that. */
  readonly initialDownload: boolean;
  /** Number of headers known. */
  readonly headerCount: number;
  lookup(hash: Uint8Array): BlockIndex | undefined;
  /** Block of the active chain at a height. */
  atHeight(height: number): BlockIndex | undefined;
  isActive(index: BlockIndex): boolean;
  /** Estimated share (0 to 1) of all transactions verified at `index`. `now` in seconds. */
  verificationProgress(index: BlockIndex): number;
  /** All leaves of the block tree. */
  tips(): readonly BlockIndex[];
  /** Checks and stores headers that build on known ones. Stops at the first bad one. */
  acceptHeaders(headers: readonly BlockHeader[]): Promise<
    | { readonly accepted: true; readonly last: BlockIndex | undefined }
    | { readonly accepted: false; readonly last: BlockIndex | undefined; readonly failure: ValidationFailure }
  >;
  /**
   * Checks, stores and, when it has most work, connects a block; then returns.
   * @param force store it even when its chain has less work than the tip (submitted, not relayed).
   */
  processBlock(block: Block, options?: { force?: boolean }): Promise<BlockOutcome>;
  /** Checks a block as if it came next on the tip; stores nothing. */
  testBlock(block: Block, checks?: OpenBlockChecks): Promise<ValidationFailure | undefined>;
  /** Marks a block invalid / forgets that it is, and moves to the best valid chain. */
  invalidateBlock(index: BlockIndex): Promise<void>;
  reconsiderBlock(index: BlockIndex): Promise<void>;
  /** @throws when the data is not on disk or damaged. */
  readBlock(index: BlockIndex): Promise<Block>;
  /** Serialized block as stored. */
  readRawBlock(index: BlockIndex): Promise<Uint8Array>;
  /** Coins spent by each non-coinbase transaction of a block, per input; for fees and prevouts. */
  readUndo(index: BlockIndex): Promise<readonly (readonly Coin[])[]>;
  /** Imports a file in the layout of blkNNNNN.dat, as `-loadblock` does. Returns blocks accepted. */
  importBlockFile(path: string, signal?: AbortSignal): Promise<number>;
  /**
   * Shows every unspent output as of now; blocks that come meanwhile do not disturb.
   * @param look returns false to end it
   * @returns the tip as of which it was
   */
  scanCoins(look: (outpoint: Outpoint, coin: Coin) => boolean): Promise<BlockIndex>;
  utxoSetStatistics(hashType: 'none' | 'hash_serialized_3' | 'muhash'): Promise<UtxoSetStatistics>;
  /** Writes everything to disk. */
  flush(): Promise<void>;
  /** Stops after the block being worked on, flushes and closes the files. */
  close(): Promise<void>;
  /** Subscribes; returns a function that ends the subscription. Missing methods are skipped. */
  subscribe(events: Partial<ChainEvents>): () => void;
}

/** Block space and script checks the next block would get: what mempool and miner need. */
export interface NextBlockContext {
  readonly height: number;
  /** Median time past of the tip, seconds: what BIP113 compares locktimes with. */
  readonly medianTimePast: number;
  /** Script verification flags, consensus only. */
  readonly scriptFlags: number;
}

export type { Block, BlockHeader, Outpoint, Transaction };
