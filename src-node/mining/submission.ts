import type { Block } from '../../src-bitcoin/primitives/block.js';
import type { BlockOutcome, Chainstate } from '../kernel/types.js';

/** What became of a submitted block, as BIP22 and the mining interface say it. */
export interface Submission {
  /** Empty if the block became the tip. */
  readonly reason: string;
  readonly debug: string;
  readonly result: boolean;
}

/** Submits a block that is complete. */
export async function submitBlock(chainstate: Chainstate, block: Block): Promise<Submission> {
  return describeOutcome(chainstate, await chainstate.processBlock(block, { force: true }));
}

function describeOutcome(chainstate: Chainstate, outcome: BlockOutcome): Submission {
  if (!outcome.accepted) {
    const { reason, debug } = outcome.failure;
    return { reason: reason === '' ? 'rejected' : reason, debug, result: false };
  }
  if (!outcome.isNew) return { reason: 'duplicate', debug: '', result: false };
  if (!chainstate.isActive(outcome.index)) return { reason: 'inconclusive', debug: '', result: false };
  return { reason: '', debug: '', result: true };
}
