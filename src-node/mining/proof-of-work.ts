import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import { meetsTarget } from '../../src-bitcoin/consensus/target.js';
import { serializeHeader, type Block } from '../../src-bitcoin/primitives/block.js';

const nonceOffset = 76;
const nonceCount = 2 ** 32;

/**
 * Tries nonces from the block's own on.
 * @param maxTries how many to try.
 * @returns the block with a nonce that meets its target, or undefined; and how many were tried.
 */
export function solveBlock(block: Block, powLimit: bigint, maxTries: number): { readonly block: Block | undefined; readonly tries: number } {
  const bytes = serializeHeader(block.header);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { bits, nonce: first } = block.header;
  for (let tries = 0; tries < maxTries && first + tries < nonceCount; tries++) {
    const nonce = first + tries;
    view.setUint32(nonceOffset, nonce, true);
    if (meetsTarget(hash256(bytes), bits, powLimit)) {
      return { block: { header: { ...block.header, nonce }, transactions: block.transactions }, tries: tries + 1 };
    }
  }
  return { block: undefined, tries: maxTries };
}
