import type { RpcError } from './error.js';
import type { Outcome } from './outcome.js';
import type { CallRequest } from './request.js';
import type { Peer } from './peer.js';
import type { LocalServer } from './types.js';

const nothing = (): void => {};

/**
 * What stands behind capability handles: an object of this process, one of a peer, or a promise for either. Counted
 * explicitly; whoever creates or is given a hook owns one reference and gives it up with `release`.
 */
export abstract class CapHook {
  #references = 1;
  /** Told when the last reference goes; for caches that hold the hook without counting. */
  onDropped: (() => void) | undefined;

  addRef(): this {
    if (this.#references === 0) throw new Error('Capability was used after its last reference had been released');
    this.#references++;
    return this;
  }

  release(): void {
    if (this.#references === 0) throw new Error('Capability was released more often than referenced');
    if (--this.#references > 0) return;
    this.onDropped?.();
    this.dropped();
  }

  /** Starts a call and takes over the request. Never throws: failures are outcomes. */
  abstract call(request: CallRequest): Outcome;

  /** What a promise has resolved to so far (borrowed). */
  get resolution(): CapHook | undefined {
    return undefined;
  }

  /** What an unresolved promise waits for, when that is known (borrowed). */
  get awaited(): CapHook | undefined {
    return undefined;
  }

  /** Whether it is still open what this refers to. */
  get isPromise(): boolean {
    return false;
  }

  /** The connection calls go over. */
  get peer(): Peer | undefined {
    return undefined;
  }

  get localServer(): LocalServer | undefined {
    return undefined;
  }

  /** Why no call can succeed. */
  get brokenBy(): RpcError | undefined {
    return undefined;
  }

  /** Calls `listener` once `isPromise` is false, at once if it is already. Returns a function that takes it back. */
  onSettled(listener: () => void): () => void {
    listener();
    return nothing;
  }

  /** Calls `listener` when a settled hook becomes unusable. Returns a function that takes it back. */
  onBroken(listener: (error: RpcError) => void): () => void {
    void listener;
    return nothing;
  }

  /** The last reference has gone. */
  protected dropped(): void {}
}

const released: CapHook[] = [];
let isReleasing = false;

/**
 * Gives up the reference that a dropped hook has to another. Hooks that hold one another in a long chain are dropped one
 * after the other, instead of deeper and deeper on the stack.
 */
export function releaseInTurn(hook: CapHook): void {
  released.push(hook);
  if (isReleasing) return;
  isReleasing = true;
  try {
    for (let next = released.pop(); next !== undefined; next = released.pop()) next.release();
  } finally {
    isReleasing = false;
  }
}

/** Follows promises that have resolved, as far as is known (borrowed). */
export function innermost(hook: CapHook): CapHook {
  let current = hook;
  for (let next = current.resolution; next !== undefined; next = current.resolution) current = next;
  return current;
}

/** Watches for a hook becoming unusable, through all its resolutions. Returns a function that stops watching. */
export function watchBroken(hook: CapHook, listener: (error: RpcError) => void): () => void {
  let stop: (() => void) | undefined;
  let isStopped = false;
  const follow = (): void => {
    if (isStopped) return;
    const inner = innermost(hook);
    const error = inner.brokenBy;
    if (error !== undefined) listener(error);
    else stop = inner.isPromise ? inner.onSettled(follow) : inner.onBroken(listener);
  };
  follow();
  return () => {
    isStopped = true;
    stop?.();
  };
}
