import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { blockHash, parseBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import type { Chain, FoundBlockResult } from '../../src-interfaces/generated/chain.js';

/** A block fetched from the node, and which one follows it. */
export interface FetchedBlock {
  readonly block: Block | undefined;
  readonly hash: Uint8Array;
  readonly height: number;
  readonly maxTime: number;
  readonly inActiveChain: boolean;
  /** Hash of the block after it in the active chain; undefined at the tip. */
  readonly next: Uint8Array | undefined;
}

/** The block in a serialized form, if it is the one with this hash: a pruned block comes back empty. */
export function parseOwnBlock(data: Uint8Array | undefined, hash: Uint8Array): Block | undefined {
  if (data === undefined || data.length <= 81) return undefined;
  const block = parseBlock(data);
  return equalBytes(blockHash(block.header), hash) ? block : undefined;
}

function nextHash(found: FoundBlockResult): Uint8Array | undefined {
  const next = found.nextBlock;
  return next?.found === true && next.inActiveChain !== false ? next.hash : undefined;
}

/** Fetches a block; without its data when `wantData` is false. Undefined when the node does not know it. */
export async function fetchBlock(chain: Chain, hash: Uint8Array, wantData: boolean): Promise<FetchedBlock | undefined> {
  const { block: found, result } = await chain.findBlock(hash, {
    wantHeight: true,
    wantMaxTime: true,
    wantInActiveChain: true,
    wantData,
    nextBlock: { wantHash: true, wantInActiveChain: true },
  });
  if (!result) return undefined;
  return {
    block: wantData ? parseOwnBlock(found.data, hash) : undefined,
    hash,
    height: found.height ?? 0,
    maxTime: Number(found.maxTime ?? 0n),
    inActiveChain: found.inActiveChain === true,
    next: nextHash(found),
  };
}

/** A serialized locator that starts at a block; undefined when the node does not know it. */
export async function locatorOf(chain: Chain, hash: Uint8Array): Promise<Uint8Array | undefined> {
  const { block, result } = await chain.findBlock(hash, { wantLocator: true });
  return result ? block.locator : undefined;
}

/** A serialized locator that starts at the tip; undefined while the node has no block. */
export async function tipLocator(chain: Chain): Promise<Uint8Array | undefined> {
  const height = await chain.getHeight();
  return height === undefined ? undefined : locatorOf(chain, await chain.getBlockHash(height));
}
