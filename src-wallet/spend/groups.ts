import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { serializeOutpoint, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { foreignSignatureSize, inputWeight, ownSignatureSize, unlockSize, type UnlockSize } from '../../src-bitcoin/sign/input-size.js';
import { keyExpressions } from '../../src-bitcoin/descriptor/descriptor.js';
import { derivePubkey } from '../../src-bitcoin/descriptor/derive-key.js';
import type { AvailableCoin } from '../coins/available.js';
import type { LoadedWallet } from '../wallet.js';
import { feeFor, writeFeeRate, type FeeRate } from './fee-rate.js';
import type { WeighedInput } from './final-weight.js';
import type { CoinGroup } from './selection.js';

/** A coin with what decides whether it is chosen. */
export interface Candidate extends AvailableCoin, WeighedInput {
  /** Satoshis to spend it now, its unconfirmed ancestors' missing fees included. */
  readonly fee: bigint;
  readonly longTermFee: bigint;
  /** Mempool transactions it builds on, and those in its cluster, itself included; 0 when confirmed. */
  readonly ancestors: number;
  readonly cluster: number;
}

export type CandidateGroup = CoinGroup<Candidate>;

/** Coins of one address that are at most spent together. */
const maxGroupSize = 100;

const virtualSize = (weight: number): number => Math.ceil(weight / 4);

/** Whether the wallet holds, perhaps locked, the private key behind an x-only key of a script. */
function canSignFor(wallet: LoadedWallet, script: Uint8Array): (xOnlyKey: Uint8Array) => boolean {
  return (xOnlyKey) =>
    wallet.keyring.owners(script).some(({ descriptor, index }) =>
      keyExpressions(descriptor.descriptor).some((expression) => {
        const pubkey = derivePubkey(expression, index, { cache: descriptor.cache });
        if (pubkey === undefined || !equalBytes(pubkey.subarray(1, 33), xOnlyKey)) return false;
        const { key } = expression;
        const name = toHex(key.kind === 'fixed' ? key.pubkey : key.root.pubkey);
        return descriptor.secrets.has(name) || descriptor.cryptedSecrets.has(name) || !wallet.canSign;
      }),
    );
}

/** Bytes of an ECDSA signature. Where a wallet has no private keys, others sign, perhaps with less care for size. */
const signatureSize = (wallet: LoadedWallet): number => (wallet.canSign ? ownSignatureSize : foreignSignatureSize);

/** Size of what unlocks a script of the wallet; undefined when the wallet does not know how. */
export function ownUnlockSize(wallet: LoadedWallet, script: Uint8Array): UnlockSize | undefined {
  return unlockSize(script, wallet.keyring.solve(script), canSignFor(wallet, script), signatureSize(wallet));
}

/** An input with what unlocks it. */
export function weighInput(unlock: UnlockSize): WeighedInput {
  const segwit = unlock.witness > 0;
  return { weight: inputWeight(unlock, true), segwit, witnessCount: segwit ? 0 : 1 };
}

interface Ancestry {
  readonly ancestors: number;
  readonly cluster: number;
}

async function ancestryOf(wallet: LoadedWallet, coins: readonly AvailableCoin[]): Promise<ReadonlyMap<string, Ancestry>> {
  const result = new Map<string, Ancestry>();
  const unconfirmed = new Map(coins.filter(({ depth }) => depth === 0).map(({ transaction }) => [transaction.txid, transaction]));
  await Promise.all(
    [...unconfirmed.values()].map(async (transaction) => {
      const { ancestors, descendants } = await wallet.context.chain.getTransactionAncestry(txidOf(transaction.tx));
      result.set(transaction.txid, { ancestors: Number(ancestors), cluster: Number(descendants) });
    }),
  );
  return result;
}

async function bumpFees(wallet: LoadedWallet, coins: readonly AvailableCoin[], rate: FeeRate): Promise<ReadonlyMap<string, bigint>> {
  const unconfirmed = coins.filter(({ depth }) => depth === 0).map(({ outpoint }) => serializeOutpoint(outpoint));
  if (unconfirmed.length === 0) return new Map();
  const fees = await wallet.context.chain.calculateIndividualBumpFees(unconfirmed, writeFeeRate(rate));
  return new Map(fees.map(({ key, value }) => [toHex(key), value]));
}

/** Weighs coins for a payment. Coins the wallet could not unlock are left out. */
export async function weighCoins(
  wallet: LoadedWallet,
  coins: readonly AvailableCoin[],
  rate: FeeRate,
  longTermRate: FeeRate,
): Promise<readonly Candidate[]> {
  const [ancestry, bumps] = await Promise.all([ancestryOf(wallet, coins), bumpFees(wallet, coins, rate)]);
  const sizes = new Map<string, UnlockSize | undefined>();
  const sizeOf = (script: Uint8Array): UnlockSize | undefined => {
    const key = toHex(script);
    if (!sizes.has(key)) sizes.set(key, ownUnlockSize(wallet, script));
    return sizes.get(key);
  };
  return coins.flatMap((coin) => {
    const unlock = sizeOf(coin.output.scriptPubKey);
    if (unlock === undefined) return [];
    const weighed = weighInput(unlock);
    const place = ancestry.get(coin.transaction.txid) ?? { ancestors: 0, cluster: 0 };
    const bump = bumps.get(toHex(serializeOutpoint(coin.outpoint))) ?? 0n;
    const size = virtualSize(weighed.weight);
    return [{ ...coin, ...weighed, fee: feeFor(rate, size) + bump, longTermFee: feeFor(longTermRate, size), ...place }];
  });
}

/** A group of the coins given. */
export function groupOf(coins: readonly Candidate[]): CandidateGroup {
  const sum = (pick: (coin: Candidate) => bigint): bigint => coins.reduce((all, coin) => all + pick(coin), 0n);
  const value = sum(({ output }) => output.value);
  const fee = sum((coin) => coin.fee);
  return {
    coins,
    value,
    fee,
    effectiveValue: value - fee,
    longTermFee: sum((coin) => coin.longTermFee),
    weight: coins.reduce((all, coin) => all + coin.weight, 0),
  };
}

/** Groups coins: each by itself, or all of an address together. */
export function groupCoins(coins: readonly Candidate[], together: boolean): readonly CandidateGroup[] {
  if (!together) return coins.map((coin) => groupOf([coin]));
  const byScript = new Map<string, Candidate[]>();
  for (const coin of coins) {
    const key = toHex(coin.output.scriptPubKey);
    const same = byScript.get(key);
    if (same === undefined) byScript.set(key, [coin]);
    else same.push(coin);
  }
  return [...byScript.values()].flatMap((same) =>
    Array.from({ length: Math.ceil(same.length / maxGroupSize) }, (_, i) => groupOf(same.slice(i * maxGroupSize, (i + 1) * maxGroupSize))),
  );
}

/** How much a coin is trusted to be there when the payment gets into a block. */
export interface Eligibility {
  /** Fewest confirmations of the wallet's own coins, and of those others sent. */
  readonly ownDepth: number;
  readonly foreignDepth: number;
  /** Most mempool transactions an unconfirmed coin may build on, and may be in its cluster. */
  readonly maxAncestors: number;
  readonly maxCluster: number;
}

export function isEligible(coin: Candidate, { ownDepth, foreignDepth, maxAncestors, maxCluster }: Eligibility): boolean {
  const enough = coin.depth >= (coin.fromMe ? ownDepth : foreignDepth);
  return enough && coin.ancestors <= maxAncestors && coin.cluster <= maxCluster;
}

/** Filters from strict to lenient: confirmed coins first, then own change with few ancestors, then more. */
export function eligibilities(limits: { readonly ancestors: number; readonly descendants: number }, options: { readonly unconfirmedChange: boolean; readonly unsafe: boolean; readonly unlimited: boolean }): readonly Eligibility[] {
  const stages: Eligibility[] = [
    { ownDepth: 1, foreignDepth: 6, maxAncestors: 0, maxCluster: 0 },
    { ownDepth: 1, foreignDepth: 1, maxAncestors: 0, maxCluster: 0 },
  ];
  if (!options.unconfirmedChange) return stages;
  const { ancestors, descendants } = limits;
  const own = (maxAncestors: number, maxCluster: number, foreignDepth = 1): void => void stages.push({ ownDepth: 0, foreignDepth, maxAncestors, maxCluster });
  own(2, 2);
  own(Math.min(4, Math.floor(ancestors / 3)), Math.min(4, Math.floor(descendants / 3)));
  own(Math.floor(ancestors / 2), Math.floor(descendants / 2));
  own(ancestors - 1, descendants - 1);
  if (options.unsafe) own(ancestors - 1, descendants - 1, 0);
  if (options.unlimited) own(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return stages;
}
