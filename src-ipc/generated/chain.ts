// Generated from chain.capnp, sha256 4a2d60019085af10. To change it: "npm run generate".

import type {
  ActorCallback,
  BlockInfo,
  Chain,
  ChainClient,
  ChainNotifications,
  ChainstateRole,
  EstimationResult,
  EstimatorBucket,
  FeeCalculation,
  FoundBlockParam,
  FoundBlockResult,
  JSONRPCRequest,
  RPCArg,
  RPCCommand,
  SettingsUpdateCallback,
} from '../../src-interfaces/generated/chain.js';
import type {
  BilingualStr,
  Pair,
  PairInt64,
  ResultVoid,
} from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import {
  at,
  bytes,
  capability,
  data,
  lazy,
  list,
  nothing,
  nullable,
  only,
  optional,
  present,
  secret,
  struct,
  text,
  type StructCodec,
} from '../proxy/codec.js';
import { errorText, helpResult, rpcFailure, typeFailure } from '../proxy/error-channel.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';
import { bool, float64, int32, int64, uint32, uint64, uint8 } from '../proxy/scalar.js';
import { serveWanted, want, wanted } from '../proxy/wanted.js';
import { bilingualStrCodec, pairCodec, pairInt64Codec, resultVoidCodec } from './common.js';
import { handlerInterface } from './handler.js';

export const estimatorBucketCodec: StructCodec<EstimatorBucket> = struct(6, 0, {
  start: float64(0),
  end: float64(8),
  withinTarget: float64(16),
  totalConfirmed: float64(24),
  inMempool: float64(32),
  leftMempool: float64(40),
});

export const estimationResultCodec: StructCodec<EstimationResult> = struct(2, 2, {
  pass: at(0, estimatorBucketCodec),
  fail: at(1, estimatorBucketCodec),
  decay: float64(0),
  scale: uint32(8),
});

export const feeCalculationCodec: StructCodec<FeeCalculation> = struct(2, 1, {
  est: at(0, estimationResultCodec),
  reason: int32(0),
  desiredTarget: int32(4),
  returnedTarget: int32(8),
  bestHeight: uint32(12),
});

export const rpcArgCodec: StructCodec<RPCArg> = struct(1, 1, {
  name: at(0, text),
  namedOnly: bool(0),
});

export const rpcCommandCodec: StructCodec<RPCCommand> = struct(1, 4, {
  category: at(0, text),
  name: at(1, text),
  actor: at(2, capability(() => actorCallbackInterface)),
  argNames: at(3, list(rpcArgCodec)),
  uniqueId: int64(0),
});

export const jsonrpcRequestCodec: StructCodec<JSONRPCRequest> = struct(1, 6, {
  id: at(0, nullable(text)),
  method: at(1, text),
  params: at(2, secret(text)),
  mode: int32(0),
  uri: at(3, text),
  authUser: at(4, text),
  peerAddr: at(5, text),
  version: int32(4),
});

export const foundBlockParamCodec: StructCodec<FoundBlockParam> = struct(1, 1, {
  wantHash: optional(bool(0)),
  wantHeight: optional(bool(1)),
  wantTime: optional(bool(2)),
  wantMaxTime: optional(bool(3)),
  wantMtpTime: optional(bool(4)),
  wantInActiveChain: optional(bool(5)),
  wantLocator: optional(bool(6)),
  nextBlock: at(0, nullable(lazy(() => foundBlockParamCodec))),
  wantData: optional(bool(7)),
});

export const foundBlockResultCodec: StructCodec<FoundBlockResult> = struct(4, 4, {
  hash: at(0, nullable(bytes(32, 'hash'))),
  height: optional(int32(0)),
  time: optional(int64(8)),
  maxTime: optional(int64(16)),
  mtpTime: optional(int64(24)),
  inActiveChain: optional(bool(32)),
  locator: at(1, nullable(data)),
  nextBlock: at(2, nullable(lazy(() => foundBlockResultCodec))),
  data: at(3, nullable(data)),
  found: bool(33),
});

export const blockInfoCodec: StructCodec<BlockInfo> = struct(2, 4, {
  hash: at(0, bytes(32, 'hash')),
  prevHash: at(1, nullable(bytes(32, 'prevHash'))),
  height: int32(0, -1),
  fileNumber: optional(int32(4, -1)),
  dataPos: optional(uint32(8)),
  data: at(2, nullable(data)),
  undoData: at(3, nullable(data)),
  chainTimeMax: uint32(12),
});

export const chainstateRoleCodec: StructCodec<ChainstateRole> = struct(1, 0, {
  validated: bool(0),
  historical: bool(1),
});

const CHAIN = { id: 0xddfb1d54c24414b3n, name: 'Chain' };

const chainMethods = {
  destroy: method(CHAIN, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  getHeight: method(CHAIN, 1, 'getHeight', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', present(bool(32), int32(0))),
    context: 0,
  }),
  getBlockHash: method(CHAIN, 2, 'getBlockHash', {
    params: struct(1, 1, { height: int32(0) }),
    results: only(0, 1, 'result', at(0, bytes(32, 'result'))),
    context: 0,
  }),
  haveBlockOnDisk: method(CHAIN, 3, 'haveBlockOnDisk', {
    params: struct(1, 1, { height: int32(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  findLocatorFork: method(CHAIN, 4, 'findLocatorFork', {
    params: struct(0, 2, { locator: at(1, data) }),
    results: only(1, 0, 'result', present(bool(32), int32(0))),
    context: 0,
  }),
  hasBlockFilterIndex: method(CHAIN, 5, 'hasBlockFilterIndex', {
    params: struct(1, 1, { filterType: uint8(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  blockFilterMatchesAny: method(CHAIN, 6, 'blockFilterMatchesAny', {
    params: struct(1, 3, {
      filterType: uint8(0),
      blockHash: at(1, bytes(32, 'blockHash')),
      filterSet: at(2, list(data)),
    }),
    results: only(1, 0, 'result', present(bool(1), bool(0))),
    context: 0,
  }),
  findBlock: method(CHAIN, 7, 'findBlock', {
    params: struct(0, 3, { hash: at(1, bytes(32, 'hash')), block: at(2, foundBlockParamCodec) }),
    results: struct(1, 1, { block: at(0, foundBlockResultCodec), result: bool(0) }),
    context: 0,
  }),
  findFirstBlockWithTimeAndHeight: method(CHAIN, 8, 'findFirstBlockWithTimeAndHeight', {
    params: struct(2, 2, {
      minTime: int64(0),
      minHeight: int32(8),
      block: at(1, foundBlockParamCodec),
    }),
    results: struct(1, 1, { block: at(0, foundBlockResultCodec), result: bool(0) }),
    context: 0,
  }),
  findAncestorByHeight: method(CHAIN, 9, 'findAncestorByHeight', {
    params: struct(1, 3, {
      blockHash: at(1, bytes(32, 'blockHash')),
      ancestorHeight: int32(0),
      ancestor: at(2, foundBlockParamCodec),
    }),
    results: struct(1, 1, { ancestor: at(0, foundBlockResultCodec), result: bool(0) }),
    context: 0,
  }),
  findAncestorByHash: method(CHAIN, 10, 'findAncestorByHash', {
    params: struct(0, 4, {
      blockHash: at(1, bytes(32, 'blockHash')),
      ancestorHash: at(2, bytes(32, 'ancestorHash')),
      ancestor: at(3, foundBlockParamCodec),
    }),
    results: struct(1, 1, { ancestor: at(0, foundBlockResultCodec), result: bool(0) }),
    context: 0,
  }),
  findCommonAncestor: method(CHAIN, 11, 'findCommonAncestor', {
    params: struct(0, 6, {
      blockHash1: at(1, bytes(32, 'blockHash1')),
      blockHash2: at(2, bytes(32, 'blockHash2')),
      ancestor: at(3, foundBlockParamCodec),
      block1: at(4, foundBlockParamCodec),
      block2: at(5, foundBlockParamCodec),
    }),
    results: struct(1, 3, {
      ancestor: at(0, foundBlockResultCodec),
      block1: at(1, foundBlockResultCodec),
      block2: at(2, foundBlockResultCodec),
      result: bool(0),
    }),
    context: 0,
  }),
  findCoins: method(CHAIN, 12, 'findCoins', {
    params: struct(0, 2, { coins: at(1, list(pairCodec(data, nullable(data)))) }),
    results: only(0, 1, 'coins', at(0, list(pairCodec(data, nullable(data))))),
    context: 0,
  }),
  guessVerificationProgress: method(CHAIN, 13, 'guessVerificationProgress', {
    params: struct(0, 2, { blockHash: at(1, bytes(32, 'blockHash')) }),
    results: only(1, 0, 'result', float64(0)),
    context: 0,
  }),
  hasBlocks: method(CHAIN, 14, 'hasBlocks', {
    params: struct(2, 2, {
      blockHash: at(1, bytes(32, 'blockHash')),
      minHeight: int32(0),
      maxHeight: present(bool(64), int32(4)),
    }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isRBFOptIn: method(CHAIN, 15, 'isRBFOptIn', {
    params: struct(0, 2, { tx: at(1, data) }),
    results: only(1, 0, 'result', int32(0)),
    context: 0,
  }),
  isInMempool: method(CHAIN, 16, 'isInMempool', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  hasDescendantsInMempool: method(CHAIN, 17, 'hasDescendantsInMempool', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  broadcastTransaction: method(CHAIN, 18, 'broadcastTransaction', {
    params: struct(2, 2, { tx: at(1, data), maxTxFee: int64(0), broadcastMethod: int32(8) }),
    results: struct(1, 1, { error: at(0, text), result: bool(0) }),
    context: 0,
  }),
  getTransactionAncestry: method(CHAIN, 19, 'getTransactionAncestry', {
    params: struct(0, 2, { txid: at(1, bytes(32, 'txid')) }),
    results: struct(4, 0, {
      ancestors: uint64(0),
      descendants: uint64(8),
      ancestorsize: uint64(16),
      ancestorfees: int64(24),
    }),
    context: 0,
  }),
  calculateIndividualBumpFees: method(CHAIN, 20, 'calculateIndividualBumpFees', {
    params: struct(0, 3, {
      outpoints: at(1, list(bytes(36, 'outpoints'))),
      targetFeerate: at(2, data),
    }),
    results: only(0, 1, 'result', at(0, list(pairInt64Codec(data)))),
    context: 0,
  }),
  calculateCombinedBumpFee: method(CHAIN, 21, 'calculateCombinedBumpFee', {
    params: struct(0, 3, {
      outpoints: at(1, list(bytes(36, 'outpoints'))),
      targetFeerate: at(2, data),
    }),
    results: only(2, 0, 'result', present(bool(64), int64(0))),
    context: 0,
  }),
  getPackageLimits: method(CHAIN, 22, 'getPackageLimits', {
    params: nothing(0, 1),
    results: struct(1, 0, { ancestors: uint32(0), descendants: uint32(4) }),
    context: 0,
  }),
  checkChainLimits: method(CHAIN, 23, 'checkChainLimits', {
    params: struct(0, 2, { tx: at(1, data) }),
    results: only(0, 1, 'result', at(0, resultVoidCodec)),
    context: 0,
  }),
  estimateSmartFee: method(CHAIN, 24, 'estimateSmartFee', {
    params: struct(1, 1, { numBlocks: int32(0), conservative: bool(32), wantCalc: want(33) }),
    results: struct(0, 2, { calc: wanted(at(0, feeCalculationCodec)), result: at(1, data) }),
    context: 0,
  }),
  estimateMaxBlocks: method(CHAIN, 25, 'estimateMaxBlocks', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', uint32(0)),
    context: 0,
  }),
  mempoolMinFee: method(CHAIN, 26, 'mempoolMinFee', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, data)),
    context: 0,
  }),
  relayMinFee: method(CHAIN, 27, 'relayMinFee', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, data)),
    context: 0,
  }),
  relayIncrementalFee: method(CHAIN, 28, 'relayIncrementalFee', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, data)),
    context: 0,
  }),
  relayDustFee: method(CHAIN, 29, 'relayDustFee', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, data)),
    context: 0,
  }),
  havePruned: method(CHAIN, 30, 'havePruned', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getPruneHeight: method(CHAIN, 31, 'getPruneHeight', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', present(bool(32), int32(0))),
    context: 0,
  }),
  isReadyToBroadcast: method(CHAIN, 32, 'isReadyToBroadcast', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isInitialBlockDownload: method(CHAIN, 33, 'isInitialBlockDownload', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  shutdownRequested: method(CHAIN, 34, 'shutdownRequested', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  initMessage: method(CHAIN, 35, 'initMessage', {
    params: struct(0, 2, { message: at(1, text) }),
    results: nothing(0, 0),
    context: 0,
  }),
  initWarning: method(CHAIN, 36, 'initWarning', {
    params: struct(0, 2, { message: at(1, bilingualStrCodec) }),
    results: nothing(0, 0),
    context: 0,
  }),
  initError: method(CHAIN, 37, 'initError', {
    params: struct(0, 2, { message: at(1, bilingualStrCodec) }),
    results: nothing(0, 0),
    context: 0,
  }),
  showProgress: method(CHAIN, 38, 'showProgress', {
    params: struct(1, 2, { title: at(1, text), progress: int32(0), resumePossible: bool(32) }),
    results: nothing(0, 0),
    context: 0,
  }),
  handleNotifications: method(CHAIN, 39, 'handleNotifications', {
    params: struct(0, 2, { notifications: at(1, capability(() => chainNotificationsInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  waitForNotificationsIfTipChanged: method(CHAIN, 40, 'waitForNotificationsIfTipChanged', {
    params: struct(0, 2, { oldTip: at(1, bytes(32, 'oldTip')) }),
    results: nothing(0, 0),
    context: 0,
  }),
  handleRpc: method(CHAIN, 41, 'handleRpc', {
    params: struct(0, 2, { command: at(1, rpcCommandCodec) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  rpcEnableDeprecated: method(CHAIN, 42, 'rpcEnableDeprecated', {
    params: struct(0, 2, { method: at(1, text) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getSetting: method(CHAIN, 43, 'getSetting', {
    params: struct(0, 2, { name: at(1, text) }),
    results: only(0, 1, 'result', at(0, secret(text))),
    context: 0,
  }),
  getSettingsList: method(CHAIN, 44, 'getSettingsList', {
    params: struct(0, 2, { name: at(1, text) }),
    results: only(0, 1, 'result', at(0, secret(list(text)))),
    context: 0,
  }),
  getRwSetting: method(CHAIN, 45, 'getRwSetting', {
    params: struct(0, 2, { name: at(1, text) }),
    results: only(0, 1, 'result', at(0, secret(text))),
    context: 0,
  }),
  updateRwSetting: method(CHAIN, 46, 'updateRwSetting', {
    params: struct(0, 3, {
      name: at(1, text),
      update: at(2, capability(() => settingsUpdateCallbackInterface)),
    }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  overwriteRwSetting: method(CHAIN, 47, 'overwriteRwSetting', {
    params: struct(1, 3, { name: at(1, text), value: at(2, secret(text)), action: int32(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  deleteRwSettings: method(CHAIN, 48, 'deleteRwSettings', {
    params: struct(1, 2, { name: at(1, text), action: int32(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  requestMempoolTransactions: method(CHAIN, 49, 'requestMempoolTransactions', {
    params: struct(0, 2, { notifications: at(1, capability(() => chainNotificationsInterface)) }),
    results: nothing(0, 0),
    context: 0,
  }),
  hasAssumedValidChain: method(CHAIN, 50, 'hasAssumedValidChain', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
};

/** Chain of another process. */
export class RemoteChain implements Chain, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  getHeight(): Promise<number | undefined> {
    return this.remote.call(chainMethods.getHeight, undefined);
  }

  getBlockHash(height: number): Promise<Uint8Array> {
    return this.remote.call(chainMethods.getBlockHash, { height });
  }

  haveBlockOnDisk(height: number): Promise<boolean> {
    return this.remote.call(chainMethods.haveBlockOnDisk, { height });
  }

  findLocatorFork(locator: Uint8Array): Promise<number | undefined> {
    return this.remote.call(chainMethods.findLocatorFork, { locator });
  }

  hasBlockFilterIndex(filterType: number): Promise<boolean> {
    return this.remote.call(chainMethods.hasBlockFilterIndex, { filterType });
  }

  blockFilterMatchesAny(
    filterType: number,
    blockHash: Uint8Array,
    filterSet: readonly Uint8Array[],
  ): Promise<boolean | undefined> {
    return this.remote.call(chainMethods.blockFilterMatchesAny, {
      filterType,
      blockHash,
      filterSet,
    });
  }

  findBlock(
    hash: Uint8Array,
    block: FoundBlockParam,
  ): Promise<{ readonly block: FoundBlockResult; readonly result: boolean }> {
    return this.remote.call(chainMethods.findBlock, { hash, block });
  }

  findFirstBlockWithTimeAndHeight(
    minTime: bigint,
    minHeight: number,
    block: FoundBlockParam,
  ): Promise<{ readonly block: FoundBlockResult; readonly result: boolean }> {
    return this.remote.call(chainMethods.findFirstBlockWithTimeAndHeight, {
      minTime,
      minHeight,
      block,
    });
  }

  findAncestorByHeight(
    blockHash: Uint8Array,
    ancestorHeight: number,
    ancestor: FoundBlockParam,
  ): Promise<{ readonly ancestor: FoundBlockResult; readonly result: boolean }> {
    return this.remote.call(chainMethods.findAncestorByHeight, {
      blockHash,
      ancestorHeight,
      ancestor,
    });
  }

  findAncestorByHash(
    blockHash: Uint8Array,
    ancestorHash: Uint8Array,
    ancestor: FoundBlockParam,
  ): Promise<{ readonly ancestor: FoundBlockResult; readonly result: boolean }> {
    return this.remote.call(chainMethods.findAncestorByHash, { blockHash, ancestorHash, ancestor });
  }

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
  }> {
    return this.remote.call(chainMethods.findCommonAncestor, {
      blockHash1,
      blockHash2,
      ancestor,
      block1,
      block2,
    });
  }

  findCoins(
    coins: readonly Pair<Uint8Array, Uint8Array | undefined>[],
  ): Promise<readonly Pair<Uint8Array, Uint8Array | undefined>[]> {
    return this.remote.call(chainMethods.findCoins, { coins });
  }

  guessVerificationProgress(blockHash: Uint8Array): Promise<number> {
    return this.remote.call(chainMethods.guessVerificationProgress, { blockHash });
  }

  hasBlocks(
    blockHash: Uint8Array,
    minHeight: number,
    maxHeight: number | undefined,
  ): Promise<boolean> {
    return this.remote.call(chainMethods.hasBlocks, { blockHash, minHeight, maxHeight });
  }

  isRBFOptIn(tx: Uint8Array): Promise<number> {
    return this.remote.call(chainMethods.isRBFOptIn, { tx });
  }

  isInMempool(txid: Uint8Array): Promise<boolean> {
    return this.remote.call(chainMethods.isInMempool, { txid });
  }

  hasDescendantsInMempool(txid: Uint8Array): Promise<boolean> {
    return this.remote.call(chainMethods.hasDescendantsInMempool, { txid });
  }

  broadcastTransaction(
    tx: Uint8Array,
    maxTxFee: bigint,
    broadcastMethod: number,
  ): Promise<{ readonly error: string; readonly result: boolean }> {
    return this.remote.call(chainMethods.broadcastTransaction, { tx, maxTxFee, broadcastMethod });
  }

  getTransactionAncestry(txid: Uint8Array): Promise<{
    readonly ancestors: bigint;
    readonly descendants: bigint;
    readonly ancestorsize: bigint;
    readonly ancestorfees: bigint;
  }> {
    return this.remote.call(chainMethods.getTransactionAncestry, { txid });
  }

  calculateIndividualBumpFees(
    outpoints: readonly Uint8Array[],
    targetFeerate: Uint8Array,
  ): Promise<readonly PairInt64<Uint8Array>[]> {
    return this.remote.call(chainMethods.calculateIndividualBumpFees, { outpoints, targetFeerate });
  }

  calculateCombinedBumpFee(
    outpoints: readonly Uint8Array[],
    targetFeerate: Uint8Array,
  ): Promise<bigint | undefined> {
    return this.remote.call(chainMethods.calculateCombinedBumpFee, { outpoints, targetFeerate });
  }

  getPackageLimits(): Promise<{ readonly ancestors: number; readonly descendants: number }> {
    return this.remote.call(chainMethods.getPackageLimits, undefined);
  }

  checkChainLimits(tx: Uint8Array): Promise<ResultVoid> {
    return this.remote.call(chainMethods.checkChainLimits, { tx });
  }

  estimateSmartFee(
    numBlocks: number,
    conservative: boolean,
    wantCalc?: boolean,
  ): Promise<{ readonly calc: FeeCalculation; readonly result: Uint8Array }> {
    return this.remote.call(chainMethods.estimateSmartFee, { numBlocks, conservative, wantCalc });
  }

  estimateMaxBlocks(): Promise<number> {
    return this.remote.call(chainMethods.estimateMaxBlocks, undefined);
  }

  mempoolMinFee(): Promise<Uint8Array> {
    return this.remote.call(chainMethods.mempoolMinFee, undefined);
  }

  relayMinFee(): Promise<Uint8Array> {
    return this.remote.call(chainMethods.relayMinFee, undefined);
  }

  relayIncrementalFee(): Promise<Uint8Array> {
    return this.remote.call(chainMethods.relayIncrementalFee, undefined);
  }

  relayDustFee(): Promise<Uint8Array> {
    return this.remote.call(chainMethods.relayDustFee, undefined);
  }

  havePruned(): Promise<boolean> {
    return this.remote.call(chainMethods.havePruned, undefined);
  }

  getPruneHeight(): Promise<number | undefined> {
    return this.remote.call(chainMethods.getPruneHeight, undefined);
  }

  isReadyToBroadcast(): Promise<boolean> {
    return this.remote.call(chainMethods.isReadyToBroadcast, undefined);
  }

  isInitialBlockDownload(): Promise<boolean> {
    return this.remote.call(chainMethods.isInitialBlockDownload, undefined);
  }

  shutdownRequested(): Promise<boolean> {
    return this.remote.call(chainMethods.shutdownRequested, undefined);
  }

  initMessage(message: string): Promise<void> {
    return this.remote.call(chainMethods.initMessage, { message });
  }

  initWarning(message: BilingualStr): Promise<void> {
    return this.remote.call(chainMethods.initWarning, { message });
  }

  initError(message: BilingualStr): Promise<void> {
    return this.remote.call(chainMethods.initError, { message });
  }

  showProgress(title: string, progress: number, resumePossible: boolean): Promise<void> {
    return this.remote.call(chainMethods.showProgress, { title, progress, resumePossible });
  }

  handleNotifications(notifications: ChainNotifications): Promise<Handler> {
    return this.remote.call(chainMethods.handleNotifications, { notifications });
  }

  waitForNotificationsIfTipChanged(oldTip: Uint8Array): Promise<void> {
    return this.remote.call(chainMethods.waitForNotificationsIfTipChanged, { oldTip });
  }

  handleRpc(command: RPCCommand): Promise<Handler> {
    return this.remote.call(chainMethods.handleRpc, { command });
  }

  rpcEnableDeprecated(method: string): Promise<boolean> {
    return this.remote.call(chainMethods.rpcEnableDeprecated, { method });
  }

  getSetting(name: string): Promise<string> {
    return this.remote.call(chainMethods.getSetting, { name });
  }

  getSettingsList(name: string): Promise<readonly string[]> {
    return this.remote.call(chainMethods.getSettingsList, { name });
  }

  getRwSetting(name: string): Promise<string> {
    return this.remote.call(chainMethods.getRwSetting, { name });
  }

  updateRwSetting(name: string, update: SettingsUpdateCallback): Promise<boolean> {
    return this.remote.call(chainMethods.updateRwSetting, { name, update });
  }

  overwriteRwSetting(name: string, value: string, action: number): Promise<boolean> {
    return this.remote.call(chainMethods.overwriteRwSetting, { name, value, action });
  }

  deleteRwSettings(name: string, action: number): Promise<boolean> {
    return this.remote.call(chainMethods.deleteRwSettings, { name, action });
  }

  requestMempoolTransactions(notifications: ChainNotifications): Promise<void> {
    return this.remote.call(chainMethods.requestMempoolTransactions, { notifications });
  }

  hasAssumedValidChain(): Promise<boolean> {
    return this.remote.call(chainMethods.hasAssumedValidChain, undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Chain across processes. */
export const chainInterface: InterfaceType<Chain> = defineInterface(CHAIN, {
  client: (remote) => new RemoteChain(remote),
  destroy: { method: chainMethods.destroy, run: (target) => target.destroy() },
  methods: [
    serve(chainMethods.getHeight, (target) => target.getHeight()),
    serve(chainMethods.getBlockHash, (target, { height }) => target.getBlockHash(height)),
    serve(chainMethods.haveBlockOnDisk, (target, { height }) => target.haveBlockOnDisk(height)),
    serve(chainMethods.findLocatorFork, (target, { locator }) => target.findLocatorFork(locator)),
    serve(chainMethods.hasBlockFilterIndex, (target, { filterType }) =>
      target.hasBlockFilterIndex(filterType),
    ),
    serve(chainMethods.blockFilterMatchesAny, (target, { filterType, blockHash, filterSet }) =>
      target.blockFilterMatchesAny(filterType, blockHash, filterSet),
    ),
    serve(chainMethods.findBlock, (target, { hash, block }) => target.findBlock(hash, block)),
    serve(chainMethods.findFirstBlockWithTimeAndHeight, (target, { minTime, minHeight, block }) =>
      target.findFirstBlockWithTimeAndHeight(minTime, minHeight, block),
    ),
    serve(chainMethods.findAncestorByHeight, (target, { blockHash, ancestorHeight, ancestor }) =>
      target.findAncestorByHeight(blockHash, ancestorHeight, ancestor),
    ),
    serve(chainMethods.findAncestorByHash, (target, { blockHash, ancestorHash, ancestor }) =>
      target.findAncestorByHash(blockHash, ancestorHash, ancestor),
    ),
    serve(
      chainMethods.findCommonAncestor,
      (target, { blockHash1, blockHash2, ancestor, block1, block2 }) =>
        target.findCommonAncestor(blockHash1, blockHash2, ancestor, block1, block2),
    ),
    serve(chainMethods.findCoins, (target, { coins }) => target.findCoins(coins)),
    serve(chainMethods.guessVerificationProgress, (target, { blockHash }) =>
      target.guessVerificationProgress(blockHash),
    ),
    serve(chainMethods.hasBlocks, (target, { blockHash, minHeight, maxHeight }) =>
      target.hasBlocks(blockHash, minHeight, maxHeight),
    ),
    serve(chainMethods.isRBFOptIn, (target, { tx }) => target.isRBFOptIn(tx)),
    serve(chainMethods.isInMempool, (target, { txid }) => target.isInMempool(txid)),
    serve(chainMethods.hasDescendantsInMempool, (target, { txid }) =>
      target.hasDescendantsInMempool(txid),
    ),
    serve(chainMethods.broadcastTransaction, (target, { tx, maxTxFee, broadcastMethod }) =>
      target.broadcastTransaction(tx, maxTxFee, broadcastMethod),
    ),
    serve(chainMethods.getTransactionAncestry, (target, { txid }) =>
      target.getTransactionAncestry(txid),
    ),
    serve(chainMethods.calculateIndividualBumpFees, (target, { outpoints, targetFeerate }) =>
      target.calculateIndividualBumpFees(outpoints, targetFeerate),
    ),
    serve(chainMethods.calculateCombinedBumpFee, (target, { outpoints, targetFeerate }) =>
      target.calculateCombinedBumpFee(outpoints, targetFeerate),
    ),
    serve(chainMethods.getPackageLimits, (target) => target.getPackageLimits()),
    serve(chainMethods.checkChainLimits, (target, { tx }) => target.checkChainLimits(tx)),
    serveWanted(
      chainMethods.estimateSmartFee,
      { calc: 'wantCalc' },
      (target, { numBlocks, conservative, wantCalc }) =>
        target.estimateSmartFee(numBlocks, conservative, wantCalc),
    ),
    serve(chainMethods.estimateMaxBlocks, (target) => target.estimateMaxBlocks()),
    serve(chainMethods.mempoolMinFee, (target) => target.mempoolMinFee()),
    serve(chainMethods.relayMinFee, (target) => target.relayMinFee()),
    serve(chainMethods.relayIncrementalFee, (target) => target.relayIncrementalFee()),
    serve(chainMethods.relayDustFee, (target) => target.relayDustFee()),
    serve(chainMethods.havePruned, (target) => target.havePruned()),
    serve(chainMethods.getPruneHeight, (target) => target.getPruneHeight()),
    serve(chainMethods.isReadyToBroadcast, (target) => target.isReadyToBroadcast()),
    serve(chainMethods.isInitialBlockDownload, (target) => target.isInitialBlockDownload()),
    serve(chainMethods.shutdownRequested, (target) => target.shutdownRequested()),
    serve(chainMethods.initMessage, (target, { message }) => target.initMessage(message)),
    serve(chainMethods.initWarning, (target, { message }) => target.initWarning(message)),
    serve(chainMethods.initError, (target, { message }) => target.initError(message)),
    serve(chainMethods.showProgress, (target, { title, progress, resumePossible }) =>
      target.showProgress(title, progress, resumePossible),
    ),
    serve(chainMethods.handleNotifications, (target, { notifications }) =>
      target.handleNotifications(notifications),
    ),
    serve(chainMethods.waitForNotificationsIfTipChanged, (target, { oldTip }) =>
      target.waitForNotificationsIfTipChanged(oldTip),
    ),
    serve(chainMethods.handleRpc, (target, { command }) => target.handleRpc(command)),
    serve(chainMethods.rpcEnableDeprecated, (target, { method }) =>
      target.rpcEnableDeprecated(method),
    ),
    serve(chainMethods.getSetting, (target, { name }) => target.getSetting(name)),
    serve(chainMethods.getSettingsList, (target, { name }) => target.getSettingsList(name)),
    serve(chainMethods.getRwSetting, (target, { name }) => target.getRwSetting(name)),
    serve(chainMethods.updateRwSetting, (target, { name, update }) =>
      target.updateRwSetting(name, update),
    ),
    serve(chainMethods.overwriteRwSetting, (target, { name, value, action }) =>
      target.overwriteRwSetting(name, value, action),
    ),
    serve(chainMethods.deleteRwSettings, (target, { name, action }) =>
      target.deleteRwSettings(name, action),
    ),
    serve(chainMethods.requestMempoolTransactions, (target, { notifications }) =>
      target.requestMempoolTransactions(notifications),
    ),
    serve(chainMethods.hasAssumedValidChain, (target) => target.hasAssumedValidChain()),
  ],
});

const CHAIN_NOTIFICATIONS = { id: 0x9ac9db48ba219039n, name: 'ChainNotifications' };

const chainNotificationsMethods = {
  destroy: method(CHAIN_NOTIFICATIONS, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  transactionAddedToMempool: method(CHAIN_NOTIFICATIONS, 1, 'transactionAddedToMempool', {
    params: struct(0, 2, { tx: at(1, data) }),
    results: nothing(0, 0),
    context: 0,
  }),
  transactionRemovedFromMempool: method(CHAIN_NOTIFICATIONS, 2, 'transactionRemovedFromMempool', {
    params: struct(1, 2, { tx: at(1, data), reason: int32(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
  blockConnected: method(CHAIN_NOTIFICATIONS, 3, 'blockConnected', {
    params: struct(0, 3, { role: at(1, chainstateRoleCodec), block: at(2, blockInfoCodec) }),
    results: nothing(0, 0),
    context: 0,
  }),
  blockDisconnected: method(CHAIN_NOTIFICATIONS, 4, 'blockDisconnected', {
    params: struct(0, 2, { block: at(1, blockInfoCodec) }),
    results: nothing(0, 0),
    context: 0,
  }),
  updatedBlockTip: method(CHAIN_NOTIFICATIONS, 5, 'updatedBlockTip', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  chainStateFlushed: method(CHAIN_NOTIFICATIONS, 6, 'chainStateFlushed', {
    params: struct(0, 3, { role: at(1, chainstateRoleCodec), locator: at(2, data) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** ChainNotifications of another process. */
export class RemoteChainNotifications implements ChainNotifications, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  transactionAddedToMempool(tx: Uint8Array): Promise<void> {
    return this.remote.call(chainNotificationsMethods.transactionAddedToMempool, { tx });
  }

  transactionRemovedFromMempool(tx: Uint8Array, reason: number): Promise<void> {
    return this.remote.call(chainNotificationsMethods.transactionRemovedFromMempool, {
      tx,
      reason,
    });
  }

  blockConnected(role: ChainstateRole, block: BlockInfo): Promise<void> {
    return this.remote.call(chainNotificationsMethods.blockConnected, { role, block });
  }

  blockDisconnected(block: BlockInfo): Promise<void> {
    return this.remote.call(chainNotificationsMethods.blockDisconnected, { block });
  }

  updatedBlockTip(): Promise<void> {
    return this.remote.call(chainNotificationsMethods.updatedBlockTip, undefined);
  }

  chainStateFlushed(role: ChainstateRole, locator: Uint8Array): Promise<void> {
    return this.remote.call(chainNotificationsMethods.chainStateFlushed, { role, locator });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** ChainNotifications across processes. */
export const chainNotificationsInterface: InterfaceType<ChainNotifications> =
  defineInterface(CHAIN_NOTIFICATIONS, {
    client: (remote) => new RemoteChainNotifications(remote),
    destroy: { method: chainNotificationsMethods.destroy, run: (target) => target.destroy() },
    methods: [
      serve(chainNotificationsMethods.transactionAddedToMempool, (target, { tx }) =>
        target.transactionAddedToMempool(tx),
      ),
      serve(chainNotificationsMethods.transactionRemovedFromMempool, (target, { tx, reason }) =>
        target.transactionRemovedFromMempool(tx, reason),
      ),
      serve(chainNotificationsMethods.blockConnected, (target, { role, block }) =>
        target.blockConnected(role, block),
      ),
      serve(chainNotificationsMethods.blockDisconnected, (target, { block }) =>
        target.blockDisconnected(block),
      ),
      serve(chainNotificationsMethods.updatedBlockTip, (target) => target.updatedBlockTip()),
      serve(chainNotificationsMethods.chainStateFlushed, (target, { role, locator }) =>
        target.chainStateFlushed(role, locator),
      ),
    ],
  });

const CHAIN_CLIENT = { id: 0xe12e54f4b0c4b578n, name: 'ChainClient' };

const chainClientMethods = {
  destroy: method(CHAIN_CLIENT, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  registerRpcs: method(CHAIN_CLIENT, 1, 'registerRpcs', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  verify: method(CHAIN_CLIENT, 2, 'verify', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  load: method(CHAIN_CLIENT, 3, 'load', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  start: method(CHAIN_CLIENT, 4, 'start', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  stop: method(CHAIN_CLIENT, 5, 'stop', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  setMockTime: method(CHAIN_CLIENT, 6, 'setMockTime', {
    params: struct(1, 1, { time: int64(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
  schedulerMockForward: method(CHAIN_CLIENT, 7, 'schedulerMockForward', {
    params: struct(1, 1, { deltaSeconds: int64(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** ChainClient of another process. */
export class RemoteChainClient implements ChainClient, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  registerRpcs(): Promise<void> {
    return this.remote.call(chainClientMethods.registerRpcs, undefined);
  }

  verify(): Promise<boolean> {
    return this.remote.call(chainClientMethods.verify, undefined);
  }

  load(): Promise<boolean> {
    return this.remote.call(chainClientMethods.load, undefined);
  }

  start(): Promise<void> {
    return this.remote.call(chainClientMethods.start, undefined);
  }

  stop(): Promise<void> {
    return this.remote.call(chainClientMethods.stop, undefined);
  }

  setMockTime(time: bigint): Promise<void> {
    return this.remote.call(chainClientMethods.setMockTime, { time });
  }

  schedulerMockForward(deltaSeconds: bigint): Promise<void> {
    return this.remote.call(chainClientMethods.schedulerMockForward, { deltaSeconds });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** ChainClient across processes. */
export const chainClientInterface: InterfaceType<ChainClient> = defineInterface(CHAIN_CLIENT, {
  client: (remote) => new RemoteChainClient(remote),
  destroy: { method: chainClientMethods.destroy, run: (target) => target.destroy() },
  methods: [
    serve(chainClientMethods.registerRpcs, (target) => target.registerRpcs()),
    serve(chainClientMethods.verify, (target) => target.verify()),
    serve(chainClientMethods.load, (target) => target.load()),
    serve(chainClientMethods.start, (target) => target.start()),
    serve(chainClientMethods.stop, (target) => target.stop()),
    serve(chainClientMethods.setMockTime, (target, { time }) => target.setMockTime(time)),
    serve(chainClientMethods.schedulerMockForward, (target, { deltaSeconds }) =>
      target.schedulerMockForward(deltaSeconds),
    ),
  ],
});

const ACTOR_CALLBACK = { id: 0xef421ff8403487a5n, name: 'ActorCallback' };

const actorCallbackMethods = {
  call: method(ACTOR_CALLBACK, 0, 'call', {
    params: struct(1, 3, {
      request: at(1, jsonrpcRequestCodec),
      response: at(2, secret(text)),
      lastCallback: bool(0),
    }),
    results: struct(1, 5, { response: at(4, secret(text)), result: bool(0) }),
    context: 0,
    errors: [errorText(0), rpcFailure(1), typeFailure(2), helpResult(3)],
    keep: [(to, { response }, objects) => at(4, secret(text)).write(to, response, objects)],
  }),
};

/** ActorCallback across processes. */
export const actorCallbackInterface: InterfaceType<ActorCallback> =
  defineInterface(ACTOR_CALLBACK, {
    client: (remote) => (request: JSONRPCRequest, response: string, lastCallback: boolean) =>
      remote.call(actorCallbackMethods.call, { request, response, lastCallback }),
    methods: [
      serve(actorCallbackMethods.call, (target, { request, response, lastCallback }) =>
        target(request, response, lastCallback),
      ),
    ],
  });

const SETTINGS_UPDATE_CALLBACK = { id: 0x995e7b64fb44bec5n, name: 'SettingsUpdateCallback' };

const settingsUpdateCallbackMethods = {
  destroy: method(SETTINGS_UPDATE_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(SETTINGS_UPDATE_CALLBACK, 1, 'call', {
    params: struct(0, 2, { value: at(1, secret(text)) }),
    results: struct(1, 1, { value: at(0, secret(text)), result: present(bool(32), int32(0)) }),
    context: 0,
  }),
};

/** SettingsUpdateCallback across processes. */
export const settingsUpdateCallbackInterface: InterfaceType<SettingsUpdateCallback> =
  defineInterface(SETTINGS_UPDATE_CALLBACK, {
    client: (remote) => Object.assign(
      (value: string) => remote.call(settingsUpdateCallbackMethods.call, { value }),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: settingsUpdateCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [serve(settingsUpdateCallbackMethods.call, (target, { value }) => target(value))],
  });
