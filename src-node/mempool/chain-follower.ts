import { isCoinbase, totalSize, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Block, BlockIndex, ChainEvents } from '../kernel/types.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import type { PoolEntry } from './pool-entry.js';
import type { TransactionPool } from './transaction-pool.js';
import type { MempoolChain, RemovalReason } from './types.js';

/** Bytes of transactions of disconnected blocks that wait for the new chain. */
const maxDisconnectedSize = 20_000_000;

/** What the follower asks the mempool to do. */
export interface FollowerActions {
  /** Removes an entry and all that spend from it. */
  removeWithDescendants(entry: PoolEntry, reason: RemovalReason): void;
  /** Removes a transaction that a block confirmed; those that spend from it stay. */
  removeConfirmed(entry: PoolEntry): void;
  /** Takes a transaction of a disconnected block back, without fee limits. False when it is not valid any more. */
  readmit(tx: Transaction): boolean;
  /** After a reorganisation: removes what the new tip does not allow, and trims. */
  reviewAfterReorganisation(): void;
  /** A block is connected and its transactions are removed. */
  afterBlock(index: BlockIndex, confirmed: readonly PoolEntry[]): void;
  /** All listeners of the chain have seen the blocks. */
  afterBatch(): void;
}

/** Keeps the mempool in step with the chain: confirmed transactions leave, those of disconnected blocks come back. */
export class ChainFollower {
  readonly #pool: TransactionPool;
  readonly #chainstate: MempoolChain;
  readonly #actions: FollowerActions;
  /** By txid, in the order of the chain they were in. */
  #disconnected = new Map<string, Transaction>();
  #disconnectedSize = 0;
  #reorganising = false;
  #seen: BlockIndex;
  #waiting: (() => void)[] = [];
  readonly #unsubscribe: () => void;

  constructor(pool: TransactionPool, chainstate: MempoolChain, actions: FollowerActions) {
    this.#pool = pool;
    this.#chainstate = chainstate;
    this.#actions = actions;
    this.#seen = chainstate.tip;
    const events: Partial<ChainEvents> = {
      blockConnected: ({ block, index }) => this.#connected(block, index),
      blockDisconnected: ({ block, index }) => this.#disconnectedBlock(block, index),
      tipChanged: () => this.#settled(),
    };
    this.#unsubscribe = chainstate.subscribe(events);
  }

  /** The mempool stands on the chain's tip: transactions can be judged. */
  get inStep(): boolean {
    return !this.#reorganising && this.#seen === this.#chainstate.tip;
  }

  /** Resolves once the mempool stands on the chain's tip. */
  async settle(): Promise<void> {
    while (!this.inStep) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#unsubscribe();
    this.#seen = this.#chainstate.tip;
    this.#reorganising = false;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #connected(block: Block, index: BlockIndex): void {
    const confirmed: PoolEntry[] = [];
    for (const tx of block.transactions) {
      const txid = txidOf(tx);
      const key = hashKey(txid);
      this.#forgetDisconnected(key);
      const entry = this.#pool.getByKey(key);
      if (entry !== undefined) {
        confirmed.push(entry);
        this.#actions.removeConfirmed(entry);
      }
      for (const { prevout } of tx.inputs) {
        const conflict = this.#pool.spender(prevout);
        if (conflict !== undefined) this.#actions.removeWithDescendants(conflict, 'conflict');
      }
      this.#pool.deltas.delete(key);
    }
    this.#seen = index;
    this.#actions.afterBlock(index, confirmed);
    if (this.inStep) this.#wake();
  }

  #disconnectedBlock(block: Block, index: BlockIndex): void {
    this.#reorganising = true;
    // Blocks come off last first: what this one held was before what is waiting already.
    const all = new Map<string, Transaction>();
    for (const tx of block.transactions) {
      all.set(hashKey(txidOf(tx)), tx);
      this.#disconnectedSize += totalSize(tx);
    }
    for (const [key, tx] of this.#disconnected) all.set(key, tx);
    this.#disconnected = all;
    if (index.prev !== undefined) this.#seen = index.prev;
    for (const [key, tx] of [...all].reverse()) {
      if (this.#disconnectedSize <= maxDisconnectedSize) break;
      this.#forgetDisconnected(key);
      this.#removeSpenders(tx);
    }
  }

  #forgetDisconnected(key: string): void {
    const tx = this.#disconnected.get(key);
    if (tx === undefined) return;
    this.#disconnected.delete(key);
    this.#disconnectedSize -= totalSize(tx);
  }

  /** A transaction is gone for good: so is what spends from it. */
  #removeSpenders(tx: Transaction): void {
    const txid = txidOf(tx);
    tx.outputs.forEach((_, index) => {
      const spender = this.#pool.spender({ txid, index });
      if (spender !== undefined) this.#actions.removeWithDescendants(spender, 'reorg');
    });
  }

  #settled(): void {
    this.#actions.afterBatch();
    if (this.#reorganising && this.#seen === this.#chainstate.tip) {
      const waiting = this.#disconnected;
      this.#disconnected = new Map();
      this.#disconnectedSize = 0;
      for (const tx of waiting.values()) {
        if (isCoinbase(tx) || !this.#actions.readmit(tx)) this.#removeSpenders(tx);
      }
      this.#actions.reviewAfterReorganisation();
      this.#reorganising = false;
    }
    if (this.inStep) this.#wake();
  }
}
