/** A miner as pools are: it knows nothing but what the mining interface tells. */
import assert from 'node:assert/strict';
import { concatBytes } from '../../../src-bitcoin/bytes/bytes.js';
import { ByteReader } from '../../../src-bitcoin/bytes/reader.js';
import { hash256 } from '../../../src-bitcoin/crypto/hash.js';
import { chainParams } from '../../../src-bitcoin/params/networks.js';
import { blockHash, readHeader } from '../../../src-bitcoin/primitives/block.js';
import { nullOutpoint, readTxOut, serializeTransaction, txidOf, type Transaction } from '../../../src-bitcoin/primitives/transaction.js';
import type { BlockTemplate, CoinbaseTx } from '../../../src-interfaces/generated/mining.js';
import { solveBlock } from '../../mining/proof-of-work.js';

export interface Solution {
  readonly version: number;
  readonly time: number;
  readonly nonce: number;
  readonly coinbase: Uint8Array;
  /** Internal byte order. */
  readonly hash: Uint8Array;
}

/** A coinbase with all that is left for the miner in one output, and `extra` in its script. */
export function coinbaseOf(fields: CoinbaseTx, extra: number): Transaction {
  const { version, sequence, scriptSigPrefix, witness, blockRewardRemaining: value, requiredOutputs, lockTime } = fields;
  const scriptSig = concatBytes(scriptSigPrefix, Uint8Array.of(1, extra));
  return {
    version,
    inputs: [{ prevout: nullOutpoint, scriptSig, sequence, witness: witness === undefined ? [] : [witness] }],
    outputs: [{ value, scriptPubKey: Uint8Array.of(0x51) }, ...requiredOutputs.map((bytes) => readTxOut(new ByteReader(bytes)))],
    locktime: lockTime,
  };
}

/** Solves a template from its header, coinbase fields and merkle path alone. */
export async function solve(template: BlockTemplate, extra = 7): Promise<Solution> {
  const coinbase = coinbaseOf(await template.getCoinbaseTx(), extra);
  let merkleRoot = txidOf(coinbase);
  for (const sibling of await template.getCoinbaseMerklePath()) merkleRoot = hash256(concatBytes(merkleRoot, sibling));
  const header = { ...readHeader(new ByteReader(await template.getBlockHeader())), merkleRoot };
  const { block } = solveBlock({ header, transactions: [] }, chainParams('regtest').consensus.powLimit, 1_000_000);
  assert.ok(block !== undefined);
  const { version, time, nonce } = block.header;
  return { version: version >>> 0, time, nonce, coinbase: serializeTransaction(coinbase), hash: blockHash(block.header) };
}
