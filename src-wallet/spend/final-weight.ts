import { serializeTxOut, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { compactSizeLength } from '../../src-bitcoin/sign/input-size.js';

/** What an input adds to a transaction once it is unlocked. */
export interface WeighedInput {
  /** Weight units, in a transaction in which some input has a witness. */
  readonly weight: number;
  readonly segwit: boolean;
  /** Weight units it takes less where no input has a witness: those that say it has none. */
  readonly witnessCount: number;
}

/** Weight units of a transaction once its inputs are unlocked, whatever unlocks them now. */
export function finalWeight(tx: Transaction, inputs: readonly WeighedInput[]): number {
  const segwit = inputs.some((input) => input.segwit);
  const outputs = tx.outputs.reduce((size, output) => size + serializeTxOut(output).length, 0);
  const base = 8 + compactSizeLength(tx.inputs.length) + compactSizeLength(tx.outputs.length) + outputs;
  const weights = inputs.reduce((sum, input) => sum + input.weight - (segwit ? 0 : input.witnessCount), 0);
  return base * 4 + (segwit ? 2 : 0) + weights;
}
