import { workOfBits } from '../../src-bitcoin/consensus/target.js';
import type { BlockHeader } from '../../src-bitcoin/primitives/block.js';
import { blockFlag, blockValidity, type BlockRecord } from '../storage/block-records.js';
import type { BlockIndex } from './types.js';

/** Blocks whose times the median is taken of. */
const medianTimeSpan = 11;

function clearLowestBit(number: number): number {
  return number & (number - 1);
}

/** Height of the extra link back: chosen so that any ancestor is a logarithmic number of links away. */
function skipHeight(height: number): number {
  if (height < 2) return 0;
  return (height & 1) === 1 ? clearLowestBit(clearLowestBit(height - 1)) + 1 : clearLowestBit(height);
}

/** A header with its place in the tree and what the node knows of its block. */
export class BlockEntry implements BlockIndex {
  readonly hash: Uint8Array;
  readonly header: BlockHeader;
  readonly height: number;
  readonly prev: BlockEntry | undefined;
  readonly chainWork: bigint;
  readonly timeMax: number;
  readonly #skip: BlockEntry | undefined;
  /** Validity level and flags, as stored. */
  status: number = blockValidity.tree;
  txCount = 0;
  chainTxCount = 0;
  file = 0;
  dataPos = 0;
  undoPos = 0;
  /** Order in which blocks became complete; among chains of equal work the lowest wins. */
  sequence = 0;

  constructor(hash: Uint8Array, header: BlockHeader, prev: BlockEntry | undefined) {
    this.hash = hash;
    this.header = header;
    this.prev = prev;
    this.height = prev === undefined ? 0 : prev.height + 1;
    this.chainWork = (prev?.chainWork ?? 0n) + workOfBits(header.bits);
    this.timeMax = Math.max(prev?.timeMax ?? 0, header.time);
    this.#skip = prev?.ancestor(skipHeight(this.height));
  }

  get haveData(): boolean {
    return (this.status & blockFlag.haveData) !== 0;
  }

  get haveUndo(): boolean {
    return (this.status & blockFlag.haveUndo) !== 0;
  }

  get failed(): boolean {
    return (this.status & blockFlag.failed) !== 0;
  }

  get validScripts(): boolean {
    return this.isValid(blockValidity.scripts);
  }

  /** True when checked up to `level` and not found invalid. */
  isValid(level: number): boolean {
    return !this.failed && (this.status & blockValidity.mask) >= level;
  }

  /** True when the block and all below it have been received at some time. */
  get isLinked(): boolean {
    return this.chainTxCount > 0;
  }

  /** Notes that the block was checked up to `level`; true when that is new. */
  raiseValidity(level: number): boolean {
    if (this.failed || (this.status & blockValidity.mask) >= level) return false;
    this.status = (this.status & ~blockValidity.mask) | level;
    return true;
  }

  ancestor(height: number): BlockEntry | undefined {
    if (height > this.height || height < 0) return undefined;
    let at: BlockEntry | undefined = this;
    while (at !== undefined && at.height > height) {
      const skip: BlockEntry | undefined = at.#skip;
      const skipped = skipHeight(at.height);
      const skippedFromPrev = skipHeight(at.height - 1);
      // The extra link is worth it unless the one of the block before gets much closer.
      const useful = skipped === height || (skipped > height && !(skippedFromPrev < skipped - 2 && skippedFromPrev >= height));
      at = skip !== undefined && useful ? skip : at.prev;
    }
    return at;
  }

  medianTimePast(): number {
    const times: number[] = [];
    for (let at: BlockEntry | undefined = this; at !== undefined && times.length < medianTimeSpan; at = at.prev) {
      times.push(at.header.time);
    }
    times.sort((a, b) => a - b);
    return times[times.length >> 1] ?? 0;
  }

  /** What the block index database keeps of it. */
  toRecord(): BlockRecord {
    const { header, height, status, txCount, file, dataPos, undoPos } = this;
    return { header, height, status, txCount, file, dataPos, undoPos };
  }
}

/** The last block two chains share; undefined only when they start from different blocks. */
export function lastCommonAncestor(a: BlockEntry, b: BlockEntry): BlockEntry | undefined {
  let left = a.ancestor(Math.min(a.height, b.height));
  let right = b.ancestor(Math.min(a.height, b.height));
  while (left !== right && left !== undefined && right !== undefined) {
    left = left.prev;
    right = right.prev;
  }
  return left === right ? left : undefined;
}
