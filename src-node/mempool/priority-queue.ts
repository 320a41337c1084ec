/** A binary heap: `pop` gives the item that `compare` puts first. */
export class PriorityQueue<T> {
  #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = items[up];
      if (above === undefined || this.#compare(item, above) >= 0) break;
      items[at] = above;
      at = up;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let below = items[down];
      if (below === undefined) break;
      const right = items[down + 1];
      if (right !== undefined && this.#compare(right, below) < 0) {
        down++;
        below = right;
      }
      if (this.#compare(below, last) >= 0) break;
      items[at] = below;
      at = down;
    }
    items[at] = last;
    return first;
  }

  /** Keeps only the items that `wanted` accepts. */
  retain(wanted: (item: T) => boolean): void {
    const kept = this.#items.filter(wanted);
    this.#items = [];
    for (const item of kept) this.push(item);
  }
}
