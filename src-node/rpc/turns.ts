import { setImmediate as nextTurn } from 'node:timers/promises';
import { rpcError } from '../../src-interfaces/rpc/codes.js';

/** Milliseconds of work after which others get their turn. */
const turnLength = 25;

/** Cuts a command's long work into turns, between which the node does everything else. */
export class Turns {
  readonly #stopping: AbortSignal;
  #since = performance.now();

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  /** To be awaited between two small pieces of work. @throws RpcFailure once the node stops */
  async pause(): Promise<void> {
    if (performance.now() - this.#since < turnLength) return;
    await nextTurn();
    if (this.#stopping.aborted) throw rpcError('misc', 'Shutting down');
    this.#since = performance.now();
  }
}
