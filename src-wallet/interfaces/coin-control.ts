import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { readOutpoint } from '../../src-bitcoin/primitives/transaction.js';
import { FeeEstimateMode } from '../../src-interfaces/enums.js';
import { fromTxDestination } from '../../src-interfaces/destination.js';
import type * as Contract from '../../src-interfaces/generated/wallet.js';
import type { OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import type { CoinControl, EstimateMode } from '../spend/coin-control.js';
import { readFeeRate } from '../spend/fee-rate.js';

const outputTypes: readonly OutputType[] = ['legacy', 'p2sh-segwit', 'bech32', 'bech32m'];
const estimateModes: ReadonlyMap<number, EstimateMode> = new Map([
  [FeeEstimateMode.unset, 'unset'],
  [FeeEstimateMode.economical, 'economical'],
  [FeeEstimateMode.conservative, 'conservative'],
]);

/** What the window chose, in the wallet's own terms. */
export function fromWireCoinControl(control: Contract.CoinControl): CoinControl {
  const change = fromTxDestination(control.destChange);
  const changeType = control.changeType === undefined ? undefined : outputTypes[control.changeType];
  const { confirmTarget, signalRbf, lockTime, version, maxTxWeight } = control;
  return {
    ...(change === undefined ? {} : { changeScript: scriptPubKeyOf(change) }),
    ...(changeType === undefined ? {} : { changeType }),
    includeUnsafe: control.includeUnsafeInputs,
    allowOtherInputs: control.allowOtherInputs,
    overrideFeeRate: control.overrideFeeRate,
    ...(control.feeRate === undefined ? {} : { feeRate: readFeeRate(control.feeRate) }),
    ...(confirmTarget === undefined ? {} : { confirmTarget }),
    estimateMode: estimateModes.get(control.feeMode) ?? 'unset',
    ...(signalRbf === undefined ? {} : { signalRbf }),
    avoidPartialSpends: control.avoidPartialSpends,
    avoidUsed: control.avoidAddressReuse,
    minDepth: control.minDepth,
    // The reference sends its minimum here: a maximum that is not above the minimum means none.
    ...(control.maxDepth > control.minDepth ? { maxDepth: control.maxDepth } : {}),
    ...(lockTime === undefined ? {} : { lockTime }),
    ...(version === undefined ? {} : { version }),
    ...(maxTxWeight === undefined ? {} : { maxWeight: maxTxWeight }),
    selected: control.setSelected.map((bytes) => ({ outpoint: readOutpoint(new ByteReader(bytes)) })),
  };
}
