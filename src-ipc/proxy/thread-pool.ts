import type { Capability } from '../capnp/rpc/types.js';
import { HostedThread } from './hosted-thread.js';
import { THREAD_MAP_MAKE_THREAD } from './thread-interface.js';

/** Idle threads kept for the next call; a burst of calls needs more for its time. */
const MAX_IDLE = 64;

/** A thread of the peer, with the one of ours that waits while it works. */
export interface ThreadPair {
  readonly remote: Capability;
  readonly own: HostedThread;
  /** A reference to it, for the contexts of calls. */
  readonly ownCapability: Capability;
}

/**
 * Threads of the peer for calls that belong to no call stack. Each runs one call at a time: the reference refuses a
 * third call to a thread, and runs a second only after the first.
 */
export class ThreadPool {
  readonly #idle: ThreadPair[] = [];
  #count = 0;
  #size = 0;
  #isClosed = false;
  /** Threads the peer failed to make. */
  readonly #broken = new WeakSet<ThreadPair>();

  /**
   * @param threadMap the peer's factory of threads
   * @param processLabel name and id of this process, for the names of threads
   */
  constructor(
    private readonly threadMap: Capability,
    private readonly processLabel: string,
  ) {}

  /** Threads in use or idle. */
  get size(): number {
    return this.#size;
  }

  /** A thread nobody else uses. The peer need not have made it yet: calls can name it at once. */
  acquire(): ThreadPair {
    return this.#idle.pop() ?? this.#make();
  }

  /** Gives a thread back; not for others to use if it may still be busy. */
  release(pair: ThreadPair, isBusy = false): void {
    if (!isBusy && !this.#broken.has(pair) && !this.#isClosed && this.#idle.length < MAX_IDLE) this.#idle.push(pair);
    else this.#discard(pair);
  }

  #discard(pair: ThreadPair): void {
    this.#size--;
    pair.remote.dispose();
    pair.ownCapability.dispose();
  }

  /** Releases the idle threads; those in use follow when they are given back. */
  close(): void {
    this.#isClosed = true;
    for (const pair of this.#idle.splice(0)) this.#discard(pair);
    this.threadMap.dispose();
  }

  #make(): ThreadPair {
    this.#size++;
    const own = new HostedThread(`${this.processLabel}-${++this.#count}`);
    const call = this.threadMap.call(THREAD_MAP_MAKE_THREAD, { dataWords: 0, pointers: 1 }, (params) => {
      params.setText(0, own.name);
    });
    const pair = { remote: call.pipeline([0]), own, ownCapability: own.capability() };
    void call.results.then(
      (results) => results.dispose(),
      () => this.#broken.add(pair),
    );
    return pair;
  }
}
