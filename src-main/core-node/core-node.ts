/** A current Bitcoin Core node as the Node interface: commands over its Rpc object, tips over its Mining object. */
import { ConnectionDirection } from '../../src-interfaces/enums.js';
import type { BilingualStr } from '../../src-interfaces/generated/common.js';
import type * as Contract from '../../src-interfaces/generated/node.js';
import { RpcErrorCode } from '../../src-interfaces/rpc/codes.js';
import { asInteger, asString } from '../../src-interfaces/rpc/values.js';
import { chainFacts, member } from './chain-facts.js';
import { CoreNodeEvents } from './core-node-events.js';
import { localAddresses, networkFacts, proxyOf, trafficTotals } from './network-facts.js';
import { banHost, banList, disconnectHost, disconnectPeer, liftBan, peerStats } from './peers.js';
import { isRpcFailure } from './rpc-caller.js';
import { broadcast, unspentOutput } from './transactions.js';

export class CoreNode extends CoreNodeEvents implements Contract.Node {
  #shutdownRequested = false;

  async getWarnings(): Promise<BilingualStr> {
    const { warnings } = await networkFacts(this.rpc);
    return { original: warnings, translated: warnings };
  }

  async startShutdown(): Promise<void> {
    this.#shutdownRequested = true;
    await this.rpc.call('stop');
  }

  /** Whether it was asked through this object. */
  async shutdownRequested(): Promise<boolean> {
    return this.#shutdownRequested;
  }

  getProxy(net: number): ReturnType<Contract.Node['getProxy']> {
    return proxyOf(this.rpc, net);
  }

  async getNodeCount(flags: number): Promise<bigint> {
    const { inbound, outbound } = await networkFacts(this.rpc);
    return BigInt(((flags & ConnectionDirection.in) === 0 ? 0 : inbound) + ((flags & ConnectionDirection.out) === 0 ? 0 : outbound));
  }

  async getNodesStats(): ReturnType<Contract.Node['getNodesStats']> {
    const stats = await peerStats(this.rpc);
    await this.peersRead(stats.length);
    return { stats, result: true };
  }

  async getBanned(): ReturnType<Contract.Node['getBanned']> {
    return { banmap: { json: await banList(this.rpc) }, result: true };
  }

  async ban(netAddr: Uint8Array, banTimeOffset: bigint): Promise<boolean> {
    const banned = await banHost(this.rpc, netAddr, banTimeOffset);
    await this.bansChanged();
    return banned;
  }

  async unban(ip: Uint8Array): Promise<boolean> {
    const lifted = await liftBan(this.rpc, new TextDecoder().decode(ip));
    await this.bansChanged();
    return lifted;
  }

  async disconnectByAddress(address: Uint8Array): Promise<boolean> {
    return this.#thenLook(disconnectHost(this.rpc, address));
  }

  async disconnectById(id: bigint): Promise<boolean> {
    return this.#thenLook(disconnectPeer(this.rpc, id));
  }

  /** What was done here shows at once, not only at the next look. */
  async #thenLook<T>(done: Promise<T>): Promise<T> {
    const outcome = await done;
    await this.lookAtNetwork();
    return outcome;
  }

  async getTotalBytesRecv(): Promise<bigint> {
    return (await trafficTotals(this.rpc)).received;
  }

  async getTotalBytesSent(): Promise<bigint> {
    return (await trafficTotals(this.rpc)).sent;
  }

  async #mempool(name: string): Promise<bigint> {
    const info = await this.rpc.ask('getmempoolinfo');
    return BigInt(asInteger(member(info, name), 0, Number.MAX_SAFE_INTEGER));
  }

  getMempoolSize(): Promise<bigint> {
    return this.#mempool('size');
  }

  getMempoolDynamicUsage(): Promise<bigint> {
    return this.#mempool('usage');
  }

  getMempoolMaxUsage(): Promise<bigint> {
    return this.#mempool('maxmempool');
  }

  /** The time is that of the tip: commands do not tell the best header's. */
  async getHeaderTip(): ReturnType<Contract.Node['getHeaderTip']> {
    const { headers, tipTime } = await chainFacts(this.rpc);
    return { height: headers, blockTime: BigInt(tipTime), result: true };
  }

  async getNumBlocks(): Promise<number> {
    try {
      return (await chainFacts(this.rpc)).height;
    } catch (error) {
      if (isRpcFailure(error, RpcErrorCode.inWarmup)) return -1;
      throw error;
    }
  }

  getNetLocalAddresses(): ReturnType<Contract.Node['getNetLocalAddresses']> {
    return localAddresses(this.rpc);
  }

  async getBestBlockHash(): Promise<Uint8Array> {
    return (await chainFacts(this.rpc)).tipHash;
  }

  async getLastBlockTime(): Promise<bigint> {
    return BigInt((await chainFacts(this.rpc)).tipTime);
  }

  async getVerificationProgress(): Promise<number> {
    return (await chainFacts(this.rpc)).progress;
  }

  async isInitialBlockDownload(): Promise<boolean> {
    return (await chainFacts(this.rpc)).initialDownload;
  }

  /** While it loads blocks from files, such a node does not tell it apart from fetching them. */
  async isLoadingBlocks(): Promise<boolean> {
    return false;
  }

  async setNetworkActive(active: boolean): Promise<void> {
    await this.#thenLook(this.rpc.call('setnetworkactive', active));
  }

  async getNetworkActive(): Promise<boolean> {
    return (await networkFacts(this.rpc)).active;
  }

  executeRpc(command: string, params: string, uri: string): Promise<string> {
    return this.rpc.execute(command, params, uri);
  }

  /** The commands that the node's help lists. */
  async listRpcCommands(): Promise<readonly string[]> {
    const help = asString(await this.rpc.call('help'));
    return help.split('\n').flatMap((line) => /^[a-z][a-z0-9]*/.exec(line) ?? []);
  }

  getUnspentOutput(output: Uint8Array): Promise<Uint8Array | undefined> {
    return unspentOutput(this.rpc, output);
  }

  broadcastTransaction(tx: Uint8Array, maxTxFee: bigint): ReturnType<Contract.Node['broadcastTransaction']> {
    return broadcast(this.rpc, tx, maxTxFee);
  }
}
