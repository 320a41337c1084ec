import type { BlockEntry } from './block-entry.js';

/** True when the chain up to `a` is preferred over that up to `b`: more work, or complete earlier. */
export function isBetter(a: BlockEntry, b: BlockEntry): boolean {
  return a.chainWork === b.chainWork ? a.sequence < b.sequence : a.chainWork > b.chainWork;
}

/** Complete blocks that may become the tip, as a heap with the best one on top. */
export class Candidates {
  #heap: BlockEntry[] = [];

  add(entry: BlockEntry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || !isBetter(entry, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  /** The best candidate, or undefined. */
  get best(): BlockEntry | undefined {
    return this.#heap[0];
  }

  removeBest(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = heap[childAt];
      const right = heap[childAt + 1];
      if (child !== undefined && right !== undefined && isBetter(right, child)) {
        child = right;
        childAt++;
      }
      if (child === undefined || !isBetter(child, last)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
  }

  /** Forgets candidates that are no better than the tip, and the tip's own ancestors. */
  prune(tip: BlockEntry): void {
    if (this.#heap.length < 64) return;
    this.replace(this.#heap.filter((entry) => entry === tip || isBetter(entry, tip)));
  }

  replace(entries: Iterable<BlockEntry>): void {
    this.#heap = [];
    for (const entry of entries) this.add(entry);
  }
}
