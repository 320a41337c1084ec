import { witnessCommitmentIndex } from '../../src-bitcoin/consensus/witness-commitment.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';

/**
 * The block with the coinbase's witness (BIP141's reserved value) filled in where a miner left it out
 * although the coinbase commits to witnesses.
 */
export function withReservedWitness(block: Block, height: number, params: ChainParams): Block {
  const [coinbase, ...others] = block.transactions;
  const input = coinbase?.inputs[0];
  if (coinbase === undefined || input === undefined || input.witness.length > 0) return block;
  if (height < params.consensus.segwitHeight || witnessCommitmentIndex(coinbase) === undefined) return block;
  const completed = { ...coinbase, inputs: [{ ...input, witness: [new Uint8Array(32)] }] };
  return { header: block.header, transactions: [completed, ...others] };
}
