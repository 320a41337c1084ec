import { maxBlockSigOpsCost } from '../../src-bitcoin/consensus/limits.js';
import { isFinal } from '../../src-bitcoin/consensus/locktime.js';
import type { MempoolChunk, MempoolEntry } from '../mempool/types.js';

export interface SelectionLimits {
  /** Weight units of the whole block. */
  readonly maxWeight: number;
  /** Weight kept for header and coinbase. */
  readonly reservedWeight: number;
  /** Sigop cost kept for the coinbase. */
  readonly reservedSigOps: number;
  /** Satoshis per 1000 vbytes. */
  readonly minFeeRate: bigint;
}

/** The transactions of a block, parents before children. */
export interface BlockSelection {
  readonly entries: readonly MempoolEntry[];
  /** Satoshis. */
  readonly fees: bigint;
  /** Weight units, the reserved ones included. */
  readonly weight: number;
}

/** Chunks in a row that did not fit before an almost full block is left as it is. */
const maxFailures = 1000;
const almostFull = 4000;

/** Fills a block with the chunks that fit, the best paying first as they are given. */
export function selectTransactions(chunks: readonly MempoolChunk[], height: number, medianTime: number, limits: SelectionLimits): BlockSelection {
  const entries: MempoolEntry[] = [];
  let fees = 0n;
  let weight = limits.reservedWeight;
  let sigOps = limits.reservedSigOps;
  let failures = 0;
  const left = new Set<MempoolEntry>();
  for (const chunk of chunks) {
    // Fee over virtual size against satoshis per 1000 vbytes, without rounding: size is in weight units.
    if (chunk.fee * 4000n < limits.minFeeRate * BigInt(chunk.size)) break;
    const chunkSigOps = chunk.entries.reduce((sum, entry) => sum + entry.sigopCost, 0);
    const fits =
      weight + chunk.size < limits.maxWeight &&
      sigOps + chunkSigOps < maxBlockSigOpsCost &&
      chunk.entries.every((entry) => isFinal(entry.tx, height, medianTime) && ![...entry.parents].some((parent) => left.has(parent)));
    if (!fits) {
      for (const entry of chunk.entries) left.add(entry);
      if (++failures > maxFailures && weight + almostFull > limits.maxWeight) break;
      continue;
    }
    failures = 0;
    for (const entry of chunk.entries) {
      entries.push(entry);
      fees += entry.fee;
      weight += entry.weight;
    }
    sigOps += chunkSigOps;
  }
  return { entries, fees, weight };
}
