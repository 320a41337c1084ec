/** What happens in a current Bitcoin Core node, found out through Mining where it tells, else by looking now and then. */
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { BlockRef } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type * as Contract from '../../src-interfaces/generated/node.js';
import { blocksUpTo, chainFacts, syncState, type ChainFacts } from './chain-facts.js';
import { networkFacts, type NetworkFacts } from './network-facts.js';
import type { RpcCaller } from './rpc-caller.js';
import { Subscribers } from './subscribers.js';
import { TipWatch, type TipSource } from './tip-watch.js';
import { UnofferedParts } from './unoffered.js';

/** Milliseconds between looks at what no call waits for: peers and warnings; headers while the first ones come. */
const lookPeriod = 10_000;
/** Blocks told one by one when several came at once; of more, only the last. */
const mostBlocks = 24;

const noHash = new Uint8Array(32);

export abstract class CoreNodeEvents extends UnofferedParts {
  protected readonly rpc: RpcCaller;
  readonly #mining: Promise<TipSource>;
  readonly #stopping: () => void;
  readonly #initMessages = new Subscribers<Contract.InitMessageCallback>();
  readonly #blockTips = new Subscribers<Contract.NotifyBlockTipCallback>();
  readonly #headerTips = new Subscribers<Contract.NotifyHeaderTipCallback>(() => this.#keepLooking());
  readonly #connections = new Subscribers<Contract.NotifyNumConnectionsChangedCallback>(() => this.#keepLooking());
  readonly #active = new Subscribers<Contract.NotifyNetworkActiveChangedCallback>(() => this.#keepLooking());
  readonly #alerts = new Subscribers<Contract.NotifyAlertChangedCallback>(() => this.#keepLooking());
  readonly #bans = new Subscribers<Contract.BannedListChangedCallback>();
  #tips: Promise<TipWatch> | undefined;
  #looking: NodeJS.Timeout | undefined;
  #closed = false;
  /** Height of the tip told last. */
  #tipHeight = -1;
  #chain: ChainFacts | undefined;
  #network: NetworkFacts | undefined;

  /**
   * @param makeRpc makes what runs commands; the function it is given hears how far a node is that is still starting
   * @param mining resolves when the node has loaded its chain
   * @param stopping hears that the node has begun to end
   */
  constructor(makeRpc: (warmingUp: (message: string) => void) => RpcCaller, mining: Promise<TipSource>, stopping: () => void) {
    super();
    this.#stopping = stopping;
    this.rpc = makeRpc((message) => void this.#initMessages.tell((callback) => callback(message)));
    this.#mining = mining;
    // Told to those who wait for tips; without any it is nobody's.
    mining.catch(() => undefined);
  }

  async handleInitMessage(callback: Contract.InitMessageCallback): Promise<Handler> {
    return this.#initMessages.add(callback);
  }

  /** Resolves when no later tip can be missed. */
  async handleNotifyBlockTip(callback: Contract.NotifyBlockTipCallback): Promise<Handler> {
    const handler = this.#blockTips.add(callback);
    try {
      await (this.#tips ??= this.#watchTips());
      return handler;
    } catch (error) {
      await handler.destroy();
      throw error;
    }
  }

  async handleNotifyHeaderTip(callback: Contract.NotifyHeaderTipCallback): Promise<Handler> {
    return this.#headerTips.add(callback);
  }

  async handleNotifyNumConnectionsChanged(callback: Contract.NotifyNumConnectionsChangedCallback): Promise<Handler> {
    return this.#connections.add(callback);
  }

  async handleNotifyNetworkActiveChanged(callback: Contract.NotifyNetworkActiveChangedCallback): Promise<Handler> {
    return this.#active.add(callback);
  }

  async handleNotifyAlertChanged(callback: Contract.NotifyAlertChangedCallback): Promise<Handler> {
    return this.#alerts.add(callback);
  }

  /** Bans that other programs set are not told by the node; those of this window are. */
  async handleBannedListChanged(callback: Contract.BannedListChangedCallback): Promise<Handler> {
    return this.#bans.add(callback);
  }

  protected bansChanged(): Promise<void> {
    return this.#bans.tell((callback) => callback());
  }

  async #watchTips(): Promise<TipWatch> {
    const watch = new TipWatch(await this.#mining, (tip) => this.#tipChanged(tip), this.#stopping);
    await watch.start();
    // What a look finds is compared with what was known now.
    [this.#chain, this.#network] = await Promise.all([chainFacts(this.rpc), networkFacts(this.rpc)]);
    this.#tipHeight = Math.max(this.#tipHeight, this.#chain.height);
    return watch;
  }

  async #tipChanged(tip: BlockRef): Promise<void> {
    const before = this.#tipHeight;
    this.#tipHeight = tip.height;
    const chain = await this.#lookAtChain();
    const one = chain.initialDownload || tip.height <= before || tip.height - before > mostBlocks;
    const blocks = await blocksUpTo(this.rpc, hashToHex(tip.hash), one ? tip.height : before + 1, mostBlocks);
    for (const block of blocks) await this.#blockTips.tell((callback) => callback(syncState(chain.initialDownload), block, chain.progress));
  }

  /** Reads the state of the chain, and tells of headers that changed. */
  async #lookAtChain(): Promise<ChainFacts> {
    const before = this.#chain;
    const chain = await chainFacts(this.rpc);
    this.#chain = chain;
    if (before?.headers !== chain.headers) {
      const header = { blockHeight: chain.headers, blockTime: BigInt(chain.tipTime), blockHash: noHash };
      await this.#headerTips.tell((callback) => callback(syncState(chain.initialDownload), header, 0));
    }
    return chain;
  }

  /** Reads the state of the network, and tells what changed. */
  protected async lookAtNetwork(): Promise<void> {
    const before = this.#network;
    const network = await networkFacts(this.rpc);
    this.#network = network;
    const count = network.inbound + network.outbound;
    if (before === undefined) return;
    if (before.inbound !== network.inbound || before.outbound !== network.outbound) {
      await this.#connections.tell((callback) => callback(count));
    }
    if (before.warnings !== network.warnings) await this.#alerts.tell((callback) => callback());
    if (before.active !== network.active) await this.#active.tell((callback) => callback(network.active));
  }

  /** Looks at the network now when the number of peers read is not the one told last. */
  protected async peersRead(count: number): Promise<void> {
    const known = this.#network;
    if (known !== undefined && known.inbound + known.outbound !== count) await this.lookAtNetwork();
  }

  #keepLooking(): void {
    const wanted = this.#headerTips.count + this.#connections.count + this.#active.count + this.#alerts.count > 0;
    if (!wanted || this.#closed) {
      clearInterval(this.#looking);
      this.#looking = undefined;
      return;
    }
    this.#looking ??= setInterval(() => void this.#look().catch(() => undefined), lookPeriod);
  }

  async #look(): Promise<void> {
    await this.lookAtNetwork();
    if (this.#chain?.initialDownload === true) await this.#lookAtChain();
  }

  /** Ends every wait and subscription; the node goes on. */
  async destroy(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#keepLooking();
    const subscribers = [this.#initMessages, this.#blockTips, this.#headerTips, this.#connections, this.#active, this.#alerts, this.#bans];
    await Promise.allSettled(subscribers.map((each) => each.end()));
    const tips = await this.#tips?.catch(() => undefined);
    await tips?.close();
  }
}
