/** The node as a window sees it. Each method says in the schema what it answers. */
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { serializeCoin } from '../../src-bitcoin/coin.js';
import { serializeFeeRate } from '../../src-bitcoin/feerate.js';
import { parseTransaction, readOutpoint, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { ConnectionDirection, SynchronizationState, TransactionError } from '../../src-interfaces/enums.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { BilingualStr, GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { BlockTip, Node, NotifyBlockTipCallback, NotifyHeaderTipCallback } from '../../src-interfaces/generated/node.js';
import type * as Contract from '../../src-interfaces/generated/node.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { BlockIndex, Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';
import type { PeerNetwork } from '../rpc/context.js';
import { BorrowedWalletLoader } from './borrowed-wallet-loader.js';
import { parseNetAddress, serializeNetAddress } from '../../src-bitcoin/address/net-address.js';
import { nodeStats } from './node-stats.js';
import { handlerOf, Deliveries } from './subscription.js';
import type { SettingsAccess } from './chain.js';
import type { Listeners, UserInterface } from './user-interface.js';

/** The ban list of the peer-to-peer network. Times in seconds since 1970. */
export interface BanList {
  list(): readonly { readonly subnet: string; readonly created: number; readonly until: number }[];
  /** @param seconds from now; 0 for the default of a day */
  ban(address: string, seconds: number): boolean;
  unban(subnet: string): boolean;
  subscribe(changed: () => void): () => void;
}

/** What exists once the node has started. */
export interface StartedNode {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  readonly network: PeerNetwork | undefined;
  readonly bans: BanList | undefined;
  /** -import or -reindex is going on. */
  loadingBlocks(): boolean;
}

/** The life of the program around the node, and what does not depend on it having started. */
export interface NodeProgram {
  readonly userInterface: UserInterface;
  readonly settings: SettingsAccess & {
    /** What settings.json and bitcoin.conf say together. */
    persistentOrConfigured(name: string): string;
    ignored(name: string): boolean;
    force(name: string, value: string): void;
    reset(): void;
  };
  started(): StartedNode | undefined;
  /** Called once when the node has started, at once when it has already; returns a function that calls it off. */
  onStarted(ready: (started: StartedNode) => void): () => void;
  initialize(globalArgs: GlobalArgs): Promise<boolean>;
  start(): Promise<boolean>;
  /** Stops everything and resolves when it is stopped. */
  shutdown(): Promise<void>;
  requestShutdown(): void;
  readonly shutdownRequested: boolean;
  readonly exitStatus: number;
  readonly logCategories: bigint;
  initLogging(): void;
  executeRpc(method: string, params: string, uri: string): Promise<string>;
  rpcCommands(): readonly string[];
  /** The wallets, started again when their process had ended; undefined with -disablewallet. */
  walletLoader(): Promise<WalletLoader | undefined>;
  /** Called once the wallets are there, at once when they are already. */
  onWalletReady(ready: () => void): () => void;
}

function progressOf(chainstate: Chainstate): number {
  return chainstate.verificationProgress(chainstate.tip);
}

/** Header tips are told without a hash, as the reference does. */
const noHash = new Uint8Array(32);

function syncState(initialDownload: boolean): number {
  return initialDownload ? SynchronizationState.initDownload : SynchronizationState.postInit;
}

const tipOf = (index: BlockIndex): BlockTip => ({ blockHeight: index.height, blockTime: BigInt(index.header.time), blockHash: index.hash });

export class NodeInterface implements Node {
  readonly #program: NodeProgram;
  readonly #handlers = new Set<Handler>();

  constructor(program: NodeProgram) {
    this.#program = program;
  }

  /** @throws CallFailure before the node has started. */
  #started(): StartedNode {
    const started = this.#program.started();
    if (started === undefined) throw new CallFailure('failed', 'The node is still starting');
    return started;
  }

  #own(end: () => void | Promise<void>): Handler {
    const handler = handlerOf(async () => {
      this.#handlers.delete(handler);
      await end();
    });
    this.#handlers.add(handler);
    return handler;
  }

  /** Ends what this client subscribed to; the node itself goes on. */
  async destroy(): Promise<void> {
    await Promise.allSettled([...this.#handlers].map((handler) => handler.destroy()));
  }

  async initLogging(): Promise<void> {
    this.#program.initLogging();
  }

  async initParameterInteraction(): Promise<void> {
    // Options settle their effects on each other when they are read.
  }

  async getWarnings(): Promise<BilingualStr> {
    const text = this.#program.userInterface.warnings.join('<hr />');
    return { original: text, translated: text };
  }

  async getLogCategories(): Promise<bigint> {
    return this.#program.logCategories;
  }

  async getExitStatus(): Promise<number> {
    return this.#program.exitStatus;
  }

  baseInitialize(globalArgs: GlobalArgs): Promise<boolean> {
    return this.#program.initialize(globalArgs);
  }

  async appInitMain(): Promise<{ readonly tipInfo: Contract.BlockAndHeaderTipInfo; readonly result: boolean }> {
    const result = await this.#program.start();
    const started = this.#program.started();
    if (started === undefined) return { tipInfo: { blockHeight: 0, blockTime: 0n, headerHeight: 0, headerTime: 0n, verificationProgress: 0 }, result };
    const { tip, bestHeader } = started.chainstate;
    const tipInfo = {
      blockHeight: tip.height,
      blockTime: BigInt(tip.header.time),
      headerHeight: bestHeader.height,
      headerTime: BigInt(bestHeader.header.time),
      verificationProgress: progressOf(started.chainstate),
    };
    return { tipInfo, result };
  }

  appShutdown(): Promise<void> {
    return this.#program.shutdown();
  }

  async startShutdown(): Promise<void> {
    this.#program.requestShutdown();
  }

  async shutdownRequested(): Promise<boolean> {
    return this.#program.shutdownRequested;
  }

  async isSettingIgnored(name: string): Promise<boolean> {
    return this.#program.settings.ignored(name);
  }

  async getPersistentSetting(name: string): Promise<string> {
    return this.#program.settings.persistentOrConfigured(name);
  }

  async updateRwSetting(name: string, value: string): Promise<void> {
    this.#program.settings.setPersistent(name, value, true);
  }

  async forceSetting(name: string, value: string): Promise<void> {
    this.#program.settings.force(name, value);
  }

  async resetSettings(): Promise<void> {
    this.#program.settings.reset();
  }

  async mapPort(_useNatPnP: boolean): Promise<void> {
    throw new CallFailure('unimplemented', 'Port mapping is not available');
  }

  async getProxy(_net: number): Promise<{ readonly proxyInfo: Contract.ProxyInfo; readonly result: boolean }> {
    return { proxyInfo: { proxy: new Uint8Array(0), torStreamIsolation: false }, result: false };
  }

  async getNodeCount(flags: number): Promise<bigint> {
    const network = this.#program.started()?.network;
    if (network === undefined || flags === ConnectionDirection.none) return 0n;
    const direction = flags === ConnectionDirection.in ? 'in' : flags === ConnectionDirection.out ? 'out' : undefined;
    return BigInt(network.connectionCount(direction));
  }

  async getNodesStats(): Promise<{ readonly stats: readonly Contract.NodeStats[]; readonly result: boolean }> {
    const network = this.#program.started()?.network;
    return { stats: network?.peers().map(nodeStats) ?? [], result: network !== undefined };
  }

  async getBanned(): Promise<{ readonly banmap: Contract.Banmap; readonly result: boolean }> {
    const bans = this.#program.started()?.bans;
    const entries = bans?.list().map(({ subnet, created, until }) => ({ version: 1, ban_created: created, banned_until: until, address: subnet }));
    return { banmap: { json: JSON.stringify(entries ?? []) }, result: bans !== undefined };
  }

  async ban(netAddr: Uint8Array, banTimeOffset: bigint): Promise<boolean> {
    return this.#started().bans?.ban(parseNetAddress(netAddr), Number(banTimeOffset)) ?? false;
  }

  async unban(ip: Uint8Array): Promise<boolean> {
    return this.#started().bans?.unban(new TextDecoder().decode(ip)) ?? false;
  }

  async disconnectByAddress(address: Uint8Array): Promise<boolean> {
    return this.#started().network?.disconnectByAddress(parseNetAddress(address)) ?? false;
  }

  async disconnectById(id: bigint): Promise<boolean> {
    return this.#started().network?.disconnectById(Number(id)) ?? false;
  }

  async listExternalSigners(): Promise<readonly Contract.ExternalSigner[]> {
    throw new CallFailure('unimplemented', 'External signers are not available');
  }

  async getTotalBytesRecv(): Promise<bigint> {
    return BigInt(this.#started().network?.totals().bytesReceived ?? 0);
  }

  async getTotalBytesSent(): Promise<bigint> {
    return BigInt(this.#started().network?.totals().bytesSent ?? 0);
  }

  async getMempoolSize(): Promise<bigint> {
    return BigInt(this.#started().mempool.size);
  }

  async getMempoolDynamicUsage(): Promise<bigint> {
    return BigInt(Math.round(this.#started().mempool.memoryUsage));
  }

  async getMempoolMaxUsage(): Promise<bigint> {
    return BigInt(this.#started().mempool.maxMemory);
  }

  async getHeaderTip(): Promise<{ readonly height: number; readonly blockTime: bigint; readonly result: boolean }> {
    const header = this.#program.started()?.chainstate.bestHeader;
    if (header === undefined) return { height: 0, blockTime: 0n, result: false };
    return { height: header.height, blockTime: BigInt(header.header.time), result: true };
  }

  async getNumBlocks(): Promise<number> {
    return this.#program.started()?.chainstate.tip.height ?? -1;
  }

  async getNetLocalAddresses(): ReturnType<Node['getNetLocalAddresses']> {
    const addresses = this.#program.started()?.network?.localAddresses() ?? [];
    return addresses.map(({ address, port, score }) => ({ key: serializeNetAddress(address), value: { score, port } }));
  }

  async getBestBlockHash(): Promise<Uint8Array> {
    return this.#started().chainstate.tip.hash;
  }

  async getLastBlockTime(): Promise<bigint> {
    return BigInt(this.#started().chainstate.tip.header.time);
  }

  async getVerificationProgress(): Promise<number> {
    return progressOf(this.#started().chainstate);
  }

  async isInitialBlockDownload(): Promise<boolean> {
    return this.#program.started()?.chainstate.initialDownload ?? true;
  }

  async isLoadingBlocks(): Promise<boolean> {
    return this.#program.started()?.loadingBlocks() ?? true;
  }

  async setNetworkActive(active: boolean): Promise<void> {
    this.#started().network?.setActive(active);
  }

  async getNetworkActive(): Promise<boolean> {
    return this.#program.started()?.network?.active ?? false;
  }

  async getDustRelayFee(): Promise<Uint8Array> {
    return serializeFeeRate(this.#started().mempool.dustRelayFeeRate);
  }

  executeRpc(command: string, params: string, uri: string): Promise<string> {
    return this.#program.executeRpc(command, params, uri);
  }

  async listRpcCommands(): Promise<readonly string[]> {
    return this.#program.rpcCommands();
  }

  async getUnspentOutput(output: Uint8Array): Promise<Uint8Array | undefined> {
    const coin = this.#started().chainstate.coins.getCoin(readOutpoint(new ByteReader(output)));
    return coin === undefined ? undefined : serializeCoin(coin);
  }

  async broadcastTransaction(bytes: Uint8Array, maxTxFee: bigint): Promise<{ readonly error: string; readonly result: number }> {
    const { mempool, network } = this.#started();
    const tx = parseTransaction(bytes);
    if (mempool.get(txidOf(tx)) === undefined) {
      const test = await mempool.accept(tx, { test: true });
      if (test.accepted && maxTxFee > 0n && test.entry.fee > maxTxFee) {
        return { error: 'Fee exceeds maximum configured by user', result: TransactionError.maxFeeExceeded };
      }
      const outcome = await mempool.accept(tx);
      if (!outcome.accepted && outcome.kind !== 'known') {
        const result = outcome.kind === 'missing-inputs' ? TransactionError.missingInputs : TransactionError.mempoolRejected;
        return { error: outcome.reason, result };
      }
    }
    network?.relayTransaction(tx);
    return { error: '', result: TransactionError.ok };
  }

  async walletLoader(): Promise<WalletLoader | undefined> {
    const loader = await this.#program.walletLoader();
    return loader === undefined ? undefined : new BorrowedWalletLoader(loader);
  }

  async handleInitMessage(callback: Contract.InitMessageCallback): Promise<Handler> {
    return this.#listen(this.#program.userInterface.initMessages, callback);
  }

  async handleMessageBox(callback: Contract.MessageBoxCallback): Promise<Handler> {
    return this.#listen(this.#program.userInterface.messageBoxes, callback);
  }

  async handleQuestion(callback: Contract.QuestionCallback): Promise<Handler> {
    return this.#listen(this.#program.userInterface.questions, callback);
  }

  async handleShowProgress(callback: Contract.ShowNodeProgressCallback): Promise<Handler> {
    return this.#listen(this.#program.userInterface.progress, callback);
  }

  async handleNotifyAlertChanged(callback: Contract.NotifyAlertChangedCallback): Promise<Handler> {
    return this.#listen(this.#program.userInterface.alerts, callback);
  }

  #listen<C extends { destroy?(): Promise<void> }>(listeners: Listeners<C>, callback: C): Handler {
    const inner = listeners.add(callback);
    return this.#own(() => inner.destroy());
  }

  /** Feeds `callback` from `subscribe`, in order, until the returned handler or the callback ends. */
  #feed<C extends { destroy?(): Promise<void> }>(callback: C, subscribe: (push: (deliver: () => Promise<void>) => void) => () => void): Handler {
    const deliveries = new Deliveries(() => void handler.destroy());
    const stop = subscribe((deliver) => deliveries.push(deliver));
    const handler = this.#own(async () => {
      stop();
      deliveries.end();
      await callback.destroy?.();
    });
    return handler;
  }

  async handleInitWallet(callback: Contract.InitWalletCallback): Promise<Handler> {
    return this.#feed(callback, (push) => this.#program.onWalletReady(() => push(() => callback())));
  }

  /** The same for what exists only once the node has started: a window may subscribe before. */
  #feedStarted<C extends { destroy?(): Promise<void> }>(
    callback: C,
    subscribe: (started: StartedNode, push: (deliver: () => Promise<void>) => void) => (() => void) | undefined,
  ): Handler {
    return this.#feed(callback, (push) => {
      let stop: (() => void) | undefined;
      const callOff = this.#program.onStarted((started) => (stop = subscribe(started, push)));
      return () => {
        callOff();
        stop?.();
      };
    });
  }

  async handleNotifyNumConnectionsChanged(callback: Contract.NotifyNumConnectionsChangedCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ network }, push) => network?.subscribe({ connectionsChanged: (count) => push(() => callback(count)) }));
  }

  async handleNotifyNetworkActiveChanged(callback: Contract.NotifyNetworkActiveChangedCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ network }, push) => network?.subscribe({ activeChanged: (active) => push(() => callback(active)) }));
  }

  async handleBannedListChanged(callback: Contract.BannedListChangedCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ bans }, push) => bans?.subscribe(() => push(() => callback())));
  }

  async handleNotifyBlockTip(callback: NotifyBlockTipCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ chainstate }, push) =>
      chainstate.subscribe({
        tipChanged: ({ tip, initialDownload }) => {
          const progress = chainstate.verificationProgress(tip);
          push(() => callback(syncState(initialDownload), tipOf(tip), progress));
        },
      }),
    );
  }

  async handleNotifyHeaderTip(callback: NotifyHeaderTipCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ chainstate }, push) =>
      chainstate.subscribe({
        headerTipChanged: ({ header, initialDownload }) => push(() => callback(syncState(initialDownload), { ...tipOf(header), blockHash: noHash }, 0)),
      }),
    );
  }
}
