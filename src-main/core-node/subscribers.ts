/** Subscribers of an event that is found out here, instead of being told by the node. */
import type { Handler } from '../../src-interfaces/generated/handler.js';

interface Callback {
  destroy?(): Promise<void>;
}

export class Subscribers<C extends Callback> {
  readonly #callbacks = new Map<C, Handler>();
  readonly #changed: () => void;

  /** @param changed called when the number of subscribers has changed */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  get count(): number {
    return this.#callbacks.size;
  }

  add(callback: C): Handler {
    let ended: Promise<void> | undefined;
    const end = async (): Promise<void> => {
      this.#callbacks.delete(callback);
      this.#changed();
      await callback.destroy?.();
    };
    const once = (): Promise<void> => (ended ??= end());
    const handler = { disconnect: once, destroy: once };
    this.#callbacks.set(callback, handler);
    this.#changed();
    return handler;
  }

  /** Calls each subscriber and waits for all; one that fails is dropped. */
  async tell(deliver: (callback: C) => Promise<void>): Promise<void> {
    await Promise.all([...this.#callbacks].map(([callback, handler]) => deliver(callback).catch(() => handler.destroy())));
  }

  /** Ends every subscription. */
  async end(): Promise<void> {
    await Promise.allSettled([...this.#callbacks.values()].map((handler) => handler.destroy()));
  }
}
