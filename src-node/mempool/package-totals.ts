import type { MempoolEntry, Package } from './types.js';

/** Totals of an entry and others. */
export function packageOf(entry: MempoolEntry, others: ReadonlySet<MempoolEntry>): Package {
  let size = entry.virtualSize;
  let fees = entry.modifiedFee;
  for (const other of others) {
    size += other.virtualSize;
    fees += other.modifiedFee;
  }
  return { count: others.size + 1, size, fees };
}
