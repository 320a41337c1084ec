import { sequenceFinal, type Transaction } from '../primitives/transaction.js';
import { sequenceDisableFlag, sequenceLockMask, sequenceTypeFlag } from '../script/checker.js';
import { locktimeThreshold } from '../script/limits.js';

/** BIP68 counts time in units of 512 seconds. */
const sequenceTimeShift = 9;

/**
 * Whether a transaction's locktime allows it in a block.
 * @param time what to compare with, seconds: median time past since BIP113, the block's time before.
 */
export function isFinal(tx: Transaction, height: number, time: number): boolean {
  if (tx.locktime === 0) return true;
  if (tx.locktime < (tx.locktime < locktimeThreshold ? height : time)) return true;
  return tx.inputs.every(({ sequence }) => sequence === sequenceFinal);
}

/** The last height and time (seconds) at which a transaction is still too early; -1 when none. */
export interface SequenceLocks {
  readonly height: number;
  readonly time: number;
}

/**
 * BIP68 relative locks of a transaction.
 * @param coinHeights heights of the coins its inputs spend, in order.
 * @param medianTimeAt median time past of the block at a height of the chain the coins are in.
 */
export function sequenceLocks(
  tx: Transaction,
  coinHeights: readonly number[],
  medianTimeAt: (height: number) => number,
): SequenceLocks {
  let height = -1;
  let time = -1;
  // The version is read as unsigned: negative ones are large.
  if (tx.version >>> 0 < 2) return { height, time };
  for (const [i, { sequence }] of tx.inputs.entries()) {
    if ((sequence & sequenceDisableFlag) !== 0) continue;
    const coinHeight = coinHeights[i] ?? 0;
    const distance = sequence & sequenceLockMask;
    if ((sequence & sequenceTypeFlag) === 0) {
      height = Math.max(height, coinHeight + distance - 1);
    } else {
      // Time counts from the median time past of the block before the one with the coin.
      const start = medianTimeAt(Math.max(coinHeight - 1, 0));
      time = Math.max(time, start + distance * 2 ** sequenceTimeShift - 1);
    }
  }
  return { height, time };
}

/** Whether a block at `height` whose predecessor has median time past `medianTime` is late enough. */
export function sequenceLocksMet(locks: SequenceLocks, height: number, medianTime: number): boolean {
  return locks.height < height && locks.time < medianTime;
}
