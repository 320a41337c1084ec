import { randomInt } from 'node:crypto';
import { COIN } from '../../src-bitcoin/amount.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import {
  equalOutpoints,
  outpointKey,
  serializeTransaction,
  serializeTxOut,
  type Transaction,
  type TxIn,
  type TxOut,
} from '../../src-bitcoin/primitives/transaction.js';
import { compactSizeLength, inputWeight } from '../../src-bitcoin/sign/input-size.js';
import { FeeReason } from '../../src-interfaces/enums.js';
import type { FeeCalculation } from '../../src-interfaces/generated/chain.js';
import type { LoadedWallet } from '../wallet.js';
import { changeDestination, type ChangeDestination } from './change.js';
import type { CoinControl, Recipient } from './coin-control.js';
import { isDust } from './dust.js';
import { chooseRate, discardRate } from './fee-policy.js';
import { compareRates, feeFor, formatMoney, formatSatPerVirtualByte, perKilobyte, readFeeRate, type FeeRate } from './fee-rate.js';
import { gatherCoins, type CoinChoice } from './gather.js';
import { finalWeight } from './final-weight.js';
import { chooseLockTime } from './lock-time.js';
import { ownUnlockSize, type Candidate } from './groups.js';
import { changeOfSelection, type SelectionGoal } from './selection.js';
import { signTransaction } from './sign.js';

/** A payment that is ready, or ready but for its signatures. */
export interface BuiltTransaction {
  readonly tx: Transaction;
  /** Satoshis. */
  readonly fee: bigint;
  readonly feeCalculation: FeeCalculation;
  /** Index of the change output; undefined without. */
  readonly changePosition: number | undefined;
}

export type BuildOutcome =
  | { readonly ok: true; readonly built: BuiltTransaction }
  | { readonly ok: false; readonly error: string };

export interface BuildOptions {
  readonly sign: boolean;
  /** Index for the change output; a random one when left out. */
  readonly changePosition?: number;
}

/** A payment that cannot be made, in words for people. */
export class BuildFault extends Error {
  override readonly name = 'BuildFault';
}

/** Weights that nodes relay. */
const minStandardWeight = 65 * 4;
export const maxStandardWeight = 400_000;
/** Least change aimed at, and most. */
const changeLower = 50_000n;
const changeUpper = 1_000_000n;
const replaceableSequence = 0xfffffffd;
const nonFinalSequence = 0xfffffffe;
const maxMoney = 21_000_000n * COIN;

/** Version, locktime, counts and the segwit marker, in vbytes, for a transaction of so many outputs. */
const overheadSize = (outputs: number): number => 10 + compactSizeLength(outputs);

function randomBelow(limit: bigint): bigint {
  return limit <= 1n ? 0n : BigInt(randomInt(Number(limit)));
}

/** Change to aim at: about as much as is paid, so that the two look alike. */
function changeTarget(payment: bigint, count: number): bigint {
  const average = payment / BigInt(Math.max(count, 1));
  if (average <= changeLower / 2n) return changeLower;
  const upper = average * 2n < changeUpper ? average * 2n : changeUpper;
  return changeLower + randomBelow(upper - changeLower);
}

function checkRecipients(recipients: readonly Recipient[], dustRate: FeeRate): void {
  if (recipients.length === 0) throw new BuildFault('Transaction must have at least one recipient');
  let sum = 0n;
  for (const { amount, script } of recipients) {
    if (amount < 0n) throw new BuildFault('Transaction amounts must not be negative');
    sum += amount;
    if (amount > maxMoney || sum > maxMoney) throw new BuildFault('Transaction amounts must not be negative');
    if (isDust({ value: amount, scriptPubKey: script }, dustRate)) throw new BuildFault('Transaction amount too small');
  }
}

interface Plan {
  readonly rate: FeeRate;
  readonly feeCalculation: FeeCalculation;
  readonly goal: SelectionGoal;
  readonly change: ChangeDestination;
  readonly changeSize: number;
}

async function makePlan(wallet: LoadedWallet, recipients: readonly Recipient[], control: CoinControl): Promise<Plan> {
  const { chain } = wallet.context;
  const asked = control.maxWeight ?? maxStandardWeight;
  if (asked < minStandardWeight || asked > maxStandardWeight) {
    throw new BuildFault(`Maximum transaction weight must be between ${minStandardWeight} and ${maxStandardWeight}`);
  }
  const dustRate = readFeeRate(await chain.relayDustFee());
  checkRecipients(recipients, dustRate);
  const { rate, reason, calculation } = await chooseRate(wallet.context, control);
  if (control.feeRate !== undefined && compareRates(rate, control.feeRate) > 0) {
    throw new BuildFault(
      `Fee rate (${formatSatPerVirtualByte(control.feeRate)}) is lower than the minimum fee rate setting (${formatSatPerVirtualByte(rate)})`,
    );
  }
  if (reason === FeeReason.fallback && wallet.context.settings.fallbackFee === 0n) {
    throw new BuildFault('Fee estimation failed. Fallbackfee is disabled. Wait a few blocks or enable -fallbackfee.');
  }
  const discard = await discardRate(wallet.context);
  const change = changeDestination(wallet, recipients, control);
  const prototype: TxOut = { value: 0n, scriptPubKey: change.ok ? change.script : scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20) }) };
  const changeSize = serializeTxOut(prototype).length;
  const unlock = ownUnlockSize(wallet, prototype.scriptPubKey);
  const spendSize = Math.ceil(inputWeight(unlock ?? { scriptSig: 0, witness: 108 }, true) / 4);
  const changeFee = feeFor(rate, changeSize);
  const spendFee = feeFor(discard, spendSize);
  const dust = feeFor(discard, changeSize + spendSize);
  const outputs = recipients.reduce((size, { script, amount }) => size + serializeTxOut({ value: amount, scriptPubKey: script }).length, 0);
  const subtractFee = recipients.some((recipient) => recipient.subtractFee);
  const paid = recipients.reduce((sum, { amount }) => sum + amount, 0n);
  // From 253 inputs on their count takes two bytes more.
  const manyInputs = wallet.history.ownedCount + (control.selected ?? []).length > 252 ? 2 : 0;
  const baseSize = overheadSize(recipients.length + 1) + outputs + manyInputs;
  const maxWeight = asked - (baseSize + changeSize) * 4;
  if (maxWeight <= 0) throw new BuildFault('Maximum transaction weight is less than transaction weight without inputs');
  const goal: SelectionGoal = {
    target: subtractFee ? paid : paid + feeFor(rate, baseSize),
    subtractFee,
    costOfChange: spendFee + changeFee,
    changeFee,
    minViableChange: spendFee + 1n > dust ? spendFee + 1n : dust,
    changeTarget: changeTarget(paid, recipients.length),
    maxWeight,
  };
  if (goal.target === 0n && (control.selected ?? []).length === 0) {
    throw new BuildFault('Transaction requires one destination of non-zero value, a non-zero feerate, or a pre-selected input');
  }
  return { rate, feeCalculation: calculation, goal, change, changeSize };
}

function inputsOf(coins: readonly Candidate[], control: CoinControl, signalRbf: boolean): readonly TxIn[] {
  const sequence = signalRbf ? replaceableSequence : nonFinalSequence;
  const selected = control.selected ?? [];
  const place = (coin: Candidate): number => selected.findIndex(({ outpoint }) => equalOutpoints(outpoint, coin.outpoint));
  // Chosen coins keep the order they were given in; the others follow at random.
  const given = coins.filter((coin) => place(coin) !== -1).sort((a, b) => place(a) - place(b));
  const others = coins.filter((coin) => place(coin) === -1);
  for (let i = others.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    const [a, b] = [others[i], others[j]];
    if (a !== undefined && b !== undefined) [others[i], others[j]] = [b, a];
  }
  return [...given, ...others].map((coin) => {
    const wish = selected[place(coin)];
    return { prevout: coin.outpoint, scriptSig: wish?.scriptSig ?? new Uint8Array(0), sequence: wish?.sequence ?? sequence, witness: wish?.witness ?? [] };
  });
}

/** Takes the fee out of the outputs that asked for it: in equal parts, the first also the remainder. */
function subtractFees(outputs: TxOut[], recipients: readonly Recipient[], fee: bigint, dustRate: FeeRate): void {
  const payers = recipients.flatMap((recipient, i) => (recipient.subtractFee ? [i] : []));
  const share = fee / BigInt(payers.length);
  payers.forEach((index, nth) => {
    const output = outputs[index];
    if (output === undefined) return;
    const value = output.value - share - (nth === 0 ? fee % BigInt(payers.length) : 0n);
    if (value < 0n) throw new BuildFault('The transaction amount is too small to pay the fee');
    const reduced = { ...output, value };
    if (isDust(reduced, dustRate)) throw new BuildFault('The transaction amount is too small to send after the fee has been deducted');
    outputs[index] = reduced;
  });
}

function insufficient(choice: Extract<CoinChoice, { ok: false }>, plan: Plan, recipients: readonly Recipient[]): BuildFault {
  if (choice.error !== '') return new BuildFault(choice.error);
  const paid = recipients.reduce((sum, { amount }) => sum + amount, 0n);
  const feesMissing = !plan.goal.subtractFee && choice.available >= paid && choice.availableEffective < plan.goal.target;
  return new BuildFault(
    feesMissing
      ? `The total exceeds your balance when the ${formatMoney(plan.goal.target - paid)} transaction fee is included.`
      : 'Insufficient funds',
  );
}

interface Draft extends BuiltTransaction {
  readonly coins: readonly Candidate[];
  readonly usesChange: boolean;
}

async function draft(wallet: LoadedWallet, recipients: readonly Recipient[], control: CoinControl, plan: Plan, changePosition: number | undefined): Promise<Draft> {
  const { chain, settings } = wallet.context;
  const { goal, rate, change } = plan;
  const longTerm = perKilobyte(settings.consolidateFee);
  const choice = await gatherCoins(wallet, control, goal, rate, longTerm);
  if (!choice.ok) throw insufficient(choice, plan, recipients);
  const { coins, groups } = choice;
  let changeValue = changeOfSelection(groups, goal);
  const lockTime = control.lockTime ?? (await chooseLockTime(wallet));
  const inputs = inputsOf(coins, control, control.signalRbf ?? settings.signalRbf);
  const outputs: TxOut[] = recipients.map(({ script, amount }) => ({ value: amount, scriptPubKey: script }));
  if (changePosition !== undefined && changePosition > recipients.length) throw new BuildFault('Transaction change output index out of range');
  const withoutChange: Transaction = { version: control.version ?? 2, inputs, outputs, locktime: lockTime };
  const selected = coins.reduce((sum, { output }) => sum + output.value, 0n);
  const paid = recipients.reduce((sum, { amount }) => sum + amount, 0n);
  const bump = coins.reduce((sum, coin) => sum + coin.fee - feeFor(rate, Math.ceil(coin.weight / 4)), 0n);
  const feeOf = (tx: Transaction): bigint => feeFor(rate, Math.ceil(finalWeight(tx, coins) / 4)) + bump;
  const position = changePosition ?? randomInt(recipients.length + 1);
  const assemble = (value: bigint, payments: readonly TxOut[]): Transaction => {
    if (value === 0n || !change.ok) return { ...withoutChange, outputs: payments };
    const output = { value, scriptPubKey: change.script };
    return { ...withoutChange, outputs: [...payments.slice(0, position), output, ...payments.slice(position)] };
  };
  if (changeValue > 0n && !change.ok) throw new BuildFault(`Transaction needs a change address, but we can't generate it. ${change.error}`);
  const needed = feeOf(assemble(changeValue, outputs));
  let fee = selected - paid - changeValue;
  if (goal.subtractFee) {
    const dustRate = readFeeRate(await chain.relayDustFee());
    if (needed > fee) subtractFees(outputs, recipients, needed - fee, dustRate);
    fee = needed > fee ? needed : fee;
  } else if (changeValue > 0n && fee > needed) {
    // Estimates while choosing are rounded up coin by coin; what is over belongs to the change.
    changeValue += fee - needed;
    fee = needed;
  }
  if (fee < needed) throw new BuildFault('Internal error: the fee paid is less than the fee needed');
  const tx = assemble(changeValue, outputs);
  if (finalWeight(tx, coins) > (control.maxWeight ?? maxStandardWeight)) throw new BuildFault('Transaction too large');
  if (fee > settings.maxFee) throw new BuildFault('Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)');
  return { tx, fee, feeCalculation: plan.feeCalculation, changePosition: changeValue > 0n ? position : undefined, coins, usesChange: changeValue > 0n };
}

/** Whether spending all coins of an address together costs little enough more. */
async function preferTogether(wallet: LoadedWallet, recipients: readonly Recipient[], control: CoinControl, plan: Plan, first: Draft, position: number | undefined): Promise<Draft> {
  const { maxAvoidPartialFee } = wallet.context.settings;
  const already = control.avoidPartialSpends ?? wallet.context.settings.avoidPartialSpends;
  if (maxAvoidPartialFee < 0n || already || wallet.history.size === 0) return first;
  try {
    const grouped = await draft(wallet, recipients, { ...control, avoidPartialSpends: true }, plan, position);
    return grouped.fee <= first.fee + maxAvoidPartialFee ? grouped : first;
  } catch (fault) {
    if (fault instanceof BuildFault) return first;
    throw fault;
  }
}

/**
 * Builds a payment, and signs it if asked to. The change address, if there is change, counts as used.
 * Callers hold the wallet's `spendTurns` until the payment is recorded, so that no coin is chosen twice.
 */
export async function buildTransaction(
  wallet: LoadedWallet,
  recipients: readonly Recipient[],
  control: CoinControl,
  options: BuildOptions,
): Promise<BuildOutcome> {
  try {
    const plan = await makePlan(wallet, recipients, control);
    const first = await draft(wallet, recipients, control, plan, options.changePosition);
    const chosen = await preferTogether(wallet, recipients, control, plan, first, options.changePosition);
    let { tx } = chosen;
    if (options.sign) {
      const spent = new Map(chosen.coins.map((coin) => [outpointKey(coin.outpoint), coin.output]));
      const signed = signTransaction(wallet, tx, tx.inputs.map(({ prevout }) => spent.get(outpointKey(prevout))));
      if (!signed.complete) throw new BuildFault('Signing transaction failed');
      tx = signed.tx;
    }
    if (wallet.context.settings.rejectLongChains) {
      const { error } = await wallet.context.chain.checkChainLimits(serializeTransaction(tx));
      if (error !== undefined) throw new BuildFault(error.original);
    }
    const { change } = plan;
    if (chosen.usesChange && change.ok) wallet.change(() => change.keep());
    const { fee, feeCalculation, changePosition } = chosen;
    return { ok: true, built: { tx, fee, feeCalculation, changePosition } };
  } catch (fault) {
    if (fault instanceof BuildFault) return { ok: false, error: fault.message };
    throw fault;
  }
}

