/**
 * The renderer bridge, described once.
 *
 * `facadeSchema` lists every call the window can make (group → call → argument shapes) and every event
 * main pushes. The type of `window.bulkhead`, the handlers main must provide, the channel names and the
 * argument checks all follow from it: adding a call is one line here plus its implementation.
 *
 * State reaches the renderer by events only. It asks `app.snapshot` once; every event carries a sequence
 * number one above the one before; a renderer that sees a gap asks for a new snapshot. Nothing polls.
 */
import type { Call, EventOf, facadeSchema } from './facade-schema.js';
import type { Fields, InferFields } from './facade-shape.js';

export { facadeSchema, type Call, type EventOf, type Snapshot } from './facade-schema.js';
export type * from './facade-state.js';

/** A value, or an error that the caller shows or acts on. Calls never reject for expected failures. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export type FacadeErrorCode =
  | 'invalid-argument' // `field` names it
  | 'not-ready' // the program is still starting
  | 'disconnected' // the program it needs is not there; see compartments
  | 'not-found'
  | 'already-exists'
  | 'wrong-passphrase'
  | 'wallet-locked'
  | 'invalid-address'
  | 'wrong-network'
  | 'dust'
  | 'insufficient-funds'
  | 'fee-too-high'
  | 'fee-too-low'
  | 'expired' // a draft that no longer exists
  | 'rejected' // the node or wallet refused; `message` says why
  | 'rpc' // console: `details` is the RPC error object as JSON text
  | 'unsupported'
  | 'internal';

export interface FacadeError {
  readonly code: FacadeErrorCode;
  /** What happened and why, in plain words, ready to be shown. */
  readonly message: string;
  /** Argument that caused it, as a path: `recipients[1].amount`. */
  readonly field?: string;
  /** Technical text for the log or an expandable part. */
  readonly details?: string;
}

type Calls = (typeof facadeSchema)['calls'];
type Events = (typeof facadeSchema)['events'];

export type GroupName = keyof Calls;
export type CallName<G extends GroupName> = keyof Calls[G] & string;
export type ArgumentsOf<C> = C extends Call<infer A, unknown> ? InferFields<A> : never;
export type ReturnOf<C> = C extends Call<Fields, infer R> ? R : never;
export type FacadeResult<T> = Promise<Result<T, FacadeError>>;

type Method<C> =
  C extends Call<infer A, infer R>
    ? keyof A extends never
      ? () => FacadeResult<R>
      : (args: InferFields<A>) => FacadeResult<R>
    : never;

/** What main implements: every call of every group, arguments already checked. */
export type FacadeHandlers = {
  readonly [G in GroupName]: {
    readonly [C in keyof Calls[G]]: (args: ArgumentsOf<Calls[G][C]>) => FacadeResult<ReturnOf<Calls[G][C]>>;
  };
};

export type FacadeEventName = keyof Events;
export type EventData<N extends FacadeEventName> = Events[N] extends EventOf<infer T> ? T : never;
/** One pushed event. `sequence` grows by one with each event sent to this window. */
export type FacadeEvent = {
  readonly [N in FacadeEventName]: { readonly sequence: number; readonly name: N; readonly data: EventData<N> };
}[FacadeEventName];

/** `window.bulkhead`, as the preload exposes it. */
export type Facade = {
  readonly [G in GroupName]: { readonly [C in keyof Calls[G]]: Method<Calls[G][C]> };
} & {
  /** Subscribes to all events; the returned function ends it. */
  readonly onEvent: (listener: (event: FacadeEvent) => void) => () => void;
};

/** Channel on which main pushes `FacadeEvent`s. */
export const EVENT_CHANNEL = 'bulkhead:event';

/** Channel of a call: `bulkhead:wallet.prepare`. */
export function channelOf(group: string, name: string): string {
  return `bulkhead:${group}.${name}`;
}
