import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';
import type { BlockEntry } from './block-entry.js';
import type { ChainState } from './chain-state.js';
import type { BlockIndex, ChainEvents, Coin, CoinsTrace, CoinsView } from './types.js';
import { verificationProgress } from './verification-progress.js';

/** What can be read of the chain state at any time. */
export class ChainstateView {
  protected readonly state: ChainState;

  constructor(state: ChainState) {
    this.state = state;
  }

  get params(): ChainParams {
    return this.state.params;
  }

  get tip(): BlockIndex {
    return this.state.tip;
  }

  get bestHeader(): BlockIndex {
    return this.state.bestHeader;
  }

  get coins(): CoinsView {
    return this.state.store.coins;
  }

  traceCoins(trace: CoinsTrace): () => void {
    return this.state.store.coins.trace(trace);
  }

  get initialDownload(): boolean {
    return this.state.initialDownload;
  }

  get headerCount(): number {
    return this.state.tree.size;
  }

  /** The block index is being rebuilt, or will be by `start`. */
  get reindexing(): boolean {
    return this.state.store.treeDb.reindexing;
  }

  /** Bytes of blocks and undo data on disk. */
  get blockFilesSize(): number {
    return this.state.store.files.bytesOnDisk;
  }

  lookup(hash: Uint8Array): BlockIndex | undefined {
    return this.state.tree.lookup(hash);
  }

  atHeight(height: number): BlockIndex | undefined {
    return this.state.active.at(height);
  }

  isActive(index: BlockIndex): boolean {
    return this.state.active.at(index.height) === index;
  }

  verificationProgress(index: BlockIndex): number {
    return verificationProgress(index, this.state.bestHeader, this.state.params, this.state.settings.now());
  }

  tips(): readonly BlockIndex[] {
    return this.state.tree.leaves();
  }

  subscribe(events: Partial<ChainEvents>): () => void {
    return this.state.events.subscribe(events);
  }

  protected entry(index: BlockIndex): BlockEntry {
    const entry = this.state.tree.lookup(index.hash);
    if (entry === undefined) throw new RangeError('the block is not in this index');
    return entry;
  }

  readBlock(index: BlockIndex): Promise<Block> {
    return this.state.store.readBlock(this.entry(index));
  }

  readRawBlock(index: BlockIndex): Promise<Uint8Array> {
    return this.state.store.readRawBlock(this.entry(index));
  }

  readUndo(index: BlockIndex): Promise<readonly (readonly Coin[])[]> {
    return this.state.store.readUndo(this.entry(index));
  }
}
