import type { Transaction, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { TransactionHistory } from './history.js';

/** How a wallet tells its money and its change from that of others. */
export interface AmountContext {
  readonly history: TransactionHistory;
  readonly isMine: (script: Uint8Array) => boolean;
  /** Whether an output script of the wallet was never given to anybody: it is not in the address book. */
  readonly isChangeScript: (script: Uint8Array) => boolean;
}

/** Satoshis that a transaction takes out of the wallet. */
export function debitOf(tx: Transaction, { history }: Pick<AmountContext, 'history'>): bigint {
  return tx.inputs.reduce((sum, input) => sum + (history.owned(input.prevout)?.output.value ?? 0n), 0n);
}

/** Satoshis that a transaction pays to the wallet. */
export function creditOf(tx: Transaction, { isMine }: Pick<AmountContext, 'isMine'>): bigint {
  return tx.outputs.reduce((sum, output) => sum + (isMine(output.scriptPubKey) ? output.value : 0n), 0n);
}

/** Whether an output is change: the wallet's own, to a script nobody else was told. */
export function isChange(output: TxOut, context: AmountContext): boolean {
  return context.isMine(output.scriptPubKey) && context.isChangeScript(output.scriptPubKey);
}

/** Satoshis that come back as change. */
export function changeOf(tx: Transaction, context: AmountContext): bigint {
  return tx.outputs.reduce((sum, output) => sum + (isChange(output, context) ? output.value : 0n), 0n);
}

export const outputSum = (tx: Transaction): bigint => tx.outputs.reduce((sum, output) => sum + output.value, 0n);
