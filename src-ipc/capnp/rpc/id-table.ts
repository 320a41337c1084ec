/**
 * Entries under small numbers. A new entry gets the lowest free number, as the reference does it, so that the tables
 * of both sides stay small.
 */
export class IdTable<T> {
  readonly #entries: (T | undefined)[] = [];
  /** Free numbers below the end, as a binary heap with the lowest first. */
  readonly #free: number[] = [];

  /** Number of entries in use. */
  get size(): number {
    return this.#entries.length - this.#free.length;
  }

  get(id: number): T | undefined {
    return this.#entries[id];
  }

  /** Makes an entry; `make` is given its number. */
  add(make: (id: number) => T): T {
    const id = this.#free.length > 0 ? this.#takeLowest() : this.#entries.length;
    const entry = make(id);
    this.#entries[id] = entry;
    return entry;
  }

  /** Removes an entry and frees its number. */
  remove(id: number): void {
    if (this.#entries[id] === undefined) return;
    this.#entries[id] = undefined;
    this.#release(id);
  }

  /** Removes and returns all entries. */
  clear(): T[] {
    const all = this.#entries.filter((entry): entry is T => entry !== undefined);
    this.#entries.length = 0;
    this.#free.length = 0;
    return all;
  }

  #at(index: number): number {
    return this.#free[index] ?? Number.POSITIVE_INFINITY;
  }

  #takeLowest(): number {
    const free = this.#free;
    const lowest = this.#at(0);
    const last = free.pop() ?? lowest;
    if (free.length > 0) {
      let index = 0;
      for (;;) {
        const left = 2 * index + 1;
        const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
        if (this.#at(child) >= last) break;
        free[index] = this.#at(child);
        index = child;
      }
      free[index] = last;
    }
    return lowest;
  }

  #release(id: number): void {
    const free = this.#free;
    let index = free.length;
    free.push(id);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= id) break;
      free[index] = this.#at(parent);
      index = parent;
    }
    free[index] = id;
  }
}
