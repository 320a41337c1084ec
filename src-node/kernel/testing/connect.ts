import assert from 'node:assert/strict';
import { hashToHex } from '../../../src-bitcoin/bytes/hex.js';
import type { Block } from '../../../src-bitcoin/primitives/block.js';
import type { NodeChainstate } from '../node-chainstate.js';

export function last<T>(list: readonly T[]): T {
  const item = list.at(-1);
  assert.ok(item !== undefined);
  return item;
}

/** Submits blocks that must all be accepted. */
export async function connectAll(chain: NodeChainstate, blocks: readonly Block[]): Promise<void> {
  for (const block of blocks) {
    const outcome = await chain.processBlock(block, { force: true });
    assert.equal(outcome.accepted, true, outcome.accepted ? '' : outcome.failure.reason);
  }
}

/** The MuHash of the coins, as people write it. */
export async function setHash(chain: NodeChainstate): Promise<string> {
  const { hash } = await chain.utxoSetStatistics('muhash');
  return hashToHex(hash ?? new Uint8Array());
}
