import type { TransactionHistory } from './history.js';
import { isGenerated, type WalletTransaction } from './wallet-transaction.js';

/** Confirmations before a coinbase output can be spent. */
export const coinbaseMaturity = 100;

/** What decides whether money counts: the wallet's transactions and how far the chain has grown. */
export interface CoinContext {
  readonly history: TransactionHistory;
  readonly isMine: (script: Uint8Array) => boolean;
  /** Height of the last block the wallet has seen. */
  readonly tipHeight: number;
  /** Whether own unconfirmed change may be spent (`-spendzeroconfchange`). */
  readonly spendZeroConfChange: boolean;
}

/** Confirmations; 0 outside of blocks, negative when a block overruled the transaction. */
export function depthOf(transaction: WalletTransaction, tipHeight: number): number {
  const { state } = transaction;
  if (state.kind === 'confirmed') return tipHeight - state.height + 1;
  if (state.kind === 'conflicted') return -(tipHeight - state.height + 1);
  return 0;
}

/** Blocks until a coinbase transaction's outputs can be spent; 0 for others. */
export function blocksToMaturity(transaction: WalletTransaction, tipHeight: number): number {
  if (!isGenerated(transaction)) return 0;
  return Math.max(0, coinbaseMaturity + 1 - depthOf(transaction, tipHeight));
}

/**
 * Whether the wallet counts on a transaction: it is confirmed, or it is unconfirmed but waits in the
 * mempool and all its money comes from the wallet's own trusted outputs.
 */
export class TrustJudge {
  readonly #context: CoinContext;
  readonly #verdicts = new Map<WalletTransaction, boolean>();

  constructor(context: CoinContext) {
    this.#context = context;
  }

  trusts(transaction: WalletTransaction): boolean {
    const known = this.#verdicts.get(transaction);
    if (known !== undefined) return known;
    const verdict = this.#judge(transaction);
    this.#verdicts.set(transaction, verdict);
    return verdict;
  }

  #judge(transaction: WalletTransaction): boolean {
    const { history, tipHeight, spendZeroConfChange } = this.#context;
    const depth = depthOf(transaction, tipHeight);
    if (depth !== 0) return depth > 0;
    if (!spendZeroConfChange || transaction.state.kind !== 'mempool') return false;
    return transaction.tx.inputs.every(({ prevout }) => {
      const parent = history.owned(prevout)?.transaction;
      return parent !== undefined && this.trusts(parent);
    });
  }
}
