import assert from 'node:assert/strict';
import type { NodeProcess } from './node-process.js';

/** Hands a node the blocks of another that it does not have yet. Both must agree on those it has. */
export async function followChain(follower: NodeProcess, leader: NodeProcess): Promise<void> {
  for (let height = (await follower.rpc('getblockcount')) + 1; height <= (await leader.rpc('getblockcount')); height++) {
    const block = await leader.rpc('getblock', [await leader.rpc('getblockhash', [height]), 0]);
    assert.equal(await follower.rpc('submitblock', [block]), null);
  }
}
