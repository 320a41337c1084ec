import type { OwnedOutput } from './history.js';
import { blocksToMaturity, depthOf, TrustJudge, type CoinContext } from './trust.js';

/** Money of a wallet by how sure it is, in satoshis. */
export interface Balances {
  readonly trusted: bigint;
  readonly untrustedPending: bigint;
  readonly immature: bigint;
}

export interface BalanceOptions {
  /** Fewest confirmations of trusted money. */
  readonly minDepth?: number;
  /** Leaves outputs out, for example those of addresses that were used before. */
  readonly skip?: (owned: OwnedOutput) => boolean;
}

/** Adds up the unspent outputs of a wallet. */
export function computeBalances(context: CoinContext, options: BalanceOptions = {}): Balances {
  const { history, tipHeight } = context;
  const minDepth = options.minDepth ?? 0;
  const judge = new TrustJudge(context);
  let trusted = 0n;
  let untrustedPending = 0n;
  let immature = 0n;
  for (const owned of history.ownedOutputs()) {
    if (history.isSpent(owned.outpoint) || options.skip?.(owned) === true) continue;
    const { transaction, output } = owned;
    const depth = depthOf(transaction, tipHeight);
    if (blocksToMaturity(transaction, tipHeight) > 0) {
      if (depth > 0) immature += output.value;
    } else if (judge.trusts(transaction)) {
      if (depth >= minDepth) trusted += output.value;
    } else if (depth === 0 && transaction.state.kind === 'mempool') {
      untrustedPending += output.value;
    }
  }
  return { trusted, untrustedPending, immature };
}
