import { equalBytes } from '../bytes/bytes.js';
import { hash256 } from '../crypto/hash.js';
import type { Block } from '../primitives/block.js';
import { txidOf, wtxidOf } from '../primitives/transaction.js';

/** Root of a merkle tree, and whether some level pairs a hash with itself. */
export interface MerkleRoot {
  readonly root: Uint8Array;
  /** CVE-2012-2459: the same root could come from a shorter list. */
  readonly mutated: boolean;
}

/** The level of a merkle tree above one of more than one hash: pairs hashed, the last with itself where it is alone. */
export function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  const pair = new Uint8Array(64);
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i] ?? pair;
    pair.set(left, 0);
    pair.set(level[i + 1] ?? left, 32);
    above.push(hash256(pair));
  }
  return above;
}

function hasEqualPair(level: readonly Uint8Array[]): boolean {
  return level.some((left, i) => {
    const right = i % 2 === 0 ? level[i + 1] : undefined;
    return right !== undefined && equalBytes(left, right);
  });
}

/** Bitcoin's merkle tree: the last hash of an odd level is paired with itself. No leaves give zeros. */
export function merkleRoot(leaves: readonly Uint8Array[]): MerkleRoot {
  let level = leaves;
  let mutated = false;
  while (level.length > 1) {
    mutated ||= hasEqualPair(level);
    level = levelAbove(level);
  }
  return { root: level[0] ?? new Uint8Array(32), mutated };
}

/**
 * The hashes that lead from a leaf to the root, lowest first.
 * @throws RangeError when there is no such leaf.
 */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let position = index;
  for (let level = leaves; level.length > 1; level = levelAbove(level)) {
    const sibling = level[position ^ 1] ?? level[position];
    if (sibling === undefined) throw new RangeError(`no leaf ${index} among ${leaves.length}`);
    path.push(sibling);
    position >>= 1;
  }
  return path;
}

export function blockMerkleRoot(block: Block): MerkleRoot {
  return merkleRoot(block.transactions.map(txidOf));
}

/** BIP141: over the wtxids, with zeros for the coinbase. */
export function witnessMerkleRoot(block: Block): Uint8Array {
  return merkleRoot(block.transactions.map((tx, i) => (i === 0 ? new Uint8Array(32) : wtxidOf(tx)))).root;
}
