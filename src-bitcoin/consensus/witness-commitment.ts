import { concatBytes } from '../bytes/bytes.js';
import { hash256 } from '../crypto/hash.js';
import type { Block } from '../primitives/block.js';
import type { Transaction } from '../primitives/transaction.js';
import { witnessMerkleRoot } from './merkle.js';

/** OP_RETURN, a push of 36 bytes, and the tag of BIP141. */
const commitmentPrefix = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];
const commitmentSize = 38;

/** Index of the coinbase output with the witness commitment (the last one counts), or undefined. */
export function witnessCommitmentIndex(coinbase: Transaction): number | undefined {
  const index = coinbase.outputs.findLastIndex(
    ({ scriptPubKey }) =>
      scriptPubKey.length >= commitmentSize && commitmentPrefix.every((byte, i) => scriptPubKey[i] === byte),
  );
  return index < 0 ? undefined : index;
}

/** The 32 bytes a block must commit to, given the reserved value in the coinbase's witness. */
export function witnessCommitment(block: Block, reserved: Uint8Array): Uint8Array {
  return hash256(concatBytes(witnessMerkleRoot(block), reserved));
}

/** The commitment a coinbase output script holds. */
export function committedHash(scriptPubKey: Uint8Array): Uint8Array {
  return scriptPubKey.subarray(commitmentPrefix.length, commitmentSize);
}

/** The output script for a commitment. */
export function commitmentScript(commitment: Uint8Array): Uint8Array {
  return Uint8Array.of(...commitmentPrefix, ...commitment);
}
