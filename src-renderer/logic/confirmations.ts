import type { TransactionRow } from '../../src-interfaces/facade.js';

/** Blocks after which a payment counts as settled everywhere in the window. */
export const SETTLED = 6;
/** A mined coin can be spent in the block after the 100th on top of its own (consensus rule). */
export const COINBASE_MATURITY = 100;

/** Depth of a block in the chain: 1 for the tip, 0 when not in it. */
export function confirmationsAt(height: number | null, tip: number): number {
  return height === null ? 0 : Math.max(0, tip - height + 1);
}

export type Settlement =
  | { readonly kind: 'pending' }
  | { readonly kind: 'confirming'; readonly confirmations: number }
  | { readonly kind: 'settled'; readonly confirmations: number }
  | { readonly kind: 'immature'; readonly blocksLeft: number }
  | { readonly kind: 'conflicted' }
  | { readonly kind: 'abandoned' };

/** What to say about a payment's state. */
export function settlementOf(row: Pick<TransactionRow, 'status' | 'height' | 'kind'>, tip: number): Settlement {
  if (row.status === 'conflicted' || row.status === 'abandoned') return { kind: row.status };
  const confirmations = confirmationsAt(row.height, tip);
  if (confirmations === 0) return { kind: 'pending' };
  if (row.kind === 'mined' && confirmations <= COINBASE_MATURITY) {
    return { kind: 'immature', blocksLeft: COINBASE_MATURITY + 1 - confirmations };
  }
  return confirmations < SETTLED ? { kind: 'confirming', confirmations } : { kind: 'settled', confirmations };
}
