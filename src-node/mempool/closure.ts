interface Edge {
  readonly to: number;
  capacity: bigint;
  readonly reverse: number;
}

/** A flow network searched depth first along shortest paths (Dinic's algorithm). */
class FlowNetwork {
  readonly #edges: Edge[][];

  constructor(size: number) {
    this.#edges = Array.from({ length: size }, () => []);
  }

  connect(from: number, to: number, capacity: bigint): void {
    const forward = this.#edges[from];
    const backward = this.#edges[to];
    if (forward === undefined || backward === undefined) throw new RangeError('no such vertex');
    forward.push({ to, capacity, reverse: backward.length });
    backward.push({ to: from, capacity: 0n, reverse: forward.length - 1 });
  }

  /** Distance of every vertex from `source` along edges with room; undefined where none leads. */
  levels(source: number): (number | undefined)[] {
    const level: (number | undefined)[] = new Array<number | undefined>(this.#edges.length).fill(undefined);
    level[source] = 0;
    const queue = [source];
    for (const vertex of queue) {
      for (const edge of this.#edges[vertex] ?? []) {
        if (edge.capacity > 0n && level[edge.to] === undefined) {
          level[edge.to] = (level[vertex] ?? 0) + 1;
          queue.push(edge.to);
        }
      }
    }
    return level;
  }

  /** Pushes as much as goes from `source` to `sink` and returns how much that was. */
  saturate(source: number, sink: number, infinite: bigint): bigint {
    let total = 0n;
    for (;;) {
      const level = this.levels(source);
      if (level[sink] === undefined) return total;
      const next = this.#edges.map(() => 0);
      for (;;) {
        const pushed = this.#push(source, sink, infinite, level, next);
        if (pushed === 0n) break;
        total += pushed;
      }
    }
  }

  #push(vertex: number, sink: number, limit: bigint, level: readonly (number | undefined)[], next: number[]): bigint {
    if (vertex === sink) return limit;
    const edges = this.#edges[vertex] ?? [];
    for (let at = next[vertex] ?? 0; at < edges.length; at++) {
      next[vertex] = at;
      const edge = edges[at];
      if (edge === undefined || edge.capacity === 0n || level[edge.to] !== (level[vertex] ?? 0) + 1) continue;
      const pushed = this.#push(edge.to, sink, limit < edge.capacity ? limit : edge.capacity, level, next);
      if (pushed === 0n) continue;
      edge.capacity -= pushed;
      const back = this.#edges[edge.to]?.[edge.reverse];
      if (back !== undefined) back.capacity += pushed;
      return pushed;
    }
    next[vertex] = edges.length;
    return 0n;
  }
}

/**
 * Picks the vertices with the highest total gain such that with each vertex all it requires are
 * picked too: the source side of a minimum cut.
 * @param requires for each vertex the vertices that must come with it.
 */
export function maximumClosure(
  gains: readonly bigint[],
  requires: readonly (readonly number[])[],
): { readonly members: readonly number[]; readonly gain: bigint } {
  const source = gains.length;
  const sink = source + 1;
  const network = new FlowNetwork(source + 2);
  let positive = 0n;
  for (const gain of gains) if (gain > 0n) positive += gain;
  const infinite = positive + 1n;
  gains.forEach((gain, vertex) => {
    if (gain > 0n) network.connect(source, vertex, gain);
    if (gain < 0n) network.connect(vertex, sink, -gain);
    for (const required of requires[vertex] ?? []) network.connect(vertex, required, infinite);
  });
  const cut = network.saturate(source, sink, infinite);
  const level = network.levels(source);
  return { members: gains.flatMap((_, vertex) => (level[vertex] === undefined ? [] : [vertex])), gain: positive - cut };
}
