import { feeForSize } from '../../src-bitcoin/feerate.js';
import { serializeTxOut, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { isUnspendable, witnessProgram } from '../../src-bitcoin/script/script.js';

/** Bytes to spend an output with one signature: outpoint, script length, signature and key, sequence. */
const spendingInputSize = 32 + 4 + 1 + 107 + 4;
/** The same with the signature in the witness, where it counts a quarter. */
const witnessSpendingInputSize = 32 + 4 + 1 + Math.floor(107 / 4) + 4;

/** Satoshis below which an output costs more to spend than it is worth at `feeRate`. */
export function dustThreshold(output: TxOut, feeRate: bigint): bigint {
  if (isUnspendable(output.scriptPubKey)) return 0n;
  const spend = witnessProgram(output.scriptPubKey) === undefined ? spendingInputSize : witnessSpendingInputSize;
  return feeForSize(feeRate, serializeTxOut(output).length + spend);
}

/** Positions of the outputs that are dust at `feeRate` (satoshis per 1000 vbytes). */
export function dustOutputs(tx: Transaction, feeRate: bigint): number[] {
  return tx.outputs.flatMap((output, index) => (output.value < dustThreshold(output, feeRate) ? [index] : []));
}
