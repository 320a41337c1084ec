import { MAX_MONEY } from '../amount.js';
import type { SolvingData } from '../descriptor/solving.js';
import type { Transaction, TxOut } from '../primitives/transaction.js';
import { standardScriptFlags } from '../script/flags.js';
import { PrecomputedTransaction } from '../script/precomputed-transaction.js';
import { scriptErrorText, type ScriptError } from '../script/script-error.js';
import { SIGHASH_ANYONECANPAY, SIGHASH_SINGLE } from '../script/sighash.js';
import { verifyInput } from '../script/verify.js';
import { signInput } from './sign-input.js';
import { SignatureFinder } from './signature-finder.js';

/** An input that is not unlocked yet. */
export interface InputProblem {
  readonly index: number;
  /** In the words of the script interpreter. */
  readonly error: string;
  /** The output whose amount a signature would cover, where nobody has told the amount. */
  readonly withoutAmount?: TxOut;
}

export interface SigningOutcome {
  readonly tx: Transaction;
  /** Every input passes the script interpreter. */
  readonly complete: boolean;
  readonly problems: readonly InputProblem[];
}

export interface TransactionSignOptions {
  /** What is known, with private keys, about spending an output script. */
  readonly knownOf: (script: Uint8Array) => SolvingData;
  /** What the signatures cover. Left out: all, in taproot by its default. */
  readonly hashType?: number;
  /** Makes 32 random bytes, for each input. */
  readonly aux: () => Uint8Array;
}

/** Stands for the amount of an output of which only the script was told. */
export const untoldAmount = MAX_MONEY;

const unknownOutput: TxOut = { value: -1n, scriptPubKey: new Uint8Array(0) };

function problemText(error: ScriptError, signed: boolean): string {
  // Without any signature the interpreter only notices that the stack is too short.
  if (!signed && error === 'INVALID_STACK_OPERATION') return 'Unable to sign input, invalid stack size (possibly missing key)';
  if (error === 'SIG_NULLFAIL') return 'CHECK(MULTI)SIG failing with non-zero signature (possibly need more signatures)';
  return scriptErrorText(error);
}

/** Whether a hash type covers the output beside an input that has none. Its signature would fit any transaction. */
function lacksOutput(tx: Transaction, index: number, hashType: number | undefined): boolean {
  return hashType !== undefined && (hashType & ~SIGHASH_ANYONECANPAY) === SIGHASH_SINGLE && index >= tx.outputs.length;
}

/**
 * Signs all inputs that there are keys for, keeping signatures that are there, and lets the script interpreter judge
 * the result.
 * @param spent the outputs that the inputs spend, in their order; undefined where unknown.
 */
export function signTransaction(tx: Transaction, spent: readonly (TxOut | undefined)[], { knownOf, hashType, aux }: TransactionSignOptions): SigningOutcome {
  const outputs = tx.inputs.map((_input, i) => spent[i] ?? unknownOutput);
  const before = new PrecomputedTransaction(tx, outputs);
  const inputs = tx.inputs.map((input, index) => {
    const output = spent[index];
    if (output === undefined || lacksOutput(tx, index, hashType)) return input;
    const signed = signInput(before, index, knownOf(output.scriptPubKey), {
      aux: aux(),
      earlier: new SignatureFinder(before, index),
      ...(hashType === undefined ? {} : { hashType }),
    });
    const keep = !signed.complete && verifyInput(before, index, standardScriptFlags) === undefined;
    return keep ? input : { ...input, scriptSig: signed.scriptSig, witness: signed.witness };
  });
  const result: Transaction = { ...tx, inputs };
  const after = new PrecomputedTransaction(result, outputs);
  const problems = result.inputs.flatMap((input, index): readonly InputProblem[] => {
    const output = spent[index];
    if (output === undefined) return [{ index, error: 'Input not found or already spent' }];
    if (output.value === untoldAmount && input.witness.length > 0) return [{ index, error: 'Missing amount', withoutAmount: output }];
    const error = verifyInput(after, index, standardScriptFlags);
    const signed = input.scriptSig.length > 0 || input.witness.length > 0;
    return error === undefined ? [] : [{ index, error: problemText(error, signed) }];
  });
  return { tx: result, complete: problems.length === 0, problems };
}
