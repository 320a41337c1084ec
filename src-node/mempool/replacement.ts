import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { feeForSize } from '../../src-bitcoin/feerate.js';
import { maxReplacementClusters, type PolicyOptions } from '../policy/limits.js';
import { chunksOf, connectedGroups, type Cluster } from './cluster-index.js';
import { formatBitcoin } from './format-bitcoin.js';
import { compareDiagrams } from './linearize.js';
import type { PoolEntry } from './pool-entry.js';
import { Rejection } from './rejection.js';
import { ancestorsOf, descendantsOf, type TransactionPool } from './transaction-pool.js';

/** A transaction about to come in. It knows its parents; they do not know it yet. */
export interface Candidate {
  readonly entry: PoolEntry;
  /** Entries that spend the same outputs, or a sibling to be evicted. */
  readonly conflicts: ReadonlySet<PoolEntry>;
  readonly siblingEviction: boolean;
}

/**
 * Who has to leave for a replacement that pays for it.
 * @throws Rejection when it conflicts with too much or pays too little.
 */
export function replacedBy(candidate: Candidate, pool: TransactionPool, options: PolicyOptions): Set<PoolEntry> {
  const { entry, conflicts } = candidate;
  const suffix = candidate.siblingEviction ? ' (including sibling eviction)' : '';
  const id = hashToHex(entry.txid);
  const clusters = new Set([...conflicts].map((conflict) => pool.clusters.clusterOf(conflict)));
  if (clusters.size > maxReplacementClusters) {
    throw new Rejection(
      'policy',
      `too many potential replacements${suffix}`,
      `rejecting replacement ${id}; too many conflicting clusters (${clusters.size} > ${maxReplacementClusters})`,
    );
  }
  const removed = new Set(conflicts);
  for (const conflict of conflicts) for (const descendant of descendantsOf(conflict)) removed.add(descendant);
  let lost = 0n;
  for (const gone of removed) lost += gone.modifiedFee;
  const insufficient = (debug: string): Rejection =>
    new Rejection('policy', `insufficient fee${suffix}`, `rejecting replacement ${id}, ${debug}`, true);
  if (entry.modifiedFee < lost) {
    throw insufficient(`less fees than conflicting txs; ${formatBitcoin(entry.modifiedFee)} < ${formatBitcoin(lost)}`);
  }
  const extra = entry.modifiedFee - lost;
  const relay = feeForSize(options.incrementalFeeRate, entry.virtualSize);
  if (extra < relay) {
    throw insufficient(`not enough additional fees to relay; ${formatBitcoin(extra)} < ${formatBitcoin(relay)}`);
  }
  return removed;
}

/**
 * The cluster a candidate would be in once others have left.
 * @throws Rejection when it would be too large.
 */
export function clusterWith(candidate: Candidate, removed: ReadonlySet<PoolEntry>, options: PolicyOptions): PoolEntry[] {
  const members = new Set<PoolEntry>([...candidate.entry.parents].filter((parent) => !removed.has(parent)));
  for (const member of members) {
    for (const parent of member.parents) if (!removed.has(parent)) members.add(parent);
    for (const child of member.children) if (!removed.has(child)) members.add(child);
  }
  let weight = candidate.entry.adjustedWeight;
  for (const member of members) weight += member.adjustedWeight;
  if (members.size + 1 > options.clusterCount || weight > options.clusterSize * 4) {
    throw new Rejection('policy', 'too-large-cluster');
  }
  return [...members];
}

/**
 * A replacement must make the mempool better for miners at every size of block.
 * @throws Rejection when it does not.
 */
export function requireBetterDiagram(candidate: Candidate, removed: ReadonlySet<PoolEntry>, pool: TransactionPool): void {
  const affected = new Set<Cluster>();
  for (const entry of [...candidate.conflicts, ...candidate.entry.parents]) affected.add(pool.clusters.clusterOf(entry));
  const before = [...affected].flatMap((cluster) => cluster.chunks);
  const staying = [...affected].flatMap((cluster) => cluster.entries.filter((entry) => !removed.has(entry)));
  const after = connectedGroups([candidate.entry, ...staying]).flatMap(chunksOf);
  if (compareDiagrams(after, before) !== 'better') {
    throw new Rejection('policy', 'replacement-failed', 'insufficient feerate: does not improve feerate diagram', true);
  }
}

/**
 * A transaction cannot spend from one it replaces.
 * @throws Rejection when it does.
 */
export function requireDisjoint(candidate: Candidate): void {
  const ancestors = new Set(candidate.entry.parents);
  for (const parent of candidate.entry.parents) for (const ancestor of ancestorsOf(parent)) ancestors.add(ancestor);
  for (const ancestor of ancestors) {
    if (!candidate.conflicts.has(ancestor)) continue;
    throw new Rejection(
      'consensus',
      'bad-txns-spends-conflicting-tx',
      `${hashToHex(candidate.entry.txid)} spends conflicting transaction ${hashToHex(ancestor.txid)}`,
    );
  }
}
