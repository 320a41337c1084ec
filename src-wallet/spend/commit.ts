import { serializeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { TxBroadcast } from '../../src-interfaces/enums.js';
import { depthOf } from '../coins/trust.js';
import { inactive, isGenerated, keyOf, type WalletTransaction } from '../coins/wallet-transaction.js';
import { noteSpending } from '../sync/apply.js';
import type { LoadedWallet } from '../wallet.js';

export interface CommitNotes {
  /** For example `comment`, `to`. */
  readonly notes?: ReadonlyMap<string, string>;
  readonly orderForm?: readonly (readonly [string, string])[];
}

export interface CommitOutcome {
  readonly transaction: WalletTransaction;
  /** Why the node did not take it; undefined when it did, or was not asked. The wallet tries again later. */
  readonly refusal: string | undefined;
}

/** Puts a payment into the wallet, not yet sent. */
export function recordTransaction(wallet: LoadedWallet, tx: Transaction, notes: CommitNotes = {}): WalletTransaction {
  const now = wallet.context.clock.now();
  wallet.log(`CommitTransaction ${keyOf(tx)}`);
  return wallet.change(() => {
    const known = wallet.history.get(keyOf(tx));
    for (const output of tx.outputs) wallet.keyring.markUsed(output.scriptPubKey);
    const added = known ?? wallet.history.add(tx, inactive, { timeReceived: now, timeSmart: now, ...notes });
    // The coins it spends look different now.
    const parents = new Set(tx.inputs.flatMap(({ prevout }) => wallet.history.owned(prevout)?.transaction ?? []));
    for (const parent of parents) wallet.history.touched(parent);
    noteSpending(wallet, tx);
    return added;
  });
}

/** Hands a recorded payment to the node. @returns why the node did not take it; undefined when it did, or was not asked. */
export async function sendTransaction(wallet: LoadedWallet, transaction: WalletTransaction): Promise<string | undefined> {
  const { chain, settings } = wallet.context;
  if (!settings.broadcast) return undefined;
  const { result, error } = await chain.broadcastTransaction(serializeTransaction(transaction.tx), settings.maxFee, TxBroadcast.mempoolAndBroadcast);
  if (!result) {
    wallet.log(`CommitTransaction(): Transaction cannot be broadcast immediately, ${error}`);
    return error;
  }
  await wallet.chainTurns.run(() => {
    if (wallet.isOpen && transaction.state.kind === 'inactive') wallet.change(() => wallet.history.update(transaction, { kind: 'mempool' }));
  });
  return undefined;
}

/**
 * Records a payment and hands it to the node. It is on disk before it is sent: a crash in between loses
 * nothing, as unconfirmed transactions are sent again after the next start.
 */
export async function commitTransaction(wallet: LoadedWallet, tx: Transaction, notes: CommitNotes = {}): Promise<CommitOutcome> {
  const transaction = recordTransaction(wallet, tx, notes);
  return { transaction, refusal: await sendTransaction(wallet, transaction) };
}

/** Whether a transaction can be given up: it waits neither in a block nor in the mempool. */
export function canAbandon(wallet: LoadedWallet, transaction: WalletTransaction): boolean {
  const { state } = transaction;
  const abandoned = state.kind === 'inactive' && state.abandoned;
  return !abandoned && depthOf(transaction, wallet.lastBlock.height) === 0 && state.kind !== 'mempool';
}

/** Gives a transaction up, and all of the wallet's that build on it, so that its inputs can be spent otherwise. */
export function abandonTransaction(wallet: LoadedWallet, transaction: WalletTransaction): boolean {
  if (depthOf(transaction, wallet.lastBlock.height) !== 0 || transaction.state.kind === 'mempool') return false;
  wallet.change(() => {
    for (const each of wallet.history.withDescendants(transaction)) {
      if (each.state.kind !== 'inactive' || each.state.abandoned || isGenerated(each)) continue;
      wallet.history.update(each, { kind: 'inactive', abandoned: true });
    }
    const parents = new Set(transaction.tx.inputs.flatMap(({ prevout }) => wallet.history.owned(prevout)?.transaction ?? []));
    for (const parent of parents) wallet.history.touched(parent);
  });
  return true;
}

