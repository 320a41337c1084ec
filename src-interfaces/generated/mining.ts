// Generated from mining.capnp, sha256 61a3d2405a17014e. To change it: "npm run generate".

/** Making blocks. */

import type { BlockRef } from './common.js';

/** Block templates, and waiting for the tip. */
export interface Mining {
  /** Whether the chain is one of the test chains. */
  isTestChain(): Promise<boolean>;

  /** Whether the node is still catching up with the network. */
  isInitialBlockDownload(): Promise<boolean>;

  /** The active chain's last block; undefined before there is one. */
  getTip(): Promise<BlockRef | undefined>;

  /**
   * Waits until the tip's hash (32 bytes) is not currentTip, at most `timeout` milliseconds, and
   * gives the tip; undefined if the node is shutting down.
   */
  waitTipChanged(currentTip: Uint8Array, timeout: number): Promise<BlockRef | undefined>;

  /** A template for the next block; undefined if the node is shutting down. */
  createNewBlock(options: BlockCreateOptions): Promise<BlockTemplate | undefined>;

  /**
   * Validates a serialized block on top of the tip without connecting it. `reason` is the reject
   * reason of BIP22, `debug` adds detail.
   */
  checkBlock(
    block: Uint8Array,
    options: BlockCheckOptions,
  ): Promise<{ readonly reason: string; readonly debug: string; readonly result: boolean }>;
}

/** A block to be solved. */
export interface BlockTemplate {
  /** Drops the template. */
  destroy(): Promise<void>;

  /** The header, 80 bytes. */
  getBlockHeader(): Promise<Uint8Array>;

  /** The serialized block, with a placeholder for the coinbase. */
  getBlock(): Promise<Uint8Array>;

  /** Fee of each transaction but the coinbase, satoshis. */
  getTxFees(): Promise<readonly bigint[]>;

  /** Signature operation cost of each transaction but the coinbase. */
  getTxSigops(): Promise<readonly bigint[]>;

  /** What the coinbase transaction must contain. */
  getCoinbaseTx(): Promise<CoinbaseTx>;

  /** Merkle branch of the coinbase, deepest first, 32 bytes each, internal byte order. */
  getCoinbaseMerklePath(): Promise<readonly Uint8Array[]>;

  /**
   * Puts the header fields and the serialized coinbase (with witness) into the block and submits
   * it. True if it was processed.
   */
  submitSolution(
    version: number,
    timestamp: number,
    nonce: number,
    coinbase: Uint8Array,
  ): Promise<boolean>;

  /**
   * Waits for a template with higher fees or on a new tip; undefined on timeout or interruption.
   */
  waitNext(options: BlockWaitOptions): Promise<BlockTemplate | undefined>;

  /** Ends a running waitNext. */
  interruptWait(): Promise<void>;
}

/** How to build a template. */
export interface BlockCreateOptions {
  /** Whether to include transactions from the mempool. */
  readonly useMempool?: boolean | undefined;
  /** Weight kept free for the header and the coinbase. */
  readonly blockReservedWeight?: bigint | undefined;
  /** Signature operation cost kept free for coinbase outputs. */
  readonly coinbaseOutputMaxAdditionalSigops?: bigint | undefined;
}

/** When a new template is worth returning. */
export interface BlockWaitOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  /**
   * Satoshis by which the fees must rise. The default is all the money there is: only a new tip
   * counts.
   */
  readonly feeThreshold?: bigint | undefined;
}

/** Which checks to make. */
export interface BlockCheckOptions {
  readonly checkMerkleRoot?: boolean | undefined;
  readonly checkPow?: boolean | undefined;
}

/** The parts of a coinbase transaction that the template fixes. */
export interface CoinbaseTx {
  readonly version: number;
  /** Sequence number of the only input. */
  readonly sequence: number;
  /** Script bytes the input must begin with. */
  readonly scriptSigPrefix: Uint8Array;
  /** The input's witness item, 32 bytes; undefined if it needs none. */
  readonly witness?: Uint8Array | undefined;
  /** Satoshis left for outputs of the miner's choice. */
  readonly blockRewardRemaining: bigint;
  /** Serialized outputs (amount and script) that must be present. */
  readonly requiredOutputs: readonly Uint8Array[];
  readonly lockTime: number;
}
