import { randomInt } from 'node:crypto';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { outpointKey } from '../../src-bitcoin/primitives/transaction.js';
import { foreignSignatureSize, unlockSize } from '../../src-bitcoin/sign/input-size.js';
import { availableCoins, type AvailableCoin, type CoinFilter } from '../coins/available.js';
import { depthOf } from '../coins/trust.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { LoadedWallet } from '../wallet.js';
import type { CoinControl, SelectedInput } from './coin-control.js';
import { feeFor, type FeeRate } from './fee-rate.js';
import { eligibilities, groupCoins, groupOf, isEligible, ownUnlockSize, weighCoins, weighInput, type Candidate, type CandidateGroup } from './groups.js';
import { obstacleToMixing, restrictedChildWeight, restrictedVersion, restrictedWeight } from './restricted.js';
import { selectCoins, type SelectionGoal } from './selection.js';
import { inactive } from '../coins/wallet-transaction.js';

export type CoinChoice =
  | { readonly ok: true; readonly coins: readonly Candidate[]; readonly groups: readonly CandidateGroup[] }
  | {
      readonly ok: false;
      /** Empty: simply not enough. */
      readonly error: string;
      /** Satoshis that could be chosen from, and after the cost of spending them. */
      readonly available: bigint;
      readonly availableEffective: bigint;
    };

const random = { below: (limit: number): number => (limit <= 1 ? 0 : randomInt(limit)) };

class RefusedInput extends Error {
  override readonly name = 'RefusedInput';
}

/** A coin the caller insists on: one of the wallet's, or one that comes with its output and its weight or what tells it. */
async function selectedCandidate(wallet: LoadedWallet, control: CoinControl, input: SelectedInput, rate: FeeRate, longTerm: FeeRate): Promise<Candidate> {
  const { outpoint } = input;
  const name = `COutPoint(${hashToHex(outpoint.txid).slice(0, 10)}, ${outpoint.index})`;
  const transaction = wallet.history.find(outpoint.txid);
  const output = transaction?.tx.outputs[outpoint.index] ?? input.output;
  if (output === undefined) throw new RefusedInput(`Not found pre-selected input ${name}`);
  const unlock = ownUnlockSize(wallet, output.scriptPubKey);
  // Others may sign with less care for size.
  const size = unlock ?? (control.solving && unlockSize(output.scriptPubKey, control.solving, undefined, foreignSignatureSize));
  const calculated = size && weighInput(size);
  const weighed = input.weight === undefined ? calculated : { weight: input.weight, segwit: calculated?.segwit ?? false, witnessCount: 0 };
  if (weighed === undefined) throw new RefusedInput(`Not solvable pre-selected input ${name}`);
  const { weight } = weighed;
  if (transaction !== undefined && unlock !== undefined) {
    const depth = depthOf(transaction, wallet.lastBlock.height);
    const obstacle = depth === 0 ? obstacleToMixing(transaction.tx.version, control.version ?? 2) : undefined;
    if (obstacle !== undefined) throw new RefusedInput(obstacle);
    const coin: AvailableCoin = { outpoint, output, transaction, depth, safe: true, fromMe: wallet.history.spendsOwned(transaction.tx) };
    const [candidate] = await weighCoins(wallet, [coin], rate, longTerm);
    if (candidate !== undefined) return { ...candidate, ...weighed, fee: candidate.fee + feeFor(rate, Math.ceil(weight / 4)) - feeFor(rate, Math.ceil(candidate.weight / 4)) };
  }
  const bytes = Math.ceil(weight / 4);
  return {
    outpoint,
    output,
    transaction: transaction ?? foreignTransaction(outpoint.txid),
    depth: 1,
    safe: true,
    fromMe: false,
    ...weighed,
    fee: feeFor(rate, bytes),
    longTermFee: feeFor(longTerm, bytes),
    ancestors: 0,
    cluster: 0,
  };
}

/** Stands for the transaction of a coin that is not the wallet's. */
function foreignTransaction(txid: Uint8Array): AvailableCoin['transaction'] {
  return {
    txid: hashToHex(txid),
    tx: { version: 0, inputs: [], outputs: [], locktime: 0 },
    state: inactive,
    notes: new Map(),
    orderForm: [],
    timeReceived: 0,
    timeSmart: 0,
    orderPosition: -1n,
    mempoolConflicts: new Set(),
  };
}

/** Coins the wallet may choose on its own under a coin control. */
export function choosableCoins(wallet: LoadedWallet, control: CoinControl, filter: Pick<CoinFilter, 'minAmount'> = {}): readonly AvailableCoin[] {
  const avoidUsed = control.avoidUsed ?? wallet.hasFlag(WalletFlag.avoidReuse);
  const selected = new Set((control.selected ?? []).map(({ outpoint }) => outpointKey(outpoint)));
  const coins = availableCoins(wallet.coinContext, {
    ...filter,
    onlySafe: control.includeUnsafe !== true,
    minDepth: control.minDepth ?? 0,
    ...(control.maxDepth === undefined ? {} : { maxDepth: control.maxDepth }),
    locked: wallet.lockedOutputKeys,
    skip: ({ output, outpoint }) => selected.has(outpointKey(outpoint)) || (avoidUsed && wallet.isUsedScript(output.scriptPubKey)),
  });
  // Of its own kind it may build on one that nothing builds on yet.
  const version = control.version ?? 2;
  return coins.filter(
    ({ depth, transaction }) =>
      depth > 0 || (obstacleToMixing(transaction.tx.version, version) === undefined && (version !== restrictedVersion || !wallet.history.hasSpenders(transaction))),
  );
}

const plus = (goal: SelectionGoal, target: bigint, weight: number): SelectionGoal => ({ ...goal, target, maxWeight: goal.maxWeight - weight });

/** Chooses the coins of a payment: the selected ones, and as many others as it takes. */
export async function gatherCoins(wallet: LoadedWallet, control: CoinControl, goal: SelectionGoal, rate: FeeRate, longTerm: FeeRate): Promise<CoinChoice> {
  const { settings, chain } = wallet.context;
  let preset: readonly Candidate[];
  try {
    preset = await Promise.all((control.selected ?? []).map((input) => selectedCandidate(wallet, control, input, rate, longTerm)));
  } catch (fault) {
    if (fault instanceof RefusedInput) return { ok: false, error: fault.message, available: 0n, availableEffective: 0n };
    throw fault;
  }
  const given = groupOf(preset);
  const givenAmount = goal.subtractFee ? given.value : given.effectiveValue;
  const allowOthers = control.allowOtherInputs !== false;
  if (givenAmount >= goal.target && preset.length > 0) return { ok: true, coins: preset, groups: [given] };
  if (!allowOthers) {
    const error =
      'The preselected coins total amount does not cover the transaction target. Please allow other inputs to be automatically selected or include more coins manually';
    return { ok: false, error, available: given.value, availableEffective: given.effectiveValue };
  }
  const candidates = await weighCoins(wallet, choosableCoins(wallet, control), rate, longTerm);
  const all = groupOf(candidates);
  const missing = { ok: false, error: '', available: given.value + all.value, availableEffective: given.effectiveValue + all.effectiveValue } as const;
  const rest = plus(goal, goal.target - givenAmount, given.weight);
  const together = control.avoidPartialSpends ?? settings.avoidPartialSpends;
  const limits = await chain.getPackageLimits();
  const stages = eligibilities(limits, {
    unconfirmedChange: settings.spendZeroConfChange,
    unsafe: control.includeUnsafe === true,
    unlimited: !settings.rejectLongChains,
  });
  // What builds on an unconfirmed transaction of the restricted kind must be smaller than others.
  const excess = control.version === restrictedVersion ? Math.max(0, (control.maxWeight ?? restrictedWeight) - restrictedChildWeight) : 0;
  for (const stage of stages) {
    const eligible = candidates.filter((coin) => isEligible(coin, stage));
    const unconfirmed = stage.ownDepth === 0 || stage.foreignDepth === 0;
    const selection = selectCoins(groupCoins(eligible, together), { ...rest, maxWeight: rest.maxWeight - (unconfirmed ? excess : 0) }, random);
    if (selection === undefined) continue;
    const groups = preset.length > 0 ? [given, ...selection.groups] : selection.groups;
    return { ok: true, coins: groups.flatMap((group) => group.coins), groups };
  }
  const enough = (goal.subtractFee ? missing.available : missing.availableEffective) >= goal.target;
  const chained = enough && candidates.some(({ ancestors }) => ancestors >= limits.ancestors - 1);
  const error = chained
    ? 'Unconfirmed UTXOs are available, but spending them creates a chain of transactions that will be rejected by the mempool'
    : enough && goal.maxWeight < 400_000 && all.weight + given.weight > goal.maxWeight
      ? 'The inputs size exceeds the maximum weight. Please try sending a smaller amount or manually consolidating your wallet\'s UTXOs'
      : '';
  return { ...missing, error };
}
