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

  /** Calls listeners one after another. One that fails is logged and stops nobody else. */
  emit<Name extends keyof ChainEvents>(name: Name, event: Parameters<ChainEvents[Name]>[0]): void {
    for (const listener of [...this.#listeners]) {
      const listen: ((event: Parameters<ChainEvents[Name]>[0]) => void) | undefined = listener[name];
      try {
        listen?.call(listener, event);
      } catch (error) {
        this.#logger.error(`a listener of ${name} failed: ${String(error)}`);
      }
    }
  }
}
