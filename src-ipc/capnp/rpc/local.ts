import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import type { StructSize } from '../wire/types.js';
import { BrokenHook, nullHook } from './broken.js';
import { ReturnMessage } from './call-messages.js';
import type { Connection } from './connection.js';
import type { RpcError } from './error.js';
import { toRpcError } from './error.js';
import { Handle, startCall } from './handle.js';
import { CapHook } from './hook.js';
import { Outcome } from './outcome.js';
import type { ResolvableHook } from './outcome.js';
import { QueueHook } from './queue.js';
import type { CallRequest } from './request.js';
import { Results } from './results.js';
import type { WaitingRoom } from './waiting-room.js';
import type { Capability, IncomingCall, LocalServer, MethodRef } from './types.js';

/** The one hook of each server object that has references, so that it is exported once however often it is passed. */
const hooks = new WeakMap<LocalServer, LocalHook>();

/** A reference to an object of this process. Wrapping the same object again yields the same capability. */
export function localCapability(server: LocalServer): Capability {
  return new Handle(localHook(server));
}

/** The hook of a server object, with a new reference. */
export function localHook(server: LocalServer): CapHook {
  const known = hooks.get(server);
  if (known !== undefined) return known.addRef();
  const hook = new LocalHook(server);
  hooks.set(server, hook);
  return hook;
}

/** What a null capability pointer stands for: every call fails, and it is sent as null. */
export function nullCapability(): Capability {
  return new Handle(nullHook());
}

/** A capability every call on which fails with `error`. */
export function brokenCapability(error: RpcError): Capability {
  return new Handle(new BrokenHook(error));
}

/** A capability that can be called before it is known; calls wait in order. A rejection breaks it. */
export function promisedCapability(promise: Promise<Capability>): Capability {
  const queue = new QueueHook();
  queue.addRef();
  promise.then(
    (capability) => {
      queue.resolve(Handle.take(capability));
    },
    (error: unknown) => {
      queue.resolve(new BrokenHook(toRpcError(error)));
    },
  ).finally(() => queue.release());
  return new Handle(queue);
}

class LocalHook extends CapHook {
  readonly #server: LocalServer;

  constructor(server: LocalServer) {
    super();
    this.#server = server;
  }

  override get localServer(): LocalServer {
    return this.#server;
  }

  override call(request: CallRequest): Outcome {
    this.addRef();
    const call = new LocalCall(request);
    void call.run(this.#server).then(() => this.release());
    return call.outcome;
  }

  protected override dropped(): void {
    hooks.delete(this.#server);
    try {
      this.#server.released?.();
    } catch (error) {
      process.emitWarning(toRpcError(error));
    }
  }
}

/** A call being executed by an object of this process. */
class LocalCall implements IncomingCall {
  readonly outcome: LocalOutcome;
  readonly #request: CallRequest;
  #params: StructReader | undefined;
  #isReleased = false;
  #message: ReturnMessage | undefined;
  #tail: Outcome | undefined;
  #abort: AbortController | undefined;
  onCancelled: ((reason: RpcError) => void) | undefined;
  #hasEnded = false;
  /** Counted with the peer that has given the call up. */
  #isLingering = false;

  constructor(request: CallRequest) {
    this.#request = request;
    this.outcome = new LocalOutcome(request.peer?.waitingRoom, (error) => {
      if (!this.#hasEnded) this.#linger();
      this.#abort?.abort(error);
      try {
        this.onCancelled?.(error);
      } catch (thrown) {
        process.emitWarning(toRpcError(thrown));
      }
    });
  }

  get interfaceId(): bigint {
    return this.#request.interfaceId;
  }

  get methodId(): number {
    return this.#request.methodId;
  }

  get connection(): Connection | undefined {
    return this.#request.peer?.connection;
  }

  get params(): StructReader {
    if (this.#isReleased) throw new Error('Parameters were read after they had been released');
    this.#params ??= this.#request.content().asStruct();
    return this.#params;
  }

  /** Made on first use: most methods never look, and a controller is not cheap. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.outcome.error !== undefined) this.#abort.abort(this.outcome.error);
    }
    return this.#abort.signal;
  }

  /** The outcome is known before the method has ended. */
  get isCancelled(): boolean {
    return this.outcome.error !== undefined;
  }

  initResults(size: StructSize): StructBuilder {
    if (this.#message !== undefined || this.#tail !== undefined) throw new Error('Results were made already');
    this.#message = new ReturnMessage((size.dataWords + size.pointers) * 8, this.connection?.limits.messageBytes);
    return this.#message.initResults(size);
  }

  releaseParams(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#request.dispose();
  }

  tailCall(target: Capability, method: MethodRef, paramsSize: StructSize, build: (params: StructBuilder) => void): void {
    if (this.#message !== undefined || this.#tail !== undefined) throw new Error('Results were made already');
    this.#tail = startCall(Handle.peek(target), method, paramsSize, build, this.#request.tailPeer);
    this.outcome.link(this.#tail);
  }

  /**
   * Starts the method at once, and ends the call in a later turn even when the method is done: what follows from its
   * end, such as calls pipelined on it, must not pile up on the stack. Never rejects.
   */
  async run(server: LocalServer): Promise<void> {
    let ending: Results | RpcError | undefined;
    try {
      await server.dispatch(this);
      ending = this.#results();
    } catch (error) {
      this.#message?.dispose();
      ending = toRpcError(error);
    }
    this.#hasEnded = true;
    if (this.#isLingering) this.#request.peer?.answers.lingered(this.#request.byteLength);
    try {
      if (ending !== undefined) this.outcome.finishWith(ending);
      this.releaseParams();
    } catch (error) {
      process.emitWarning(toRpcError(error));
    }
  }

  #linger(): void {
    this.#isLingering = true;
    this.#request.peer?.answers.lingers(this.#request.byteLength);
  }

  /** What the method has returned, unless another call returns for it. */
  #results(): Results | undefined {
    if (this.#tail !== undefined) return undefined;
    const message = this.#message ?? new ReturnMessage(0);
    return new Results(message.content(), message.table, message);
  }
}

class LocalOutcome extends Outcome {
  readonly #room: WaitingRoom | undefined;
  readonly #onCancel: (error: RpcError) => void;

  /** @param room for calls of this process on the results */
  constructor(room: WaitingRoom | undefined, onCancel: (error: RpcError) => void) {
    super();
    this.#room = room;
    this.#onCancel = onCancel;
  }

  finishWith(result: Results | RpcError): void {
    if (result instanceof Results) this.succeed(result);
    else this.fail(result);
  }

  override cancel(error: RpcError): void {
    if (this.isSettled) return;
    super.cancel(error);
    this.#onCancel(error);
  }

  protected override newPipeline(): ResolvableHook {
    return new QueueHook(this.#room);
  }
}
