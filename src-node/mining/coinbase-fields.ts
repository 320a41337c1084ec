import { merklePath } from '../../src-bitcoin/consensus/merkle.js';
import { witnessCommitmentIndex } from '../../src-bitcoin/consensus/witness-commitment.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';
import { serializeTxOut, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { OP_0 } from '../../src-bitcoin/script/opcodes.js';
import { pushNumber } from '../../src-bitcoin/script/script.js';
import type { CoinbaseTx } from '../../src-interfaces/generated/mining.js';

/** Above it the height alone makes a script of the two bytes that a coinbase must have. */
const lastOneByteHeight = 16;

/** What a miner's own coinbase must take over from the one of an assembled block. */
export function coinbaseFields(block: Block, height: number): CoinbaseTx {
  const [coinbase] = block.transactions;
  const [input] = coinbase?.inputs ?? [];
  const [reward] = coinbase?.outputs ?? [];
  if (coinbase === undefined || input === undefined || reward === undefined) throw new RangeError('the block has no coinbase');
  const commitment = witnessCommitmentIndex(coinbase);
  const required = commitment === undefined ? undefined : coinbase.outputs[commitment];
  const heightPush = pushNumber(height);
  return {
    version: coinbase.version,
    sequence: input.sequence,
    scriptSigPrefix: height > lastOneByteHeight ? heightPush : Uint8Array.of(...heightPush, OP_0),
    witness: input.witness[0],
    blockRewardRemaining: reward.value,
    requiredOutputs: required === undefined ? [] : [serializeTxOut(required)],
    lockTime: coinbase.locktime,
  };
}

/** The hashes that lead from any coinbase put into the block to its merkle root, lowest first. */
export function coinbaseMerklePath(block: Block): readonly Uint8Array[] {
  return merklePath(block.transactions.map(txidOf), 0);
}
