import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { checkBlock } from '../../src-bitcoin/consensus/block-checks.js';
import { blockHash, type Block } from '../../src-bitcoin/primitives/block.js';
import { BlockCoins } from './block-coins.js';
import { checkBlockInContext } from './block-rules.js';
import type { ChainState } from './chain-state.js';
import { failure } from './failure.js';
import { checkHeaderInContext } from './header-rules.js';
import type { OpenBlockChecks, ValidationFailure } from './types.js';

/** Checks a block as the next one; proof of work and merkle root, which a miner fills in last, only where asked for. */
export async function testBlock(state: ChainState, block: Block, checks: OpenBlockChecks): Promise<ValidationFailure | undefined> {
  const { tip, params } = state;
  if (!equalBytes(block.header.prevHash, tip.hash)) return failure('consensus', 'inconclusive-not-best-prevblk');
  const bad =
    checkBlock(block, params.consensus, { proofOfWork: checks.proofOfWork === true, merkleRoot: checks.merkleRoot === true }) ??
    checkHeaderInContext(block.header, tip, params.consensus, state.settings.now()) ??
    checkBlockInContext(block, tip, params);
  if (bad !== undefined) return bad;
  const place = { height: tip.height + 1, prev: tip, hash: blockHash(block.header) };
  const outcome = await state.checkOnTip(block, place, new BlockCoins(state.store.coins));
  return outcome.valid ? undefined : outcome.failure;
}
