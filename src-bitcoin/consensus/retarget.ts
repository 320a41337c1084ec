import type { ConsensusParams } from '../params/chain-params.js';
import { bitsFromTarget, targetFromBits } from './target.js';

/** What the difficulty rules look at in a chain of headers. */
export interface RetargetBlock {
  readonly height: number;
  readonly header: { readonly time: number; readonly bits: number };
  readonly prev: RetargetBlock | undefined;
  ancestor(height: number): RetargetBlock | undefined;
}

/** Blocks between changes of difficulty. */
export function retargetInterval(params: ConsensusParams): number {
  return Math.floor(params.powTargetTimespan / params.powTargetSpacing);
}

/** Bits for a period after one that began with `bits` and took `seconds`. */
function scaledBits(bits: number, seconds: number, params: ConsensusParams): number {
  const target = ((targetFromBits(bits) ?? 0n) * BigInt(seconds)) / BigInt(params.powTargetTimespan);
  return bitsFromTarget(target > params.powLimit ? params.powLimit : target);
}

/** Bits of the first block of the period that ends with `last`, scaled by how long the period took. */
function retarget(last: RetargetBlock, params: ConsensusParams): number {
  const first = last.ancestor(last.height - (retargetInterval(params) - 1));
  if (first === undefined) throw new RangeError(`no full period ends at height ${last.height}`);
  const { powTargetTimespan } = params;
  const taken = last.header.time - first.header.time;
  const limited = Math.min(Math.max(taken, Math.floor(powTargetTimespan / 4)), powTargetTimespan * 4);
  // BIP94: the first block cannot be one of the easy blocks of test networks.
  return scaledBits(params.enforceBip94 ? first.header.bits : last.header.bits, limited, params);
}

/** Test networks allow an easy block after 20 minutes; the next one takes up the difficulty before. */
function testNetworkBits(last: RetargetBlock, time: number, params: ConsensusParams): number {
  const easiest = bitsFromTarget(params.powLimit);
  if (time > last.header.time + params.powTargetSpacing * 2) return easiest;
  const interval = retargetInterval(params);
  let block = last;
  while (block.prev !== undefined && block.height % interval !== 0 && block.header.bits === easiest) block = block.prev;
  return block.header.bits;
}

/**
 * The bits the block after `last` must have.
 * @param time that block's own time, seconds.
 */
export function nextBits(last: RetargetBlock, time: number, params: ConsensusParams): number {
  if ((last.height + 1) % retargetInterval(params) !== 0) {
    return params.powAllowMinDifficultyBlocks ? testNetworkBits(last, time, params) : last.header.bits;
  }
  return params.powNoRetargeting ? last.header.bits : retarget(last, params);
}

/**
 * Whether the bits of a block at `height` may follow those of the block before it, as far as can be
 * told without the times in between: how headers of a peer are checked before any is kept.
 */
export function isPermittedTransition(height: number, oldBits: number, newBits: number, params: ConsensusParams): boolean {
  if (params.powAllowMinDifficultyBlocks) return true;
  if (height % retargetInterval(params) !== 0) return oldBits === newBits;
  const target = targetFromBits(newBits) ?? 0n;
  const easiest = targetFromBits(scaledBits(oldBits, params.powTargetTimespan * 4, params)) ?? 0n;
  const hardest = targetFromBits(scaledBits(oldBits, Math.floor(params.powTargetTimespan / 4), params)) ?? 0n;
  return target <= easiest && target >= hardest;
}
