/** The questions of the Chain interface about blocks. */
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import type { Chain, FoundBlockParam } from '../../src-interfaces/generated/chain.js';
import type { BlockIndex, Chainstate } from '../kernel/types.js';
import { foundBlock } from './found-block.js';

export type ChainBlockMethods = Pick<
  Chain,
  | 'getHeight'
  | 'getBlockHash'
  | 'haveBlockOnDisk'
  | 'findLocatorFork'
  | 'findBlock'
  | 'findFirstBlockWithTimeAndHeight'
  | 'findAncestorByHeight'
  | 'findAncestorByHash'
  | 'findCommonAncestor'
  | 'hasBlocks'
>;

function commonAncestor(a: BlockIndex, b: BlockIndex): BlockIndex | undefined {
  const height = Math.min(a.height, b.height);
  let x = a.ancestor(height);
  let y = b.ancestor(height);
  while (x !== undefined && y !== undefined && x !== y) {
    x = x.prev;
    y = y.prev;
  }
  return x;
}

/** First block of the active chain with a highest time and a height of at least those given. */
function firstBlock(chainstate: Chainstate, minTime: bigint, minHeight: number): BlockIndex | undefined {
  // The highest time so far never falls along the chain, so the first match can be bisected.
  let low = Math.max(0, minHeight);
  let high = chainstate.tip.height + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const index = chainstate.atHeight(middle);
    if (index !== undefined && BigInt(index.timeMax) >= minTime) high = middle;
    else low = middle + 1;
  }
  return chainstate.atHeight(low);
}

export class ChainBlocks implements ChainBlockMethods {
  readonly #chainstate: Chainstate;

  constructor(chainstate: Chainstate) {
    this.#chainstate = chainstate;
  }

  async getHeight(): Promise<number | undefined> {
    return this.#chainstate.tip.height;
  }

  /** @throws RangeError above the tip. */
  async getBlockHash(height: number): Promise<Uint8Array> {
    const index = this.#chainstate.atHeight(height);
    if (index === undefined) throw new RangeError(`no block at height ${height}: the tip is at ${this.#chainstate.tip.height}`);
    return index.hash;
  }

  async haveBlockOnDisk(height: number): Promise<boolean> {
    const index = this.#chainstate.atHeight(height);
    return index !== undefined && index.haveData && index.txCount > 0;
  }

  async findLocatorFork(locator: Uint8Array): Promise<number | undefined> {
    const reader = new ByteReader(locator);
    reader.i32();
    for (let left = reader.compactSize(); left > 0; left--) {
      const index = this.#chainstate.lookup(reader.bytes(32));
      if (index === undefined) continue;
      if (this.#chainstate.isActive(index)) return index.height;
      const fork = commonAncestor(index, this.#chainstate.tip);
      if (fork !== undefined && index.ancestor(this.#chainstate.tip.height) === this.#chainstate.tip) return this.#chainstate.tip.height;
    }
    return 0;
  }

  async findBlock(hash: Uint8Array, block: FoundBlockParam): ReturnType<Chain['findBlock']> {
    const index = this.#chainstate.lookup(hash);
    return { block: await foundBlock(this.#chainstate, index, block), result: index !== undefined };
  }

  async findFirstBlockWithTimeAndHeight(minTime: bigint, minHeight: number, block: FoundBlockParam): ReturnType<Chain['findFirstBlockWithTimeAndHeight']> {
    const index = firstBlock(this.#chainstate, minTime, minHeight);
    return { block: await foundBlock(this.#chainstate, index, block), result: index !== undefined };
  }

  async findAncestorByHeight(blockHash: Uint8Array, ancestorHeight: number, ancestor: FoundBlockParam): ReturnType<Chain['findAncestorByHeight']> {
    const index = ancestorHeight < 0 ? undefined : this.#chainstate.lookup(blockHash)?.ancestor(ancestorHeight);
    return { ancestor: await foundBlock(this.#chainstate, index, ancestor), result: index !== undefined };
  }

  async findAncestorByHash(blockHash: Uint8Array, ancestorHash: Uint8Array, ancestor: FoundBlockParam): ReturnType<Chain['findAncestorByHash']> {
    const block = this.#chainstate.lookup(blockHash);
    const candidate = this.#chainstate.lookup(ancestorHash);
    const index = candidate !== undefined && block?.ancestor(candidate.height) === candidate ? candidate : undefined;
    return { ancestor: await foundBlock(this.#chainstate, index, ancestor), result: index !== undefined };
  }

  async findCommonAncestor(
    blockHash1: Uint8Array,
    blockHash2: Uint8Array,
    ancestor: FoundBlockParam,
    block1: FoundBlockParam,
    block2: FoundBlockParam,
  ): ReturnType<Chain['findCommonAncestor']> {
    const a = this.#chainstate.lookup(blockHash1);
    const b = this.#chainstate.lookup(blockHash2);
    const common = a !== undefined && b !== undefined ? commonAncestor(a, b) : undefined;
    return {
      ancestor: await foundBlock(this.#chainstate, common, ancestor),
      block1: await foundBlock(this.#chainstate, a, block1),
      block2: await foundBlock(this.#chainstate, b, block2),
      result: a !== undefined && b !== undefined && common !== undefined,
    };
  }

  async hasBlocks(blockHash: Uint8Array, minHeight: number, maxHeight: number | undefined): Promise<boolean> {
    let index = this.#chainstate.lookup(blockHash);
    if (index === undefined) return false;
    if (maxHeight !== undefined && index.height >= maxHeight) index = index.ancestor(maxHeight);
    for (; index !== undefined && index.haveData; index = index.prev) {
      if (index.height <= minHeight || index.prev === undefined) return true;
    }
    return false;
  }
}
