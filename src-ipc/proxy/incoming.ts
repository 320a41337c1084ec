import type { Capability, IncomingCall } from '../capnp/rpc/types.js';
import type { Adapter } from './adapter.js';
import { channelFor } from './error-channel.js';
import type { StartedFacet } from './facets.js';
import { asError, rpcErrorOf } from './failure.js';
import { runInFrame, runOutsideFrames } from './frame.js';
import { HostedThread } from './hosted-thread.js';
import type { InterfaceType, MethodType } from './interface.js';
import { describeError, describeParams, describeResults, methodName } from './log.js';
import type { ObjectTable } from './object-table.js';
import type { Remote } from './remote.js';
import type { Session } from './session.js';

/** A call that came in, from its parameters to its answer. */
export class Incoming implements ObjectTable {
  readonly #imported: Remote[] = [];
  readonly #exported: Adapter<object>[] = [];
  readonly #number: number;
  #label: string;

  constructor(
    private readonly session: Session,
    private readonly call: IncomingCall,
    private readonly method: MethodType<unknown, unknown>,
  ) {
    this.#number = session.nextRequestNumber();
    this.#label = session.label;
    session.log.debug(() => `{${session.label}} IPC server recv request  #${this.#number} ${methodName(method)}$Params`);
  }

  importObject<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
    return this.session.importWith(capability, type, (remote) => this.#imported.push(remote));
  }

  importOwned<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
    return this.session.importObject(capability, type);
  }

  exportObject<T extends object>(object: T, type: InterfaceType<T>): Capability {
    return this.session.exportWith(object, type, (adapter) => this.#exported.push(adapter));
  }

  exportFacets(facets: readonly StartedFacet[]): Capability {
    return this.session.exportFacets(facets);
  }

  /** The exception for an error, after logging it. */
  fail(error: Error): Error {
    const { log } = this.session;
    log.error(`{${this.#label}} IPC server unhandled exception: ${error.message}`);
    return rpcErrorOf(error);
  }

  async answer(run: (params: unknown) => Promise<unknown>): Promise<void> {
    const { call, method } = this;
    const params = method.params.read(call.params, this);
    this.session.log.trace(() => `{${this.session.label}} request data: ${describeParams(method, params)}`);
    if (method.context === undefined) {
      call.releaseParams();
      return runOutsideFrames(() => this.#run(params, run));
    }
    const context = call.params.getStruct(method.context);
    const callbackThread = context.getCapability(1);
    const caller = callbackThread === null ? undefined : { session: this.session, thread: callbackThread };
    const named = context.getCapability(0);
    call.releaseParams();
    // Nothing is awaited that is known: every turn of a promise counts, with as many calls as there are.
    const found = hostedThread(named, this.session.label, call);
    try {
      const thread = found instanceof Promise ? await found.catch((error: unknown) => this.#skip(error)) : found;
      this.#label = thread.name;
      this.session.log.debug(() => `{${this.session.label}} IPC server post request  #${this.#number} {${thread.name}}`);
      const begun = thread.begin(call, caller);
      const frame = begun instanceof Promise ? await begun.catch((error: unknown) => this.#skip(error)) : begun;
      try {
        await runInFrame(frame, () => this.#run(params, run));
      } finally {
        thread.leave(frame);
      }
    } finally {
      caller?.thread.dispose();
    }
  }

  /** Ends the call before its method has begun: it was given up, or there is no thread to run it. */
  async #skip(reason: unknown): Promise<never> {
    if (this.call.isCancelled) this.session.log.info(`{${this.session.label}} IPC server request #${this.#number} canceled before it could be executed`);
    await this.session.destroyAll(this.#imported);
    throw reason;
  }

  async #run(params: unknown, run: (params: unknown) => Promise<unknown>): Promise<void> {
    if (this.call.isCancelled) await this.#skip(this.call.signal.reason);
    try {
      let results: unknown;
      try {
        results = await run(params);
      } catch (thrown) {
        this.#answerError(asError(thrown), params);
        return;
      }
      this.#answerResults(results);
    } finally {
      if (this.call.isCancelled) {
        this.session.log.info(`{${this.session.label}} IPC server request #${this.#number} canceled while executing.`);
      }
      const [holder] = this.#exported;
      if (holder === undefined) await this.session.destroyAll(this.#imported);
      else holder.keep(this.#imported);
    }
  }

  #answerResults(results: unknown): void {
    const { size } = this.method.results;
    this.#logResponse(() => describeResults(this.method, results));
    if (size.dataWords + size.pointers > 0) this.method.results.write(this.call.initResults(size), results, this);
  }

  #logResponse(content: () => string): void {
    const { log, label } = this.session;
    log.debug(() => `{${label}} IPC server send response #${this.#number} ${methodName(this.method)}$Results`);
    log.trace(() => `{${label}} response data: ${content()}`);
  }

  #answerError(error: Error, params: unknown): void {
    const { method } = this;
    const passedOn = rpcErrorOf(error);
    const channel = passedOn.kind === 'failed' ? channelFor(error, method.errors) : undefined;
    if (channel === undefined) throw this.fail(error);
    this.#logResponse(() => describeError(method, channel, error));
    const to = this.call.initResults(method.results.size);
    channel.write(to, error);
    for (const keep of method.keep) keep(to, params, this);
  }
}

/**
 * The thread of ours behind a capability, which is taken over; a thread for one call if a peer names none, or one that
 * is not ours. Rejects when it could not be made, or the call is given up before it is there.
 */
function hostedThread(capability: Capability | null, label: string, call: IncomingCall): HostedThread | Promise<HostedThread> {
  if (capability === null) return new HostedThread(label);
  const found = (): HostedThread => {
    const { localServer } = capability;
    capability.dispose();
    return localServer instanceof HostedThread ? localServer : new HostedThread(label);
  };
  if (capability.localServer !== undefined) return found();
  return capability.whenResolved(call.signal).then(found, (error: unknown) => {
    capability.dispose();
    throw error;
  });
}
