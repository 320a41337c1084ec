/** Pushes events to windows, numbered without gaps, so that a window notices when it missed one. */
import type { EventData, FacadeEvent, FacadeEventName } from '../../src-interfaces/facade.js';

/** Sends one event to all windows. */
export type Deliver = (event: FacadeEvent) => void;

export class EventStream {
  #sequence = 0;
  readonly #deliver: Deliver;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  /** Number of the last event sent. */
  get sequence(): number {
    return this.#sequence;
  }

  push<N extends FacadeEventName>(name: N, data: EventData<N>): void {
    this.#sequence += 1;
    // A union built from a generic name: the pair is right by construction.
    this.#deliver({ sequence: this.#sequence, name, data } as FacadeEvent);
  }
}
