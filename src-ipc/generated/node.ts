// Generated from node.capnp, sha256 ffee0da4c33ae96c. To change it: "npm run generate".

import type { BilingualStr, GlobalArgs, Pair } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type {
  Banmap,
  BannedListChangedCallback,
  BlockAndHeaderTipInfo,
  BlockTip,
  ExternalSigner,
  InitMessageCallback,
  InitWalletCallback,
  LocalServiceInfo,
  MessageBoxCallback,
  Node,
  NodeStateStats,
  NodeStats,
  NotifyAlertChangedCallback,
  NotifyBlockTipCallback,
  NotifyHeaderTipCallback,
  NotifyNetworkActiveChangedCallback,
  NotifyNumConnectionsChangedCallback,
  ProxyInfo,
  QuestionCallback,
  ShowNodeProgressCallback,
} from '../../src-interfaces/generated/node.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import {
  at,
  bytes,
  capability,
  data,
  list,
  nothing,
  nullable,
  only,
  secret,
  struct,
  text,
  type StructCodec,
} from '../proxy/codec.js';
import { errorText, rpcFailure } from '../proxy/error-channel.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';
import {
  bool,
  float64,
  int32,
  int32Item,
  int64,
  uint16,
  uint32,
  uint64,
  uint8,
} from '../proxy/scalar.js';
import { bilingualStrCodec, globalArgsCodec, pairCodec, pairUInt64Codec } from './common.js';
import { handlerInterface } from './handler.js';
import { walletLoaderInterface } from './wallet.js';

export const proxyInfoCodec: StructCodec<ProxyInfo> = struct(1, 1, {
  proxy: at(0, data),
  torStreamIsolation: bool(0),
});

export const nodeStateStatsCodec: StructCodec<NodeStateStats> = struct(8, 1, {
  syncHeight: int32(0),
  commonHeight: int32(4),
  startingHeight: int32(8),
  pingWait: int64(16),
  heightInFlight: at(0, list(int32Item)),
  addressesProcessed: uint64(24),
  addressesRateLimited: uint64(32),
  addressRelayEnabled: bool(96),
  theirServices: uint64(40),
  presyncHeight: int64(48),
  timeOffset: int64(56),
});

export const nodeStatsCodec: StructCodec<NodeStats> = struct(14, 9, {
  nodeid: int64(0),
  lastSend: int64(8),
  lastRecv: int64(16),
  lastTXTime: int64(24),
  lastBlockTime: int64(32),
  timeConnected: int64(40),
  addrName: at(0, text),
  version: int32(48),
  cleanSubVer: at(1, text),
  inbound: bool(416),
  bip152HighbandwidthTo: bool(417),
  bip152HighbandwidthFrom: bool(418),
  startingHeight: int32(56),
  sendBytes: uint64(64),
  sendBytesPerMsgType: at(2, list(pairUInt64Codec(text))),
  recvBytes: uint64(72),
  recvBytesPerMsgType: at(3, list(pairUInt64Codec(text))),
  permissionFlags: int32(60),
  pingTime: int64(80),
  minPingTime: int64(88),
  addrLocal: at(4, text),
  addr: at(5, data),
  addrBind: at(6, data),
  network: int32(96),
  mappedAs: uint32(100),
  connType: int32(104),
  transportType: uint8(53),
  sessionId: at(7, text),
  stateStats: at(8, nullable(nodeStateStatsCodec)),
});

export const banmapCodec: StructCodec<Banmap> = struct(0, 1, { json: at(0, text) });

export const blockTipCodec: StructCodec<BlockTip> = struct(2, 1, {
  blockHeight: int32(0),
  blockTime: int64(8),
  blockHash: at(0, bytes(32, 'blockHash')),
});

export const blockAndHeaderTipInfoCodec: StructCodec<BlockAndHeaderTipInfo> = struct(4, 0, {
  blockHeight: int32(0),
  blockTime: int64(8),
  headerHeight: int32(4),
  headerTime: int64(16),
  verificationProgress: float64(24),
});

export const localServiceInfoCodec: StructCodec<LocalServiceInfo> = struct(1, 0, {
  score: int32(0),
  port: uint16(4),
});

const NODE = { id: 0xece87a85e7d7c91dn, name: 'Node' };

const nodeMethods = {
  destroy: method(NODE, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  initLogging: method(NODE, 1, 'initLogging', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  initParameterInteraction: method(NODE, 2, 'initParameterInteraction', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  getWarnings: method(NODE, 3, 'getWarnings', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, bilingualStrCodec)),
    context: 0,
  }),
  getLogCategories: method(NODE, 4, 'getLogCategories', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', uint64(0)),
    context: 0,
  }),
  getExitStatus: method(NODE, 5, 'getExitStatus', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int32(0)),
    context: 0,
  }),
  baseInitialize: method(NODE, 6, 'baseInitialize', {
    params: struct(0, 2, { globalArgs: at(1, globalArgsCodec) }),
    results: only(1, 1, 'result', bool(0)),
    context: 0,
    errors: [errorText(0)],
  }),
  appInitMain: method(NODE, 7, 'appInitMain', {
    params: nothing(0, 1),
    results: struct(1, 2, { tipInfo: at(0, blockAndHeaderTipInfoCodec), result: bool(0) }),
    context: 0,
    errors: [errorText(1)],
  }),
  appShutdown: method(NODE, 8, 'appShutdown', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  startShutdown: method(NODE, 9, 'startShutdown', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  shutdownRequested: method(NODE, 10, 'shutdownRequested', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isSettingIgnored: method(NODE, 11, 'isSettingIgnored', {
    params: struct(0, 1, { name: at(0, text) }),
    results: only(1, 0, 'result', bool(0)),
  }),
  getPersistentSetting: method(NODE, 12, 'getPersistentSetting', {
    params: struct(0, 1, { name: at(0, text) }),
    results: only(0, 1, 'result', at(0, secret(text))),
  }),
  updateRwSetting: method(NODE, 13, 'updateRwSetting', {
    params: struct(0, 2, { name: at(0, text), value: at(1, secret(text)) }),
    results: nothing(0, 0),
  }),
  forceSetting: method(NODE, 14, 'forceSetting', {
    params: struct(0, 2, { name: at(0, text), value: at(1, secret(text)) }),
    results: nothing(0, 0),
  }),
  resetSettings: method(NODE, 15, 'resetSettings', {
    params: nothing(0, 0),
    results: nothing(0, 0),
  }),
  mapPort: method(NODE, 16, 'mapPort', {
    params: struct(1, 1, { useNatPnP: bool(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
  getProxy: method(NODE, 17, 'getProxy', {
    params: struct(1, 1, { net: int32(0) }),
    results: struct(1, 1, { proxyInfo: at(0, proxyInfoCodec), result: bool(0) }),
    context: 0,
  }),
  getNodeCount: method(NODE, 18, 'getNodeCount', {
    params: struct(1, 1, { flags: int32(0) }),
    results: only(1, 0, 'result', uint64(0)),
    context: 0,
  }),
  getNodesStats: method(NODE, 19, 'getNodesStats', {
    params: nothing(0, 1),
    results: struct(1, 1, { stats: at(0, list(nodeStatsCodec)), result: bool(0) }),
    context: 0,
  }),
  getBanned: method(NODE, 20, 'getBanned', {
    params: nothing(0, 1),
    results: struct(1, 1, { banmap: at(0, banmapCodec), result: bool(0) }),
    context: 0,
  }),
  ban: method(NODE, 21, 'ban', {
    params: struct(1, 2, { netAddr: at(1, data), banTimeOffset: int64(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  unban: method(NODE, 22, 'unban', {
    params: struct(0, 2, { ip: at(1, data) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  disconnectByAddress: method(NODE, 23, 'disconnectByAddress', {
    params: struct(0, 2, { address: at(1, data) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  disconnectById: method(NODE, 24, 'disconnectById', {
    params: struct(1, 1, { id: int64(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  listExternalSigners: method(NODE, 25, 'listExternalSigners', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(capability(() => externalSignerInterface)))),
    context: 0,
  }),
  getTotalBytesRecv: method(NODE, 26, 'getTotalBytesRecv', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  getTotalBytesSent: method(NODE, 27, 'getTotalBytesSent', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  getMempoolSize: method(NODE, 28, 'getMempoolSize', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', uint64(0)),
    context: 0,
  }),
  getMempoolDynamicUsage: method(NODE, 29, 'getMempoolDynamicUsage', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', uint64(0)),
    context: 0,
  }),
  getMempoolMaxUsage: method(NODE, 30, 'getMempoolMaxUsage', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', uint64(0)),
    context: 0,
  }),
  getHeaderTip: method(NODE, 31, 'getHeaderTip', {
    params: nothing(0, 1),
    results: struct(2, 0, { height: int32(0), blockTime: int64(8), result: bool(32) }),
    context: 0,
  }),
  getNumBlocks: method(NODE, 32, 'getNumBlocks', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int32(0)),
    context: 0,
  }),
  getNetLocalAddresses: method(NODE, 33, 'getNetLocalAddresses', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(pairCodec(data, localServiceInfoCodec)))),
    context: 0,
  }),
  getBestBlockHash: method(NODE, 34, 'getBestBlockHash', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, bytes(32, 'result'))),
    context: 0,
  }),
  getLastBlockTime: method(NODE, 35, 'getLastBlockTime', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', int64(0)),
    context: 0,
  }),
  getVerificationProgress: method(NODE, 36, 'getVerificationProgress', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', float64(0)),
    context: 0,
  }),
  isInitialBlockDownload: method(NODE, 37, 'isInitialBlockDownload', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  isLoadingBlocks: method(NODE, 38, 'isLoadingBlocks', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  setNetworkActive: method(NODE, 39, 'setNetworkActive', {
    params: struct(1, 1, { active: bool(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
  getNetworkActive: method(NODE, 40, 'getNetworkActive', {
    params: nothing(0, 1),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
  getDustRelayFee: method(NODE, 41, 'getDustRelayFee', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, data)),
    context: 0,
  }),
  executeRpc: method(NODE, 42, 'executeRpc', {
    params: struct(0, 4, { command: at(1, text), params: at(2, secret(text)), uri: at(3, text) }),
    results: only(0, 3, 'result', at(2, secret(text))),
    context: 0,
    errors: [errorText(0), rpcFailure(1)],
  }),
  listRpcCommands: method(NODE, 43, 'listRpcCommands', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, list(text))),
    context: 0,
  }),
  getUnspentOutput: method(NODE, 44, 'getUnspentOutput', {
    params: struct(0, 2, { output: at(1, bytes(36, 'output')) }),
    results: only(0, 1, 'result', at(0, nullable(data))),
    context: 0,
  }),
  broadcastTransaction: method(NODE, 45, 'broadcastTransaction', {
    params: struct(1, 2, { tx: at(1, data), maxTxFee: int64(0) }),
    results: struct(1, 1, { error: at(0, text), result: int32(0) }),
    context: 0,
  }),
  walletLoader: method(NODE, 46, 'customWalletLoader', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, nullable(capability(() => walletLoaderInterface)))),
    context: 0,
  }),
  handleInitMessage: method(NODE, 47, 'handleInitMessage', {
    params: struct(0, 2, { callback: at(1, capability(() => initMessageCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleMessageBox: method(NODE, 48, 'handleMessageBox', {
    params: struct(0, 2, { callback: at(1, capability(() => messageBoxCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleQuestion: method(NODE, 49, 'handleQuestion', {
    params: struct(0, 2, { callback: at(1, capability(() => questionCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleShowProgress: method(NODE, 50, 'handleShowProgress', {
    params: struct(0, 2, { callback: at(1, capability(() => showNodeProgressCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleInitWallet: method(NODE, 51, 'handleInitWallet', {
    params: struct(0, 2, { callback: at(1, capability(() => initWalletCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleNotifyNumConnectionsChanged: method(NODE, 52, 'handleNotifyNumConnectionsChanged', {
    params: struct(0, 2, {
      callback: at(1, capability(() => notifyNumConnectionsChangedCallbackInterface)),
    }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleNotifyNetworkActiveChanged: method(NODE, 53, 'handleNotifyNetworkActiveChanged', {
    params: struct(0, 2, {
      callback: at(1, capability(() => notifyNetworkActiveChangedCallbackInterface)),
    }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleNotifyAlertChanged: method(NODE, 54, 'handleNotifyAlertChanged', {
    params: struct(0, 2, {
      callback: at(1, capability(() => notifyAlertChangedCallbackInterface)),
    }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleBannedListChanged: method(NODE, 55, 'handleBannedListChanged', {
    params: struct(0, 2, { callback: at(1, capability(() => bannedListChangedCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleNotifyBlockTip: method(NODE, 56, 'handleNotifyBlockTip', {
    params: struct(0, 2, { callback: at(1, capability(() => notifyBlockTipCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
  handleNotifyHeaderTip: method(NODE, 57, 'handleNotifyHeaderTip', {
    params: struct(0, 2, { callback: at(1, capability(() => notifyHeaderTipCallbackInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
};

/** Node of another process. */
export class RemoteNode implements Node, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  initLogging(): Promise<void> {
    return this.remote.call(nodeMethods.initLogging, undefined);
  }

  initParameterInteraction(): Promise<void> {
    return this.remote.call(nodeMethods.initParameterInteraction, undefined);
  }

  getWarnings(): Promise<BilingualStr> {
    return this.remote.call(nodeMethods.getWarnings, undefined);
  }

  getLogCategories(): Promise<bigint> {
    return this.remote.call(nodeMethods.getLogCategories, undefined);
  }

  getExitStatus(): Promise<number> {
    return this.remote.call(nodeMethods.getExitStatus, undefined);
  }

  baseInitialize(globalArgs: GlobalArgs): Promise<boolean> {
    return this.remote.call(nodeMethods.baseInitialize, { globalArgs });
  }

  appInitMain(): Promise<{ readonly tipInfo: BlockAndHeaderTipInfo; readonly result: boolean }> {
    return this.remote.call(nodeMethods.appInitMain, undefined);
  }

  appShutdown(): Promise<void> {
    return this.remote.call(nodeMethods.appShutdown, undefined);
  }

  startShutdown(): Promise<void> {
    return this.remote.call(nodeMethods.startShutdown, undefined);
  }

  shutdownRequested(): Promise<boolean> {
    return this.remote.call(nodeMethods.shutdownRequested, undefined);
  }

  isSettingIgnored(name: string): Promise<boolean> {
    return this.remote.call(nodeMethods.isSettingIgnored, { name });
  }

  getPersistentSetting(name: string): Promise<string> {
    return this.remote.call(nodeMethods.getPersistentSetting, { name });
  }

  updateRwSetting(name: string, value: string): Promise<void> {
    return this.remote.call(nodeMethods.updateRwSetting, { name, value });
  }

  forceSetting(name: string, value: string): Promise<void> {
    return this.remote.call(nodeMethods.forceSetting, { name, value });
  }

  resetSettings(): Promise<void> {
    return this.remote.call(nodeMethods.resetSettings, undefined);
  }

  mapPort(useNatPnP: boolean): Promise<void> {
    return this.remote.call(nodeMethods.mapPort, { useNatPnP });
  }

  getProxy(net: number): Promise<{ readonly proxyInfo: ProxyInfo; readonly result: boolean }> {
    return this.remote.call(nodeMethods.getProxy, { net });
  }

  getNodeCount(flags: number): Promise<bigint> {
    return this.remote.call(nodeMethods.getNodeCount, { flags });
  }

  getNodesStats(): Promise<{ readonly stats: readonly NodeStats[]; readonly result: boolean }> {
    return this.remote.call(nodeMethods.getNodesStats, undefined);
  }

  getBanned(): Promise<{ readonly banmap: Banmap; readonly result: boolean }> {
    return this.remote.call(nodeMethods.getBanned, undefined);
  }

  ban(netAddr: Uint8Array, banTimeOffset: bigint): Promise<boolean> {
    return this.remote.call(nodeMethods.ban, { netAddr, banTimeOffset });
  }

  unban(ip: Uint8Array): Promise<boolean> {
    return this.remote.call(nodeMethods.unban, { ip });
  }

  disconnectByAddress(address: Uint8Array): Promise<boolean> {
    return this.remote.call(nodeMethods.disconnectByAddress, { address });
  }

  disconnectById(id: bigint): Promise<boolean> {
    return this.remote.call(nodeMethods.disconnectById, { id });
  }

  listExternalSigners(): Promise<readonly ExternalSigner[]> {
    return this.remote.call(nodeMethods.listExternalSigners, undefined);
  }

  getTotalBytesRecv(): Promise<bigint> {
    return this.remote.call(nodeMethods.getTotalBytesRecv, undefined);
  }

  getTotalBytesSent(): Promise<bigint> {
    return this.remote.call(nodeMethods.getTotalBytesSent, undefined);
  }

  getMempoolSize(): Promise<bigint> {
    return this.remote.call(nodeMethods.getMempoolSize, undefined);
  }

  getMempoolDynamicUsage(): Promise<bigint> {
    return this.remote.call(nodeMethods.getMempoolDynamicUsage, undefined);
  }

  getMempoolMaxUsage(): Promise<bigint> {
    return this.remote.call(nodeMethods.getMempoolMaxUsage, undefined);
  }

  getHeaderTip(): Promise<{
    readonly height: number;
    readonly blockTime: bigint;
    readonly result: boolean;
  }> {
    return this.remote.call(nodeMethods.getHeaderTip, undefined);
  }

  getNumBlocks(): Promise<number> {
    return this.remote.call(nodeMethods.getNumBlocks, undefined);
  }

  getNetLocalAddresses(): Promise<readonly Pair<Uint8Array, LocalServiceInfo>[]> {
    return this.remote.call(nodeMethods.getNetLocalAddresses, undefined);
  }

  getBestBlockHash(): Promise<Uint8Array> {
    return this.remote.call(nodeMethods.getBestBlockHash, undefined);
  }

  getLastBlockTime(): Promise<bigint> {
    return this.remote.call(nodeMethods.getLastBlockTime, undefined);
  }

  getVerificationProgress(): Promise<number> {
    return this.remote.call(nodeMethods.getVerificationProgress, undefined);
  }

  isInitialBlockDownload(): Promise<boolean> {
    return this.remote.call(nodeMethods.isInitialBlockDownload, undefined);
  }

  isLoadingBlocks(): Promise<boolean> {
    return this.remote.call(nodeMethods.isLoadingBlocks, undefined);
  }

  setNetworkActive(active: boolean): Promise<void> {
    return this.remote.call(nodeMethods.setNetworkActive, { active });
  }

  getNetworkActive(): Promise<boolean> {
    return this.remote.call(nodeMethods.getNetworkActive, undefined);
  }

  getDustRelayFee(): Promise<Uint8Array> {
    return this.remote.call(nodeMethods.getDustRelayFee, undefined);
  }

  executeRpc(command: string, params: string, uri: string): Promise<string> {
    return this.remote.call(nodeMethods.executeRpc, { command, params, uri });
  }

  listRpcCommands(): Promise<readonly string[]> {
    return this.remote.call(nodeMethods.listRpcCommands, undefined);
  }

  getUnspentOutput(output: Uint8Array): Promise<Uint8Array | undefined> {
    return this.remote.call(nodeMethods.getUnspentOutput, { output });
  }

  broadcastTransaction(
    tx: Uint8Array,
    maxTxFee: bigint,
  ): Promise<{ readonly error: string; readonly result: number }> {
    return this.remote.call(nodeMethods.broadcastTransaction, { tx, maxTxFee });
  }

  walletLoader(): Promise<WalletLoader | undefined> {
    return this.remote.call(nodeMethods.walletLoader, undefined);
  }

  handleInitMessage(callback: InitMessageCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleInitMessage, { callback });
  }

  handleMessageBox(callback: MessageBoxCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleMessageBox, { callback });
  }

  handleQuestion(callback: QuestionCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleQuestion, { callback });
  }

  handleShowProgress(callback: ShowNodeProgressCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleShowProgress, { callback });
  }

  handleInitWallet(callback: InitWalletCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleInitWallet, { callback });
  }

  handleNotifyNumConnectionsChanged(
    callback: NotifyNumConnectionsChangedCallback,
  ): Promise<Handler> {
    return this.remote.call(nodeMethods.handleNotifyNumConnectionsChanged, { callback });
  }

  handleNotifyNetworkActiveChanged(callback: NotifyNetworkActiveChangedCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleNotifyNetworkActiveChanged, { callback });
  }

  handleNotifyAlertChanged(callback: NotifyAlertChangedCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleNotifyAlertChanged, { callback });
  }

  handleBannedListChanged(callback: BannedListChangedCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleBannedListChanged, { callback });
  }

  handleNotifyBlockTip(callback: NotifyBlockTipCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleNotifyBlockTip, { callback });
  }

  handleNotifyHeaderTip(callback: NotifyHeaderTipCallback): Promise<Handler> {
    return this.remote.call(nodeMethods.handleNotifyHeaderTip, { callback });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Node across processes. */
export const nodeInterface: InterfaceType<Node> = defineInterface(NODE, {
  client: (remote) => new RemoteNode(remote),
  destroy: { method: nodeMethods.destroy, run: (target) => target.destroy() },
  methods: [
    serve(nodeMethods.initLogging, (target) => target.initLogging()),
    serve(nodeMethods.initParameterInteraction, (target) => target.initParameterInteraction()),
    serve(nodeMethods.getWarnings, (target) => target.getWarnings()),
    serve(nodeMethods.getLogCategories, (target) => target.getLogCategories()),
    serve(nodeMethods.getExitStatus, (target) => target.getExitStatus()),
    serve(nodeMethods.baseInitialize, (target, { globalArgs }) =>
      target.baseInitialize(globalArgs),
    ),
    serve(nodeMethods.appInitMain, (target) => target.appInitMain()),
    serve(nodeMethods.appShutdown, (target) => target.appShutdown()),
    serve(nodeMethods.startShutdown, (target) => target.startShutdown()),
    serve(nodeMethods.shutdownRequested, (target) => target.shutdownRequested()),
    serve(nodeMethods.isSettingIgnored, (target, { name }) => target.isSettingIgnored(name)),
    serve(nodeMethods.getPersistentSetting, (target, { name }) =>
      target.getPersistentSetting(name),
    ),
    serve(nodeMethods.updateRwSetting, (target, { name, value }) =>
      target.updateRwSetting(name, value),
    ),
    serve(nodeMethods.forceSetting, (target, { name, value }) => target.forceSetting(name, value)),
    serve(nodeMethods.resetSettings, (target) => target.resetSettings()),
    serve(nodeMethods.mapPort, (target, { useNatPnP }) => target.mapPort(useNatPnP)),
    serve(nodeMethods.getProxy, (target, { net }) => target.getProxy(net)),
    serve(nodeMethods.getNodeCount, (target, { flags }) => target.getNodeCount(flags)),
    serve(nodeMethods.getNodesStats, (target) => target.getNodesStats()),
    serve(nodeMethods.getBanned, (target) => target.getBanned()),
    serve(nodeMethods.ban, (target, { netAddr, banTimeOffset }) =>
      target.ban(netAddr, banTimeOffset),
    ),
    serve(nodeMethods.unban, (target, { ip }) => target.unban(ip)),
    serve(nodeMethods.disconnectByAddress, (target, { address }) =>
      target.disconnectByAddress(address),
    ),
    serve(nodeMethods.disconnectById, (target, { id }) => target.disconnectById(id)),
    serve(nodeMethods.listExternalSigners, (target) => target.listExternalSigners()),
    serve(nodeMethods.getTotalBytesRecv, (target) => target.getTotalBytesRecv()),
    serve(nodeMethods.getTotalBytesSent, (target) => target.getTotalBytesSent()),
    serve(nodeMethods.getMempoolSize, (target) => target.getMempoolSize()),
    serve(nodeMethods.getMempoolDynamicUsage, (target) => target.getMempoolDynamicUsage()),
    serve(nodeMethods.getMempoolMaxUsage, (target) => target.getMempoolMaxUsage()),
    serve(nodeMethods.getHeaderTip, (target) => target.getHeaderTip()),
    serve(nodeMethods.getNumBlocks, (target) => target.getNumBlocks()),
    serve(nodeMethods.getNetLocalAddresses, (target) => target.getNetLocalAddresses()),
    serve(nodeMethods.getBestBlockHash, (target) => target.getBestBlockHash()),
    serve(nodeMethods.getLastBlockTime, (target) => target.getLastBlockTime()),
    serve(nodeMethods.getVerificationProgress, (target) => target.getVerificationProgress()),
    serve(nodeMethods.isInitialBlockDownload, (target) => target.isInitialBlockDownload()),
    serve(nodeMethods.isLoadingBlocks, (target) => target.isLoadingBlocks()),
    serve(nodeMethods.setNetworkActive, (target, { active }) => target.setNetworkActive(active)),
    serve(nodeMethods.getNetworkActive, (target) => target.getNetworkActive()),
    serve(nodeMethods.getDustRelayFee, (target) => target.getDustRelayFee()),
    serve(nodeMethods.executeRpc, (target, { command, params, uri }) =>
      target.executeRpc(command, params, uri),
    ),
    serve(nodeMethods.listRpcCommands, (target) => target.listRpcCommands()),
    serve(nodeMethods.getUnspentOutput, (target, { output }) => target.getUnspentOutput(output)),
    serve(nodeMethods.broadcastTransaction, (target, { tx, maxTxFee }) =>
      target.broadcastTransaction(tx, maxTxFee),
    ),
    serve(nodeMethods.walletLoader, (target) => target.walletLoader()),
    serve(nodeMethods.handleInitMessage, (target, { callback }) =>
      target.handleInitMessage(callback),
    ),
    serve(nodeMethods.handleMessageBox, (target, { callback }) =>
      target.handleMessageBox(callback),
    ),
    serve(nodeMethods.handleQuestion, (target, { callback }) => target.handleQuestion(callback)),
    serve(nodeMethods.handleShowProgress, (target, { callback }) =>
      target.handleShowProgress(callback),
    ),
    serve(nodeMethods.handleInitWallet, (target, { callback }) =>
      target.handleInitWallet(callback),
    ),
    serve(nodeMethods.handleNotifyNumConnectionsChanged, (target, { callback }) =>
      target.handleNotifyNumConnectionsChanged(callback),
    ),
    serve(nodeMethods.handleNotifyNetworkActiveChanged, (target, { callback }) =>
      target.handleNotifyNetworkActiveChanged(callback),
    ),
    serve(nodeMethods.handleNotifyAlertChanged, (target, { callback }) =>
      target.handleNotifyAlertChanged(callback),
    ),
    serve(nodeMethods.handleBannedListChanged, (target, { callback }) =>
      target.handleBannedListChanged(callback),
    ),
    serve(nodeMethods.handleNotifyBlockTip, (target, { callback }) =>
      target.handleNotifyBlockTip(callback),
    ),
    serve(nodeMethods.handleNotifyHeaderTip, (target, { callback }) =>
      target.handleNotifyHeaderTip(callback),
    ),
  ],
});

const EXTERNAL_SIGNER = { id: 0xfbf1fccd8f75eb78n, name: 'ExternalSigner' };

const externalSignerMethods = {
  destroy: method(EXTERNAL_SIGNER, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  getName: method(EXTERNAL_SIGNER, 1, 'getName', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, text)),
    context: 0,
  }),
};

/** ExternalSigner of another process. */
export class RemoteExternalSigner implements ExternalSigner, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  getName(): Promise<string> {
    return this.remote.call(externalSignerMethods.getName, undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** ExternalSigner across processes. */
export const externalSignerInterface: InterfaceType<ExternalSigner> =
  defineInterface(EXTERNAL_SIGNER, {
    client: (remote) => new RemoteExternalSigner(remote),
    destroy: { method: externalSignerMethods.destroy, run: (target) => target.destroy() },
    methods: [serve(externalSignerMethods.getName, (target) => target.getName())],
  });

const INIT_MESSAGE_CALLBACK = { id: 0x955d952241295e4cn, name: 'InitMessageCallback' };

const initMessageCallbackMethods = {
  destroy: method(INIT_MESSAGE_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(INIT_MESSAGE_CALLBACK, 1, 'call', {
    params: struct(0, 2, { message: at(1, text) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** InitMessageCallback across processes. */
export const initMessageCallbackInterface: InterfaceType<InitMessageCallback> =
  defineInterface(INIT_MESSAGE_CALLBACK, {
    client: (remote) => Object.assign(
      (message: string) => remote.call(initMessageCallbackMethods.call, { message }),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: initMessageCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [serve(initMessageCallbackMethods.call, (target, { message }) => target(message))],
  });

const MESSAGE_BOX_CALLBACK = { id: 0xc4e60505ab00fed6n, name: 'MessageBoxCallback' };

const messageBoxCallbackMethods = {
  destroy: method(MESSAGE_BOX_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(MESSAGE_BOX_CALLBACK, 1, 'call', {
    params: struct(1, 2, { message: at(1, bilingualStrCodec), style: uint32(0) }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
};

/** MessageBoxCallback across processes. */
export const messageBoxCallbackInterface: InterfaceType<MessageBoxCallback> =
  defineInterface(MESSAGE_BOX_CALLBACK, {
    client: (remote) => Object.assign(
      (message: BilingualStr, style: number) =>
        remote.call(messageBoxCallbackMethods.call, { message, style }),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: messageBoxCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [
      serve(messageBoxCallbackMethods.call, (target, { message, style }) => target(message, style)),
    ],
  });

const QUESTION_CALLBACK = { id: 0xe2637348d576dcafn, name: 'QuestionCallback' };

const questionCallbackMethods = {
  destroy: method(QUESTION_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(QUESTION_CALLBACK, 1, 'call', {
    params: struct(1, 3, {
      message: at(1, bilingualStrCodec),
      nonInteractiveMessage: at(2, text),
      style: uint32(0),
    }),
    results: only(1, 0, 'result', bool(0)),
    context: 0,
  }),
};

/** QuestionCallback across processes. */
export const questionCallbackInterface: InterfaceType<QuestionCallback> =
  defineInterface(QUESTION_CALLBACK, {
    client: (remote) => Object.assign(
      (message: BilingualStr, nonInteractiveMessage: string, style: number) =>
        remote.call(questionCallbackMethods.call, { message, nonInteractiveMessage, style }),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: questionCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [
      serve(questionCallbackMethods.call, (target, { message, nonInteractiveMessage, style }) =>
        target(message, nonInteractiveMessage, style),
      ),
    ],
  });

const SHOW_NODE_PROGRESS_CALLBACK = { id: 0xa0c733bacdde6cacn, name: 'ShowNodeProgressCallback' };

const showNodeProgressCallbackMethods = {
  destroy: method(SHOW_NODE_PROGRESS_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(SHOW_NODE_PROGRESS_CALLBACK, 1, 'call', {
    params: struct(1, 2, { title: at(1, text), progress: int32(0), resumePossible: bool(32) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** ShowNodeProgressCallback across processes. */
export const showNodeProgressCallbackInterface: InterfaceType<ShowNodeProgressCallback> =
  defineInterface(SHOW_NODE_PROGRESS_CALLBACK, {
    client: (remote) => Object.assign(
      (title: string, progress: number, resumePossible: boolean) =>
        remote.call(showNodeProgressCallbackMethods.call, { title, progress, resumePossible }),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: showNodeProgressCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [
      serve(showNodeProgressCallbackMethods.call, (target, { title, progress, resumePossible }) =>
        target(title, progress, resumePossible),
      ),
    ],
  });

const INIT_WALLET_CALLBACK = { id: 0x800f919151a3d94dn, name: 'InitWalletCallback' };

const initWalletCallbackMethods = {
  destroy: method(INIT_WALLET_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(INIT_WALLET_CALLBACK, 1, 'call', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** InitWalletCallback across processes. */
export const initWalletCallbackInterface: InterfaceType<InitWalletCallback> =
  defineInterface(INIT_WALLET_CALLBACK, {
    client: (remote) => Object.assign(
      () => remote.call(initWalletCallbackMethods.call, undefined),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: initWalletCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [serve(initWalletCallbackMethods.call, (target) => target())],
  });

const NOTIFY_NUM_CONNECTIONS_CHANGED_CALLBACK = {
  id: 0xd28fa815a3700dcan,
  name: 'NotifyNumConnectionsChangedCallback',
};

const notifyNumConnectionsChangedCallbackMethods = {
  destroy: method(NOTIFY_NUM_CONNECTIONS_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(NOTIFY_NUM_CONNECTIONS_CHANGED_CALLBACK, 1, 'call', {
    params: struct(1, 1, { newNumConnections: int32(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** NotifyNumConnectionsChangedCallback across processes. */
export const notifyNumConnectionsChangedCallbackInterface: InterfaceType<NotifyNumConnectionsChangedCallback> =
  defineInterface(NOTIFY_NUM_CONNECTIONS_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      (newNumConnections: number) =>
        remote.call(notifyNumConnectionsChangedCallbackMethods.call, { newNumConnections }),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: notifyNumConnectionsChangedCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [
      serve(notifyNumConnectionsChangedCallbackMethods.call, (target, { newNumConnections }) =>
        target(newNumConnections),
      ),
    ],
  });

const NOTIFY_NETWORK_ACTIVE_CHANGED_CALLBACK = {
  id: 0x9d0290be20a9ec6cn,
  name: 'NotifyNetworkActiveChangedCallback',
};

const notifyNetworkActiveChangedCallbackMethods = {
  destroy: method(NOTIFY_NETWORK_ACTIVE_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(NOTIFY_NETWORK_ACTIVE_CHANGED_CALLBACK, 1, 'call', {
    params: struct(1, 1, { networkActive: bool(0) }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** NotifyNetworkActiveChangedCallback across processes. */
export const notifyNetworkActiveChangedCallbackInterface: InterfaceType<NotifyNetworkActiveChangedCallback> =
  defineInterface(NOTIFY_NETWORK_ACTIVE_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      (networkActive: boolean) =>
        remote.call(notifyNetworkActiveChangedCallbackMethods.call, { networkActive }),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: notifyNetworkActiveChangedCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [
      serve(notifyNetworkActiveChangedCallbackMethods.call, (target, { networkActive }) =>
        target(networkActive),
      ),
    ],
  });

const NOTIFY_ALERT_CHANGED_CALLBACK = {
  id: 0xb1691cf5ab373886n,
  name: 'NotifyAlertChangedCallback',
};

const notifyAlertChangedCallbackMethods = {
  destroy: method(NOTIFY_ALERT_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(NOTIFY_ALERT_CHANGED_CALLBACK, 1, 'call', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** NotifyAlertChangedCallback across processes. */
export const notifyAlertChangedCallbackInterface: InterfaceType<NotifyAlertChangedCallback> =
  defineInterface(NOTIFY_ALERT_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      () => remote.call(notifyAlertChangedCallbackMethods.call, undefined),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: notifyAlertChangedCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [serve(notifyAlertChangedCallbackMethods.call, (target) => target())],
  });

const BANNED_LIST_CHANGED_CALLBACK = { id: 0x93d235d8153ab33bn, name: 'BannedListChangedCallback' };

const bannedListChangedCallbackMethods = {
  destroy: method(BANNED_LIST_CHANGED_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(BANNED_LIST_CHANGED_CALLBACK, 1, 'call', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** BannedListChangedCallback across processes. */
export const bannedListChangedCallbackInterface: InterfaceType<BannedListChangedCallback> =
  defineInterface(BANNED_LIST_CHANGED_CALLBACK, {
    client: (remote) => Object.assign(
      () => remote.call(bannedListChangedCallbackMethods.call, undefined),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: bannedListChangedCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [serve(bannedListChangedCallbackMethods.call, (target) => target())],
  });

const NOTIFY_BLOCK_TIP_CALLBACK = { id: 0xd7a817fb90738585n, name: 'NotifyBlockTipCallback' };

const notifyBlockTipCallbackMethods = {
  destroy: method(NOTIFY_BLOCK_TIP_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(NOTIFY_BLOCK_TIP_CALLBACK, 1, 'call', {
    params: struct(2, 2, {
      syncState: int32(0),
      tip: at(1, blockTipCodec),
      verificationProgress: float64(8),
    }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** NotifyBlockTipCallback across processes. */
export const notifyBlockTipCallbackInterface: InterfaceType<NotifyBlockTipCallback> =
  defineInterface(NOTIFY_BLOCK_TIP_CALLBACK, {
    client: (remote) => Object.assign(
      (syncState: number, tip: BlockTip, verificationProgress: number) =>
        remote.call(notifyBlockTipCallbackMethods.call, { syncState, tip, verificationProgress }),
      { destroy: () => remote.destroy() },
    ),
    destroy: { method: notifyBlockTipCallbackMethods.destroy, run: (target) => target.destroy?.() },
    methods: [
      serve(notifyBlockTipCallbackMethods.call, (target, { syncState, tip, verificationProgress }) =>
        target(syncState, tip, verificationProgress),
      ),
    ],
  });

const NOTIFY_HEADER_TIP_CALLBACK = { id: 0x9d0b34fb1eeed2c5n, name: 'NotifyHeaderTipCallback' };

const notifyHeaderTipCallbackMethods = {
  destroy: method(NOTIFY_HEADER_TIP_CALLBACK, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  call: method(NOTIFY_HEADER_TIP_CALLBACK, 1, 'call', {
    params: struct(2, 2, {
      syncState: int32(0),
      tip: at(1, blockTipCodec),
      verificationProgress: float64(8),
    }),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** NotifyHeaderTipCallback across processes. */
export const notifyHeaderTipCallbackInterface: InterfaceType<NotifyHeaderTipCallback> =
  defineInterface(NOTIFY_HEADER_TIP_CALLBACK, {
    client: (remote) => Object.assign(
      (syncState: number, tip: BlockTip, verificationProgress: number) =>
        remote.call(notifyHeaderTipCallbackMethods.call, { syncState, tip, verificationProgress }),
      { destroy: () => remote.destroy() },
    ),
    destroy: {
      method: notifyHeaderTipCallbackMethods.destroy,
      run: (target) => target.destroy?.(),
    },
    methods: [
      serve(notifyHeaderTipCallbackMethods.call, (target, { syncState, tip, verificationProgress }) =>
        target(syncState, tip, verificationProgress),
      ),
    ],
  });
