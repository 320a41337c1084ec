import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { difficulty, targetFromBits } from '../../src-bitcoin/consensus/target.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { blockStrippedSize, blockTotalSize, blockWeight, type Block } from '../../src-bitcoin/primitives/block.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { transactionJson } from '../../src-interfaces/rpc/transaction-json.js';
import type { BlockIndex, Chainstate, Coin } from '../kernel/types.js';

/** A 32-bit number as eight hex digits. */
export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** A 256-bit number as 64 hex digits. */
export function hex256(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

export function targetHex(bits: number): string {
  return hex256(targetFromBits(bits) ?? 0n);
}

/** Blocks on the active chain from this one to the tip, both counted; -1 off the active chain. */
export function confirmations(chainstate: Chainstate, index: BlockIndex): number {
  return chainstate.isActive(index) ? chainstate.tip.height - index.height + 1 : -1;
}

export function headerJson(chainstate: Chainstate, index: BlockIndex): Record<string, Jsonable | undefined> {
  const { header, hash, height, prev } = index;
  const depth = confirmations(chainstate, index);
  const next = depth > 1 ? chainstate.atHeight(height + 1) : undefined;
  return {
    hash: hashToHex(hash),
    confirmations: depth,
    height,
    version: header.version,
    versionHex: hex32(header.version),
    merkleroot: hashToHex(header.merkleRoot),
    time: header.time,
    mediantime: index.medianTimePast(),
    nonce: header.nonce,
    bits: hex32(header.bits),
    target: targetHex(header.bits),
    difficulty: difficulty(header.bits),
    chainwork: hex256(index.chainWork),
    nTx: index.txCount,
    previousblockhash: prev && hashToHex(prev.hash),
    nextblockhash: next && hashToHex(next.hash),
  };
}

function coinbaseJson(block: Block): Jsonable {
  const coinbase = block.transactions[0];
  const input = coinbase?.inputs[0];
  if (coinbase === undefined || input === undefined) return {};
  const reserved = input.witness[0];
  return {
    version: coinbase.version >>> 0,
    locktime: coinbase.locktime,
    sequence: input.sequence,
    coinbase: toHex(input.scriptSig),
    ...(reserved === undefined ? {} : { witness: toHex(reserved) }),
  };
}

/**
 * A block in JSON.
 * @param undo the coins its transactions spent, where known (the coinbase has none)
 * @param verbosity 1 shows txids, 2 transactions, 3 the outputs they spend too
 */
export function blockJson(
  chainstate: Chainstate,
  index: BlockIndex,
  block: Block,
  verbosity: number,
  undo: readonly (readonly Coin[])[] | undefined,
  params: ChainParams,
): Jsonable {
  const tx =
    verbosity < 2
      ? block.transactions.map((each) => hashToHex(txidOf(each)))
      : block.transactions.map((each, i) =>
          transactionJson(each, params, { spent: i === 0 ? undefined : undo?.[i - 1], prevouts: verbosity >= 3 }),
        );
  return {
    ...headerJson(chainstate, index),
    strippedsize: blockStrippedSize(block),
    size: blockTotalSize(block),
    weight: blockWeight(block),
    coinbase_tx: coinbaseJson(block),
    tx,
  };
}
