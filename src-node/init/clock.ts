import type { Clock } from '../rpc/context.js';

/** The system's time, or a mocked one. */
export class NodeClock implements Clock {
  #mock: number;
  readonly #listeners = new Set<(seconds: number) => void>();

  /** @param mockTime seconds since 1970, 0 for real time (-mocktime) */
  constructor(mockTime = 0) {
    this.#mock = mockTime;
  }

  get mockTime(): number {
    return this.#mock;
  }

  readonly now = (): number => (this.#mock === 0 ? Math.floor(Date.now() / 1000) : this.#mock);

  setMockTime(seconds: number): void {
    this.#mock = seconds;
    for (const listener of this.#listeners) listener(seconds);
  }

  /** Calls back with every mocked time set from now on; returns a function that ends it. */
  onMockTime(listener: (seconds: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
