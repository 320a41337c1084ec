import { enclosingScope, runInScope, runOutsideScopes, type CallScope } from '../call-scope.js';
import type { Capability, IncomingCall } from '../capnp/rpc/types.js';
import type { HostedThread } from './hosted-thread.js';
import type { Session } from './session.js';

const NEVER = new AbortController().signal;

/**
 * A level of a call stack that spans processes: a method being run for a peer, or a call of our own that began outside
 * of any. Code run by a method finds its frame through asynchronous context, however deep in promises it is.
 */
export class Frame implements CallScope {
  /** Calls that this level's code has sent on its thread and not had answered. */
  waiting = 0;
  /** False once the method has returned; what its code calls later belongs to no stack. */
  isActive = true;
  /** Calls back to the caller, one after the other: its thread can run one at a time. */
  #lastCallback: Promise<unknown> = Promise.resolve();

  /**
   * @param thread our thread that the level runs on
   * @param parent the level below, waiting for this one
   * @param caller the peer that called, with its thread that waits for this level and runs calls back meanwhile
   * @param call the call it is run for; undefined for a level that a call of our own began
   */
  constructor(
    readonly thread: HostedThread,
    readonly parent: Frame | undefined,
    readonly caller: { readonly session: Session; readonly thread: Capability } | undefined,
    private readonly call?: IncomingCall,
  ) {}

  get signal(): AbortSignal {
    return this.call?.signal ?? NEVER;
  }

  /** Runs `send` when all earlier calls back to this level's caller are answered. */
  callBack<T>(send: () => Promise<T>): Promise<T> {
    const result = this.#lastCallback.then(send, send);
    this.#lastCallback = result.catch(() => undefined);
    return result;
  }
}

/** Runs code as part of a frame. */
export function runInFrame<T>(frame: Frame, run: () => T): T {
  return runInScope(frame, run);
}

/** Runs code that belongs to no frame, whatever it was started from. */
export function runOutsideFrames<T>(run: () => T): T {
  return runOutsideScopes(run);
}

/** The frame the running code belongs to, if it is still active. */
export function currentFrame(): Frame | undefined {
  const scope = enclosingScope();
  let frame = scope instanceof Frame ? scope : undefined;
  while (frame !== undefined && !frame.isActive) frame = frame.parent;
  return frame;
}

/** The nearest level that was called by a peer and can call it back on the waiting thread. */
export function frameCalledBy(session: Session, start: Frame | undefined): Frame | undefined {
  for (let frame = start; frame !== undefined; frame = frame.parent) {
    if (frame.isActive && frame.caller?.session === session) return frame;
  }
  return undefined;
}
