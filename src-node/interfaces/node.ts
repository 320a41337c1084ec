/** The node as a window sees it. Each method says in the schema what it answers. */
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { serializeCoin } from '../../src-bitcoin/coin.js';
import { serializeFeeRate } from '../../src-bitcoin/feerate.js';
import { parseTransaction, readOutpoint, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { ConnectionDirection, Network, TransactionError } from '../../src-interfaces/enums.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { BilingualStr, GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import type * as Contract from '../../src-interfaces/generated/node.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Chainstate } from '../kernel/types.js';
import { BorrowedWalletLoader } from './borrowed-wallet-loader.js';
import { joinHostPort, parseNetAddress, serializeNetAddress, serializeService } from '../../src-bitcoin/address/net-address.js';
import { nodeStats } from './node-stats.js';
import type { StartedNode } from './node-program.js';
import { NodeSubscriptions } from './node-subscriptions.js';

function progressOf(chainstate: Chainstate): number {
  return chainstate.verificationProgress(chainstate.tip);
}

/** Address and port of no service: the network IPv6, 16 bytes of zero, port 0. Nothing shorter can be read. */
const NO_SERVICE = Uint8Array.of(2, 16, ...new Uint8Array(18));

export class NodeInterface extends NodeSubscriptions implements Node {
  /** @throws CallFailure before the node has started. */
  #started(): StartedNode {
    const started = this.program.started();
    if (started === undefined) throw new CallFailure('failed', 'The node is still starting');
    return started;
  }

  async initLogging(): Promise<void> {
    this.program.initLogging();
  }

  async initParameterInteraction(): Promise<void> {
    // Options settle their effects on each other when they are read.
  }

  async getWarnings(): Promise<BilingualStr> {
    const text = this.program.userInterface.warnings.join('<hr />');
    return { original: text, translated: text };
  }

  async getLogCategories(): Promise<bigint> {
    return this.program.logCategories;
  }

  async getExitStatus(): Promise<number> {
    return this.program.exitStatus;
  }

  baseInitialize(globalArgs: GlobalArgs): Promise<boolean> {
    return this.program.initialize(globalArgs);
  }

  async appInitMain(): Promise<{ readonly tipInfo: Contract.BlockAndHeaderTipInfo; readonly result: boolean }> {
    const result = await this.program.start();
    const started = this.program.started();
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
    return this.program.shutdown();
  }

  async startShutdown(): Promise<void> {
    this.program.requestShutdown();
  }

  async shutdownRequested(): Promise<boolean> {
    return this.program.shutdownRequested;
  }

  async isSettingIgnored(name: string): Promise<boolean> {
    return this.program.settings.ignored(name);
  }

  async getPersistentSetting(name: string): Promise<string> {
    return this.program.settings.persistentOrConfigured(name);
  }

  async updateRwSetting(name: string, value: string): Promise<void> {
    this.program.settings.setPersistent(name, value, true);
  }

  async forceSetting(name: string, value: string): Promise<void> {
    this.program.settings.force(name, value);
  }

  async resetSettings(): Promise<void> {
    this.program.settings.reset();
  }

  async mapPort(useNatPnP: boolean): Promise<void> {
    await this.#started().portMapper?.setEnabled(useNatPnP);
  }

  async getProxy(net: number): Promise<{ readonly proxyInfo: Contract.ProxyInfo; readonly result: boolean }> {
    const proxy = net === Network.ipv4 || net === Network.ipv6 ? this.program.started()?.network?.proxy : undefined;
    if (proxy === undefined) return { proxyInfo: { proxy: NO_SERVICE, torStreamIsolation: false }, result: false };
    const { host, port, randomCredentials } = proxy;
    return { proxyInfo: { proxy: serializeService(joinHostPort(host, port)), torStreamIsolation: randomCredentials }, result: true };
  }

  async getNodeCount(flags: number): Promise<bigint> {
    const network = this.program.started()?.network;
    if (network === undefined || flags === ConnectionDirection.none) return 0n;
    const direction = flags === ConnectionDirection.in ? 'in' : flags === ConnectionDirection.out ? 'out' : undefined;
    return BigInt(network.connectionCount(direction));
  }

  async getNodesStats(): Promise<{ readonly stats: readonly Contract.NodeStats[]; readonly result: boolean }> {
    const network = this.program.started()?.network;
    return { stats: network?.peers().map(nodeStats) ?? [], result: network !== undefined };
  }

  async getBanned(): Promise<{ readonly banmap: Contract.Banmap; readonly result: boolean }> {
    const bans = this.program.started()?.bans;
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

  /** There are none: the node starts no signing programs. */
  async listExternalSigners(): Promise<readonly Contract.ExternalSigner[]> {
    return [];
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
    const header = this.program.started()?.chainstate.bestHeader;
    if (header === undefined) return { height: 0, blockTime: 0n, result: false };
    return { height: header.height, blockTime: BigInt(header.header.time), result: true };
  }

  async getNumBlocks(): Promise<number> {
    return this.program.started()?.chainstate.tip.height ?? -1;
  }

  async getNetLocalAddresses(): ReturnType<Node['getNetLocalAddresses']> {
    const addresses = this.program.started()?.network?.localAddresses() ?? [];
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
    return this.program.started()?.chainstate.initialDownload ?? true;
  }

  async isLoadingBlocks(): Promise<boolean> {
    return this.program.started()?.loadingBlocks() ?? true;
  }

  async setNetworkActive(active: boolean): Promise<void> {
    this.#started().network?.setActive(active);
  }

  async getNetworkActive(): Promise<boolean> {
    return this.program.started()?.network?.active ?? false;
  }

  async getDustRelayFee(): Promise<Uint8Array> {
    return serializeFeeRate(this.#started().mempool.dustRelayFeeRate);
  }

  executeRpc(command: string, params: string, uri: string): Promise<string> {
    return this.program.executeRpc(command, params, uri);
  }

  async listRpcCommands(): Promise<readonly string[]> {
    return this.program.rpcCommands();
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
    const { ownWallets, attachedLoaders } = this.program;
    if (ownWallets === undefined) return undefined;
    const own = { process: ownWallets.process, loader: await ownWallets.loader(), start: () => ownWallets.loaderNow() };
    return new BorrowedWalletLoader(own, attachedLoaders);
  }
}
