import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Signal } from '../wallet-events.js';

type Callback = { destroy?(): Promise<void> };

/** Queues one delivery to the subscriber. */
export type Deliver = (send: () => Promise<void>) => void;

/** The subscriptions a client made through one object: they end with it. */
export class HandlerSet {
  readonly #handlers = new Set<Handler>();

  /**
   * Forwards a signal to a subscriber, in order and one at a time, until the handler or the subscriber ends.
   * @param listener makes the signal's listener from the queue
   */
  listen<C extends Callback, A extends readonly unknown[]>(callback: C, signal: Signal<A>, listener: (deliver: Deliver) => (...values: A) => void): Handler {
    let tail = Promise.resolve();
    let ended: Promise<void> | undefined;
    const stop = signal.listen(
      listener((send) => {
        tail = tail.then(async () => {
          if (ended !== undefined) return;
          // A subscriber that cannot be reached is gone: nobody else is concerned.
          await send().catch(() => void end());
        });
      }),
    );
    const end = (): Promise<void> =>
      (ended ??= (async () => {
        stop();
        this.#handlers.delete(handler);
        await callback.destroy?.();
      })());
    const handler: Handler = { disconnect: end, destroy: end };
    this.#handlers.add(handler);
    return handler;
  }

  async endAll(): Promise<void> {
    await Promise.allSettled([...this.#handlers].map((handler) => handler.destroy()));
  }
}
