// Generated from node.capnp, sha256 ffee0da4c33ae96c. To change it: "npm run generate".

/** The node's control interface, as a window uses it. */

import type { BilingualStr, GlobalArgs, Pair, PairUInt64 } from './common.js';
import type { Handler } from './handler.js';
import type { WalletLoader } from './wallet.js';

/** Starts, stops, configures and observes a node. Hashes are 32 bytes in internal byte order. */
export interface Node {
  /** Ends the object's life. No call may follow. */
  destroy(): Promise<void>;

  /** Sets logging up from the current settings. */
  initLogging(): Promise<void>;

  /** Applies the effects that settings have on each other. */
  initParameterInteraction(): Promise<void>;

  /** Current warnings, joined with "<hr />". */
  getWarnings(): Promise<BilingualStr>;

  /** Bit mask of the enabled debug log categories. */
  getLogCategories(): Promise<bigint>;

  /** The exit status to end with. */
  getExitStatus(): Promise<number>;

  /**
   * Configures the process from globalArgs and prepares the start: checks, directory locks. At most
   * once per process.
   */
  baseInitialize(globalArgs: GlobalArgs): Promise<boolean>;

  /** Starts the node; returns when it is running. */
  appInitMain(): Promise<{ readonly tipInfo: BlockAndHeaderTipInfo; readonly result: boolean }>;

  /** Stops the node; returns when everything is saved. */
  appShutdown(): Promise<void>;

  /** Asks the node to stop and interrupts what it does. */
  startShutdown(): Promise<void>;

  /** Whether the node was asked to stop. */
  shutdownRequested(): Promise<boolean>;

  /** Whether the command line overrides the setting. */
  isSettingIgnored(name: string): Promise<boolean>;

  /** Value of a setting in settings.json or bitcoin.conf, JSON ("null" if it is not set). */
  getPersistentSetting(name: string): Promise<string>;

  /** Sets a value of settings.json; JSON null removes it. */
  updateRwSetting(name: string, value: string): Promise<void>;

  /** Sets a value that wins over all others and is not saved; JSON null removes it. */
  forceSetting(name: string, value: string): Promise<void>;

  /** Keeps a copy of settings.json and empties it. */
  resetSettings(): Promise<void>;

  /** Starts or stops port mapping on the router. */
  mapPort(useNatPnP: boolean): Promise<void>;

  /** The proxy used for a Network. */
  getProxy(net: number): Promise<{ readonly proxyInfo: ProxyInfo; readonly result: boolean }>;

  /** Number of peers; `flags` is a ConnectionDirection. */
  getNodeCount(flags: number): Promise<bigint>;

  /** What is known about each peer. `result` is false while there is no network. */
  getNodesStats(): Promise<{ readonly stats: readonly NodeStats[]; readonly result: boolean }>;

  /** The ban list. */
  getBanned(): Promise<{ readonly banmap: Banmap; readonly result: boolean }>;

  /** Bans a network address (BIP155 serialization) for some seconds; 0 is the default time. */
  ban(netAddr: Uint8Array, banTimeOffset: bigint): Promise<boolean>;

  /** Lifts the ban of a subnet, given as ASCII text. */
  unban(ip: Uint8Array): Promise<boolean>;

  /** Disconnects the peers at a network address (BIP155 serialization). */
  disconnectByAddress(address: Uint8Array): Promise<boolean>;

  /** Disconnects a peer. */
  disconnectById(id: bigint): Promise<boolean>;

  /** Signing devices found through -signer. */
  listExternalSigners(): Promise<readonly ExternalSigner[]>;

  /** Bytes received from peers since the start. */
  getTotalBytesRecv(): Promise<bigint>;

  /** Bytes sent to peers since the start. */
  getTotalBytesSent(): Promise<bigint>;

  /** Number of transactions in the mempool. */
  getMempoolSize(): Promise<bigint>;

  /** Memory the mempool uses, bytes. */
  getMempoolDynamicUsage(): Promise<bigint>;

  /** Memory the mempool may use, bytes. */
  getMempoolMaxUsage(): Promise<bigint>;

  /** Height and time (seconds) of the best header. `result` is false if there is none. */
  getHeaderTip(): Promise<{
    readonly height: number;
    readonly blockTime: bigint;
    readonly result: boolean;
  }>;

  /** Height of the active chain, -1 before there is one. */
  getNumBlocks(): Promise<number>;

  /** The node's own network addresses (BIP155 serialization). */
  getNetLocalAddresses(): Promise<readonly Pair<Uint8Array, LocalServiceInfo>[]>;

  /** Hash of the tip. */
  getBestBlockHash(): Promise<Uint8Array>;

  /** Time of the tip, seconds. */
  getLastBlockTime(): Promise<bigint>;

  /** Estimated share (0 to 1) of all transactions that are verified. */
  getVerificationProgress(): Promise<number>;

  /** Whether the node is still catching up with the network. */
  isInitialBlockDownload(): Promise<boolean>;

  /** Whether blocks are being read from files. */
  isLoadingBlocks(): Promise<boolean>;

  /** Turns the peer-to-peer network on or off. */
  setNetworkActive(active: boolean): Promise<void>;

  /** Whether the peer-to-peer network is on. */
  getNetworkActive(): Promise<boolean>;

  /** The fee rate (12 bytes: satoshis i64, virtual bytes i32) below which an output is dust. */
  getDustRelayFee(): Promise<Uint8Array>;

  /**
   * Runs a JSON-RPC command. `params` and the result are JSON; `uri` is "" or "/wallet/<name>".
   * Throws RpcFailure (errors.ts).
   */
  executeRpc(command: string, params: string, uri: string): Promise<string>;

  /** Names of all JSON-RPC commands. */
  listRpcCommands(): Promise<readonly string[]>;

  /** The serialized coin of an outpoint (36 bytes); undefined if it does not exist or is spent. */
  getUnspentOutput(output: Uint8Array): Promise<Uint8Array | undefined>;

  /**
   * Submits a serialized transaction unless its fee is above maxTxFee satoshis. `result` is a
   * TransactionError, `error` says more.
   */
  broadcastTransaction(
    tx: Uint8Array,
    maxTxFee: bigint,
  ): Promise<{ readonly error: string; readonly result: number }>;

  /** The loader of wallets; undefined if wallets are disabled or not there yet. */
  walletLoader(): Promise<WalletLoader | undefined>;

  /** Subscribes to progress messages of the start. */
  handleInitMessage(callback: InitMessageCallback): Promise<Handler>;

  /** Subscribes to messages for the user. */
  handleMessageBox(callback: MessageBoxCallback): Promise<Handler>;

  /** Subscribes to questions to the user. */
  handleQuestion(callback: QuestionCallback): Promise<Handler>;

  /** Subscribes to the progress of long work. */
  handleShowProgress(callback: ShowNodeProgressCallback): Promise<Handler>;

  /** Calls once when walletLoader becomes available. */
  handleInitWallet(callback: InitWalletCallback): Promise<Handler>;

  /** Subscribes to the number of peers. */
  handleNotifyNumConnectionsChanged(
    callback: NotifyNumConnectionsChangedCallback,
  ): Promise<Handler>;

  /** Subscribes to the network being turned on and off. */
  handleNotifyNetworkActiveChanged(callback: NotifyNetworkActiveChangedCallback): Promise<Handler>;

  /** Subscribes to changes of the warnings. */
  handleNotifyAlertChanged(callback: NotifyAlertChangedCallback): Promise<Handler>;

  /** Subscribes to changes of the ban list. */
  handleBannedListChanged(callback: BannedListChangedCallback): Promise<Handler>;

  /** Subscribes to new tips. */
  handleNotifyBlockTip(callback: NotifyBlockTipCallback): Promise<Handler>;

  /** Subscribes to new best headers. */
  handleNotifyHeaderTip(callback: NotifyHeaderTipCallback): Promise<Handler>;
}

/** A signing device. */
export interface ExternalSigner {
  /** Ends the object's life. No call may follow. */
  destroy(): Promise<void>;

  /** The device's name. */
  getName(): Promise<string>;
}

/** Receives progress messages of the start. */
export interface InitMessageCallback {
  (message: string): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Shows a message. */
export interface MessageBoxCallback {
  /** `style` are MessageBoxFlags. True if the user accepted. */
  (message: BilingualStr, style: number): Promise<boolean>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Asks the user. */
export interface QuestionCallback {
  /**
   * nonInteractiveMessage is for programs without a user; `style` are MessageBoxFlags. True if the
   * user accepted.
   */
  (message: BilingualStr, nonInteractiveMessage: string, style: number): Promise<boolean>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Receives the progress of long work. */
export interface ShowNodeProgressCallback {
  /** `progress` is in percent; 100 means done. */
  (title: string, progress: number, resumePossible: boolean): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Learns that the loader of wallets is available. */
export interface InitWalletCallback {
  (): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Receives the number of peers. */
export interface NotifyNumConnectionsChangedCallback {
  (newNumConnections: number): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Learns whether the network is on. */
export interface NotifyNetworkActiveChangedCallback {
  (networkActive: boolean): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Learns that the warnings changed. */
export interface NotifyAlertChangedCallback {
  (): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Learns that the ban list changed. */
export interface BannedListChangedCallback {
  (): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Receives new tips. */
export interface NotifyBlockTipCallback {
  /** syncState is a SynchronizationState, verificationProgress goes from 0 to 1. */
  (syncState: number, tip: BlockTip, verificationProgress: number): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Receives new best headers. */
export interface NotifyHeaderTipCallback {
  /**
   * syncState is a SynchronizationState. tip.blockHash is 32 zero bytes. verificationProgress is 1
   * while headers are checked before they are stored, else 0: no other value is allowed.
   */
  (syncState: number, tip: BlockTip, verificationProgress: number): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** A proxy. */
export interface ProxyInfo {
  /** Network address (BIP155 serialization) and port (u16 big endian). */
  readonly proxy: Uint8Array;
  /** Whether every connection gets its own credentials. */
  readonly torStreamIsolation: boolean;
}

/** What is known about a peer. */
export interface NodeStats {
  readonly nodeid: bigint;
  /** Seconds, as all times here unless noted. */
  readonly lastSend: bigint;
  readonly lastRecv: bigint;
  readonly lastTXTime: bigint;
  readonly lastBlockTime: bigint;
  readonly timeConnected: bigint;
  readonly addrName: string;
  /** Protocol version. */
  readonly version: number;
  /** User agent. */
  readonly cleanSubVer: string;
  readonly inbound: boolean;
  readonly bip152HighbandwidthTo: boolean;
  readonly bip152HighbandwidthFrom: boolean;
  readonly startingHeight: number;
  readonly sendBytes: bigint;
  /** By P2P message name. */
  readonly sendBytesPerMsgType: readonly PairUInt64<string>[];
  readonly recvBytes: bigint;
  readonly recvBytesPerMsgType: readonly PairUInt64<string>[];
  /** NetPermissionFlags; bit 31 makes the number negative. */
  readonly permissionFlags: number;
  /** Microseconds. */
  readonly pingTime: bigint;
  /** Microseconds; the largest 64-bit number if there was no ping yet. */
  readonly minPingTime: bigint;
  readonly addrLocal: string;
  /** Serialized address: time u32, services, network address (BIP155), port (u16 big endian). */
  readonly addr: Uint8Array;
  /** Network address (BIP155 serialization) and port (u16 big endian). */
  readonly addrBind: Uint8Array;
  /** A Network. */
  readonly network: number;
  /** Autonomous system number, 0 if it is not known. */
  readonly mappedAs: number;
  /** A ConnectionType. */
  readonly connType: number;
  /** A TransportProtocolType. */
  readonly transportType: number;
  /** Session id (BIP324), hex. */
  readonly sessionId: string;
  readonly stateStats?: NodeStateStats | undefined;
}

/** What block and transaction relay know about a peer. */
export interface NodeStateStats {
  readonly syncHeight: number;
  readonly commonHeight: number;
  readonly startingHeight: number;
  /** Microseconds. */
  readonly pingWait: bigint;
  /** Heights of the blocks asked of the peer. */
  readonly heightInFlight: readonly number[];
  readonly addressesProcessed: bigint;
  readonly addressesRateLimited: bigint;
  readonly addressRelayEnabled: boolean;
  /** ServiceFlags. */
  readonly theirServices: bigint;
  readonly presyncHeight: bigint;
  /** Seconds. */
  readonly timeOffset: bigint;
}

/** A ban list. */
export interface Banmap {
  /**
   * JSON array of {version: 1, ban_created, banned_until, address: "ip/mask"}, times in seconds.
   */
  readonly json: string;
}

/** A tip of the chain. */
export interface BlockTip {
  readonly blockHeight: number;
  /** Seconds. */
  readonly blockTime: bigint;
  /** 32 bytes, internal byte order. */
  readonly blockHash: Uint8Array;
}

/** The tip and the best header after the start. */
export interface BlockAndHeaderTipInfo {
  readonly blockHeight: number;
  /** Seconds. */
  readonly blockTime: bigint;
  readonly headerHeight: number;
  /** Seconds. */
  readonly headerTime: bigint;
  /** 0 to 1. */
  readonly verificationProgress: number;
}

/** How one of the node's own addresses was learnt. */
export interface LocalServiceInfo {
  /** A LocalAddressScore, rising with every peer that confirms it. */
  readonly score: number;
  readonly port: number;
}
