import type { BlockIndex, Chainstate } from '../kernel/types.js';

/** Hashes from a block back to the first: eleven steps of one block, then ever longer ones, as Bitcoin Core makes them. */
export function locatorOf(from: BlockIndex): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  let step = 1;
  for (let height = from.height; ; ) {
    const index = from.ancestor(height);
    if (index !== undefined) hashes.push(index.hash);
    if (height === 0) return hashes;
    height = Math.max(0, height - step);
    if (hashes.length > 10) step *= 2;
  }
}

/** The last block of the active chain that a locator knows. */
export function findFork(chainstate: Chainstate, locator: readonly Uint8Array[]): BlockIndex | undefined {
  for (const hash of locator) {
    const index = chainstate.lookup(hash);
    if (index === undefined) continue;
    if (chainstate.isActive(index)) return index;
    // The peer is on a branch that grew out of the active chain's end.
    if (index.ancestor(chainstate.tip.height) === chainstate.tip) return chainstate.tip;
  }
  return chainstate.atHeight(0);
}
