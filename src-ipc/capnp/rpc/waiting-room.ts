import { limitReached } from './limits.js';
import type { Peer } from './peer.js';

/**
 * Counts the calls of this process that wait until a peer says where they go: for the end of an embargo, or for the
 * results of a call that the peer has made. Calls of peers are counted with those, as answers.
 */
export class WaitingRoom {
  readonly #peer: Peer;
  #calls = 0;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** A call with so many bytes of parameters begins to wait. @throws RpcError when there is no room for it */
  enter(bytes: number): void {
    const { questions } = this.#peer.limits;
    if (this.#calls >= questions) throw limitReached('questions', questions, 'Too many calls wait for promises of the peer');
    this.#peer.answers.hold(bytes);
    this.#calls++;
  }

  /** It does not wait any more. */
  leave(bytes: number): void {
    this.#peer.answers.letGo(bytes);
    this.#calls--;
  }
}
