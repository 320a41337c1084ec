import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import type { StructSize } from '../wire/types.js';
import type { Connection } from './connection.js';
import type { RpcError } from './error.js';

/** A method of an interface: what goes over the wire and the names that errors and logs use. */
export interface MethodRef {
  /** Id of the interface that declares the method, which may be a superclass of the one called. */
  readonly interfaceId: bigint;
  /** Ordinal of the method in that interface. */
  readonly methodId: number;
  readonly interfaceName: string;
  readonly methodName: string;
}

export interface CallOptions {
  /** Cancels the call: the results reject with the signal's reason and the callee's signal is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * A counted reference to an object with methods, which may live here, at the peer, or not be known yet. Whoever holds
 * a reference disposes it when done; using it afterwards throws. Putting it into a message hands it over.
 */
export interface Capability {
  /**
   * Calls a method. `build` is run at once and fills the parameters. Failures of any kind, the loss of the
   * connection included, are reported through the returned call, never thrown, except errors thrown by `build`.
   * Calls made through one reference arrive in the order they were made.
   */
  call(method: MethodRef, paramsSize: StructSize, build: (params: StructBuilder) => void, options?: CallOptions): PendingCall;
  /** Another reference to the same object. */
  dup(): Capability;
  /** Gives the reference up. Doing it twice is harmless. */
  dispose(): void;
  [Symbol.dispose](): void;
  /**
   * Fulfilled once it is known which object this is; rejected with an RpcError when that failed, or with the signal's
   * reason when it is aborted before.
   */
  whenResolved(signal?: AbortSignal): Promise<void>;
  /**
   * Runs `listener` (at once or later) when it is known that no call can succeed any more: the object could not be
   * had, or its connection ended. Returns a function that takes the listener off.
   */
  onBroken(listener: (error: RpcError) => void): () => void;
  /** The server object behind it, when that lives in this process and is known already. */
  readonly localServer: LocalServer | undefined;
  /** The connection its object is reached over; undefined for objects of this process or not known yet. */
  readonly connection: Connection | undefined;
}

/** The results of a call. Capabilities in it are released with `dispose`; those taken out before have their own life. */
export interface ResultsReader extends Disposable {
  readonly content: StructReader;
  dispose(): void;
}

/** A call under way. */
export interface PendingCall {
  /** The results, or an RpcError. Need not be awaited: no unhandled rejection arises. Dispose what it yields. */
  readonly results: Promise<ResultsReader>;
  /**
   * The capability that will be found by following these pointer indices from the results, usable before they are
   * here. A new reference, to be disposed. An empty path means that the result itself is a capability.
   */
  pipeline(path: readonly number[]): Capability;
  /**
   * Gives up the call: results that have not arrived reject as cancelled, and the callee is told; results that have
   * arrived and were not asked for are let go.
   */
  cancel(reason?: unknown): void;
}

/** A call that arrived. */
export interface IncomingCall {
  readonly interfaceId: bigint;
  readonly methodId: number;
  /** Valid until the dispatch has settled or `releaseParams` was called. Capabilities taken out must be disposed. */
  readonly params: StructReader;
  /** Makes the result struct; at most once. A call whose results were never made returns a null pointer. */
  initResults(size: StructSize): StructBuilder;
  /** Lets go of the parameters and the capabilities in them before the call ends. */
  releaseParams(): void;
  /**
   * Answers this call with whatever another call yields, without waiting for it here. Takes the place of results; the
   * dispatch should return right after.
   */
  tailCall(target: Capability, method: MethodRef, paramsSize: StructSize, build: (params: StructBuilder) => void): void;
  /** Aborted when the caller gave up the call or its connection ended. */
  readonly signal: AbortSignal;
  /** Whether that is so by now. */
  readonly isCancelled: boolean;
  /** Run when that comes to be so, with the reason; for one who waits, as a signal is not cheap. */
  onCancelled: ((reason: RpcError) => void) | undefined;
  /** The connection the call came over; undefined for a call from inside this process. */
  readonly connection: Connection | undefined;
}

/** An object that can be called. What `dispatch` throws becomes the call's exception. */
export interface LocalServer {
  /** Starts at once; a promise keeps the call open. Use `methodNotImplemented` and `interfaceNotImplemented`. */
  dispatch(call: IncomingCall): Promise<void> | void;
  /** The last reference, of any peer or of this process, is gone. */
  released?(): void;
}
