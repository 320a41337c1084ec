import { withSignal } from '../call-scope.js';
import type { IncomingCall, LocalServer } from '../capnp/rpc/types.js';
import { asError } from './failure.js';
import { runOutsideFrames } from './frame.js';
import { Incoming } from './incoming.js';
import { serve, type InterfaceType, type ServedMethod } from './interface.js';
import { remoteOf, type Remote } from './remote.js';
import type { Session } from './session.js';

/** How many adapters make an object callable from outside. With the last one the object's life ends. */
const references = new WeakMap<object, number>();

/**
 * Makes an object callable over a connection. Every time the object is passed it gets an adapter of its own, so that
 * each receiver can destroy what it was given; the object itself is destroyed with the last of them.
 */
export class Adapter<T extends object> implements LocalServer {
  #end: Promise<void> | undefined;
  #companions: Remote[] = [];

  constructor(
    private readonly session: Session,
    private readonly target: T,
    private readonly type: InterfaceType<T>,
  ) {
    references.set(target, (references.get(target) ?? 0) + 1);
    session.objects++;
  }

  /** The object, if it has the interface asked for. */
  targetAs<U extends object>(type: InterfaceType<U>): U | undefined {
    // The interface says what the object is: `is` compares ids of generated types.
    return this.type.is(type.id) ? (this.target as unknown as U) : undefined;
  }

  /** Objects of the peer that were passed for this one's use and are destroyed after it. */
  keep(companions: readonly Remote[]): void {
    this.#companions.push(...companions);
  }

  dispatch(call: IncomingCall): Promise<void> {
    const { destroy } = this.type;
    const isDestroy = call.methodId === destroy?.method.methodId && call.interfaceId === destroy.method.interfaceId;
    const served: ServedMethod<T> = isDestroy
      ? serve(destroy.method, () => this.#destroy())
      : this.type.find(call.interfaceId, call.methodId);
    const incoming = new Incoming(this.session, call, served.method);
    if (this.#end !== undefined) throw incoming.fail(new Error(`${this.type.name} was called after it had been destroyed.`));
    const run = (params: unknown): Promise<unknown> => served.run(this.target, params, call);
    // What is only passed on ends with the call, wherever it has got to.
    const isPassedOn = !isDestroy && remoteOf(this.target) !== undefined;
    return incoming.answer(isPassedOn ? (params) => withSignal(call.signal, () => run(params)) : run);
  }

  released(): void {
    void runOutsideFrames(() => this.#destroy()).catch((error: unknown) => {
      this.session.log.warn(`${this.type.name} did not end cleanly: ${asError(error).message}`);
    });
  }

  #destroy(): Promise<void> {
    this.#end ??= this.#finish();
    return this.#end;
  }

  async #finish(): Promise<void> {
    this.session.objects--;
    const { log, label } = this.session;
    log.debug(() => `{${label}} IPC server destroy mp::ProxyServer<ipc::capnp::messages::${this.type.name}>`);
    const left = (references.get(this.target) ?? 1) - 1;
    if (left > 0) references.set(this.target, left);
    else references.delete(this.target);
    try {
      if (left === 0) await (remoteOf(this.target)?.destroy() ?? this.type.destroy?.run(this.target));
    } finally {
      await this.session.destroyAll(this.#companions.splice(0));
    }
  }
}
