import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { isCoinbase, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { StoredTransaction } from '../store/transaction-record.js';

/** Where a transaction stands. Block hashes in internal byte order. */
export type TransactionState =
  | { readonly kind: 'confirmed'; readonly blockHash: Uint8Array; readonly height: number; /** Place in the block. */ readonly index: number }
  | { readonly kind: 'mempool' }
  /** A confirmed transaction spends one of its inputs, or of an ancestor's. */
  | { readonly kind: 'conflicted'; readonly blockHash: Uint8Array; readonly height: number }
  /** Neither in a block nor in the mempool. */
  | { readonly kind: 'inactive'; readonly abandoned: boolean }
  /** A state of the file that this program does not know; kept as it was. */
  | { readonly kind: 'unrecognized'; readonly blockHash: Uint8Array; readonly index: number };

export const inactive: TransactionState = { kind: 'inactive', abandoned: false };

/** A transaction that touches the wallet. */
export interface WalletTransaction {
  /** Hex as displayed: the key in all maps. */
  readonly txid: string;
  tx: Transaction;
  state: TransactionState;
  /** Notes, for example `comment`, `to`, `replaces_txid`, `replaced_by_txid`. */
  readonly notes: Map<string, string>;
  readonly orderForm: readonly (readonly [string, string])[];
  /** Seconds since 1970. */
  readonly timeReceived: number;
  /** Time to show and sort by, seconds since 1970. */
  timeSmart: number;
  readonly orderPosition: bigint;
  /** Transactions in the mempool that spend one of its inputs, or of an ancestor's. */
  readonly mempoolConflicts: Set<string>;
}

/** The time to show: when it was first seen, or the time of its block if that was learned later. */
export function transactionTime(transaction: WalletTransaction): number {
  return transaction.timeSmart === 0 ? transaction.timeReceived : transaction.timeSmart;
}

export const isGenerated = (transaction: WalletTransaction): boolean => isCoinbase(transaction.tx);

export const keyOf = (tx: Transaction): string => hashToHex(txidOf(tx));

/** The form the file keeps; the mempool is not remembered. */
export function storedForm(transaction: WalletTransaction): StoredTransaction {
  const { state } = transaction;
  const { tx, notes, orderForm, timeReceived, timeSmart, orderPosition } = transaction;
  const rest = { tx, notes, orderForm, timeReceived, timeSmart, orderPosition };
  switch (state.kind) {
    case 'mempool':
      return { ...rest, state: { kind: 'inactive' } };
    case 'inactive':
      return { ...rest, state: { kind: state.abandoned ? 'abandoned' : 'inactive' } };
    default:
      return { ...rest, state };
  }
}

/** Whether two states mean the same in the file: a change between them need not be written. */
export function sameStoredState(a: TransactionState, b: TransactionState): boolean {
  if (a.kind === 'mempool' || a.kind === 'inactive') {
    const abandoned = a.kind === 'inactive' && a.abandoned;
    return (b.kind === 'mempool' && !abandoned) || (b.kind === 'inactive' && b.abandoned === abandoned);
  }
  if (a.kind !== b.kind || !('blockHash' in b)) return false;
  const sameBlock = a.blockHash.every((byte, i) => byte === b.blockHash[i]);
  return sameBlock && (!('index' in a) || !('index' in b) || a.index === b.index);
}
