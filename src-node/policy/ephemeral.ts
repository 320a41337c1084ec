import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { outpointKey, txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import { dustOutputs } from './dust.js';

/**
 * Dust may be relayed only in a transaction without fee whose child spends it: nobody may gain from
 * mining the parent alone.
 * @returns what is wrong, or undefined.
 */
export function paysForDust(tx: Transaction, fee: bigint, modifiedFee: bigint, dustFeeRate: bigint): string | undefined {
  if (fee === 0n && modifiedFee === 0n) return undefined;
  return dustOutputs(tx, dustFeeRate).length > 0 ? 'tx with dust output must be 0-fee' : undefined;
}

/**
 * A child must spend all dust of its unconfirmed parents.
 * @param parentOf looks up an unconfirmed transaction.
 * @returns what is wrong, or undefined.
 */
export function leavesParentDust(
  tx: Transaction,
  parentOf: (txid: Uint8Array) => Transaction | undefined,
  dustFeeRate: bigint,
): string | undefined {
  const seen = new Set<string>();
  const unspent = new Set<string>();
  for (const { prevout } of tx.inputs) {
    const key = hashKey(prevout.txid);
    if (seen.has(key)) continue;
    seen.add(key);
    const parent = parentOf(prevout.txid);
    if (parent === undefined) continue;
    for (const index of dustOutputs(parent, dustFeeRate)) unspent.add(outpointKey({ txid: prevout.txid, index }));
  }
  for (const { prevout } of tx.inputs) unspent.delete(outpointKey(prevout));
  if (unspent.size === 0) return undefined;
  return `tx ${hashToHex(txidOf(tx))} (wtxid=${hashToHex(wtxidOf(tx))}) did not spend parent's ephemeral dust`;
}
