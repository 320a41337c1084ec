import { outpointKey } from '../../src-bitcoin/primitives/transaction.js';
import type { OwnedOutput } from './history.js';
import { blocksToMaturity, depthOf, TrustJudge, type CoinContext } from './trust.js';

/** An unspent output that a payment may use. */
export interface AvailableCoin extends OwnedOutput {
  /** Confirmations. */
  readonly depth: number;
  /** Not an unconfirmed payment by others, nor part of a replacement. */
  readonly safe: boolean;
  /** All money of its transaction came from the wallet. */
  readonly fromMe: boolean;
}

export interface CoinFilter {
  /** Leave out what others sent and has not been confirmed. */
  readonly onlySafe?: boolean;
  readonly minDepth?: number;
  readonly maxDepth?: number;
  /** Satoshis. */
  readonly minAmount?: bigint;
  readonly maxAmount?: bigint;
  /** Stop once the sum is reached, satoshis. */
  readonly minSum?: bigint;
  /** Stop once so many were found; 0 for no limit. */
  readonly maxCount?: number;
  readonly includeImmature?: boolean;
  /** Outpoint keys of outputs that must not be spent. */
  readonly locked?: ReadonlySet<string>;
  readonly skip?: (owned: OwnedOutput) => boolean;
}

/** Unspent outputs that fit a filter. Coins that are immature or no longer in the mempool never do, unless asked for. */
export function availableCoins(context: CoinContext, filter: CoinFilter = {}): readonly AvailableCoin[] {
  const { history, tipHeight } = context;
  const judge = new TrustJudge(context);
  const coins: AvailableCoin[] = [];
  let sum = 0n;
  for (const owned of history.ownedOutputs()) {
    const { transaction, output, outpoint } = owned;
    const depth = depthOf(transaction, tipHeight);
    if (depth < (filter.minDepth ?? 0) || depth > (filter.maxDepth ?? Number.MAX_SAFE_INTEGER)) continue;
    if (depth === 0 && transaction.state.kind !== 'mempool') continue;
    if (filter.includeImmature !== true && blocksToMaturity(transaction, tipHeight) > 0) continue;
    if (output.value < (filter.minAmount ?? 1n) || output.value > (filter.maxAmount ?? output.value)) continue;
    if (filter.locked?.has(outpointKey(outpoint)) === true || filter.skip?.(owned) === true) continue;
    if (history.isSpent(outpoint)) continue;
    const replacement = depth === 0 && (transaction.notes.has('replaces_txid') || transaction.notes.has('replaced_by_txid'));
    const safe = judge.trusts(transaction) && !replacement;
    if (filter.onlySafe === true && !safe) continue;
    coins.push({ ...owned, depth, safe, fromMe: history.spendsOwned(transaction.tx) });
    sum += output.value;
    if (filter.minSum !== undefined && sum >= filter.minSum) break;
    if (filter.maxCount !== undefined && filter.maxCount > 0 && coins.length >= filter.maxCount) break;
  }
  return coins;
}
