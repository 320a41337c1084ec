import { isCoinbase, isNullOutpoint, outpointKey, strippedSize, type Transaction } from '../primitives/transaction.js';
import { isMoney, maxBlockWeight, maxMoney, witnessScaleFactor } from './limits.js';

/** The sum of a transaction's outputs, satoshis. Not limited: `checkTransaction` is what refuses large sums. */
export function outputSum(tx: Transaction): bigint {
  return tx.outputs.reduce((sum, { value }) => sum + value, 0n);
}

function outputFault(tx: Transaction): string | undefined {
  let sum = 0n;
  for (const { value } of tx.outputs) {
    if (value < 0n) return 'bad-txns-vout-negative';
    if (value > maxMoney) return 'bad-txns-vout-toolarge';
    sum += value;
    if (!isMoney(sum)) return 'bad-txns-txouttotal-toolarge';
  }
  return undefined;
}

/** What is wrong with a transaction that nothing else could put right: a reject reason, or undefined. */
export function checkTransaction(tx: Transaction): string | undefined {
  if (tx.inputs.length === 0) return 'bad-txns-vin-empty';
  if (tx.outputs.length === 0) return 'bad-txns-vout-empty';
  if (strippedSize(tx) * witnessScaleFactor > maxBlockWeight) return 'bad-txns-oversize';
  const fault = outputFault(tx);
  if (fault !== undefined) return fault;
  if (tx.inputs.length > 1) {
    // CVE-2018-17144: spending an output twice in one transaction would make money.
    const spent = new Set(tx.inputs.map(({ prevout }) => outpointKey(prevout)));
    if (spent.size !== tx.inputs.length) return 'bad-txns-inputs-duplicate';
  }
  if (isCoinbase(tx)) {
    const size = tx.inputs[0]?.scriptSig.length ?? 0;
    if (size < 2 || size > 100) return 'bad-cb-length';
  } else if (tx.inputs.some(({ prevout }) => isNullOutpoint(prevout))) {
    return 'bad-txns-prevout-null';
  }
  return undefined;
}
