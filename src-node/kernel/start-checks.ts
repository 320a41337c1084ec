import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { blockFileName } from '../storage/block-files.js';
import { blockFlag } from '../storage/block-records.js';
import { StorageError } from '../storage/storage-error.js';
import { BlockCoins } from './block-coins.js';
import type { BlockEntry } from './block-entry.js';
import { checkBlockAlone } from './block-rules.js';
import type { BlockTree } from './block-tree.js';
import type { ChainState } from './chain-state.js';
import type { ChainStore } from './chain-store.js';
import { segwitActive } from './deployments.js';
import { disconnectBlock } from './disconnect-block.js';
import { describeFailure } from './failure.js';

/** @throws StorageError `corrupt` when a block file the index points into is gone. */
export function requireBlockFiles(tree: BlockTree, directory: string): void {
  const files = new Set<number>();
  for (const entry of tree.entries()) if (entry.haveData) files.add(entry.file);
  for (const file of files) {
    const name = blockFileName('blk', file);
    if (!existsSync(join(directory, name))) throw new StorageError('corrupt', `Error loading block database: ${name} is missing`);
  }
}

/** @throws StorageError `corrupt` when a block was stored by a program that did not know segwit. */
export function requireWitnesses(tip: BlockEntry, params: ChainParams): void {
  for (let at: BlockEntry | undefined = tip; at !== undefined && segwitActive(at.height, params.consensus); at = at.prev) {
    if (at.prev === undefined || (at.status & blockFlag.witness) !== 0) continue;
    throw new StorageError(
      'corrupt',
      `Witness data for blocks after height ${params.consensus.segwitHeight} requires validation. Please restart with -reindex.`,
    );
  }
}

async function requireBlock(store: ChainStore, entry: BlockEntry, coins: BlockCoins, params: ChainParams): Promise<void> {
  const block = await store.readBlock(entry);
  const bad = checkBlockAlone(block, params);
  if (bad !== undefined) throw new StorageError('corrupt', `found bad block at ${entry.height}: ${describeFailure(bad)}`);
  const undo = await store.readUndo(entry);
  if (disconnectBlock(block, entry, undo, coins) !== 'clean') {
    throw new StorageError('corrupt', `coin database inconsistencies found at height ${entry.height}`);
  }
}

/**
 * Reads the last blocks and takes them off the coins, in memory: damage shows here rather than later.
 * @param count how many; 0 for all
 * @param progress told how far that is, in percent: 0 at the start, 100 at the end. Not told if there is nothing to check
 * @throws StorageError `corrupt`
 */
export async function verifyLastBlocks(state: ChainState, count: number, progress: (percent: number) => void = () => undefined): Promise<void> {
  const { height } = state.tip;
  const total = count === 0 ? height : Math.min(count, height);
  if (total <= 0) return;
  progress(0);
  const coins = new BlockCoins(state.store.coins);
  let entry: BlockEntry | undefined = state.tip;
  try {
    for (let checked = 0; checked < total && entry?.prev !== undefined; entry = entry.prev) {
      await requireBlock(state.store, entry, coins, state.params);
      progress(Math.floor((++checked / total) * 100));
    }
  } catch (cause) {
    throw new StorageError('corrupt', 'Corrupted block database detected', cause);
  }
}
