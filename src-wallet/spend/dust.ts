import { serializeTxOut, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { isUnspendable } from '../../src-bitcoin/script/script.js';
import { witnessProgramOf } from '../../src-bitcoin/address/destination.js';
import { feeFor, type FeeRate } from './fee-rate.js';

/** Vbytes that spending an output typically takes: with the discount for witnesses, and without. */
const witnessSpendSize = 67;
const legacySpendSize = 148;

/** Satoshis below which an output costs more to spend than it is worth. */
export function dustThreshold(output: TxOut, rate: FeeRate): bigint {
  if (isUnspendable(output.scriptPubKey)) return 0n;
  const spend = witnessProgramOf(output.scriptPubKey) === undefined ? legacySpendSize : witnessSpendSize;
  return feeFor(rate, serializeTxOut(output).length + spend);
}

export function isDust(output: TxOut, rate: FeeRate): boolean {
  return output.value < dustThreshold(output, rate);
}
