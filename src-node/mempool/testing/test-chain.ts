import { chainParams } from '../../../src-bitcoin/params/networks.js';
import { workOfBits } from '../../../src-bitcoin/consensus/target.js';
import { blockHash, type Block, type BlockHeader } from '../../../src-bitcoin/primitives/block.js';
import { isCoinbase, outpointKey, txidOf, type Outpoint, type Transaction } from '../../../src-bitcoin/primitives/transaction.js';
import type { BlockIndex, ChainEvents, Coin, CoinsView } from '../../kernel/types.js';
import { assembleBlock } from '../../mining/block-assembly.js';
import type { MempoolChain } from '../types.js';

class TestIndex implements BlockIndex {
  readonly hash: Uint8Array;
  readonly chainWork: bigint;
  readonly timeMax: number;
  readonly chainTxCount: number;
  readonly haveData = true;
  readonly haveUndo = true;
  readonly failed = false;
  readonly validScripts = true;
  readonly file = 0;
  readonly dataPos = 0;

  constructor(
    readonly header: BlockHeader,
    readonly height: number,
    readonly prev: BlockIndex | undefined,
    readonly txCount: number,
  ) {
    this.hash = blockHash(header);
    this.chainWork = (prev?.chainWork ?? 0n) + workOfBits(header.bits);
    this.timeMax = Math.max(prev?.timeMax ?? 0, header.time);
    this.chainTxCount = (prev?.chainTxCount ?? 0) + txCount;
  }

  ancestor(height: number): BlockIndex | undefined {
    if (height > this.height || height < 0) return undefined;
    let block: BlockIndex | undefined = this;
    while (block !== undefined && block.height > height) block = block.prev;
    return block;
  }

  medianTimePast(): number {
    const times: number[] = [];
    for (let block: BlockIndex | undefined = this; block !== undefined && times.length < 11; block = block.prev) {
      times.push(block.header.time);
    }
    return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
  }
}

/**
 * The least of a regtest chain that a mempool needs, in memory: blocks are taken as they are, so that
 * tests of mempool rules depend on nothing else.
 */
export class TestChain implements MempoolChain {
  readonly params = chainParams('regtest');
  readonly initialDownload = false;
  readonly #coins = new Map<string, Coin>();
  readonly #blocks: { block: Block; index: BlockIndex; spent: Map<string, Coin> }[] = [];
  readonly #listeners: Partial<ChainEvents>[] = [];
  #tip: BlockIndex = new TestIndex(this.params.genesis.header, 0, undefined, 1);
  now = this.params.genesis.header.time + 1_000_000;

  get tip(): BlockIndex {
    return this.#tip;
  }

  readonly coins: CoinsView = {
    getCoin: (outpoint: Outpoint) => this.#coins.get(outpointKey(outpoint)),
    hasCoin: (outpoint: Outpoint) => this.#coins.has(outpointKey(outpoint)),
  };

  subscribe(events: Partial<ChainEvents>): () => void {
    this.#listeners.push(events);
    return () => {
      this.#listeners.splice(this.#listeners.indexOf(events), 1);
    };
  }

  /** Connects a block with these transactions and returns its coinbase. */
  mine(scriptPubKey: Uint8Array, transactions: readonly Transaction[] = [], settle = true): Transaction {
    const fork = this.#tip;
    this.now += 600;
    const block = assembleBlock({ prev: this.#tip, params: this.params, transactions, fees: 0n, scriptPubKey, now: this.now });
    const index = new TestIndex(block.header, this.#tip.height + 1, this.#tip, block.transactions.length);
    const spent = new Map<string, Coin>();
    for (const tx of block.transactions) this.#apply(tx, index.height, spent);
    this.#blocks.push({ block, index, spent });
    this.#tip = index;
    for (const listener of this.#listeners) listener.blockConnected?.({ block, index });
    if (settle) this.#settle(fork);
    const [coinbase] = block.transactions;
    if (coinbase === undefined) throw new Error('a block without coinbase');
    return coinbase;
  }

  /** Takes the last block off; tells the end of the change only when `settle`. */
  disconnect(settle = true): void {
    const last = this.#blocks.pop();
    if (last?.index.prev === undefined) throw new Error('no block to disconnect');
    for (const tx of last.block.transactions) {
      const txid = txidOf(tx);
      tx.outputs.forEach((_, index) => this.#coins.delete(outpointKey({ txid, index })));
    }
    for (const [key, coin] of last.spent) this.#coins.set(key, coin);
    this.#tip = last.index.prev;
    for (const listener of this.#listeners) listener.blockDisconnected?.({ block: last.block, index: last.index });
    if (settle) this.#settle(this.#tip);
  }

  #settle(fork: BlockIndex): void {
    for (const listener of this.#listeners) listener.tipChanged?.({ tip: this.#tip, fork, initialDownload: false });
  }

  #apply(tx: Transaction, height: number, spent: Map<string, Coin>): void {
    const coinbase = isCoinbase(tx);
    if (!coinbase) {
      for (const { prevout } of tx.inputs) {
        const key = outpointKey(prevout);
        const coin = this.#coins.get(key);
        if (coin === undefined) throw new Error('a block spends a coin that is not there');
        spent.set(key, coin);
        this.#coins.delete(key);
      }
    }
    const txid = txidOf(tx);
    tx.outputs.forEach(({ value, scriptPubKey }, index) => {
      this.#coins.set(outpointKey({ txid, index }), { value, scriptPubKey, height, coinbase });
    });
  }
}
