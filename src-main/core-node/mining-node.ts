/** A Bitcoin Core 30 node as the Node interface. It serves Mining alone: the tip, and whether it is catching up. */
import { serializeService } from '../../src-bitcoin/address/net-address.js';
import type { BilingualStr, BlockRef } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type * as Contract from '../../src-interfaces/generated/node.js';
import { syncState } from './chain-facts.js';
import { Subscribers } from './subscribers.js';
import { TipWatch, type TipSource } from './tip-watch.js';
import { never, refuse, UnofferedParts } from './unoffered.js';

/**
 * What only commands would tell is answered with nothing: counts are 0, lists empty. The window does not show
 * it, because NodeOffers says that there are no commands. What would change something is refused.
 */
export class MiningNode extends UnofferedParts implements Contract.Node {
  readonly #mining: TipSource;
  readonly #stopping: () => void;
  readonly #blockTips = new Subscribers<Contract.NotifyBlockTipCallback>();
  #tips: Promise<TipWatch> | undefined;

  /** @param stopping hears that the node has begun to end */
  constructor(mining: TipSource, stopping: () => void) {
    super();
    this.#mining = mining;
    this.#stopping = stopping;
  }

  async #tip(): Promise<BlockRef> {
    return (await this.#mining.getTip()) ?? { height: -1, hash: new Uint8Array(32) };
  }

  async getNumBlocks(): Promise<number> {
    return (await this.#tip()).height;
  }

  async getBestBlockHash(): Promise<Uint8Array> {
    return (await this.#tip()).hash;
  }

  isInitialBlockDownload(): Promise<boolean> {
    return this.#mining.isInitialBlockDownload();
  }

  async getVerificationProgress(): Promise<number> {
    return (await this.isInitialBlockDownload()) ? 0 : 1;
  }

  /** Resolves when no later tip can be missed. Times of blocks are not known: 0. */
  async handleNotifyBlockTip(callback: Contract.NotifyBlockTipCallback): Promise<Handler> {
    const handler = this.#blockTips.add(callback);
    await (this.#tips ??= this.#watchTips());
    return handler;
  }

  async #watchTips(): Promise<TipWatch> {
    const changed = async ({ height, hash }: BlockRef): Promise<void> => {
      const initialDownload = await this.isInitialBlockDownload();
      const tip = { blockHeight: height, blockTime: 0n, blockHash: hash };
      await this.#blockTips.tell((told) => told(syncState(initialDownload), tip, initialDownload ? 0 : 1));
    };
    const watch = new TipWatch(this.#mining, changed, this.#stopping);
    await watch.start();
    return watch;
  }

  /** Ends every wait and subscription; the node goes on. */
  async destroy(): Promise<void> {
    await this.#blockTips.end();
    const tips = await this.#tips?.catch(() => undefined);
    await tips?.close();
  }

  async getHeaderTip(): ReturnType<Contract.Node['getHeaderTip']> {
    return { height: 0, blockTime: 0n, result: false };
  }

  async getLastBlockTime(): Promise<bigint> {
    return 0n;
  }

  async isLoadingBlocks(): Promise<boolean> {
    return false;
  }

  async getWarnings(): Promise<BilingualStr> {
    return { original: '', translated: '' };
  }

  async getNodeCount(): Promise<bigint> {
    return 0n;
  }

  async getNodesStats(): ReturnType<Contract.Node['getNodesStats']> {
    return { stats: [], result: false };
  }

  async getBanned(): ReturnType<Contract.Node['getBanned']> {
    return { banmap: { json: '[]' }, result: false };
  }

  async getProxy(): ReturnType<Contract.Node['getProxy']> {
    return { proxyInfo: { proxy: serializeService(''), torStreamIsolation: false }, result: false };
  }

  async getTotalBytesRecv(): Promise<bigint> {
    return 0n;
  }

  async getTotalBytesSent(): Promise<bigint> {
    return 0n;
  }

  async getMempoolSize(): Promise<bigint> {
    return 0n;
  }

  async getMempoolDynamicUsage(): Promise<bigint> {
    return 0n;
  }

  async getMempoolMaxUsage(): Promise<bigint> {
    return 0n;
  }

  async getNetLocalAddresses(): ReturnType<Contract.Node['getNetLocalAddresses']> {
    return [];
  }

  async getNetworkActive(): Promise<boolean> {
    return true;
  }

  async listRpcCommands(): Promise<readonly string[]> {
    return [];
  }

  async shutdownRequested(): Promise<boolean> {
    return false;
  }

  startShutdown(): Promise<never> {
    return refuse('startShutdown');
  }

  setNetworkActive(): Promise<never> {
    return refuse('setNetworkActive');
  }

  ban(): Promise<never> {
    return refuse('ban');
  }

  unban(): Promise<never> {
    return refuse('unban');
  }

  disconnectByAddress(): Promise<never> {
    return refuse('disconnectByAddress');
  }

  disconnectById(): Promise<never> {
    return refuse('disconnectById');
  }

  executeRpc(): Promise<never> {
    return refuse('executeRpc');
  }

  getUnspentOutput(): Promise<never> {
    return refuse('getUnspentOutput');
  }

  broadcastTransaction(): Promise<never> {
    return refuse('broadcastTransaction');
  }

  async handleInitMessage(): Promise<Handler> {
    return never;
  }

  async handleNotifyHeaderTip(): Promise<Handler> {
    return never;
  }

  async handleNotifyNumConnectionsChanged(): Promise<Handler> {
    return never;
  }

  async handleNotifyNetworkActiveChanged(): Promise<Handler> {
    return never;
  }

  async handleNotifyAlertChanged(): Promise<Handler> {
    return never;
  }

  async handleBannedListChanged(): Promise<Handler> {
    return never;
  }
}
