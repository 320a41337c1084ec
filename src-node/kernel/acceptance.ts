import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { checkHeader } from '../../src-bitcoin/consensus/block-checks.js';
import { blockHash, serializeBlock, type Block, type BlockHeader } from '../../src-bitcoin/primitives/block.js';
import type { FilePosition } from '../storage/block-files.js';
import type { BlockEntry } from './block-entry.js';
import { checkBlockAlone, checkBlockInContext } from './block-rules.js';
import type { ChainState } from './chain-state.js';
import { segwitActive } from './deployments.js';
import { failure } from './failure.js';
import { checkHeaderInContext } from './header-rules.js';
import type { ValidationFailure } from './types.js';

/** Blocks this far above the tip are stored only when asked for. */
const farAhead = 288;

export type HeaderOutcome =
  | { readonly accepted: true; readonly entry: BlockEntry }
  | { readonly accepted: false; readonly failure: ValidationFailure };

/** Checks a header and puts it into the tree. */
export function acceptHeader(state: ChainState, header: BlockHeader): HeaderOutcome {
  const reject = (bad: ValidationFailure): HeaderOutcome => ({ accepted: false, failure: bad });
  const { consensus } = state.params;
  const hash = blockHash(header);
  const known = state.tree.lookup(hash);
  if (known !== undefined) {
    if (!known.failed) return { accepted: true, entry: known };
    return reject(failure('cached-invalid', 'duplicate-invalid', `block ${hashToHex(hash)} was previously marked invalid`));
  }
  const bad = checkHeader(header, consensus.powLimit);
  if (bad !== undefined) return reject(bad);
  const prev = state.tree.lookup(header.prevHash);
  if (prev === undefined) return reject(failure('missing-prev', 'prev-blk-not-found'));
  if (prev.failed) return reject(failure('invalid-prev', 'bad-prevblk'));
  const badInContext = checkHeaderInContext(header, prev, consensus, state.settings.now());
  if (badInContext !== undefined) return reject(badInContext);
  return { accepted: true, entry: state.tree.add(header, hash) };
}

export interface AcceptOptions {
  /** Store it although its chain is not the best. */
  readonly force?: boolean;
  /** Its serialization, when at hand. */
  readonly raw?: Uint8Array;
  /** It is already in a block file, there. */
  readonly position?: FilePosition;
}

export type StoreOutcome =
  | { readonly accepted: true; readonly entry: BlockEntry; readonly isNew: boolean }
  | { readonly accepted: false; readonly entry: BlockEntry | undefined; readonly failure: ValidationFailure };

/** Whether a block nobody asked for is worth its place on disk. */
function isWanted(state: ChainState, entry: BlockEntry): boolean {
  if (entry.txCount > 0) return false;
  if (entry.chainWork < state.tip.chainWork || entry.chainWork < state.settings.minimumChainWork) return false;
  return entry.height <= state.tip.height + farAhead;
}

/** Checks all of a block that can be checked without its inputs, and stores it. */
export function acceptBlock(state: ChainState, block: Block, options: AcceptOptions = {}): StoreOutcome {
  const header = acceptHeader(state, block.header);
  if (!header.accepted) return { ...header, entry: undefined };
  const { entry } = header;
  const { prev } = entry;
  if (entry.haveData) return { accepted: true, entry, isNew: false };
  if (prev === undefined) {
    storeBlock(state, block, entry, options);
    return { accepted: true, entry, isNew: true };
  }
  if (options.force !== true && !isWanted(state, entry)) return { accepted: true, entry, isNew: false };
  const bad = checkBlockAlone(block, state.params) ?? checkBlockInContext(block, prev, state.params);
  if (bad !== undefined) {
    state.markInvalid(entry, bad);
    return { accepted: false, entry, failure: bad };
  }
  storeBlock(state, block, entry, options);
  return { accepted: true, entry, isNew: true };
}

function storeBlock(state: ChainState, block: Block, entry: BlockEntry, options: AcceptOptions): void {
  const { files } = state.store;
  const { time } = block.header;
  const raw = options.raw ?? serializeBlock(block);
  const { position } = options;
  if (position !== undefined) files.addExisting(position, raw.length, entry.height, time);
  const { file, offset } = position ?? files.appendBlock(raw, entry.height, time);
  const wasLinked = entry.isLinked;
  const linked = state.tree.received(entry, {
    txCount: block.transactions.length,
    file,
    dataPos: offset,
    segwit: segwitActive(entry.height, state.params.consensus),
  });
  // Data that was lost came back: blocks above it may have been given up.
  if (wasLinked) state.findCandidates();
  for (const complete of linked) if (complete.chainWork >= state.tip.chainWork) state.candidates.add(complete);
}
