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

/** Bitcoin's merkle tree: the last hash of an odd level is paired with itself. No leaves give zeros. */
export function merkleRoot(leaves: readonly Uint8Array[]): MerkleRoot {
  let level = leaves;
  let mutated = false;
  const pair = new Uint8Array(64);
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] ?? pair;
      const right = level[i + 1];
      if (right !== undefined && equalBytes(left, right)) mutated = true;
      pair.set(left, 0);
      pair.set(right ?? left, 32);
      next.push(hash256(pair));
    }
    level = next;
  }
  return { root: level[0] ?? new Uint8Array(32), mutated };
}

export function blockMerkleRoot(block: Block): MerkleRoot {
  return merkleRoot(block.transactions.map(txidOf));
}

/** BIP141: over the wtxids, with zeros for the coinbase. */
export function witnessMerkleRoot(block: Block): Uint8Array {
  return merkleRoot(block.transactions.map((tx, i) => (i === 0 ? new Uint8Array(32) : wtxidOf(tx)))).root;
}
