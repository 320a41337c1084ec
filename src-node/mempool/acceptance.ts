import { minStandardStrippedSize, maxStandardSigOpsCost, type PolicyOptions } from '../policy/limits.js';
import { feeForSize } from '../../src-bitcoin/feerate.js';
import { hasWitness, isCoinbase, strippedSize, txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import { sigOpsCost } from '../../src-bitcoin/consensus/sigops.js';
import type { Coin } from '../kernel/types.js';
import { leavesParentDust, paysForDust } from '../policy/ephemeral.js';
import { hasStandardInputs, hasStandardWitness, spendsWitnessProgram } from '../policy/standard-inputs.js';
import { nonStandardReason } from '../policy/standard.js';
import { PoolEntry } from './pool-entry.js';
import { Rejection } from './rejection.js';
import { clusterWith, replacedBy, requireBetterDiagram, requireDisjoint, type Candidate } from './replacement.js';
import { PoolCoins, type TransactionPool } from './transaction-pool.js';
import { checkAmounts, checkForm, isFinalNext, scriptFault, sequenceLocksMet, type MempoolScriptChecker } from './transaction-rules.js';
import type { MempoolChain } from './types.js';
import { trucViolation } from './truc.js';

/** What acceptance works on. */
export interface AcceptanceContext {
  readonly pool: TransactionPool;
  readonly chainstate: MempoolChain;
  readonly options: PolicyOptions;
  readonly scripts: MempoolScriptChecker;
  /** The mempool's own minimum, satoshis per 1000 vbytes. */
  minFeeRate(): bigint;
  readonly sequence: bigint;
}

export interface Accepted {
  readonly entry: PoolEntry;
  /** To be removed before `entry` is added. */
  readonly replaced: ReadonlySet<PoolEntry>;
}

/**
 * Checks a transaction against consensus, the chain's tip, the mempool and policy, cheap checks
 * first and signatures last. Changes nothing.
 * @param bypassLimits for transactions of disconnected blocks: no fee minimum, no TRUC limits.
 * @param time seconds since 1970 to note as its arrival.
 * @throws Rejection
 */
export function checkAcceptance(tx: Transaction, time: number, bypassLimits: boolean, context: AcceptanceContext): Accepted {
  const { pool, options, chainstate } = context;
  requireAcceptableForm(tx, context);
  requireUnknown(tx, pool);
  const conflicts = new Set<PoolEntry>();
  for (const { prevout } of tx.inputs) {
    const conflict = pool.spender(prevout);
    if (conflict !== undefined) conflicts.add(conflict);
  }
  const spent = gatherCoins(tx, context);
  if (!sequenceLocksMet(tx, spent, chainstate.tip)) throw new Rejection('premature', 'non-BIP68-final');
  const fee = checkAmounts(tx, spent, chainstate.tip.height + 1);
  if (options.requireStandard) requireStandardInputs(tx, spent);
  const entry = makeEntry(tx, spent, fee, time, bypassLimits, context);
  for (const parent of pool.parentsOf(tx)) entry.parents.add(parent);

  if (options.requireStandard) {
    const dust = paysForDust(tx, fee, entry.modifiedFee, options.dustRelayFeeRate);
    if (dust !== undefined) throw new Rejection('policy', 'dust', dust);
  }
  if (entry.sigopCost > maxStandardSigOpsCost) throw new Rejection('policy', 'bad-txns-too-many-sigops', String(entry.sigopCost));
  if (!bypassLimits) requireFee(entry, context);
  const candidate = bypassLimits ? { entry, conflicts, siblingEviction: false } : requireTruc(entry, conflicts);

  const replaced = candidate.conflicts.size > 0 ? replacedBy(candidate, pool, options) : new Set<PoolEntry>();
  clusterWith(candidate, replaced, options);
  if (candidate.conflicts.size > 0) {
    requireBetterDiagram(candidate, replaced, pool);
    requireDisjoint(candidate);
  }
  if (options.requireStandard) {
    const left = leavesParentDust(tx, (txid) => pool.get(txid)?.tx, options.dustRelayFeeRate);
    if (left !== undefined) throw new Rejection('policy', 'missing-ephemeral-spends', left);
  }
  requireScripts(tx, spent, context.scripts);
  return { entry, replaced };
}

function requireAcceptableForm(tx: Transaction, context: AcceptanceContext): void {
  checkForm(tx);
  if (isCoinbase(tx)) throw new Rejection('consensus', 'coinbase');
  if (context.options.requireStandard) {
    const reason = nonStandardReason(tx, context.options);
    if (reason !== undefined) throw new Rejection('policy', reason);
  }
  if (strippedSize(tx) < minStandardStrippedSize) throw new Rejection('policy', 'tx-size-small');
  if (!isFinalNext(tx, context.chainstate.tip)) throw new Rejection('premature', 'non-final');
}

function requireUnknown(tx: Transaction, pool: TransactionPool): void {
  if (pool.getByWtxid(wtxidOf(tx)) !== undefined) throw new Rejection('known', 'txn-already-in-mempool');
  if (pool.get(txidOf(tx)) !== undefined) throw new Rejection('conflict', 'txn-same-nonwitness-data-in-mempool');
}

/** The coins a transaction spends, per input. */
function gatherCoins(tx: Transaction, context: AcceptanceContext): readonly Coin[] {
  const { coins } = context.chainstate;
  const view = new PoolCoins(context.pool, () => coins);
  const spent: Coin[] = [];
  for (const { prevout } of tx.inputs) {
    const coin = view.getCoin(prevout);
    if (coin === undefined) {
      const txid = txidOf(tx);
      if (tx.outputs.some((_, index) => coins.hasCoin({ txid, index }))) throw new Rejection('known', 'txn-already-known');
      throw new Rejection('missing-inputs', 'bad-txns-inputs-missingorspent');
    }
    spent.push(coin);
  }
  return spent;
}

function requireStandardInputs(tx: Transaction, spent: readonly Coin[]): void {
  if (!hasStandardInputs(tx, spent)) throw new Rejection('policy', 'bad-txns-nonstandard-inputs');
  if (hasWitness(tx) && !hasStandardWitness(tx, spent)) throw new Rejection('mutated', 'bad-witness-nonstandard');
}

function makeEntry(
  tx: Transaction,
  spent: readonly Coin[],
  fee: bigint,
  time: number,
  bypassLimits: boolean,
  { pool, chainstate, options, sequence }: AcceptanceContext,
): PoolEntry {
  const entry = new PoolEntry(tx, {
    time,
    height: chainstate.tip.height,
    fee,
    modifiedFee: fee,
    sigopCost: sigOpsCost(tx, spent, standardScriptFlags, false),
    spendsCoinbase: spent.some((coin) => coin.coinbase),
    bytesPerSigOp: options.bytesPerSigOp,
    sequence: bypassLimits ? 0n : sequence,
  });
  entry.modifiedFee += pool.deltas.get(entry.key) ?? 0n;
  return entry;
}

function requireFee(entry: PoolEntry, { options, minFeeRate }: AcceptanceContext): void {
  const least = feeForSize(minFeeRate(), entry.virtualSize);
  if (least > 0n && entry.modifiedFee < least) {
    throw new Rejection('policy', 'mempool min fee not met', `${entry.modifiedFee} < ${least}`, true);
  }
  const relay = feeForSize(options.minRelayFeeRate, entry.virtualSize);
  if (entry.modifiedFee < relay) throw new Rejection('policy', 'min relay fee not met', `${entry.modifiedFee} < ${relay}`, true);
}

function requireTruc(entry: PoolEntry, conflicts: ReadonlySet<PoolEntry>): Candidate {
  const violation = trucViolation(entry.tx, entry.virtualSize, entry.parents, conflicts);
  if (violation === undefined) return { entry, conflicts, siblingEviction: false };
  if (violation.sibling === undefined) throw new Rejection('policy', 'TRUC-violation', violation.message);
  return { entry, conflicts: new Set([...conflicts, violation.sibling]), siblingEviction: true };
}

function requireScripts(tx: Transaction, spent: readonly Coin[], scripts: MempoolScriptChecker): void {
  const fault = scriptFault(scripts, tx, spent, standardScriptFlags);
  if (fault === undefined) return;
  // Somebody on the way may have taken the witness off a good transaction.
  const stripped = !hasWitness(tx) && spendsWitnessProgram(tx, spent);
  throw new Rejection(stripped ? 'mutated' : 'policy', `mempool-script-verify-flag-failed (${fault.text})`, fault.debug);
}
