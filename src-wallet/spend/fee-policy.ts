import { FeeReason } from '../../src-interfaces/enums.js';
import type { FeeCalculation } from '../../src-interfaces/generated/chain.js';
import type { WalletContext } from '../context.js';
import type { CoinControl } from './coin-control.js';
import { compareRates, feeFor, higher, isZeroRate, lower, perKilobyte, readFeeRate, type FeeRate } from './fee-rate.js';

export interface FeeChoice {
  readonly rate: FeeRate;
  /** A FeeReason. */
  readonly reason: number;
  readonly calculation: FeeCalculation;
}

const noBucket = { start: -1, end: -1, withinTarget: 0, totalConfirmed: 0, inMempool: 0, leftMempool: 0 };
const noCalculation: FeeCalculation = {
  est: { pass: noBucket, fail: noBucket, decay: 0, scale: 0 },
  reason: FeeReason.none,
  desiredTarget: 0,
  returnedTarget: 0,
  bestHeight: 0,
};

/** Words for a FeeReason, as results of commands show them. */
export function feeReasonText(reason: number): string {
  const texts: Readonly<Record<number, string>> = {
    [FeeReason.none]: 'None',
    [FeeReason.halfEstimate]: 'Half Target 60% Threshold',
    [FeeReason.fullEstimate]: 'Target 85% Threshold',
    [FeeReason.doubleEstimate]: 'Double Target 95% Threshold',
    [FeeReason.conservative]: 'Conservative Double Target longer horizon',
    [FeeReason.mempoolMin]: 'Mempool Min Fee',
    [FeeReason.fallback]: 'Fallback fee',
    [FeeReason.required]: 'Minimum Required Fee',
  };
  return texts[reason] ?? 'Unknown';
}

/** The lowest rate at which the wallet makes transactions. */
export async function requiredRate({ chain, settings }: WalletContext): Promise<FeeRate> {
  return higher(perKilobyte(settings.minFee), readFeeRate(await chain.relayMinFee()));
}

/**
 * The rate for a payment: the given one, else an estimate, else the fallback; never below what is required.
 * A rate of zero with the reason `fallback` means that there is no estimate and no fallback.
 */
export async function chooseRate(context: WalletContext, control: CoinControl): Promise<FeeChoice> {
  const { chain, settings } = context;
  let rate: FeeRate;
  let calculation = noCalculation;
  let reason: number = FeeReason.none;
  if (control.feeRate !== undefined) {
    rate = control.feeRate;
    if (control.overrideFeeRate === true) return { rate, reason, calculation };
  } else {
    const target = control.confirmTarget ?? settings.confirmTarget;
    const mode = control.estimateMode ?? 'unset';
    // A payment that can be replaced may start lower.
    const conservative = mode === 'unset' ? !(control.signalRbf ?? settings.signalRbf) : mode === 'conservative';
    const estimate = await chain.estimateSmartFee(target, conservative);
    rate = readFeeRate(estimate.result);
    calculation = estimate.calc;
    reason = estimate.calc.reason;
    if (isZeroRate(rate)) {
      rate = perKilobyte(settings.fallbackFee);
      reason = FeeReason.fallback;
      if (settings.fallbackFee === 0n) return { rate, reason, calculation: { ...calculation, reason } };
    }
    const mempoolMin = readFeeRate(await chain.mempoolMinFee());
    if (compareRates(rate, mempoolMin) < 0) {
      rate = mempoolMin;
      reason = FeeReason.mempoolMin;
    }
  }
  const required = await requiredRate(context);
  if (compareRates(required, rate) > 0) {
    rate = required;
    reason = FeeReason.required;
  }
  return { rate, reason, calculation: { ...calculation, reason } };
}

/** The rate by which change too small to be worth spending is told. */
export async function discardRate({ chain, settings }: WalletContext): Promise<FeeRate> {
  const longest = await chain.estimateMaxBlocks();
  const estimate = readFeeRate((await chain.estimateSmartFee(longest, false, false)).result);
  const configured = perKilobyte(settings.discardFee);
  const rate = isZeroRate(estimate) ? configured : lower(estimate, configured);
  return higher(rate, readFeeRate(await chain.relayDustFee()));
}

export async function requiredFee(context: WalletContext, virtualSize: number): Promise<bigint> {
  return feeFor(await requiredRate(context), virtualSize);
}
