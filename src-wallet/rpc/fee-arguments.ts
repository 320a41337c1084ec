import type { JsonValue } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { asAmount, asInteger, asString } from '../../src-interfaces/rpc/values.js';
import type { CoinControl, EstimateMode } from '../spend/coin-control.js';
import { perKilobyte } from '../spend/fee-rate.js';
import type { LoadedWallet } from '../wallet.js';

const estimateModes: readonly EstimateMode[] = ['unset', 'economical', 'conservative'];

/** What a request says about the fee; null where it says nothing. */
export interface FeeWishes {
  readonly confirmTarget: JsonValue;
  readonly estimateMode: JsonValue;
  /** sat/vB */
  readonly feeRate: JsonValue;
}

function estimateModeOf(value: JsonValue): EstimateMode | undefined {
  if (value === null) return undefined;
  const name = asString(value).toLowerCase();
  const mode = estimateModes.find((each) => each === name);
  if (mode === undefined) {
    throw rpcError('invalidParameter', 'Invalid estimate_mode parameter, must be one of: "unset", "economical", "conservative"');
  }
  return mode;
}

/**
 * The part of a coin control that is about the fee.
 * @param signalRbf whether the request says anything about replacement; an explicit rate switches it on otherwise
 * @throws RpcFailure
 */
export async function feeControl(wallet: LoadedWallet, wishes: FeeWishes, signalRbf: boolean | undefined): Promise<CoinControl> {
  const { confirmTarget, estimateMode, feeRate } = wishes;
  const signal = signalRbf === undefined ? {} : { signalRbf };
  if (feeRate !== null) {
    if (confirmTarget !== null) {
      throw rpcError(
        'invalidParameter',
        'Cannot specify both conf_target and fee_rate. Please provide either a confirmation target in blocks for automatic fee estimation, or an explicit fee rate.',
      );
    }
    if (estimateMode !== null && asString(estimateMode) !== 'unset') throw rpcError('invalidParameter', 'Cannot specify both estimate_mode and fee_rate');
    // sat/vB with three decimals are satoshis per 1000 vbytes.
    return { feeRate: perKilobyte(asAmount(feeRate, 3)), signalRbf: signalRbf ?? true };
  }
  const mode = estimateModeOf(estimateMode);
  const control = { ...signal, ...(mode === undefined ? {} : { estimateMode: mode }) };
  if (confirmTarget === null) return control;
  const most = await wallet.context.chain.estimateMaxBlocks();
  const target = asInteger(confirmTarget);
  if (target < 1 || target > most) throw rpcError('invalidParameter', `Invalid conf_target, must be between 1 and ${most}`);
  return { ...control, confirmTarget: target };
}

export const confirmTargetArgument: Argument = {
  names: 'conf_target',
  kind: 'number',
  defaultHint: 'wallet -txconfirmtarget',
  help: 'Blocks within which it should confirm.',
};

export const estimateModeArgument: Argument = {
  names: 'estimate_mode',
  kind: 'string',
  default: 'unset',
  help: 'How careful the fee is estimated: "unset", "economical" or "conservative". Unset: economical if the transaction can be replaced, otherwise conservative.',
};

export const feeRateArgument: Argument = {
  names: 'fee_rate',
  kind: 'amount',
  defaultHint: 'not set, fall back to wallet fee estimation',
  help: 'The fee rate in sat/vB.',
};

export const replaceableArgument: Argument = {
  names: 'replaceable',
  kind: 'boolean',
  defaultHint: 'wallet default',
  help: 'Signal that the transaction may be replaced by one with a higher fee (BIP125).',
};
