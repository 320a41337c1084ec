import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { checkBlock, checkWitnessCommitment } from '../../src-bitcoin/consensus/block-checks.js';
import { maxBlockWeight } from '../../src-bitcoin/consensus/limits.js';
import { isFinal } from '../../src-bitcoin/consensus/locktime.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { blockWeight, type Block } from '../../src-bitcoin/primitives/block.js';
import { pushNumber } from '../../src-bitcoin/script/script.js';
import type { BlockEntry } from './block-entry.js';
import { csvActive, segwitActive } from './deployments.js';
import { failure } from './failure.js';
import type { ValidationFailure } from './types.js';

// Blocks are immutable: one that passed need not be checked again on its way to the chain.
const passed = new WeakSet<Block>();

/** Rules that need nothing but the block. */
export function checkBlockAlone(block: Block, params: ChainParams): ValidationFailure | undefined {
  if (passed.has(block)) return undefined;
  const bad = checkBlock(block, params.consensus);
  if (bad === undefined) passed.add(block);
  return bad;
}

/** BIP34: the coinbase script starts with a push of the height. */
function startsWithHeight(block: Block, height: number): boolean {
  const script = block.transactions[0]?.inputs[0]?.scriptSig ?? new Uint8Array(0);
  const expected = pushNumber(height);
  return equalBytes(script.subarray(0, expected.length), expected);
}

/** Rules that depend on the headers before the block, but not on its inputs. */
export function checkBlockInContext(block: Block, prev: BlockEntry, params: ChainParams): ValidationFailure | undefined {
  const { consensus } = params;
  const height = prev.height + 1;
  // BIP113 compares with the median time past instead of the block's own time.
  const time = csvActive(height, consensus) ? prev.medianTimePast() : block.header.time;
  if (!block.transactions.every((tx) => isFinal(tx, height, time))) {
    return failure('consensus', 'bad-txns-nonfinal', 'non-final transaction');
  }
  if (height >= consensus.bip34Height && !startsWithHeight(block, height)) {
    return failure('consensus', 'bad-cb-height', 'block height mismatch in coinbase');
  }
  const bad = checkWitnessCommitment(block, segwitActive(height, consensus));
  if (bad !== undefined) return bad;
  // Only now is it certain that the witnesses weighed are the block's own.
  return blockWeight(block) > maxBlockWeight ? failure('consensus', 'bad-blk-weight', 'weight limit failed') : undefined;
}
