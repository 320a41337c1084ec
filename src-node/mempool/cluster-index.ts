import { compareFeeRates, linearize, type Chunk, type ClusterNode, type FeeAndSize } from './linearize.js';
import type { PoolEntry } from './pool-entry.js';
import { PriorityQueue } from './priority-queue.js';

/** A group of transactions to mine together, parents first. Size in weight units. */
export interface EntryChunk extends FeeAndSize {
  readonly entries: readonly PoolEntry[];
}

/** Transactions connected by spending each other's outputs. */
export class Cluster {
  readonly entries: readonly PoolEntry[];
  #chunks: readonly EntryChunk[] | undefined;

  constructor(entries: readonly PoolEntry[]) {
    this.entries = entries;
  }

  get adjustedWeight(): number {
    return this.entries.reduce((sum, entry) => sum + entry.adjustedWeight, 0);
  }

  /** The cluster in the order it is best mined in, by falling feerate. */
  get chunks(): readonly EntryChunk[] {
    return (this.#chunks ??= chunksOf(this.entries));
  }
}

/** Orders any set of entries as if nothing else were in the mempool. */
export function chunksOf(entries: readonly PoolEntry[]): EntryChunk[] {
  const only = entries[0];
  if (entries.length === 1 && only !== undefined) {
    return [{ fee: only.modifiedFee, size: only.adjustedWeight, entries: [only] }];
  }
  const position = new Map(entries.map((entry, at) => [entry, at]));
  const nodes: ClusterNode[] = entries.map((entry) => ({
    fee: entry.modifiedFee,
    size: entry.adjustedWeight,
    parents: [...entry.parents].flatMap((parent) => position.get(parent) ?? []),
  }));
  return linearize(nodes).map((chunk: Chunk) => ({
    fee: chunk.fee,
    size: chunk.size,
    entries: chunk.members.flatMap((member) => entries[member] ?? []),
  }));
}

/** Splits a set of entries, parents or children of each other or not, into what is connected within it. */
export function connectedGroups(entries: readonly PoolEntry[]): PoolEntry[][] {
  const left = new Set(entries);
  const neighbours = new Map<PoolEntry, PoolEntry[]>(entries.map((entry) => [entry, []]));
  for (const entry of entries) {
    for (const parent of entry.parents) {
      if (!left.has(parent)) continue;
      neighbours.get(entry)?.push(parent);
      neighbours.get(parent)?.push(entry);
    }
  }
  const groups: PoolEntry[][] = [];
  for (const entry of entries) {
    if (!left.delete(entry)) continue;
    const group = [entry];
    for (const member of group) {
      for (const neighbour of neighbours.get(member) ?? []) if (left.delete(neighbour)) group.push(neighbour);
    }
    groups.push(group);
  }
  return groups;
}

function isCurrent(cluster: Cluster): boolean {
  return cluster.entries[0]?.cluster === cluster;
}

function worstOf(cluster: Cluster): EntryChunk | undefined {
  return cluster.chunks[cluster.chunks.length - 1];
}

/**
 * Knows which entries belong together. Changes only mark what they touch; clusters are found again
 * when somebody asks.
 */
export class ClusterIndex {
  readonly #unassigned = new Set<PoolEntry>();
  readonly #worst = new PriorityQueue<{ readonly cluster: Cluster; readonly chunk: EntryChunk }>((a, b) =>
    compareFeeRates(a.chunk, b.chunk),
  );

  #pruneAt = 1024;

  /** Call after an entry came in, got other relatives or another fee. */
  touch(entry: PoolEntry): void {
    this.#dissolve(entry);
    this.#unassigned.add(entry);
    for (const relative of entry.parents) this.#dissolve(relative);
    for (const relative of entry.children) this.#dissolve(relative);
  }

  /** Call while the entry still knows its relatives. */
  remove(entry: PoolEntry): void {
    this.#dissolve(entry);
    this.#unassigned.delete(entry);
  }

  #dissolve(entry: PoolEntry): void {
    const cluster = entry.cluster;
    if (cluster === undefined) return;
    for (const member of cluster.entries) {
      member.cluster = undefined;
      this.#unassigned.add(member);
    }
  }

  clusterOf(entry: PoolEntry): Cluster {
    return entry.cluster ?? this.#gather(entry);
  }

  #gather(entry: PoolEntry): Cluster {
    const members = new Set<PoolEntry>([entry]);
    for (const member of members) {
      for (const parent of member.parents) members.add(parent);
      for (const child of member.children) members.add(child);
    }
    const cluster = new Cluster([...members]);
    for (const member of members) {
      member.cluster = cluster;
      this.#unassigned.delete(member);
    }
    const chunk = worstOf(cluster);
    if (chunk !== undefined) this.#worst.push({ cluster, chunk });
    if (this.#worst.size > this.#pruneAt) {
      this.#worst.retain((queued) => isCurrent(queued.cluster));
      this.#pruneAt = Math.max(1024, 2 * this.#worst.size);
    }
    return cluster;
  }

  /** The chunk with the lowest feerate in the whole mempool: what a full mempool gives up first. */
  worstChunk(): EntryChunk | undefined {
    for (const entry of [...this.#unassigned]) if (entry.cluster === undefined) this.#gather(entry);
    for (;;) {
      const candidate = this.#worst.peek();
      if (candidate === undefined) return undefined;
      // Clusters that changed since left their old place in the queue behind.
      if (isCurrent(candidate.cluster)) return candidate.chunk;
      this.#worst.pop();
    }
  }
}
