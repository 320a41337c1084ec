import type { LoadedWallet } from '../wallet.js';
import { ChainFollower } from './follower.js';
import { scanBlocks, type ScanOptions, type ScanOutcome } from './scan.js';

/** Seconds that block times may be off. */
export const timestampWindow = 2 * 60 * 60;

export interface TimedRescan {
  readonly status: ScanOutcome['status'];
  /** From here on everything has been seen, seconds since 1970; later than asked when a block could not be read. */
  readonly seenFrom: bigint;
}

/** Scans blocks of before and, unless it stops at a height, the mempool. */
export async function rescan(wallet: LoadedWallet, options: Pick<ScanOptions, 'start' | 'startHeight' | 'stopHeight'>): Promise<ScanOutcome> {
  const outcome = await scanBlocks(wallet, { ...options, update: true, saveProgress: false });
  if (outcome.status === 'success' && options.stopHeight === undefined) {
    await wallet.context.chain.requestMempoolTransactions(new ChainFollower(wallet));
  }
  return outcome;
}

/** Scans all blocks that may hold transactions of keys as old as `time` (seconds since 1970). */
export async function rescanFromTime(wallet: LoadedWallet, time: bigint): Promise<TimedRescan> {
  const { chain } = wallet.context;
  const window = BigInt(timestampWindow);
  const from = time > window ? time - window : 0n;
  const { block, result } = await chain.findFirstBlockWithTimeAndHeight(from, 0, { wantHash: true, wantHeight: true });
  if (!result || block.hash === undefined) return { status: 'success', seenFrom: time };
  const outcome = await rescan(wallet, { start: block.hash, startHeight: block.height ?? 0 });
  if (outcome.failed === undefined) return { status: outcome.status, seenFrom: time };
  const failed = await chain.findBlock(outcome.failed, { wantMaxTime: true });
  return { status: outcome.status, seenFrom: (failed.block.maxTime ?? time) + window + 1n };
}
