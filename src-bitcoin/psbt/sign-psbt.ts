import { SolvingData } from '../descriptor/solving.js';
import { serializeTxOut, type TxOut } from '../primitives/transaction.js';
import { TransactionChecker } from '../script/checker.js';
import { standardScriptFlags } from '../script/flags.js';
import { PrecomputedTransaction } from '../script/precomputed-transaction.js';
import { SIGHASH_ALL, SIGHASH_ANYONECANPAY, SIGHASH_DEFAULT } from '../script/sighash.js';
import { solve } from '../script/solver.js';
import { verifyScript } from '../script/verify.js';
import { isTaproot, recordSpending, signInput, type SignedInput } from '../sign/sign-input.js';
import type { MissingParts } from '../sign/signing-record.js';
import { readHashType, writeHashType, writeWitness } from './field-values.js';
import { inputField } from './fields.js';
import { ExpectedSignatures, PsbtSignatures, solvingDataOf } from './input-knowledge.js';
import type { PsbtMap } from './psbt-map.js';
import { finalUnlock, isFinished, spentOutput, type Psbt } from './psbt.js';
import { PsbtRecord } from './psbt-record.js';

const empty = new Uint8Array(0);

type Unlock = Pick<SignedInput, 'scriptSig' | 'witness'>;

/** What came of signing an input; the last two mean that it was left alone. */
export type PsbtSigningResult = 'complete' | 'incomplete' | 'missing-output' | 'hash-type-mismatch';

export interface PsbtSignOptions {
  /** What the signatures cover. Left out: all, in taproot by its default. */
  readonly hashType?: number;
  /** Says where its keys come from. */
  readonly origins: boolean;
  /** Puts what unlocks an input in place of its signatures, once there are enough. */
  readonly finish: boolean;
  /** 32 random bytes for taproot signatures. */
  readonly aux?: Uint8Array;
}

/** What came of signing an input, and what it still lacks. */
export interface PsbtSigningOutcome {
  readonly result: PsbtSigningResult;
  readonly missing: MissingParts;
}

/** Of an input that lacks nothing, or of which nothing is known. */
export const nothingMissing: MissingParts = { pubkeys: [], signatures: [] };

/** The outputs that the inputs of a PSBT spend, with the work that all inputs have in common. */
export class PsbtSigner {
  readonly #psbt: Psbt;
  readonly #spent: readonly (TxOut | undefined)[];
  readonly #precomputed: PrecomputedTransaction;

  /** Takes the spent outputs as the PSBT tells them now. */
  constructor(psbt: Psbt) {
    this.#psbt = psbt;
    this.#spent = psbt.inputs.map((_map, i) => spentOutput(psbt, i));
    const known = this.#spent.flatMap((output) => (output === undefined ? [] : [output]));
    this.#precomputed = new PrecomputedTransaction(psbt.tx, known.length === this.#spent.length ? known : undefined);
  }

  #verifies(index: number, spent: TxOut, unlock: Unlock): boolean {
    const checker = new TransactionChecker(this.#precomputed, index, spent.value);
    return verifyScript(unlock.scriptSig, spent.scriptPubKey, unlock.witness, standardScriptFlags, checker) === undefined;
  }

  /** Whether an input carries what unlocks it. */
  isUnlocked(index: number): boolean {
    const map = this.#psbt.inputs[index];
    const spent = this.#spent[index];
    return map !== undefined && spent !== undefined && this.#verifies(index, spent, finalUnlock(map));
  }

  get isComplete(): boolean {
    return this.#psbt.inputs.every((_map, i) => this.isUnlocked(i));
  }

  /**
   * Signs an input with the keys at hand, or, with none, fills in what is known of it.
   * @param own keys, scripts and origins of the one who signs
   */
  sign(index: number, own: SolvingData, options: PsbtSignOptions): PsbtSigningOutcome {
    const map = this.#psbt.inputs[index];
    const spent = this.#spent[index];
    if (map === undefined || spent === undefined) return { result: 'missing-output', missing: nothingMissing };
    if (this.isUnlocked(index)) return { result: 'complete', missing: nothingMissing };
    const hashType = chooseHashType(map, spent, options.hashType);
    if (hashType === undefined) return { result: 'hash-type-mismatch', missing: nothingMissing };
    const known = solvingDataOf(map, spent.scriptPubKey);
    known.lookBehind(own);
    const record = new PsbtRecord(options.origins ? own : undefined);
    const { aux, finish } = options;
    const signing = { hashType, earlier: new PsbtSignatures(map), record, ...(aux === undefined ? {} : { aux }) };
    const signed = signInput(this.#precomputed, index, known, signing, spent);
    // Without the whole previous transaction nobody vouches for the amount but a signature that covers it.
    if (!map.has(inputField.nonWitnessUtxo) && !signed.segwit) return { result: 'incomplete', missing: nothingMissing };
    const complete = signed.complete && this.#verifies(index, spent, signed);
    if (complete && finish) finishInput(map, signed);
    else record.putInput(map);
    if (signed.segwit) map.set(inputField.witnessUtxo, empty, serializeTxOut(spent));
    return { result: complete ? 'complete' : 'incomplete', missing: record.missing };
  }

  /** What will unlock an input once those whose keys it names have signed, in its size; undefined when that cannot be told. */
  expect(index: number): Unlock | undefined {
    const map = this.#psbt.inputs[index];
    const spent = this.#spent[index];
    if (map === undefined || spent === undefined) return undefined;
    if (isFinished(map)) return finalUnlock(map);
    const hashType = chooseHashType(map, spent, undefined);
    if (hashType === undefined) return undefined;
    const signed = signInput(this.#precomputed, index, solvingDataOf(map, spent.scriptPubKey), { hashType, earlier: new ExpectedSignatures(map) }, spent);
    return signed.complete && (signed.segwit || map.has(inputField.nonWitnessUtxo)) ? signed : undefined;
  }
}

function finishInput(map: PsbtMap, { scriptSig, witness }: Unlock): void {
  if (scriptSig.length > 0) map.set(inputField.finalScriptSig, empty, scriptSig);
  if (witness.length > 0) map.set(inputField.finalWitness, empty, writeWitness(witness));
}

/** Whether the signatures there are cover what a hash type says. */
function fitsSignatures(map: PsbtMap, hashType: number): boolean {
  const schnorr = [...map.all(inputField.tapKeySignature), ...map.all(inputField.tapScriptSignature)];
  if (hashType === SIGHASH_DEFAULT) return schnorr.every(({ value }) => value.length === 64);
  return (
    schnorr.every(({ value }) => value.length === 65 && value[64] === hashType) &&
    map.all(inputField.partialSignature).every(({ value }) => value.at(-1) === hashType)
  );
}

/**
 * What the signatures of an input are to cover. Another than the usual must have been asked for, whatever
 * the PSBT wants, and is noted in it.
 * @returns undefined when the PSBT wants another
 */
function chooseHashType(map: PsbtMap, spent: TxOut, asked: number | undefined): number | undefined {
  const taproot = isTaproot(spent);
  const hashType = asked ?? (taproot ? SIGHASH_DEFAULT : SIGHASH_ALL);
  const wanted = map.get(inputField.hashType);
  if (wanted !== undefined && readHashType(wanted) !== hashType) return undefined;
  const usual = hashType === SIGHASH_DEFAULT || (!taproot && hashType === SIGHASH_ALL);
  if (!usual) map.set(inputField.hashType, empty, writeHashType(hashType));
  return fitsSignatures(map, hashType) ? hashType : undefined;
}

/** Fills in what is known of an output, so that signers recognise change. */
export function describeOutput(psbt: Psbt, index: number, own: SolvingData, options: { readonly origins: boolean }): void {
  const output = psbt.tx.outputs[index];
  const map = psbt.outputs[index];
  if (output === undefined || map === undefined) return;
  const record = new PsbtRecord(options.origins ? own : undefined);
  recordSpending(output, own, record);
  record.putOutput(map);
}

/** Puts what unlocks inputs in place of their signatures, wherever there are enough. @returns whether all inputs are unlocked */
export function finishPsbt(psbt: Psbt): boolean {
  const signer = new PsbtSigner(psbt);
  return psbt.inputs
    .map((map, i) => {
      const wanted = map.get(inputField.hashType);
      return signer.sign(i, new SolvingData(), { ...(wanted === undefined ? {} : { hashType: readHashType(wanted) }), origins: false, finish: true });
    })
    .every(({ result }) => result === 'complete');
}

/**
 * Drops whole previous transactions where all inputs are of a kind that does not need them: taproot
 * signatures cover all amounts.
 */
export function dropPreviousTransactions({ inputs }: Psbt): void {
  const needed = inputs.some((map) => {
    const output = map.get(inputField.witnessUtxo);
    const hashType = map.get(inputField.hashType);
    // After eight bytes for the amount and one for its length, the script begins with its version.
    const kind = output && solve(output.subarray(9)).type;
    const later = kind === 'witness_v1_taproot' || kind === 'witness_unknown' || kind === 'anchor';
    return !later || (hashType !== undefined && (readHashType(hashType) & SIGHASH_ANYONECANPAY) !== 0);
  });
  if (needed) return;
  for (const map of inputs) map.delete(inputField.nonWitnessUtxo);
}

