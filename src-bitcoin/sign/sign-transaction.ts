import { MAX_MONEY } from '../amount.js';
import type { SolvingData } from '../descriptor/solving.js';
import type { Transaction, TxOut } from '../primitives/transaction.js';
import { standardScriptFlags } from '../script/flags.js';
import { PrecomputedTransaction } from '../script/precomputed-transaction.js';
import { scriptErrorText, type ScriptError } from '../script/script-error.js';
import { SIGHASH_ALL, SIGHASH_ANYONECANPAY } from '../script/sighash.js';
import { verifyInput } from '../script/verify.js';
import { isTaproot, lacksOutput, signInput } from './sign-input.js';
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

function problemText(error: ScriptError, signed: boolean): string {
  // Without any signature the interpreter only notices that the stack is too short.
  if (!signed && error === 'INVALID_STACK_OPERATION') return 'Unable to sign input, invalid stack size (possibly missing key)';
  if (error === 'SIG_NULLFAIL') return 'CHECK(MULTI)SIG failing with non-zero signature (possibly need more signatures)';
  return scriptErrorText(error);
}

/** The output whose amount a signature of an input covers, though nobody has told it: its own, or with taproot any. */
function untoldOutput(spent: readonly (TxOut | undefined)[], own: TxOut, hashType = SIGHASH_ALL): TxOut | undefined {
  const coversAll = isTaproot(own) && (hashType & SIGHASH_ANYONECANPAY) === 0;
  return [own, ...(coversAll ? spent : [])].find((output) => output?.value === untoldAmount);
}

/**
 * Signs all inputs that there are keys for, keeping signatures that are there, and lets the script interpreter judge
 * the result.
 * @param spent the outputs that the inputs spend, in their order; undefined where unknown.
 */
export function signTransaction(tx: Transaction, spent: readonly (TxOut | undefined)[], { knownOf, hashType, aux }: TransactionSignOptions): SigningOutcome {
  const told = spent.flatMap((output) => output ?? []);
  const outputs = told.length === tx.inputs.length ? told : undefined;
  const before = new PrecomputedTransaction(tx, outputs);
  const inputs = tx.inputs.map((input, index) => {
    const output = spent[index];
    if (output === undefined || lacksOutput(tx, index, hashType ?? SIGHASH_ALL)) return input;
    const options = { aux: aux(), earlier: new SignatureFinder(before, index, output), ...(hashType === undefined ? {} : { hashType }) };
    const signed = signInput(before, index, knownOf(output.scriptPubKey), options, output);
    // Of taproot signatures only those who know all outputs can say which are right.
    const keep = !signed.complete && (isTaproot(output) || verifyInput(before, index, standardScriptFlags, output) === undefined);
    return keep ? input : { ...input, scriptSig: signed.scriptSig, witness: signed.witness };
  });
  const result: Transaction = { ...tx, inputs };
  const after = new PrecomputedTransaction(result, outputs);
  const problems = result.inputs.flatMap((input, index): readonly InputProblem[] => {
    const output = spent[index];
    if (output === undefined) return [{ index, error: 'Input not found or already spent' }];
    const withoutAmount = input.witness.length > 0 ? untoldOutput(spent, output, hashType) : undefined;
    if (withoutAmount !== undefined) return [{ index, error: 'Missing amount', withoutAmount }];
    const error = verifyInput(after, index, standardScriptFlags, output);
    const signed = input.scriptSig.length > 0 || input.witness.length > 0;
    return error === undefined ? [] : [{ index, error: problemText(error, signed) }];
  });
  return { tx: result, complete: problems.length === 0, problems };
}
