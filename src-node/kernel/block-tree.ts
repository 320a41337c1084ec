import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { meetsTarget } from '../../src-bitcoin/consensus/target.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { blockHash, serializeHeader, type BlockHeader } from '../../src-bitcoin/primitives/block.js';
import { blockFlag, blockValidity, type BlockRecord } from '../storage/block-records.js';
import { StorageError } from '../storage/storage-error.js';
import { BlockEntry } from './block-entry.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';

/** Where a block's data was put. */
export interface StoredBlock {
  readonly txCount: number;
  readonly file: number;
  readonly dataPos: number;
  /** It was checked and stored under the rules of segwit. */
  readonly segwit: boolean;
}

/** All headers the node knows, linked from each block to the one before. */
export class BlockTree {
  readonly #entries = new Map<string, BlockEntry>();
  /** Blocks that were received before one of their ancestors, by the block before them. */
  readonly #unlinked = new Map<BlockEntry, BlockEntry[]>();
  readonly #dirty = new Set<BlockEntry>();
  #bestHeader: BlockEntry | undefined;
  #nextSequence = 2;

  get size(): number {
    return this.#entries.size;
  }

  get bestHeader(): BlockEntry | undefined {
    return this.#bestHeader;
  }

  lookup(hash: Uint8Array): BlockEntry | undefined {
    return this.#entries.get(hashKey(hash));
  }

  entries(): IterableIterator<BlockEntry> {
    return this.#entries.values();
  }

  /** Adds a header whose predecessor is known (or that is the first). Returns what is there if it is. */
  add(header: BlockHeader, hash = blockHash(header)): BlockEntry {
    const key = hashKey(hash);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const prev = this.lookup(header.prevHash);
    // There are many headers: each shares its predecessor's hash instead of holding it again.
    const entry = new BlockEntry(hash, prev === undefined ? header : { ...header, prevHash: prev.hash }, prev);
    this.#entries.set(key, entry);
    this.#dirty.add(entry);
    this.#raiseBestHeader(entry);
    return entry;
  }

  #raiseBestHeader(entry: BlockEntry): void {
    if (!entry.failed && (this.#bestHeader === undefined || entry.chainWork > this.#bestHeader.chainWork)) {
      this.#bestHeader = entry;
    }
  }

  /** Notes that an entry must be written with the next flush. */
  touch(entry: BlockEntry): void {
    this.#dirty.add(entry);
  }

  /** Entries changed since the last call. */
  takeDirty(): BlockEntry[] {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    return dirty;
  }

  /**
   * Notes that a block's data is on disk.
   * @returns blocks that now have all their ancestors: none, this one, or this one and others above it.
   */
  received(entry: BlockEntry, stored: StoredBlock): BlockEntry[] {
    entry.txCount = stored.txCount;
    entry.file = stored.file;
    entry.dataPos = stored.dataPos;
    entry.undoPos = 0;
    entry.status |= blockFlag.haveData | (stored.segwit ? blockFlag.witness : 0);
    entry.raiseValidity(blockValidity.transactions);
    this.touch(entry);
    return this.#link(entry);
  }

  #link(first: BlockEntry): BlockEntry[] {
    const { prev } = first;
    if (prev !== undefined && !prev.isLinked) {
      const waiting = this.#unlinked.get(prev) ?? [];
      if (!waiting.includes(first)) this.#unlinked.set(prev, [...waiting, first]);
      return [];
    }
    const linked: BlockEntry[] = [];
    const queue = [first];
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      entry.chainTxCount = (entry.prev?.chainTxCount ?? 0) + entry.txCount;
      entry.sequence = this.#nextSequence++;
      linked.push(entry);
      queue.push(...(this.#unlinked.get(entry) ?? []));
      this.#unlinked.delete(entry);
    }
    return linked;
  }

  /** Marks a block and all that build on it as invalid. */
  markFailed(invalid: BlockEntry): void {
    for (const entry of this.#entries.values()) {
      if (entry.failed || entry.ancestor(invalid.height) !== invalid) continue;
      entry.status |= blockFlag.failed;
      this.touch(entry);
    }
    if (this.#bestHeader?.failed === true) this.#findBestHeader();
  }

  /** Forgets that a block, those below it and those above it are invalid. */
  clearFailed(block: BlockEntry): void {
    for (const entry of this.#entries.values()) {
      if (!entry.failed) continue;
      if (entry.ancestor(block.height) !== block && block.ancestor(entry.height) !== entry) continue;
      entry.status &= ~blockFlag.failed;
      this.touch(entry);
    }
    this.#findBestHeader();
  }

  #findBestHeader(): void {
    this.#bestHeader = undefined;
    for (const entry of this.#entries.values()) this.#raiseBestHeader(entry);
  }

  /** Blocks nothing builds on. */
  leaves(): BlockEntry[] {
    const inner = new Set<BlockEntry>();
    for (const { prev } of this.#entries.values()) if (prev !== undefined) inner.add(prev);
    return [...this.#entries.values()].filter((entry) => !inner.has(entry));
  }

  /**
   * Fills an empty tree from the block index database.
   * @throws StorageError when a header is damaged, misplaced, or of another network.
   */
  async load(records: AsyncIterable<{ hash: Uint8Array; record: BlockRecord }>, params: ChainParams): Promise<void> {
    const all: { hash: Uint8Array; record: BlockRecord }[] = [];
    for await (const item of records) all.push(item);
    if (all.length === 0) return;
    all.sort((a, b) => a.record.height - b.record.height);
    for (const { hash, record } of all) this.#restore(hash, record, params);
    if (this.lookup(blockHash(params.genesis.header)) === undefined) {
      throw new StorageError('wrong-network', 'Incorrect or no genesis block found. Wrong datadir for network?');
    }
    this.#dirty.clear();
    this.#findBestHeader();
  }

  #restore(hash: Uint8Array, record: BlockRecord, params: ChainParams): void {
    const { header } = record;
    if (!equalBytes(hash256(serializeHeader(header)), hash) || !meetsTarget(hash, header.bits, params.consensus.powLimit)) {
      throw new StorageError('corrupt', `Error loading block database: damaged header at height ${record.height}`);
    }
    const entry = this.add(header, hash);
    if (entry.height !== record.height) {
      throw new StorageError('corrupt', `Error loading block database: header at height ${record.height} has no predecessor`);
    }
    const wasFailed = (record.status & (blockFlag.failed | blockFlag.oldFailedChild)) !== 0;
    entry.status = record.status & ~(blockFlag.failed | blockFlag.oldFailedChild);
    if (wasFailed || entry.prev?.failed === true) entry.status |= blockFlag.failed;
    entry.txCount = record.txCount;
    entry.file = record.file;
    entry.dataPos = record.dataPos;
    entry.undoPos = record.undoPos;
    if (entry.txCount > 0) this.#link(entry);
    // Which of two equal chains came first is not stored: the active one is told apart by its tip.
    entry.sequence = 1;
  }
}
