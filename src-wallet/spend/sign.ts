import { randomBytes } from 'node:crypto';
import type { Transaction, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { scriptErrorText, type ScriptError } from '../../src-bitcoin/script/script-error.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import { verifyInput } from '../../src-bitcoin/script/verify.js';
import { SignatureFinder } from '../../src-bitcoin/sign/signature-finder.js';
import { signInput } from '../../src-bitcoin/sign/sign-input.js';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { LoadedWallet } from '../wallet.js';

/** An input that is not unlocked yet. */
export interface InputProblem {
  readonly index: number;
  /** In the words of the script interpreter. */
  readonly error: string;
}

export interface SigningOutcome {
  readonly tx: Transaction;
  /** Every input passes the script interpreter. */
  readonly complete: boolean;
  readonly problems: readonly InputProblem[];
}

export interface WalletSignOptions {
  readonly hashType?: number;
  /** Scripts and keys to use besides the wallet's own. */
  readonly extra?: SolvingData;
}

function problemText(error: ScriptError, signed: boolean): string {
  // Without any signature the interpreter only notices that the stack is too short.
  if (!signed && error === 'INVALID_STACK_OPERATION') return 'Unable to sign input, invalid stack size (possibly missing key)';
  if (error === 'SIG_NULLFAIL') return 'CHECK(MULTI)SIG failing with non-zero signature (possibly need more signatures)';
  return scriptErrorText(error);
}

/**
 * Signs all inputs that the wallet has keys for, keeping signatures that are there, and lets the script
 * interpreter judge the result.
 * @param spent the outputs that the inputs spend, in their order; undefined where unknown.
 */
export function signTransaction(
  wallet: LoadedWallet,
  tx: Transaction,
  spent: readonly (TxOut | undefined)[],
  options: WalletSignOptions = {},
): SigningOutcome {
  const unknown: TxOut = { value: -1n, scriptPubKey: new Uint8Array(0) };
  const outputs = tx.inputs.map((_input, i) => spent[i] ?? unknown);
  const before = new PrecomputedTransaction(tx, outputs);
  const inputs = tx.inputs.map((input, index) => {
    const output = spent[index];
    if (output === undefined) return input;
    const known = wallet.keyring.solve(output.scriptPubKey, { secrets: true });
    if (options.extra !== undefined) known.merge(options.extra);
    const { hashType } = options;
    const signed = signInput(before, index, known, {
      aux: new Uint8Array(randomBytes(32)),
      earlier: new SignatureFinder(before, index),
      ...(hashType === undefined ? {} : { hashType }),
    });
    const keep = !signed.complete && verifyInput(before, index, standardScriptFlags) === undefined;
    return keep ? input : { ...input, scriptSig: signed.scriptSig, witness: signed.witness };
  });
  const result: Transaction = { ...tx, inputs };
  const after = new PrecomputedTransaction(result, outputs);
  const problems: InputProblem[] = [];
  result.inputs.forEach((input, index) => {
    if (spent[index] === undefined) {
      problems.push({ index, error: 'Input not found or already spent' });
      return;
    }
    const error = verifyInput(after, index, standardScriptFlags);
    const signed = input.scriptSig.length > 0 || input.witness.length > 0;
    if (error !== undefined) problems.push({ index, error: problemText(error, signed) });
  });
  return { tx: result, complete: problems.length === 0, problems };
}
