import type { Transaction } from '../../../src-bitcoin/primitives/transaction.js';
import { PrecomputedTransaction } from '../../../src-bitcoin/script/precomputed-transaction.js';
import type { ScriptError } from '../../../src-bitcoin/script/script-error.js';
import { verifyInput } from '../../../src-bitcoin/script/verify.js';

/** What an input spends; a coin will do. */
export interface SpentOutput {
  /** Satoshis. */
  readonly value: bigint;
  readonly scriptPubKey: Uint8Array;
}

/** A transaction whose inputs are to be checked. Not a coinbase. */
export interface Spend {
  readonly tx: Transaction;
  /** What each input spends, in order. */
  readonly spentOutputs: readonly SpentOutput[];
}

/** The first input that may not spend what it spends. */
export interface ScriptFailure {
  /** Index in the list of spends that was checked. */
  readonly spendIndex: number;
  readonly inputIndex: number;
  readonly error: ScriptError;
}

/** A run of inputs of one transaction: the unit of work. `to` is exclusive. */
export interface InputRange {
  readonly spendIndex: number;
  readonly spend: Spend;
  readonly from: number;
  readonly to: number;
}

/** Checks inputs one after another, in this thread. Undefined when all may spend what they spend. */
export function* checkRange(range: InputRange, flags: number): Generator<void, ScriptFailure | undefined> {
  const { spendIndex, spend, from, to } = range;
  const precomputed = new PrecomputedTransaction(spend.tx, spend.spentOutputs);
  for (let inputIndex = from; inputIndex < to; inputIndex++) {
    const error = verifyInput(precomputed, inputIndex, flags);
    if (error !== undefined) return { spendIndex, inputIndex, error };
    yield;
  }
  return undefined;
}
