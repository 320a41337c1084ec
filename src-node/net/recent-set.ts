/** A set of bounded size that forgets what was added first. */
export class RecentSet {
  readonly #limit: number;
  readonly #items = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(item: string): boolean {
    return this.#items.has(item);
  }

  add(item: string): void {
    if (this.#items.has(item)) return;
    this.#items.add(item);
    if (this.#items.size <= this.#limit) return;
    const [oldest] = this.#items;
    if (oldest !== undefined) this.#items.delete(oldest);
  }

  clear(): void {
    this.#items.clear();
  }
}
