import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import type { StructSize } from '../wire/types.js';
import { CallMessage } from './call-messages.js';
import type { Connection } from './connection.js';
import { RpcError, toRpcError } from './error.js';
import type { CapHook } from './hook.js';
import { innermost, watchBroken } from './hook.js';
import type { Outcome } from './outcome.js';
import { BuiltRequest } from './request.js';
import type { Peer } from './peer.js';
import type { CallOptions, Capability, LocalServer, MethodRef, PendingCall, ResultsReader } from './types.js';

/** Gives up references whose handle was collected without having been disposed. */
const forgotten = new FinalizationRegistry<{ hook: CapHook | undefined }>((cell) => {
  cell.hook?.release();
  cell.hook = undefined;
});

/** The capability references that applications hold. */
export class Handle implements Capability {
  readonly #cell: { hook: CapHook | undefined };

  /** Takes over the reference. */
  constructor(hook: CapHook) {
    this.#cell = { hook };
    forgotten.register(this, this.#cell, this);
  }

  /** Ends a handle and hands over its reference. @throws TypeError when the capability was not made by this runtime */
  static take(capability: Capability): CapHook {
    if (!(capability instanceof Handle)) throw new TypeError('Capability was not made by this runtime');
    const hook = capability.#hook().addRef();
    capability.dispose();
    return hook;
  }

  /** The hook behind a handle (borrowed). */
  static peek(capability: Capability): CapHook {
    if (!(capability instanceof Handle)) throw new TypeError('Capability was not made by this runtime');
    return capability.#hook();
  }

  get localServer(): LocalServer | undefined {
    return innermost(this.#hook()).localServer;
  }

  get connection(): Connection | undefined {
    return innermost(this.#hook()).peer?.connection;
  }

  call(method: MethodRef, paramsSize: StructSize, build: (params: StructBuilder) => void, options?: CallOptions): PendingCall {
    return new Call(startCall(this.#hook(), method, paramsSize, build), options?.signal);
  }

  dup(): Capability {
    return new Handle(this.#hook().addRef());
  }

  dispose(): void {
    const { hook } = this.#cell;
    if (hook === undefined) return;
    this.#cell.hook = undefined;
    forgotten.unregister(this);
    hook.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  whenResolved(signal?: AbortSignal): Promise<void> {
    const hook = this.#hook().addRef();
    return new Promise<void>((resolve, reject) => {
      let stopListening: (() => void) | undefined;
      const giveUp = (): void => {
        stopListening?.();
        hook.release();
        reject(toRpcError(signal?.reason));
      };
      const follow = (): void => {
        const inner = innermost(hook);
        if (inner.isPromise) {
          stopListening = inner.onSettled(follow);
          return;
        }
        signal?.removeEventListener('abort', giveUp);
        if (inner.brokenBy === undefined) resolve();
        else reject(inner.brokenBy);
        hook.release();
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      if (signal?.aborted === true) giveUp();
      else follow();
    });
  }

  onBroken(listener: (error: RpcError) => void): () => void {
    return watchBroken(this.#hook(), (error) => {
      try {
        listener(error);
      } catch (thrown) {
        // The connection that is being taken down has others to tell.
        process.emitWarning(toRpcError(thrown));
      }
    });
  }

  /** The hook, with resolved promises cut out of the way. */
  #hook(): CapHook {
    const { hook } = this.#cell;
    if (hook === undefined) throw new Error('Capability was used after it had been disposed');
    if (hook.resolution === undefined) return hook;
    const inner = innermost(hook).addRef();
    this.#cell.hook = inner;
    hook.release();
    return inner;
  }
}

/** Builds the parameters and starts the call. `tailPeer` as in CallRequest. */
export function startCall(hook: CapHook, method: MethodRef, paramsSize: StructSize, build: (params: StructBuilder) => void, tailPeer?: Peer): Outcome {
  const message = new CallMessage((paramsSize.dataWords + paramsSize.pointers) * 8, innermost(hook).peer?.limits.messageBytes);
  try {
    build(message.initParams(paramsSize));
  } catch (error) {
    message.dispose();
    throw error;
  }
  return hook.call(new BuiltRequest(method, message, tailPeer));
}

const ignore = (): void => {};

/** A call as its caller sees it. */
export class Call implements PendingCall {
  readonly #outcome: Outcome;
  #results: Promise<ResultsReader> | undefined;
  /** Whether there are to be no results for those who asked for them. */
  #isFailed = false;
  #cancelReason: unknown;

  /** Takes over the outcome. */
  constructor(outcome: Outcome, signal?: AbortSignal) {
    this.#outcome = outcome;
    if (signal === undefined || outcome.isSettled) return;
    const abort = (): void => this.cancel(signal.reason);
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);
    outcome.onSettled(() => signal.removeEventListener('abort', abort));
  }

  get results(): Promise<ResultsReader> {
    if (this.#results !== undefined) return this.#results;
    const promise = new Promise<ResultsReader>((resolve, reject) => {
      this.#outcome.onSettled((outcome) => {
        const { results } = outcome;
        if (results === undefined) {
          this.#fail(reject, this.#cancelReason ?? outcome.error);
          return;
        }
        try {
          resolve(new ReceivedResults(outcome, results.content.asStruct()));
        } catch (error) {
          outcome.dispose();
          this.#fail(reject, toRpcError(error));
        }
      });
    });
    this.#results = promise;
    if (this.#isFailed) promise.catch(ignore);
    return promise;
  }

  /** Results need not be awaited; those that arrive are spared the second promise that this takes. */
  #fail(reject: (reason: unknown) => void, reason: unknown): void {
    this.#isFailed = true;
    this.#results?.catch(ignore);
    reject(reason);
  }

  pipeline(path: readonly number[]): Capability {
    return new Handle(this.#outcome.pipeline(path));
  }

  cancel(reason?: unknown): void {
    if (this.#outcome.isSettled) {
      this.#letGo();
      return;
    }
    this.#cancelReason = reason;
    this.#outcome.cancel(new RpcError('failed', 'Call was canceled.', { cause: reason }));
  }

  /** Results that nobody has asked for until now are not going to be asked for. */
  #letGo(): void {
    if (this.#results !== undefined) return;
    this.#results = Promise.reject(new RpcError('failed', 'Call was canceled.'));
    this.#results.catch(ignore);
    this.#outcome.dispose();
  }
}

class ReceivedResults implements ResultsReader {
  readonly content: StructReader;
  #outcome: Outcome | undefined;

  constructor(outcome: Outcome, content: StructReader) {
    this.#outcome = outcome;
    this.content = content;
  }

  dispose(): void {
    this.#outcome?.dispose();
    this.#outcome = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
