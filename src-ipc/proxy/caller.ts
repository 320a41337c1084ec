import type { Capability } from '../capnp/rpc/types.js';
import type { StructBuilder, StructReader } from '../capnp/wire/index.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import { asError, callFailure } from './failure.js';
import { currentFrame, frameCalledBy } from './frame.js';
import { HostedThread } from './hosted-thread.js';
import type { MethodType } from './interface.js';
import { describeError, describeParams, describeResults, methodName } from './log.js';
import type { Session } from './session.js';
import { ThreadPool } from './thread-pool.js';

/** Threads that a call names in its context. */
interface CallContext {
  /** The peer's thread that runs the call; undefined if the peer has no threads to give. */
  readonly thread: Capability | undefined;
  /** Our thread that runs calls back meanwhile. */
  readonly callbackThread: HostedThread;
  /** A reference to it that outlasts the call, if there is one. */
  readonly callbackCapability?: Capability | undefined;
}

type MethodName = Pick<MethodType<never, unknown>, 'methodName'>;

const CONTEXT_SIZE = { dataWords: 0, pointers: 2 };

/** Sends calls to a peer on the right threads. */
export class Caller {
  #pool: ThreadPool | undefined;
  /** Our thread for calls to a peer without threads. */
  #ownThread: HostedThread | undefined;

  constructor(
    private readonly session: Session,
    private readonly threadPrefix: string,
  ) {}

  /** Threads of the peer in use or kept for use. */
  get threadCount(): number {
    return this.#pool?.size ?? 0;
  }

  /** Uses the peer's factory of threads, which is taken over, in place of the one before. */
  setPeerThreads(threadMap: Capability | null): void {
    this.#pool?.close();
    this.#pool = threadMap === null ? undefined : new ThreadPool(threadMap, this.threadPrefix);
  }

  /**
   * Calls a method. Code that runs for the peer calls it back on the peer's thread that waits for that code; any other
   * call gets a thread of its own. Rejects with what the method threw or with a CallFailure, or, when the signal is
   * aborted, with its reason; the callee is told then.
   */
  call<Params, Results>(
    target: Capability,
    method: MethodType<Params, Results>,
    params: Params,
    signal?: AbortSignal,
  ): Promise<Results> {
    if (method.context === undefined) {
      return this.#whenRoom(target, method, signal, () => this.#send(target, method, params, undefined, signal));
    }
    const frame = currentFrame();
    const base = frameCalledBy(this.session, frame);
    if (frame === undefined || base?.caller === undefined) return this.#whenRoom(target, method, signal, () => this.#callOnPool(target, method, params, signal));
    const { thread } = base.caller;
    const held = target.dup();
    return base
      .callBack(() =>
        this.#whenRoom(held, method, signal, () => {
          if (!base.isActive) return this.#callOnPool(held, method, params, signal);
          const context = { thread, callbackThread: frame.thread };
          frame.thread.beginWait(frame);
          return this.#send(held, method, params, context, signal).finally(() => frame.thread.endWait(frame));
        }),
      )
      .finally(() => held.dispose());
  }

  async #callOnPool<Params, Results>(
    target: Capability,
    method: MethodType<Params, Results>,
    params: Params,
    signal: AbortSignal | undefined,
  ): Promise<Results> {
    const pool = this.#pool;
    const pair = pool?.acquire();
    const running = currentFrame();
    const own = running?.thread ?? pair?.own ?? this.#fallbackThread();
    const frame = running ?? own.enter(undefined, undefined);
    own.beginWait(frame);
    try {
      return await this.#send(target, method, params, { thread: pair?.remote, callbackThread: own, callbackCapability: pair?.own === own ? pair.ownCapability : undefined }, signal);
    } finally {
      own.endWait(frame);
      if (running === undefined) own.leave(frame);
      // The thread of a call that was given up may be busy with it for long.
      if (pair !== undefined) pool?.release(pair, signal?.aborted);
    }
  }

  async #send<Params, Results>(
    target: Capability,
    method: MethodType<Params, Results>,
    params: Params,
    context: CallContext | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Results> {
    const { log, label } = this.session;
    const thread = context?.callbackThread.name ?? label;
    log.debug(() => `{${thread}} IPC client send ${methodName(method)}$Params`);
    log.trace(() => `send data: ${describeParams(method, params)}`);
    try {
      const build = (to: StructBuilder): void => this.#writeParams(to, method, params, context);
      const call = target.call(method, method.params.size, build, signal && { signal });
      const results = await call.results;
      // Not `using`: what a compiler makes of it here costs more than reading a small answer.
      try {
        log.debug(() => `{${thread}} IPC client recv ${methodName(method)}$Results`);
        return this.#readResults(results.content, method);
      } finally {
        results.dispose();
      }
    } catch (thrown) {
      throw this.#failure(thrown, thread, method);
    }
  }

  /**
   * Runs `send` when its connection has room for what it sends, or not at all when the signal is aborted before, or
   * there is no room to wait either.
   */
  #whenRoom<T>(target: Capability, method: MethodName, signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    const { connection } = target;
    if (connection === undefined || connection.isWritable) return send();
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        takeBack();
        reject(asError(signal?.reason));
      };
      signal?.addEventListener('abort', giveUp);
      const takeBack = connection.whenWritable((refusal) => {
        signal?.removeEventListener('abort', giveUp);
        if (refusal !== undefined) reject(asError(this.#failure(refusal, this.session.label, method)));
        else resolve(send());
      });
    });
  }

  /** What the caller gets for what went wrong, which is noted if it was not the method that failed. */
  #failure(thrown: unknown, thread: string, method: MethodName): unknown {
    const failure = callFailure(thrown);
    if (failure instanceof CallFailure && failure.cause === thrown) this.#logFailure(failure, thread, method);
    return failure;
  }

  /** Notes a call that was not answered; of one to destroy an object, only what is not the peer's own end. */
  #logFailure({ code, message }: CallFailure, thread: string, method: MethodName): void {
    const { log } = this.session;
    if (code === 'disconnected') {
      if (method.methodName !== 'destroy') log.error(message);
      return;
    }
    const exception = `kj::Exception: ${code}: ${message}`;
    log.info(`{${thread}} IPC client exception ${exception}`);
    log.error(exception);
  }

  #writeParams<Params>(
    to: StructBuilder,
    method: Pick<MethodType<Params, unknown>, 'context' | 'params'>,
    params: Params,
    context: CallContext | undefined,
  ): void {
    if (method.context !== undefined && context !== undefined) {
      const builder = to.initStruct(method.context, CONTEXT_SIZE);
      const { thread, callbackThread, callbackCapability } = context;
      if (thread !== undefined) builder.lendCapability(0, thread);
      if (callbackCapability === undefined) builder.setCapability(1, callbackThread.capability());
      else builder.lendCapability(1, callbackCapability);
    }
    method.params.write(to, params, this.session);
  }

  #readResults<Results>(from: StructReader, method: Pick<MethodType<unknown, Results>, 'errors' | 'results'>): Results {
    const { log } = this.session;
    for (const channel of method.errors) {
      const error = channel.read(from);
      if (error === undefined) continue;
      log.trace(() => `recv data: ${describeError(method, channel, error)}`);
      throw error;
    }
    const value = method.results.read(from, this.session);
    log.trace(() => `recv data: ${describeResults(method, value)}`);
    return value;
  }

  #fallbackThread(): HostedThread {
    this.#ownThread ??= new HostedThread(this.session.label);
    return this.#ownThread;
  }
}
