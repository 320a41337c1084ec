// Generated from chain.capnp, sha256 4a2d60019085af10. To change it: "npm run generate".

/** The block chain and the mempool as a wallet uses them, and what the wallet offers in return. */

import type { BilingualStr, Pair, PairInt64, ResultVoid } from './common.js';
import type { Handler } from './handler.js';

/**
 * A node's active chain, mempool, fee estimates and settings. Hashes are 32 bytes in internal byte
 * order; transactions and blocks are serialized with witness.
 */
export interface Chain {
  /** Ends the object's life. No call may follow. */
  destroy(): Promise<void>;

  /** Height of the tip, 0 for the genesis block; undefined before there is a block. */
  getHeight(): Promise<number | undefined>;

  /** Hash of the active chain's block at `height`, which must not be above the tip. */
  getBlockHash(height: number): Promise<Uint8Array>;

  /** Whether the data of the active chain's block at `height` is stored. */
  haveBlockOnDisk(height: number): Promise<boolean>;

  /** Height of the highest active block that a serialized block locator names. */
  findLocatorFork(locator: Uint8Array): Promise<number | undefined>;

  /** Whether the node indexes block filters of that BlockFilterType. */
  hasBlockFilterIndex(filterType: number): Promise<boolean>;

  /** Whether the block's filter (BIP158) matches one of the scripts; undefined without a filter. */
  blockFilterMatchesAny(
    filterType: number,
    blockHash: Uint8Array,
    filterSet: readonly Uint8Array[],
  ): Promise<boolean | undefined>;

  /** Looks a block up. `result` says whether it is known. */
  findBlock(
    hash: Uint8Array,
    block: FoundBlockParam,
  ): Promise<{ readonly block: FoundBlockResult; readonly result: boolean }>;

  /** The first active block whose maximum time so far (seconds) and height are at least these. */
  findFirstBlockWithTimeAndHeight(
    minTime: bigint,
    minHeight: number,
    block: FoundBlockParam,
  ): Promise<{ readonly block: FoundBlockResult; readonly result: boolean }>;

  /** The ancestor of a block at a height. */
  findAncestorByHeight(
    blockHash: Uint8Array,
    ancestorHeight: number,
    ancestor: FoundBlockParam,
  ): Promise<{ readonly ancestor: FoundBlockResult; readonly result: boolean }>;

  /** Whether ancestorHash is an ancestor of blockHash, and what is known about it. */
  findAncestorByHash(
    blockHash: Uint8Array,
    ancestorHash: Uint8Array,
    ancestor: FoundBlockParam,
  ): Promise<{ readonly ancestor: FoundBlockResult; readonly result: boolean }>;

  /** The last block two blocks have in common. True only if all three are known. */
  findCommonAncestor(
    blockHash1: Uint8Array,
    blockHash2: Uint8Array,
    ancestor: FoundBlockParam,
    block1: FoundBlockParam,
    block2: FoundBlockParam,
  ): Promise<{
    readonly ancestor: FoundBlockResult;
    readonly block1: FoundBlockResult;
    readonly block2: FoundBlockResult;
    readonly result: boolean;
  }>;

  /**
   * Looks outputs up in the mempool and the set of unspent outputs. Keys are serialized outpoints
   * (36 bytes), values serialized coins; a value is undefined in the question, and in the answer
   * where the output does not exist or is spent.
   */
  findCoins(
    coins: readonly Pair<Uint8Array, Uint8Array | undefined>[],
  ): Promise<readonly Pair<Uint8Array, Uint8Array | undefined>[]>;

  /** Estimated share (0 to 1) of all transactions that are in the chain up to the block. */
  guessVerificationProgress(blockHash: Uint8Array): Promise<number>;

  /**
   * Whether the data of all ancestors of a block from minHeight to maxHeight is stored. Without
   * maxHeight the range ends at the block.
   */
  hasBlocks(
    blockHash: Uint8Array,
    minHeight: number,
    maxHeight: number | undefined,
  ): Promise<boolean>;

  /** Whether a transaction signals replaceability (BIP125), an RBFTransactionState. */
  isRBFOptIn(tx: Uint8Array): Promise<number>;

  /** Whether the transaction is in the mempool. */
  isInMempool(txid: Uint8Array): Promise<boolean>;

  /** Whether transactions in the mempool spend its outputs. */
  hasDescendantsInMempool(txid: Uint8Array): Promise<boolean>;

  /**
   * Submits a transaction unless its fee is above maxTxFee satoshis. broadcastMethod is a
   * TxBroadcast. `result` is false if it was refused, `error` says why.
   */
  broadcastTransaction(
    tx: Uint8Array,
    maxTxFee: bigint,
    broadcastMethod: number,
  ): Promise<{ readonly error: string; readonly result: boolean }>;

  /**
   * Counts of a mempool transaction's ancestors and of its cluster, both including itself, and the
   * ancestors' virtual size and fees (satoshis). Meaningless unless `ancestors` is above 0.
   */
  getTransactionAncestry(txid: Uint8Array): Promise<{
    readonly ancestors: bigint;
    readonly descendants: bigint;
    readonly ancestorsize: bigint;
    readonly ancestorfees: bigint;
  }>;

  /**
   * Per outpoint (36 bytes), the satoshis it takes to bring its unconfirmed ancestors to a fee
   * rate.
   */
  calculateIndividualBumpFees(
    outpoints: readonly Uint8Array[],
    targetFeerate: Uint8Array,
  ): Promise<readonly PairInt64<Uint8Array>[]>;

  /** The same for all outpoints together; undefined if it cannot be calculated. */
  calculateCombinedBumpFee(
    outpoints: readonly Uint8Array[],
    targetFeerate: Uint8Array,
  ): Promise<bigint | undefined>;

  /** How many ancestors and descendants, itself included, a mempool transaction may have. */
  getPackageLimits(): Promise<{ readonly ancestors: number; readonly descendants: number }>;

  /** Whether a transaction would keep within the mempool's limits on chains of transactions. */
  checkChainLimits(tx: Uint8Array): Promise<ResultVoid>;

  /**
   * A fee rate (12 bytes: satoshis i64, virtual bytes i32) for confirmation within numBlocks; 0/0
   * if there is no estimate.
   * With `wantCalc` false `calc` is left empty.
   */
  estimateSmartFee(
    numBlocks: number,
    conservative: boolean,
    wantCalc?: boolean,
  ): Promise<{ readonly calc: FeeCalculation; readonly result: Uint8Array }>;

  /** The longest confirmation target with estimates. */
  estimateMaxBlocks(): Promise<number>;

  /**
   * The fee rate (12 bytes) that a full mempool asks for above relayMinFee; 0 while nothing was
   * evicted lately.
   */
  mempoolMinFee(): Promise<Uint8Array>;

  /** The fee rate (12 bytes) of -minrelaytxfee. */
  relayMinFee(): Promise<Uint8Array>;

  /** The fee rate (12 bytes) of -incrementalrelayfee. */
  relayIncrementalFee(): Promise<Uint8Array>;

  /** The fee rate (12 bytes) of -dustrelayfee. */
  relayDustFee(): Promise<Uint8Array>;

  /** Whether block files were deleted by pruning. */
  havePruned(): Promise<boolean>;

  /** Height of the last pruned block. */
  getPruneHeight(): Promise<number | undefined>;

  /** Whether the node is neither importing blocks nor catching up with the network. */
  isReadyToBroadcast(): Promise<boolean>;

  /** Whether the node is still catching up with the network. */
  isInitialBlockDownload(): Promise<boolean>;

  /** Whether the node was asked to stop. */
  shutdownRequested(): Promise<boolean>;

  /** Shows a progress message of the start. */
  initMessage(message: string): Promise<void>;

  /** Shows a warning. */
  initWarning(message: BilingualStr): Promise<void>;

  /** Shows an error. */
  initError(message: BilingualStr): Promise<void>;

  /** Shows progress in percent; 100 means done. */
  showProgress(title: string, progress: number, resumePossible: boolean): Promise<void>;

  /** Subscribes to changes of chain and mempool. */
  handleNotifications(notifications: ChainNotifications): Promise<Handler>;

  /**
   * Waits until all notifications so far are delivered, unless oldTip is the tip. 32 zero bytes
   * mean: wait in any case.
   */
  waitForNotificationsIfTipChanged(oldTip: Uint8Array): Promise<void>;

  /** Adds a command to the node's JSON-RPC server until the handler is destroyed. */
  handleRpc(command: RPCCommand): Promise<Handler>;

  /** Whether -deprecatedrpc names the method. */
  rpcEnableDeprecated(method: string): Promise<boolean>;

  /** The effective value of a setting, JSON ("null" if it is not set). */
  getSetting(name: string): Promise<string>;

  /** All values of a setting, JSON each. */
  getSettingsList(name: string): Promise<readonly string[]>;

  /** The value in settings.json, JSON ("null" if it is not set). */
  getRwSetting(name: string): Promise<string>;

  /** Replaces a value of settings.json by what `update` makes of it, as one step. */
  updateRwSetting(name: string, update: SettingsUpdateCallback): Promise<boolean>;

  /** Sets a value of settings.json; JSON null removes it. `action` is a SettingsAction. */
  overwriteRwSetting(name: string, value: string, action: number): Promise<boolean>;

  /** Removes a value of settings.json. `action` is a SettingsAction. */
  deleteRwSettings(name: string, action: number): Promise<boolean>;

  /** Reports every transaction of the mempool to `notifications`, then destroys that reference. */
  requestMempoolTransactions(notifications: ChainNotifications): Promise<void>;

  /** Whether a snapshot's chain state is in use. */
  hasAssumedValidChain(): Promise<boolean>;
}

/** Receives changes of chain and mempool, one at a time and in order. */
export interface ChainNotifications {
  /** The receiver is no longer referenced. */
  destroy(): Promise<void>;

  /** A serialized transaction came into the mempool. */
  transactionAddedToMempool(tx: Uint8Array): Promise<void>;

  /** A transaction left the mempool other than into a block. `reason` is a MemPoolRemovalReason. */
  transactionRemovedFromMempool(tx: Uint8Array, reason: number): Promise<void>;

  /** A block became part of the chain; its data is included. */
  blockConnected(role: ChainstateRole, block: BlockInfo): Promise<void>;

  /** The last block left the chain; its data is included. */
  blockDisconnected(block: BlockInfo): Promise<void>;

  /** The active tip changed. */
  updatedBlockTip(): Promise<void>;

  /** The chain state was saved up to the serialized block locator. */
  chainStateFlushed(role: ChainstateRole, locator: Uint8Array): Promise<void>;
}

/** A part of the system that lives on a Chain and that the node starts and stops with itself. */
export interface ChainClient {
  /** Ends the object's life. No call may follow. */
  destroy(): Promise<void>;

  /** Adds the client's commands through Chain.handleRpc. */
  registerRpcs(): Promise<void>;

  /**
   * Checks the configuration. False, after an error message to the Chain, stops the node's start.
   */
  verify(): Promise<boolean>;

  /** Loads the data. False, after an error message to the Chain, stops the node's start. */
  load(): Promise<boolean>;

  /** Begins periodic work. */
  start(): Promise<void>;

  /** Ends all work and saves everything. */
  stop(): Promise<void>;

  /** Sets the clock used in tests, in seconds; 0 is the real clock. */
  setMockTime(time: bigint): Promise<void>;

  /** Moves the scheduler's clock forward, in tests. */
  schedulerMockForward(deltaSeconds: bigint): Promise<void>;
}

/** Runs a JSON-RPC command. */
export interface ActorCallback {
  /**
   * `response` (JSON) is replaced by the command's result. lastCallback says that no other handler
   * of the same command follows. `result` false means: not handled here, try the next.
   * Throws RpcFailure, TypeFailure, HelpResult (errors.ts).
   */
  (
    request: JSONRPCRequest,
    response: string,
    lastCallback: boolean,
  ): Promise<{ readonly response: string; readonly result: boolean }>;
}

/** Changes a setting. */
export interface SettingsUpdateCallback {
  /**
   * From the value (JSON) makes the new one. `result` is a SettingsAction; undefined means: do not
   * write.
   */
  (value: string): Promise<{ readonly value: string; readonly result: number | undefined }>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** How a fee rate was found. */
export interface FeeCalculation {
  readonly est: EstimationResult;
  /** A FeeReason. */
  readonly reason: number;
  /** Blocks asked for. */
  readonly desiredTarget: number;
  /** Blocks the answer is for. */
  readonly returnedTarget: number;
  /** Height of the estimator's last block. */
  readonly bestHeight: number;
}

/** The buckets between which an estimate was found. */
export interface EstimationResult {
  readonly pass: EstimatorBucket;
  readonly fail: EstimatorBucket;
  readonly decay: number;
  readonly scale: number;
}

/** A range of fee rates, and how transactions paying them fared. */
export interface EstimatorBucket {
  readonly start: number;
  readonly end: number;
  readonly withinTarget: number;
  readonly totalConfirmed: number;
  readonly inMempool: number;
  readonly leftMempool: number;
}

/** A JSON-RPC command offered to the node. */
export interface RPCCommand {
  /** Heading in the list of commands. */
  readonly category: string;
  readonly name: string;
  /** Runs the command. */
  readonly actor: ActorCallback;
  /** Arguments in order, so that the node can put named arguments in their places. */
  readonly argNames: readonly RPCArg[];
  /** Tells commands of the same name apart. */
  readonly uniqueId: bigint;
}

/** An argument of a command. */
export interface RPCArg {
  /** Names by which it may be given, separated by "|". */
  readonly name: string;
  /** It has no place of its own: only the name gives it. */
  readonly namedOnly: boolean;
}

/** A JSON-RPC request as the server received it. */
export interface JSONRPCRequest {
  /** JSON; undefined for a notification, "null" for a null id. */
  readonly id?: string | undefined;
  readonly method: string;
  /** JSON. */
  readonly params: string;
  /** A JSONRPCRequestMode. */
  readonly mode: number;
  /** Path of the HTTP request. */
  readonly uri: string;
  readonly authUser: string;
  readonly peerAddr: string;
  /** A JSONRPCVersion. */
  readonly version: number;
}

/** Which facts about a block are wanted. */
export interface FoundBlockParam {
  readonly wantHash?: boolean | undefined;
  readonly wantHeight?: boolean | undefined;
  readonly wantTime?: boolean | undefined;
  readonly wantMaxTime?: boolean | undefined;
  readonly wantMtpTime?: boolean | undefined;
  readonly wantInActiveChain?: boolean | undefined;
  readonly wantLocator?: boolean | undefined;
  /** Facts wanted about the block that follows in the active chain. */
  readonly nextBlock?: FoundBlockParam | undefined;
  readonly wantData?: boolean | undefined;
}

/** The wanted facts about a block; the others are undefined, 0 or false. */
export interface FoundBlockResult {
  /** 32 bytes, internal byte order. */
  readonly hash?: Uint8Array | undefined;
  readonly height?: number | undefined;
  /** The header's time, seconds. */
  readonly time?: bigint | undefined;
  /** Largest time of this and all earlier headers, seconds. */
  readonly maxTime?: bigint | undefined;
  /** Median time past, seconds. */
  readonly mtpTime?: bigint | undefined;
  readonly inActiveChain?: boolean | undefined;
  /** Serialized block locator that begins at the block. */
  readonly locator?: Uint8Array | undefined;
  readonly nextBlock?: FoundBlockResult | undefined;
  /**
   * The serialized block with witness. For a pruned block the serialization of an empty one: 80
   * zero bytes and a zero count.
   */
  readonly data?: Uint8Array | undefined;
  /** False: the block is unknown and nothing else is set. */
  readonly found: boolean;
}

/** A block that was connected or disconnected. */
export interface BlockInfo {
  /** 32 bytes, internal byte order. */
  readonly hash: Uint8Array;
  /** Hash of the block before; undefined for the genesis block. */
  readonly prevHash?: Uint8Array | undefined;
  readonly height: number;
  /** Number of the block file that holds it. Default: -1. */
  readonly fileNumber?: number | undefined;
  /** Position in the block file. */
  readonly dataPos?: number | undefined;
  /** The serialized block with witness. */
  readonly data?: Uint8Array | undefined;
  /** The serialized outputs that the block spends. */
  readonly undoData?: Uint8Array | undefined;
  /** Largest time of this and all earlier headers, seconds. */
  readonly chainTimeMax: number;
}

/** Which chain state a notification is about. */
export interface ChainstateRole {
  /** It was validated from the genesis block on. */
  readonly validated: boolean;
  /** It fills in the history behind a snapshot. */
  readonly historical: boolean;
}
