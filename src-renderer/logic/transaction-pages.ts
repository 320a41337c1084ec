import type { FacadeError, Result, TransactionPage, TransactionRow } from '../../src-interfaces/facade.js';

export const PAGE = 100;

export type LoadPage = (offset: number, limit: number) => Promise<Result<TransactionPage, FacadeError>>;

interface CachedPage {
  readonly rows: readonly TransactionRow[];
  fresh: boolean;
}

/**
 * Rows of a long list, fetched by page as they come into view. After `invalidate` the old rows stay on
 * screen until the new ones are there, so a new payment moves the list once and nothing flickers.
 */
export class TransactionPages {
  private readonly pages = new Map<number, CachedPage>();
  private readonly loading = new Set<number>();
  private generation = 0;
  private wanted: readonly [number, number] = [0, 0];
  private version = 0;
  /** Rows that match; null until the first page arrived. */
  total: number | null = null;
  error: FacadeError | null = null;

  constructor(
    private readonly load: LoadPage,
    private readonly onChange: () => void,
  ) {}

  /** Grows with every change: a snapshot for React. */
  get revision(): number {
    return this.version;
  }

  rowAt(index: number): TransactionRow | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.rows[index % PAGE];
  }

  /** Says which rows are in view (inclusive); fetches the pages that are missing or stale. */
  ensure(first: number, last: number): void {
    this.wanted = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    const [from, to] = this.wanted;
    for (let page = from; page <= to; page++) {
      if (this.pages.get(page)?.fresh !== true && !this.loading.has(page)) void this.fetch(page);
    }
  }

  /** The list changed: what is in view is fetched again, the rest when it comes into view. */
  invalidate(): void {
    this.generation++;
    this.loading.clear();
    for (const page of this.pages.values()) page.fresh = false;
    const [from, to] = this.wanted;
    this.ensure(from * PAGE, to * PAGE);
  }

  private async fetch(page: number): Promise<void> {
    const generation = this.generation;
    this.loading.add(page);
    const answer = await this.load(page * PAGE, PAGE);
    if (generation !== this.generation) return;
    this.loading.delete(page);
    if (answer.ok) {
      this.error = null;
      this.total = answer.value.total;
      this.pages.set(page, { rows: answer.value.rows, fresh: true });
      for (const known of [...this.pages.keys()]) if (known * PAGE >= answer.value.total) this.pages.delete(known);
    } else {
      this.error = answer.error;
    }
    this.version++;
    this.onChange();
  }
}
