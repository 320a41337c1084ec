import type { Logger } from '../../src-interfaces/logging.js';
import type { ChainEvents } from './types.js';

/** Tells listeners what happened to the chain, in order. */
export class EventHub {
  readonly #listeners = new Set<Partial<ChainEvents>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  subscribe(events: Partial<ChainEvents>): () => void {
    this.#listeners.add(events);
    return () => this.#listeners.delete(events);
  }

  /** Tells one listener after another. One that fails is logged and stops nobody else. */
  emit(tell: (listener: Partial<ChainEvents>) => void): void {
    for (const listener of [...this.#listeners]) {
      try {
        tell(listener);
      } catch (error) {
        this.#logger.error(`a listener to chain events failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  }
}
