import { FeeReason } from '../../src-interfaces/enums.js';
import type { FeeEstimate } from '../../src-interfaces/facade.js';
import type { Wallet } from '../../src-interfaces/generated/wallet.js';
import { coinControl } from './drafts.js';

/** Size at which fees are compared: one input, two outputs. Vbytes. */
const typicalSize = 141;

function sourceOf(fee: bigint, reason: number): FeeEstimate['source'] {
  // With -fallbackfee=0 a payment at no rate of its own is refused.
  if (reason === FeeReason.fallback) return fee > 0n ? 'fallback' : 'none';
  return reason === FeeReason.mempoolMin || reason === FeeReason.required ? 'minimum' : 'estimate';
}

/** What to pay for a payment to be confirmed within so many blocks. */
export async function estimatedFees(wallet: Pick<Wallet, 'getMinimumFee'>, targets: readonly number[]): Promise<FeeEstimate[]> {
  return Promise.all(
    targets.map(async (blocks): Promise<FeeEstimate> => {
      const { result, reason } = await wallet.getMinimumFee(typicalSize, coinControl({ feeTarget: blocks }));
      return { blocks, rate: Math.max(Number(result) / typicalSize, 0), source: sourceOf(result, reason) };
    }),
  );
}
