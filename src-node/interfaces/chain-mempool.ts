/** The questions of the Chain interface about unconfirmed transactions and fees. */
import { serializeFeeRate, parseFeeRate, feeForSize } from '../../src-bitcoin/feerate.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { serializeCoin, type Coin } from '../../src-bitcoin/coin.js';
import { parseTransaction, readOutpoint, txidOf, virtualSize, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import { RBFTransactionState, TxBroadcast } from '../../src-interfaces/enums.js';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool, MempoolEntry } from '../mempool/types.js';
import { mempoolHeight } from '../policy/limits.js';
import type { PeerNetwork } from '../rpc/context.js';
import { ChainBlocks } from './chain-blocks.js';

export type ChainMempoolMethods = Pick<
  Chain,
  | 'findCoins'
  | 'isRBFOptIn'
  | 'isInMempool'
  | 'hasDescendantsInMempool'
  | 'broadcastTransaction'
  | 'getTransactionAncestry'
  | 'calculateIndividualBumpFees'
  | 'calculateCombinedBumpFee'
  | 'getPackageLimits'
  | 'checkChainLimits'
  | 'estimateSmartFee'
  | 'estimateMaxBlocks'
  | 'mempoolMinFee'
  | 'relayMinFee'
  | 'relayIncrementalFee'
  | 'relayDustFee'
>;

/** BIP125: an input whose sequence is at most this signals that the transaction may be replaced. */
const maxReplaceableSequence = 0xfffffffd;

const packageLimit = 25;
/** -maxtxfee guards against typing errors; 0 switches the check off. */
const noFeeLimit = 0n;

const signalsReplacement = (entry: MempoolEntry): boolean => entry.tx.inputs.some((input) => input.sequence <= maxReplaceableSequence);

const noBucket = { start: -1, end: -1, withinTarget: 0, totalConfirmed: 0, inMempool: 0, leftMempool: 0 };

/** On top of the questions about blocks, as one client's Chain answers both. */
export class ChainMempool extends ChainBlocks implements ChainMempoolMethods {
  readonly #chainstate: Chainstate;
  readonly #mempool: Mempool;
  readonly #network: () => PeerNetwork | undefined;

  constructor(chainstate: Chainstate, mempool: Mempool, network: () => PeerNetwork | undefined) {
    super(chainstate);
    this.#chainstate = chainstate;
    this.#mempool = mempool;
    this.#network = network;
  }

  /** An output of the mempool or the chain; what only the mempool spends counts as unspent, so that it can be replaced. */
  #coin(outpoint: Outpoint): Coin | undefined {
    const output = this.#mempool.get(outpoint.txid)?.tx.outputs[outpoint.index];
    if (output === undefined) return this.#chainstate.coins.getCoin(outpoint);
    return { ...output, height: mempoolHeight, coinbase: false };
  }

  async findCoins(coins: Parameters<Chain['findCoins']>[0]): ReturnType<Chain['findCoins']> {
    return coins.map(({ key }) => {
      const coin = this.#coin(readOutpoint(new ByteReader(key)));
      return { key, value: coin === undefined ? undefined : serializeCoin(coin) };
    });
  }

  async isRBFOptIn(bytes: Uint8Array): Promise<number> {
    const tx = parseTransaction(bytes);
    if (tx.inputs.some((input) => input.sequence <= maxReplaceableSequence)) return RBFTransactionState.replaceable;
    const entry = this.#mempool.get(txidOf(tx));
    if (entry === undefined) return RBFTransactionState.unknown;
    return [...this.#mempool.ancestors(entry)].some(signalsReplacement) ? RBFTransactionState.replaceable : RBFTransactionState.final;
  }

  async isInMempool(txid: Uint8Array): Promise<boolean> {
    return this.#mempool.get(txid) !== undefined;
  }

  async hasDescendantsInMempool(txid: Uint8Array): Promise<boolean> {
    const entry = this.#mempool.get(txid);
    return entry !== undefined && entry.children.size > 0;
  }

  async broadcastTransaction(bytes: Uint8Array, maxTxFee: bigint, method: number): ReturnType<Chain['broadcastTransaction']> {
    const tx = parseTransaction(bytes);
    const txid = txidOf(tx);
    if (method === TxBroadcast.noMempoolPrivateBroadcast) return { error: 'Private broadcast is not available', result: false };
    if (this.#mempool.get(txid) === undefined) {
      if (tx.outputs.some((_, index) => this.#chainstate.coins.hasCoin({ txid, index }))) {
        return { error: 'Transaction outputs already in utxo set', result: false };
      }
      if (maxTxFee > noFeeLimit) {
        const test = await this.#mempool.accept(tx, { test: true });
        if (test.accepted && test.entry.fee > maxTxFee) return { error: 'Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)', result: false };
      }
      const outcome = await this.#mempool.accept(tx);
      if (!outcome.accepted && outcome.kind !== 'known') {
        const error = outcome.debug === '' ? outcome.reason : `${outcome.reason}, ${outcome.debug}`;
        return { error, result: false };
      }
    }
    if (method === TxBroadcast.mempoolAndBroadcast) this.#network()?.relayTransaction(tx);
    return { error: '', result: true };
  }

  async getTransactionAncestry(txid: Uint8Array): ReturnType<Chain['getTransactionAncestry']> {
    const entry = this.#mempool.get(txid);
    if (entry === undefined) return { ancestors: 0n, descendants: 0n, ancestorsize: 0n, ancestorfees: 0n };
    const ancestors = this.#mempool.ancestorPackage(entry);
    const descendants = this.#mempool.descendantPackage(entry);
    return {
      ancestors: BigInt(ancestors.count),
      descendants: BigInt(descendants.count),
      ancestorsize: BigInt(ancestors.size),
      ancestorfees: ancestors.fees,
    };
  }

  /** What the unconfirmed ancestors of some outputs lack to reach a feerate, satoshis. */
  #bumpFee(entries: ReadonlySet<MempoolEntry>, feeRate: bigint): bigint {
    const ancestors = new Set<MempoolEntry>();
    for (const entry of entries) {
      ancestors.add(entry);
      for (const ancestor of this.#mempool.ancestors(entry)) ancestors.add(ancestor);
    }
    let size = 0;
    let fees = 0n;
    for (const { virtualSize: vbytes, modifiedFee } of ancestors) {
      // Ancestors that pay enough on their own would be mined first.
      if (modifiedFee >= feeForSize(feeRate, vbytes)) continue;
      size += vbytes;
      fees += modifiedFee;
    }
    const missing = feeForSize(feeRate, size) - fees;
    return missing > 0n ? missing : 0n;
  }

  async calculateIndividualBumpFees(outpoints: readonly Uint8Array[], targetFeerate: Uint8Array): ReturnType<Chain['calculateIndividualBumpFees']> {
    const feeRate = parseFeeRate(targetFeerate);
    return outpoints.map((key) => {
      const entry = this.#mempool.get(readOutpoint(new ByteReader(key)).txid);
      return { key, value: entry === undefined ? 0n : this.#bumpFee(new Set([entry]), feeRate) };
    });
  }

  async calculateCombinedBumpFee(outpoints: readonly Uint8Array[], targetFeerate: Uint8Array): Promise<bigint | undefined> {
    const entries = outpoints.map((key) => this.#mempool.get(readOutpoint(new ByteReader(key)).txid)).filter((entry) => entry !== undefined);
    return this.#bumpFee(new Set(entries), parseFeeRate(targetFeerate));
  }

  async getPackageLimits(): ReturnType<Chain['getPackageLimits']> {
    return { ancestors: packageLimit, descendants: packageLimit };
  }

  async checkChainLimits(bytes: Uint8Array): ReturnType<Chain['checkChainLimits']> {
    const tx = parseTransaction(bytes);
    const ancestors = new Set<MempoolEntry>();
    for (const { prevout } of tx.inputs) {
      const parent = this.#mempool.get(prevout.txid);
      if (parent === undefined) continue;
      ancestors.add(parent);
      for (const ancestor of this.#mempool.ancestors(parent)) ancestors.add(ancestor);
    }
    if (ancestors.size + 1 <= packageLimit && virtualSize(tx) <= 101_000) return {};
    const message = 'too many unconfirmed ancestors';
    return { error: { original: message, translated: message } };
  }

  async estimateSmartFee(numBlocks: number, conservative: boolean): ReturnType<Chain['estimateSmartFee']> {
    const estimate = this.#mempool.estimateFeeRate(numBlocks, conservative);
    const calc = {
      est: { pass: noBucket, fail: noBucket, decay: 0, scale: 0 },
      reason: 0,
      desiredTarget: numBlocks,
      returnedTarget: estimate.blocks,
      bestHeight: this.#chainstate.tip.height,
    };
    return { calc, result: serializeFeeRate(estimate.feeRate ?? 0n) };
  }

  async estimateMaxBlocks(): Promise<number> {
    return 1008;
  }

  async mempoolMinFee(): Promise<Uint8Array> {
    return serializeFeeRate(this.#mempool.evictionFeeRate);
  }

  async relayMinFee(): Promise<Uint8Array> {
    return serializeFeeRate(this.#mempool.minRelayFeeRate);
  }

  async relayIncrementalFee(): Promise<Uint8Array> {
    return serializeFeeRate(this.#mempool.incrementalFeeRate);
  }

  async relayDustFee(): Promise<Uint8Array> {
    return serializeFeeRate(this.#mempool.dustRelayFeeRate);
  }
}
