import type { MempoolEvents } from './types.js';

/** The mempool's listeners, called in the order they subscribed. */
export class MempoolListeners {
  readonly #listeners = new Set<Partial<MempoolEvents>>();

  subscribe(events: Partial<MempoolEvents>): () => void {
    this.#listeners.add(events);
    return () => {
      this.#listeners.delete(events);
    };
  }

  added(event: Parameters<MempoolEvents['added']>[0]): void {
    for (const listener of [...this.#listeners]) listener.added?.(event);
  }

  removed(event: Parameters<MempoolEvents['removed']>[0]): void {
    for (const listener of [...this.#listeners]) listener.removed?.(event);
  }
}
