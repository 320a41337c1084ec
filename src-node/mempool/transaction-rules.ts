import { coinbaseMaturity, isMoney } from '../../src-bitcoin/consensus/limits.js';
import { isFinal, sequenceLocks, sequenceLocksMet as locksMet } from '../../src-bitcoin/consensus/locktime.js';
import { checkTransaction, outputSum } from '../../src-bitcoin/consensus/transaction-check.js';
import { formatBitcoin } from './format-bitcoin.js';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { scriptErrorText } from '../../src-bitcoin/script/script-error.js';
import type { ScriptChecker } from '../kernel/script-check/script-checker.js';
import type { BlockIndex, Coin } from '../kernel/types.js';
import { mempoolHeight } from '../policy/limits.js';
import { Rejection } from './rejection.js';

/** @throws Rejection for a transaction that no chain could make valid. */
export function checkForm(tx: Transaction): void {
  const reason = checkTransaction(tx);
  if (reason !== undefined) throw new Rejection('consensus', reason);
}

/** Whether the locktime allows a transaction in the block after `tip`. */
export function isFinalNext(tx: Transaction, tip: BlockIndex): boolean {
  return isFinal(tx, tip.height + 1, tip.medianTimePast());
}

/** Whether BIP68 allows a transaction in the block after `tip`. Unconfirmed coins count as of that block. */
export function sequenceLocksMet(tx: Transaction, spent: readonly Coin[], tip: BlockIndex): boolean {
  const next = tip.height + 1;
  const heights = spent.map((coin) => (coin.height === mempoolHeight ? next : coin.height));
  const locks = sequenceLocks(tx, heights, (height) => (tip.ancestor(height) ?? tip).medianTimePast());
  return locksMet(locks, next, tip.medianTimePast());
}

/** A coinbase output that a block at `height` cannot spend yet. */
export function isImmature(coin: Coin, height: number): boolean {
  return coin.coinbase && height - coin.height < coinbaseMaturity;
}

/**
 * Checks maturity and amounts.
 * @param spent the coins of the inputs, in their order.
 * @returns the fee in satoshis.
 * @throws Rejection
 */
export function checkAmounts(tx: Transaction, spent: readonly Coin[], height: number): bigint {
  let inputs = 0n;
  for (const coin of spent) {
    if (isImmature(coin, height)) {
      const depth = height - coin.height;
      throw new Rejection('premature', 'bad-txns-premature-spend-of-coinbase', `tried to spend coinbase at depth ${depth}`);
    }
    inputs += coin.value;
    if (!isMoney(coin.value) || !isMoney(inputs)) throw new Rejection('consensus', 'bad-txns-inputvalues-outofrange');
  }
  const outputs = outputSum(tx);
  if (inputs < outputs) {
    throw new Rejection('consensus', 'bad-txns-in-belowout', `value in (${formatBitcoin(inputs)}) < value out (${formatBitcoin(outputs)})`);
  }
  return inputs - outputs;
}

/** Runs scripts, remembering what passed. The chain's own checker will do. */
export type MempoolScriptChecker = Pick<ScriptChecker, 'checkTransaction'>;

/** Runs all scripts. @returns what went wrong first, or undefined. */
export function scriptFault(
  checker: MempoolScriptChecker,
  tx: Transaction,
  spent: readonly Coin[],
  flags: number,
): { text: string; debug: string } | undefined {
  const failure = checker.checkTransaction({ tx, spentOutputs: spent }, flags);
  if (failure === undefined) return undefined;
  const { inputIndex, error } = failure;
  const prevout = tx.inputs[inputIndex]?.prevout;
  const spending = prevout === undefined ? '' : `, spending ${hashToHex(prevout.txid)}:${prevout.index}`;
  const names = `${hashToHex(txidOf(tx))} (wtxid ${hashToHex(wtxidOf(tx))})`;
  return { text: scriptErrorText(error), debug: `input ${inputIndex} of ${names}${spending}` };
}
