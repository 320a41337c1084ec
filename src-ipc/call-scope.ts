/**
 * What running code knows of the call it works for, found through asynchronous context, so that interfaces need say
 * nothing of it and it makes no difference whether the caller is in this process or in another.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';

/** The call that the running code works for. */
export interface CallScope {
  /**
   * Aborted when the caller has given the call up or is gone. A method that waits or works for long ends early then;
   * others need not look: what they return is dropped.
   */
  readonly signal: AbortSignal;
}

/** The limits of a scope entered with `withSignal`. */
class SignalScope implements CallScope {
  constructor(
    readonly signal: AbortSignal,
    /** The scope it was entered in. */
    readonly outer: CallScope | undefined,
  ) {}
}

const scopes = new AsyncLocalStorage<CallScope>();
const NO_CALL: CallScope = { signal: new AbortController().signal };

/** The call that the running code works for; one that is never given up where there is none. */
export function currentCall(): CallScope {
  return scopes.getStore() ?? NO_CALL;
}

/**
 * Runs code whose calls to other processes end with the signal: they reject with its reason, and whoever works on them
 * is told, through other processes in between as well. Objects of this process find the signal in `currentCall`.
 * Ending an object (`destroy`) is not given up.
 *
 * Calls that a method makes while it is run for another process are not given up by themselves with the one it
 * answers; a method that wants that says `withSignal(currentCall().signal, …)`.
 */
export function withSignal<T>(signal: AbortSignal, run: () => T): T {
  const outer = scopes.getStore();
  const both = outer instanceof SignalScope ? AbortSignal.any([outer.signal, signal]) : signal;
  // Each call under way listens to it.
  setMaxListeners(0, both);
  return scopes.run(new SignalScope(both, outer), run);
}

/** Runs code for a call. */
export function runInScope<T>(scope: CallScope, run: () => T): T {
  return scopes.run(scope, run);
}

/** Runs code for no call, whatever it was started from. */
export function runOutsideScopes<T>(run: () => T): T {
  return scopes.exit(run);
}

/** The scope of the running code beneath those entered with `withSignal`. */
export function enclosingScope(): CallScope | undefined {
  let scope = scopes.getStore();
  while (scope instanceof SignalScope) scope = scope.outer;
  return scope;
}

/** What a call to another process made here ends with: the signal it was given, the one the running code has set, or both. */
export function outgoingSignal(given?: AbortSignal): AbortSignal | undefined {
  const scope = scopes.getStore();
  if (!(scope instanceof SignalScope)) return given;
  return given === undefined || given === scope.signal ? scope.signal : AbortSignal.any([given, scope.signal]);
}
