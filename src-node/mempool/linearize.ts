import { maximumClosure } from './closure.js';

/** A transaction of a cluster as the ordering sees it. `parents` are positions in the same array. */
export interface ClusterNode {
  /** Satoshis, priorities included. */
  readonly fee: bigint;
  /** Weight units, adjusted for signature operations. */
  readonly size: number;
  readonly parents: readonly number[];
}

/** Fee and size of a group of transactions. */
export interface FeeAndSize {
  readonly fee: bigint;
  readonly size: number;
}

/** Transactions that are best mined together, parents before children. */
export interface Chunk extends FeeAndSize {
  readonly members: readonly number[];
}

/** Above this size, which clusters reach only for a moment after a reorganisation, the order is approximate. */
const maxExactSize = 128;

/** Negative when `a` pays less per unit of size than `b`, 0 when the same, positive when more. */
export function compareFeeRates(a: FeeAndSize, b: FeeAndSize): number {
  const difference = a.fee * BigInt(b.size) - b.fee * BigInt(a.size);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function sum(nodes: readonly ClusterNode[], members: Iterable<number>): FeeAndSize {
  let fee = 0n;
  let size = 0;
  for (const member of members) {
    const node = nodes[member];
    if (node === undefined) continue;
    fee += node.fee;
    size += node.size;
  }
  return { fee, size };
}

/** All ancestors of each node within the cluster, itself included. */
function ancestorSets(nodes: readonly ClusterNode[]): ReadonlySet<number>[] {
  const known: (Set<number> | undefined)[] = [];
  const visit = (index: number): Set<number> => {
    const done = known[index];
    if (done !== undefined) return done;
    const set = new Set<number>([index]);
    for (const parent of nodes[index]?.parents ?? []) for (const member of visit(parent)) set.add(member);
    known[index] = set;
    return set;
  };
  return nodes.map((_, index) => visit(index));
}

/** The topologically closed subset of `left` with the highest feerate (Dinkelbach's method). */
function bestClosedSubset(
  nodes: readonly ClusterNode[],
  ancestors: readonly ReadonlySet<number>[],
  left: ReadonlySet<number>,
): ReadonlySet<number> {
  let best: ReadonlySet<number> = left;
  let rate = sum(nodes, left);
  for (const index of left) {
    const members = new Set([...(ancestors[index] ?? [])].filter((member) => left.has(member)));
    const candidate = sum(nodes, members);
    if (compareFeeRates(candidate, rate) > 0) {
      best = members;
      rate = candidate;
    }
  }
  if (left.size <= 2 || left.size > maxExactSize) return best;
  const order = [...left];
  const position = new Map(order.map((index, at) => [index, at]));
  const edges = order.map((index) =>
    (nodes[index]?.parents ?? []).flatMap((parent) => {
      const at = position.get(parent);
      return at === undefined ? [] : [at];
    }),
  );
  for (;;) {
    const { fee, size } = rate;
    const gains = order.map((index) => {
      const node = nodes[index];
      return node === undefined ? 0n : node.fee * BigInt(size) - fee * BigInt(node.size);
    });
    const closure = maximumClosure(gains, edges);
    if (closure.gain <= 0n) return best;
    best = new Set(closure.members.flatMap((at) => order[at] ?? []));
    rate = sum(nodes, best);
  }
}

/**
 * Splits a cluster into chunks of falling feerate, the best order there is to mine it in.
 * The result depends on fees, sizes and dependencies only.
 */
export function linearize(nodes: readonly ClusterNode[]): Chunk[] {
  const ancestors = ancestorSets(nodes);
  const left = new Set(nodes.keys());
  const chunks: Chunk[] = [];
  while (left.size > 0) {
    const subset = bestClosedSubset(nodes, ancestors, left);
    // A parent has fewer ancestors than its child, so this order is topological.
    const members = [...subset].sort((a, b) => (ancestors[a]?.size ?? 0) - (ancestors[b]?.size ?? 0) || a - b);
    chunks.push({ members, ...sum(nodes, members) });
    for (const member of members) left.delete(member);
  }
  return chunks;
}

/**
 * Compares what two lists of chunks earn at every size of block.
 * Chunks of both are sorted here.
 * @returns `better` when `a` earns at least as much everywhere and more somewhere.
 */
export function compareDiagrams(a: readonly FeeAndSize[], b: readonly FeeAndSize[]): 'better' | 'worse' | 'equal' | 'mixed' {
  const first = diagram(a);
  const second = diagram(b);
  let above = false;
  let below = false;
  for (const { size } of [...first, ...second]) {
    const x = feeAt(first, size);
    const y = feeAt(second, size);
    const difference = x.numerator * y.denominator - y.numerator * x.denominator;
    if (difference > 0n) above = true;
    if (difference < 0n) below = true;
  }
  return above ? (below ? 'mixed' : 'better') : below ? 'worse' : 'equal';
}

/** Corners of the curve of total fee over total size, the origin included. */
function diagram(chunks: readonly FeeAndSize[]): FeeAndSize[] {
  const corners: FeeAndSize[] = [{ fee: 0n, size: 0 }];
  let fee = 0n;
  let size = 0;
  for (const chunk of [...chunks].sort((x, y) => compareFeeRates(y, x))) {
    fee += chunk.fee;
    size += chunk.size;
    corners.push({ fee, size });
  }
  return corners;
}

function feeAt(corners: readonly FeeAndSize[], size: number): { numerator: bigint; denominator: bigint } {
  let before: FeeAndSize = { fee: 0n, size: 0 };
  for (const corner of corners) {
    if (corner.size >= size) {
      const run = corner.size - before.size;
      if (run === 0) return { numerator: corner.fee, denominator: 1n };
      return {
        numerator: before.fee * BigInt(run) + (corner.fee - before.fee) * BigInt(size - before.size),
        denominator: BigInt(run),
      };
    }
    before = corner;
  }
  // Past its end a diagram stays flat: more block space earns nothing more.
  return { numerator: before.fee, denominator: 1n };
}
