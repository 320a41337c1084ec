import type { RetryClock } from './retrying.js';

/** A clock that stands until it is moved. */
export class ManualClock implements RetryClock {
  #now = 0;
  #waiting: { readonly at: number; readonly callback: () => void }[] = [];

  now = (): number => this.#now;

  after(milliseconds: number, callback: () => void): () => void {
    const entry = { at: this.#now + milliseconds, callback };
    this.#waiting.push(entry);
    return () => (this.#waiting = this.#waiting.filter((other) => other !== entry));
  }

  get planned(): number {
    return this.#waiting.length;
  }

  /** Moves on, and lets what became due run to its end. */
  async move(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
