import { MAX_MONEY } from '../amount.js';
import { SolvingData } from '../descriptor/solving.js';
import type { Transaction, TxOut } from '../primitives/transaction.js';
import { isUnspendable } from '../script/script.js';
import type { MissingParts } from '../sign/signing-record.js';
import { spentOutput, type Psbt } from './psbt.js';
import { nothingMissing, PsbtSigner } from './sign-psbt.js';

/** Who has to work on a PSBT next (BIP174), from the first to the last. */
const roles = ['updater', 'signer', 'finalizer', 'extractor'] as const;
export type PsbtRole = (typeof roles)[number];

export interface PsbtInputAnalysis {
  /** Whether it tells which output it spends. */
  readonly hasOutput: boolean;
  /** Carries what unlocks it. */
  readonly isFinal: boolean;
  readonly missing: MissingParts;
  readonly next: PsbtRole;
}

export type PsbtAnalysis =
  | {
      readonly ok: true;
      readonly inputs: readonly PsbtInputAnalysis[];
      readonly next: PsbtRole;
      /** Satoshis; known when all spent outputs are. Below zero when more is paid than spent. */
      readonly fee: bigint | undefined;
      /** The transaction in its final size, with the outputs it spends, as far as that can be told. */
      readonly finished: { readonly tx: Transaction; readonly spent: readonly TxOut[] } | undefined;
    }
  /** It cannot become a valid transaction; in Bitcoin Core's words. */
  | { readonly ok: false; readonly error: string };

const isMoney = (value: bigint): boolean => value >= 0n && value <= MAX_MONEY;

/** The sum of amounts; the position of the one with which it is no amount of money any more, if there is one. */
function sumOf(amounts: readonly (bigint | undefined)[]): { readonly sum: bigint; readonly bad: number } {
  let sum = 0n;
  const bad = amounts.findIndex((amount) => {
    sum += amount ?? 0n;
    return (amount !== undefined && !isMoney(amount)) || !isMoney(sum);
  });
  return { sum, bad };
}

function nextRole({ pubkeys, signatures, redeemScript, witnessScript }: MissingParts): PsbtRole {
  const lacksKnowledge = pubkeys.length > 0 || redeemScript !== undefined || witnessScript !== undefined;
  return !lacksKnowledge && signatures.length > 0 ? 'signer' : 'updater';
}

function analyzeInput(signer: PsbtSigner, index: number, hasOutput: boolean): PsbtInputAnalysis {
  if (signer.isUnlocked(index)) return { hasOutput, isFinal: true, missing: nothingMissing, next: 'extractor' };
  const { result, missing } = signer.sign(index, new SolvingData(), { origins: false, finish: true });
  // Of several who may sign, some can be missing in the end.
  if (result === 'complete') return { hasOutput, isFinal: false, missing: nothingMissing, next: 'finalizer' };
  return { hasOutput, isFinal: false, missing, next: nextRole(missing) };
}

function finishedTransaction({ tx }: Psbt, signer: PsbtSigner): Transaction | undefined {
  const inputs = tx.inputs.flatMap((input, i) => {
    const unlock = signer.expect(i);
    return unlock === undefined ? [] : [{ ...input, scriptSig: unlock.scriptSig, witness: unlock.witness }];
  });
  return inputs.length === tx.inputs.length ? { ...tx, inputs } : undefined;
}

/**
 * Tells how far a PSBT has come, what it lacks, and whose turn it is. Inputs with all their signatures are finished
 * on the way.
 */
export function analyzePsbt(psbt: Psbt): PsbtAnalysis {
  const refuse = (problem: string): PsbtAnalysis => ({ ok: false, error: `PSBT is not valid. ${problem}` });
  const spent = psbt.inputs.map((_map, i) => spentOutput(psbt, i));
  const given = sumOf(spent.map((output) => output?.value));
  const unspendable = spent.findIndex((output) => output !== undefined && isUnspendable(output.scriptPubKey));
  if (given.bad !== -1 && (unspendable === -1 || given.bad <= unspendable)) return refuse(`Input ${given.bad} has invalid value`);
  if (unspendable !== -1) return refuse(`Input ${unspendable} spends unspendable output`);
  const signer = new PsbtSigner(psbt);
  const inputs = spent.map((output, i) => analyzeInput(signer, i, output !== undefined));
  const next = roles.find((role) => inputs.some((input) => input.next === role)) ?? 'extractor';
  const known = spent.flatMap((output) => output ?? []);
  if (known.length < spent.length) return { ok: true, inputs, next, fee: undefined, finished: undefined };
  const paid = sumOf(psbt.tx.outputs.map(({ value }) => value));
  if (paid.bad !== -1) return refuse('Output amount invalid');
  const tx = finishedTransaction(psbt, signer);
  return { ok: true, inputs, next, fee: given.sum - paid.sum, finished: tx && { tx, spent: known } };
}
