import { randomInt } from 'node:crypto';
import type { LoadedWallet } from '../wallet.js';

/** Seconds after which a tip is too old to say anything about the present. */
const maxTipAge = 8 * 60 * 60;

/**
 * A locktime that leaves a miner nothing to gain from replacing the tip in order to take this fee: the
 * current height, now and then a little less so that delayed transactions of others do not stand out.
 */
export async function chooseLockTime(wallet: LoadedWallet): Promise<number> {
  const { chain, clock } = wallet.context;
  if (await chain.isInitialBlockDownload()) return 0;
  const { hash, height } = wallet.lastBlock;
  const { block, result } = await chain.findBlock(hash, { wantTime: true });
  if (!result || height < 0 || Number(block.time ?? 0n) < clock.now() - maxTipAge) return 0;
  return randomInt(10) === 0 ? Math.max(0, height - randomInt(100)) : height;
}
