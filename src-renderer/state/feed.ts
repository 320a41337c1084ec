import type { Facade, FacadeEvent, Snapshot } from '../../src-interfaces/facade.js';

/** Where the feed delivers. Calls come in order, each event exactly once. */
export interface FeedTarget {
  readonly onSnapshot: (snapshot: Snapshot) => void;
  readonly onEvent: (event: FacadeEvent) => void;
  readonly onFailure: (message: string) => void;
}

/**
 * Follows the bridge: subscribes first, then asks for one snapshot, then applies the events after it.
 * A gap in the sequence numbers (an event was lost) asks for one more snapshot. Nothing else ever asks.
 */
export function followFacade(facade: Pick<Facade, 'onEvent'> & { readonly app: Pick<Facade['app'], 'snapshot'> }, target: FeedTarget): () => void {
  let sequence = 0;
  let waiting = true;
  let stopped = false;
  let early: FacadeEvent[] = [];

  const accept = (event: FacadeEvent): void => {
    if (stopped || event.sequence <= sequence) return;
    if (event.sequence !== sequence + 1) {
      early = [event];
      waiting = true;
      void ask();
      return;
    }
    sequence = event.sequence;
    target.onEvent(event);
  };

  const ask = async (): Promise<void> => {
    const answer = await facade.app.snapshot();
    if (stopped) return;
    if (!answer.ok) {
      target.onFailure(answer.error.message);
      return;
    }
    sequence = answer.value.sequence;
    target.onSnapshot(answer.value);
    waiting = false;
    const pending = early;
    early = [];
    for (const [index, event] of pending.entries()) {
      accept(event);
      // A second gap: the rest waits for the snapshot that accept() just asked for.
      if (waiting) {
        early.push(...pending.slice(index + 1));
        return;
      }
    }
  };

  const unsubscribe = facade.onEvent((event) => {
    if (waiting) early.push(event);
    else accept(event);
  });
  void ask();
  return () => {
    stopped = true;
    unsubscribe();
  };
}
