import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { BlockIndex } from './types.js';

const twoHours = 2 * 60 * 60;

/**
 * Estimated share (0 to 1) of all transactions up to now that are in the chain up to `index`: the
 * network's count at some time and its rate tell how many there should be. Times in seconds.
 */
export function verificationProgress(index: BlockIndex, bestHeader: BlockIndex, params: ChainParams, now: number): number {
  const { chainTxCount } = index;
  if (chainTxCount === 0) return 0;
  const { time, txCount, txRate } = params.chainTxData;
  // Near the tip blocks still to come say more than the time of this one, which may be off.
  const behind = bestHeader.height - index.height;
  const isRecent = Math.abs(now - index.header.time) <= twoHours && behind >= 0;
  const blockTime = isRecent ? now - behind * params.consensus.powTargetSpacing : index.header.time;
  const expected = chainTxCount <= txCount ? txCount + (now - time) * txRate : chainTxCount + (now - blockTime) * txRate;
  return Math.min(chainTxCount / expected, 1);
}
