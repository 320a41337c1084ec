// Generated from mining.capnp, sha256 76b83e28e9f6ded8. To change it: "npm run generate".

/** Making blocks. */

import type { BlockRef } from './common.js';

/** Satoshis that will ever be. */
export const maxMoney = 2100000000000000n;

/** As a time: for ever. */
export const maxDouble = 1.7976931348623157e+308;

/** Weight units. */
export const defaultBlockReservedWeight = 8000n;

/** Signature operation cost. */
export const defaultCoinbaseOutputMaxAdditionalSigops = 400n;

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
   * gives the tip; undefined if the node is shutting down or the wait was interrupted.
   * Aborting `signal` gives the call up.
   */
  waitTipChanged(
    currentTip: Uint8Array,
    timeout: number,
    signal?: AbortSignal,
  ): Promise<BlockRef | undefined>;

  /**
   * A template for the next block; undefined if the node is shutting down or the wait was
   * interrupted. With cooldown it is waited for until the node has caught up with the network;
   * undefined, from callers that do not know it, counts as false.
   * Aborting `signal` gives the call up.
   */
  createNewBlock(
    options: BlockCreateOptions,
    cooldown: boolean | undefined,
    signal?: AbortSignal,
  ): Promise<BlockTemplate | undefined>;

  /**
   * Validates a serialized block on top of the tip without connecting it. `reason` is the reject
   * reason of BIP22, `debug` adds detail.
   */
  checkBlock(
    block: Uint8Array,
    options: BlockCheckOptions,
  ): Promise<{ readonly reason: string; readonly debug: string; readonly result: boolean }>;

  /** Ends running waits of waitTipChanged and createNewBlock, or the next if there are none. */
  interrupt(): Promise<void>;

  /**
   * Submits a complete serialized block. `result` says whether it became the tip; `reason` is
   * "duplicate" for a known block, "inconclusive" for one that did not become the tip, or else the
   * reject reason of BIP22.
   */
  submitBlock(block: Uint8Array): Promise<{
    readonly reason: string;
    readonly debug: string;
    readonly result: boolean;
  }>;

  /**
   * Serialized transactions of the mempool by id (32 bytes, internal byte order), each empty if it
   * is not there.
   */
  getTransactionsByTxID(txids: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;

  /** The same by the hash with witness. */
  getTransactionsByWitnessID(wtxids: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
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

  /** submitSolution of an earlier version. True also for a block that was known before. */
  submitSolutionOld7(
    version: number,
    timestamp: number,
    nonce: number,
    coinbase: Uint8Array,
  ): Promise<boolean>;

  /**
   * Waits for a template with higher fees or on a new tip; undefined on timeout or interruption.
   * Aborting `signal` gives the call up.
   */
  waitNext(options: BlockWaitOptions, signal?: AbortSignal): Promise<BlockTemplate | undefined>;

  /** Ends running calls of waitNext, or the next if there are none. */
  interruptWait(): Promise<void>;

  /**
   * Puts the header fields and the serialized coinbase (with witness) into the block and submits
   * it. The results are those of Mining.submitBlock.
   */
  submitSolution(
    version: number,
    timestamp: number,
    nonce: number,
    coinbase: Uint8Array,
  ): Promise<{ readonly reason: string; readonly debug: string; readonly result: boolean }>;
}

/** How to build a template. */
export interface BlockCreateOptions {
  /** Whether to include transactions from the mempool. Default: true. */
  readonly useMempool?: boolean | undefined;
  /** Weight kept free for the header and the coinbase. Default: 8000. */
  readonly blockReservedWeight?: bigint | undefined;
  /** Signature operation cost kept free for coinbase outputs. Default: 400. */
  readonly coinbaseOutputMaxAdditionalSigops?: bigint | undefined;
}

/** When a new template is worth returning. */
export interface BlockWaitOptions {
  /** Milliseconds. Default: 1.7976931348623157e+308. */
  readonly timeout?: number | undefined;
  /**
   * Satoshis by which the fees must rise. All the money there is: only a new tip counts. Default:
   * 2100000000000000.
   */
  readonly feeThreshold?: bigint | undefined;
}

/** Which checks to make. */
export interface BlockCheckOptions {
  /** Default: true. */
  readonly checkMerkleRoot?: boolean | undefined;
  /** Default: true. */
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
