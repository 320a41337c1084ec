import { workOfBits } from '../../src-bitcoin/consensus/target.js';
import type { BlockEntry } from './block-entry.js';
import type { BlockTree } from './block-tree.js';

const twoWeeks = 14 * 24 * 60 * 60;

export interface AssumeValidOptions {
  readonly assumeValid: Uint8Array | undefined;
  readonly minimumChainWork: bigint;
  /** Seconds between blocks. */
  readonly spacing: number;
}

/** Seconds the work between two blocks takes at the difficulty of the later one's chain. */
function equivalentTime(to: BlockEntry, from: BlockEntry, spacing: number): bigint {
  return ((to.chainWork - from.chainWork) * BigInt(spacing)) / (workOfBits(to.header.bits) || 1n);
}

/**
 * Why the scripts of a block must be run, in the words of the log; undefined when they need not.
 * A block below the assumed valid one is only trusted as part of the best header chain, with as much
 * work as that chain is known to have, and two weeks deep: faking that costs more than it gains.
 */
export function scriptCheckReason(block: BlockEntry, tree: BlockTree, options: AssumeValidOptions): string | undefined {
  const { assumeValid, minimumChainWork, spacing } = options;
  if (assumeValid === undefined) return 'assumevalid=0 (always verify)';
  const assumed = tree.lookup(assumeValid);
  if (assumed === undefined) return 'assumevalid hash not in headers';
  if (assumed.ancestor(block.height) !== block) {
    return block.height > assumed.height ? 'block height above assumevalid height' : 'block not in assumevalid chain';
  }
  const { bestHeader } = tree;
  if (bestHeader === undefined || bestHeader.ancestor(block.height) !== block) return 'block not in best header chain';
  if (bestHeader.chainWork < minimumChainWork) return 'best header chainwork below minimumchainwork';
  if (equivalentTime(bestHeader, block, spacing) <= twoWeeks) return 'block too recent relative to best header';
  return undefined;
}
