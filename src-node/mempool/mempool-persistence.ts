import { txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { SavedMempool } from './mempool-file.js';
import type { Mempool } from './types.js';

/** Transactions taken in per turn of the event loop while loading. */
const batch = 50;

/** What to write into mempool.dat, parents before children. */
export function snapshotOf(mempool: Mempool): SavedMempool {
  const entries = mempool.chunks().flatMap((chunk) => chunk.entries);
  return {
    transactions: entries.map(({ tx, time, fee, modifiedFee }) => ({ tx, time, feeDelta: modifiedFee - fee })),
    deltas: mempool.priorities().filter(({ txid }) => mempool.get(txid) === undefined),
    unbroadcast: mempool.unbroadcast(),
  };
}

/**
 * Takes back what was saved.
 * @param oldest transactions that came before this time (seconds since 1970) are left out.
 * @param accept checks and adds a transaction that came at a time.
 */
export async function restore(
  mempool: Mempool,
  saved: SavedMempool,
  oldest: number,
  accept: (tx: Transaction, time: number) => void,
): Promise<void> {
  for (const [index, { tx, time, feeDelta }] of saved.transactions.entries()) {
    if (feeDelta !== 0n) mempool.prioritise(txidOf(tx), feeDelta);
    if (time > oldest) {
      await mempool.settle();
      accept(tx, time);
    }
    if (index % batch === batch - 1) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  for (const { txid, feeDelta } of saved.deltas) mempool.prioritise(txid, feeDelta);
  for (const txid of saved.unbroadcast) mempool.setUnbroadcast(txid, true);
}
