import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { parseTransaction, readOutpoint, serializeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { serializeCoin } from '../../src-bitcoin/coin.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import type {
  Chain,
  ChainNotifications,
  FeeCalculation,
  FoundBlockParam,
  FoundBlockResult,
  RPCCommand,
  SettingsUpdateCallback,
} from '../../src-interfaces/generated/chain.js';
import type { BilingualStr, Pair, PairInt64, ResultVoid } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import { parseLocator } from '../store/locator.js';
import { MemoryBlocks } from './memory-blocks.js';

const feeRate = (satoshis: bigint): Uint8Array => new ByteWriter(12).i64(satoshis).i32(1000).finish();
const noBucket = { start: -1, end: -1, withinTarget: 0, totalConfirmed: 0, inMempool: 0, leftMempool: 0 };
const noCalculation: FeeCalculation = {
  est: { pass: noBucket, fail: noBucket, decay: 0, scale: 0 },
  reason: 0,
  desiredTarget: 0,
  returnedTarget: 0,
  bestHeight: 0,
};

/** A chain for wallet tests. */
export class MemoryChain extends MemoryBlocks implements Chain {
  readonly commands: RPCCommand[] = [];
  readonly settings = new Map<string, string>();
  readonly messages: string[] = [];
  readonly broadcasts: Transaction[] = [];
  /** Whether it has filters (BIP158) of its blocks. Those here know no spent outputs. */
  filters = false;
  /** Satoshis per 1000 vbytes; 0 means there is no estimate. */
  estimate = 0n;
  /** Makes broadcasts fail with this text. */
  rejection: string | undefined;

  async destroy(): Promise<void> {}
  async getHeight(): Promise<number | undefined> {
    return this.tip.height;
  }
  async getBlockHash(height: number): Promise<Uint8Array> {
    const entry = this.active[height];
    if (entry === undefined) throw new RangeError(`no block at height ${height}`);
    return entry.hash;
  }
  async haveBlockOnDisk(height: number): Promise<boolean> {
    return height < this.active.length;
  }
  async findLocatorFork(locator: Uint8Array): Promise<number | undefined> {
    const hit = parseLocator(locator).map((hash) => this.lookup(hash)).find((entry) => entry !== undefined && this.active[entry.height] === entry);
    return hit?.height;
  }
  async hasBlockFilterIndex(): Promise<boolean> {
    return this.filters;
  }
  async blockFilterMatchesAny(_filterType: number, hash: Uint8Array, scripts: readonly Uint8Array[]): Promise<boolean | undefined> {
    const outputs = this.lookup(hash)?.block.transactions.flatMap((tx) => tx.outputs);
    return this.filters ? outputs?.some(({ scriptPubKey }) => scripts.some((script) => equalBytes(script, scriptPubKey))) : undefined;
  }
  async findBlock(hash: Uint8Array, want: FoundBlockParam): Promise<{ block: FoundBlockResult; result: boolean }> {
    const entry = this.lookup(hash);
    return { block: this.found(entry, want), result: entry !== undefined };
  }
  async findFirstBlockWithTimeAndHeight(minTime: bigint, minHeight: number, want: FoundBlockParam): Promise<{ block: FoundBlockResult; result: boolean }> {
    const entry = this.active.find((each) => each.height >= minHeight && each.maxTime >= Number(minTime));
    return { block: this.found(entry, want), result: entry !== undefined };
  }
  async findAncestorByHeight(hash: Uint8Array, height: number, want: FoundBlockParam): Promise<{ ancestor: FoundBlockResult; result: boolean }> {
    const own = this.lookup(hash);
    const entry = own !== undefined && this.active[own.height] === own && height <= own.height ? this.active[height] : undefined;
    return { ancestor: this.found(entry, want), result: entry !== undefined };
  }
  async findAncestorByHash(hash: Uint8Array, ancestorHash: Uint8Array, want: FoundBlockParam): Promise<{ ancestor: FoundBlockResult; result: boolean }> {
    const own = this.lookup(hash);
    const entry = this.lookup(ancestorHash);
    const result = own !== undefined && entry !== undefined && this.active[entry.height] === entry && entry.height <= own.height;
    return { ancestor: this.found(result ? entry : undefined, want), result };
  }
  async findCommonAncestor(
    hash1: Uint8Array,
    hash2: Uint8Array,
    want: FoundBlockParam,
    want1: FoundBlockParam,
    want2: FoundBlockParam,
  ): Promise<{ ancestor: FoundBlockResult; block1: FoundBlockResult; block2: FoundBlockResult; result: boolean }> {
    const [a, b] = [this.lookup(hash1), this.lookup(hash2)];
    let walk = a;
    while (walk !== undefined && b !== undefined && !(this.active[walk.height] === walk && walk.height <= b.height)) walk = this.lookup(walk.block.header.prevHash);
    return { ancestor: this.found(walk, want), block1: this.found(a, want1), block2: this.found(b, want2), result: walk !== undefined && b !== undefined };
  }
  async findCoins(coins: readonly Pair<Uint8Array, Uint8Array | undefined>[]): Promise<readonly Pair<Uint8Array, Uint8Array | undefined>[]> {
    return coins.map(({ key }) => {
      const { txid, index } = readOutpoint(new ByteReader(key));
      const output = this.output(txid, index);
      if (output === undefined) return { key, value: undefined };
      return { key, value: serializeCoin({ ...output, height: 1, coinbase: false }) };
    });
  }
  async guessVerificationProgress(): Promise<number> {
    return 1;
  }
  async hasBlocks(): Promise<boolean> {
    return true;
  }
  async isRBFOptIn(): Promise<number> {
    return 0;
  }
  async isInMempool(txid: Uint8Array): Promise<boolean> {
    return this.mempoolByTxid.has(toHex(txid));
  }
  async hasDescendantsInMempool(txid: Uint8Array): Promise<boolean> {
    return this.mempool.some((tx) => tx.inputs.some((input) => equalBytes(input.prevout.txid, txid)));
  }
  async broadcastTransaction(bytes: Uint8Array): Promise<{ error: string; result: boolean }> {
    const tx = parseTransaction(bytes);
    if (this.rejection !== undefined) return { error: this.rejection, result: false };
    this.broadcasts.push(tx);
    await this.addToMempool(tx);
    return { error: '', result: true };
  }
  async getTransactionAncestry(): Promise<{ ancestors: bigint; descendants: bigint; ancestorsize: bigint; ancestorfees: bigint }> {
    return { ancestors: 1n, descendants: 1n, ancestorsize: 100n, ancestorfees: 100n };
  }
  async calculateIndividualBumpFees(outpoints: readonly Uint8Array[]): Promise<readonly PairInt64<Uint8Array>[]> {
    return outpoints.map((key) => ({ key, value: 0n }));
  }
  async calculateCombinedBumpFee(): Promise<bigint | undefined> {
    return 0n;
  }
  async getPackageLimits(): Promise<{ ancestors: number; descendants: number }> {
    return { ancestors: 25, descendants: 25 };
  }
  async checkChainLimits(): Promise<ResultVoid> {
    return {};
  }
  async estimateSmartFee(): Promise<{ calc: FeeCalculation; result: Uint8Array }> {
    return { calc: noCalculation, result: this.estimate === 0n ? new ByteWriter(12).i64(0n).i32(0).finish() : feeRate(this.estimate) };
  }
  async estimateMaxBlocks(): Promise<number> {
    return 1008;
  }
  async mempoolMinFee(): Promise<Uint8Array> {
    return feeRate(100n);
  }
  async relayMinFee(): Promise<Uint8Array> {
    return feeRate(100n);
  }
  async relayIncrementalFee(): Promise<Uint8Array> {
    return feeRate(100n);
  }
  async relayDustFee(): Promise<Uint8Array> {
    return feeRate(3000n);
  }
  async havePruned(): Promise<boolean> {
    return false;
  }
  async getPruneHeight(): Promise<number | undefined> {
    return undefined;
  }
  async isReadyToBroadcast(): Promise<boolean> {
    return true;
  }
  async isInitialBlockDownload(): Promise<boolean> {
    return false;
  }
  async shutdownRequested(): Promise<boolean> {
    return false;
  }
  async initMessage(message: string): Promise<void> {
    this.messages.push(message);
  }
  async initWarning(message: BilingualStr): Promise<void> {
    this.messages.push(`warning: ${message.original}`);
  }
  async initError(message: BilingualStr): Promise<void> {
    this.messages.push(`error: ${message.original}`);
  }
  async showProgress(): Promise<void> {}
  async handleNotifications(notifications: ChainNotifications): Promise<Handler> {
    this.listeners.add(notifications);
    const end = async (): Promise<void> => void this.listeners.delete(notifications);
    return { destroy: end, disconnect: end };
  }
  async waitForNotificationsIfTipChanged(): Promise<void> {}
  async handleRpc(command: RPCCommand): Promise<Handler> {
    this.commands.push(command);
    const end = async (): Promise<void> => void this.commands.splice(this.commands.indexOf(command), 1);
    return { destroy: end, disconnect: end };
  }
  async rpcEnableDeprecated(): Promise<boolean> {
    return false;
  }
  async getSetting(name: string): Promise<string> {
    return this.settings.get(name) ?? 'null';
  }
  async getSettingsList(name: string): Promise<readonly string[]> {
    const value: unknown = JSON.parse(this.settings.get(name) ?? '[]');
    return Array.isArray(value) ? value.map((each) => JSON.stringify(each)) : [];
  }
  async getRwSetting(name: string): Promise<string> {
    return this.getSetting(name);
  }
  async updateRwSetting(name: string, update: SettingsUpdateCallback): Promise<boolean> {
    const { value, result } = await update(await this.getSetting(name));
    if (result !== undefined) this.settings.set(name, value);
    await update.destroy?.();
    return result !== undefined;
  }
  async overwriteRwSetting(name: string, value: string): Promise<boolean> {
    this.settings.set(name, value);
    return true;
  }
  async deleteRwSettings(name: string): Promise<boolean> {
    return this.settings.delete(name);
  }
  async requestMempoolTransactions(notifications: ChainNotifications): Promise<void> {
    for (const tx of this.mempool) await notifications.transactionAddedToMempool(serializeTransaction(tx));
    await notifications.destroy();
  }
  async hasAssumedValidChain(): Promise<boolean> {
    return false;
  }
}
