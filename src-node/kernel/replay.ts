import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { isUnspendable } from '../../src-bitcoin/script/script.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { StorageError } from '../storage/storage-error.js';
import { BlockCoins } from './block-coins.js';
import { lastCommonAncestor, type BlockEntry } from './block-entry.js';
import type { BlockTree } from './block-tree.js';
import type { ChainStore } from './chain-store.js';
import { disconnectBlock } from './disconnect-block.js';

function knownEntry(tree: BlockTree, hash: Uint8Array, way: string): BlockEntry {
  const entry = tree.lookup(hash);
  if (entry === undefined) throw new StorageError('corrupt-chainstate', `ReplayBlocks(): reorganization ${way} unknown block requested`);
  return entry;
}

/** Applies a block whose changes may be there already, in part. */
function rollForward(block: Block, height: number, coins: BlockCoins): void {
  for (const [i, tx] of block.transactions.entries()) {
    if (i > 0) for (const { prevout } of tx.inputs) coins.spend(prevout);
    const txid = txidOf(tx);
    for (const [index, { value, scriptPubKey }] of tx.outputs.entries()) {
      if (!isUnspendable(scriptPubKey)) coins.add({ txid, index }, { value, scriptPubKey, height, coinbase: i === 0 }, true);
    }
  }
}

async function rollBack(store: ChainStore, from: BlockEntry, to: BlockEntry): Promise<void> {
  for (let entry: BlockEntry | undefined = from; entry !== undefined && entry !== to; entry = entry.prev) {
    if (entry.prev === undefined) return;
    const coins = new BlockCoins(store.coins);
    const outcome = disconnectBlock(await store.readBlock(entry), entry, await store.readUndo(entry), coins);
    if (outcome === 'failed') {
      throw new StorageError('corrupt-chainstate', `RollbackBlock(): DisconnectBlock failed at ${entry.height}, hash=${hashToHex(entry.hash)}`);
    }
    store.coins.apply(coins.edits);
  }
}

/**
 * Finishes a write of the coins that was interrupted: takes back the blocks it left, applies those it
 * went to, and writes. Each coin may be in the state of before or after, which is why nothing is checked.
 * @throws StorageError when blocks for that are missing or damaged.
 */
export async function replayBlocks(store: ChainStore, tree: BlockTree, logger: Logger): Promise<void> {
  const unfinished = store.coinsDb.headBlocks;
  if (unfinished === undefined) return;
  logger.info('Replaying blocks');
  const to = knownEntry(tree, unfinished.to, 'to');
  const from = unfinished.from === undefined ? undefined : knownEntry(tree, unfinished.from, 'from');
  const fork = from === undefined ? undefined : lastCommonAncestor(from, to);
  if (from !== undefined && fork !== undefined && from !== fork) {
    logger.info(`Rolling back from ${hashToHex(from.hash)} (${from.height} to ${fork.height})`);
    await rollBack(store, from, fork);
  }
  const forkHeight = fork?.height ?? 0;
  if (forkHeight < to.height) logger.info(`Rolling forward to ${hashToHex(to.hash)} (${forkHeight} to ${to.height})`);
  for (let height = forkHeight + 1; height <= to.height; height++) {
    const entry = to.ancestor(height);
    if (entry === undefined) break;
    const coins = new BlockCoins(store.coins);
    rollForward(await store.readBlock(entry), height, coins);
    store.coins.apply(coins.edits);
  }
  await store.coins.flush(to.hash, 0);
}
