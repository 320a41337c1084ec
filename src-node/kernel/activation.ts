import type { Block } from '../../src-bitcoin/primitives/block.js';
import { blockFlag } from '../storage/block-records.js';
import type { BlockEntry } from './block-entry.js';
import { isBetter } from './candidates.js';
import type { ChainState } from './chain-state.js';
import { failure } from './failure.js';
import type { ValidationFailure } from './types.js';

/** Contents of a block that is likely to be connected next. */
export interface BlockAtHand {
  readonly entry: BlockEntry;
  readonly block: Block;
}

export interface ActivationOptions {
  readonly atHand?: BlockAtHand;
  /** Called after each step; true stops, leaving the rest for another time. */
  readonly afterStep?: () => Promise<boolean>;
}

/** Blocks connected before the world is told. */
const blocksPerStep = 32;

/** The best block whose chain is complete and not known to be invalid. */
function bestCandidate(state: ChainState): BlockEntry {
  for (;;) {
    const best = state.candidates.best;
    if (best === undefined || !isBetter(best, state.tip)) return state.tip;
    const unusable = best.failed || missingData(state, best);
    if (!unusable) return best;
    state.candidates.removeBest();
  }
}

/** A block on the way from the active chain to `entry` is not on disk (any more). */
function missingData(state: ChainState, entry: BlockEntry): boolean {
  for (let at: BlockEntry | undefined = entry; at !== undefined && !state.active.contains(at); at = at.prev) {
    if (!at.haveData) return true;
  }
  return false;
}

/** Blocks from after `fork` towards `target`, oldest first, at most a step's worth. */
function pathTo(target: BlockEntry, fork: BlockEntry): BlockEntry[] {
  const path: BlockEntry[] = [];
  const top = target.ancestor(Math.min(fork.height + blocksPerStep, target.height));
  for (let at = top; at !== undefined && at !== fork; at = at.prev) path.push(at);
  return path.reverse();
}

interface Step {
  readonly invalid: { entry: BlockEntry; failure: ValidationFailure } | undefined;
}

/** Moves towards `target`: back to where the chains part, then up until that is better than before. */
async function step(state: ChainState, target: BlockEntry, atHand: BlockAtHand | undefined): Promise<Step> {
  const start = state.tip;
  const fork = state.active.fork(target);
  if (fork === undefined) throw new Error('the best block has another genesis block');
  while (state.tip !== fork) await state.disconnectTip();
  while (state.tip !== target) {
    for (const entry of pathTo(target, state.tip)) {
      const block = entry === atHand?.entry ? atHand.block : undefined;
      const bad = await state.connectTip(entry, block);
      if (bad !== undefined) return { invalid: { entry, failure: bad } };
      // Better than before: time to let others have a look.
      if (isBetter(state.tip, start)) return { invalid: undefined };
    }
  }
  return { invalid: undefined };
}

/**
 * Makes the best valid chain the active one. Invalid blocks on the way are marked so and avoided.
 * @returns why blocks that were tried are invalid.
 */
export async function activateBestChain(
  state: ChainState,
  options: ActivationOptions = {},
): Promise<ReadonlyMap<BlockEntry, ValidationFailure>> {
  const found = new Map<BlockEntry, ValidationFailure>();
  let announced = state.tip;
  for (;;) {
    const target = bestCandidate(state);
    if (target === state.tip) break;
    const { invalid } = await step(state, target, options.atHand);
    if (invalid !== undefined) {
      found.set(invalid.entry, invalid.failure);
      // A bad copy on disk must not be tried again and again.
      if (!invalid.entry.failed) markUnusable(state, invalid.entry);
    }
    state.candidates.prune(state.tip);
    // In the middle of a failed reorganisation the tip is a block nobody should hear of.
    if (isBetter(state.tip, announced)) {
      announceTip(state, announced);
      announced = state.tip;
    }
    if ((await options.afterStep?.()) === true) break;
  }
  if (state.tip !== announced) announceTip(state, announced);
  return found;
}

function markUnusable(state: ChainState, entry: BlockEntry): void {
  entry.status &= ~blockFlag.haveData;
  state.tree.touch(entry);
}

export function announceTip(state: ChainState, start: BlockEntry): void {
  const { tip, initialDownload } = state;
  const fork = state.active.fork(start);
  state.events.emit((to) => to.tipChanged?.({ tip, fork, initialDownload }));
}

/** Declares a block invalid and leaves it, if the active chain has it. The best chain is left to find. */
export async function invalidateBlock(state: ChainState, entry: BlockEntry): Promise<void> {
  if (entry.prev === undefined) throw new RangeError('the genesis block cannot be invalidated');
  const start = state.tip;
  while (state.active.contains(entry)) {
    const left = state.tip;
    await state.disconnectTip();
    // Marked one by one: an interruption must not leave a tip on top of a block that counts as invalid.
    left.status |= blockFlag.failed;
    state.tree.touch(left);
  }
  state.markInvalid(entry, failure('consensus', 'invalidateblock'));
  state.findCandidates();
  if (state.tip !== start) announceTip(state, start);
}

/** Forgets that a block, those it builds on and those built on it are invalid. */
export function reconsiderBlock(state: ChainState, entry: BlockEntry): void {
  state.tree.clearFailed(entry);
  state.findCandidates();
}
