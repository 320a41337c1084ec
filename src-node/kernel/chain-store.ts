import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import { headerSize, parseBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import type { BlockFiles } from '../storage/block-files.js';
import { blockFlag } from '../storage/block-records.js';
import type { BlockTreeDb } from '../storage/block-tree-db.js';
import type { BlockUndo } from '../storage/block-undo.js';
import type { CoinsDb } from '../storage/coins-db.js';
import { StorageError } from '../storage/storage-error.js';
import type { BlockEntry } from './block-entry.js';
import type { BlockTree } from './block-tree.js';
import { CoinsCache } from './coins-cache.js';

/** The files and databases of a chain, written in an order that survives a crash at any moment. */
export class ChainStore {
  readonly files: BlockFiles;
  readonly treeDb: BlockTreeDb;
  readonly coinsDb: CoinsDb;
  readonly coins: CoinsCache;

  constructor(files: BlockFiles, treeDb: BlockTreeDb, coinsDb: CoinsDb) {
    this.files = files;
    this.treeDb = treeDb;
    this.coinsDb = coinsDb;
    this.coins = new CoinsCache(coinsDb);
  }

  /** @throws StorageError when the block is not stored, or what is stored is not the block. */
  async readRawBlock(entry: BlockEntry): Promise<Uint8Array> {
    if (!entry.haveData) throw new StorageError('not-found', `block ${entry.height} is not on disk`);
    const raw = await this.files.readBlock({ file: entry.file, offset: entry.dataPos });
    if (raw.length < headerSize || !equalBytes(hash256(raw.subarray(0, headerSize)), entry.hash)) {
      throw new StorageError('corrupt', `another block where block ${entry.height} should be, in file ${entry.file} at ${entry.dataPos}`);
    }
    return raw;
  }

  /** @throws StorageError */
  async readBlock(entry: BlockEntry): Promise<Block> {
    const raw = await this.readRawBlock(entry);
    try {
      return parseBlock(raw);
    } catch (cause) {
      throw new StorageError('corrupt', `block ${entry.height} on disk is damaged`, cause);
    }
  }

  /** What a block spent; nothing for the genesis block. */
  async readUndo(entry: BlockEntry): Promise<BlockUndo> {
    if (entry.prev === undefined) return [];
    if (!entry.haveUndo) throw new StorageError('not-found', `undo data of block ${entry.height} is not on disk`);
    return this.files.readUndo({ file: entry.file, offset: entry.undoPos }, entry.prev.hash);
  }

  /** Stores what undoes a block, once. */
  writeUndo(entry: BlockEntry, undo: BlockUndo): void {
    if (entry.haveUndo || entry.prev === undefined) return;
    entry.undoPos = this.files.appendUndo(entry.file, undo, entry.prev.hash, entry.height);
    entry.status |= blockFlag.haveUndo;
  }

  /** Writes block files and their index: nothing in the index may point to what is not on disk. */
  async flushBlocks(tree: BlockTree): Promise<void> {
    await this.files.sync();
    const dirty = tree.takeDirty();
    const files = this.files.takeDirtyInfos();
    if (dirty.length === 0 && files.length === 0) return;
    const blocks = dirty.map((entry) => ({ hash: entry.hash, record: entry.toRecord() }));
    await this.treeDb.write({ blocks, files, lastFile: this.files.lastFile });
  }

  /** Writes everything; coins come last, so that the index always knows the block they belong to. */
  async flush(tree: BlockTree, tip: BlockEntry, keepCoins: number): Promise<void> {
    await this.flushBlocks(tree);
    await this.coins.flush(tip.hash, keepCoins);
  }
}
