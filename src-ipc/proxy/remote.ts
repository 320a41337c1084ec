import { CallFailure } from '../../src-interfaces/errors.js';
import { outgoingSignal } from '../call-scope.js';
import type { Capability } from '../capnp/rpc/types.js';
import { currentFrame, frameCalledBy } from './frame.js';
import type { InterfaceId, InterfaceType, MethodType } from './interface.js';
import type { Session } from './session.js';

const remotes = new WeakMap<object, Remote>();

/** The remote object that a client stands for; undefined for objects of this process. */
export function remoteOf(object: object): Remote | undefined {
  return remotes.get(object);
}

/** Notes which remote object a client stands for. */
export function rememberRemote(client: object, remote: Remote): void {
  remotes.set(client, remote);
}

/** An object of a peer, as generated clients use it. */
export class Remote {
  #capability: Capability | null;
  #destroyed: Promise<void> | undefined;
  /** Calls that have no answer yet and were not given up. */
  #underWay = 0;
  /** Told when there is no such call any more. */
  #onIdle: (() => void) | undefined;

  /** @param capability the reference, which is taken over; null makes every call fail */
  constructor(
    readonly session: Session,
    private readonly type: InterfaceId & Pick<InterfaceType<never>, 'destroy'>,
    capability: Capability | null,
  ) {
    this.#capability = capability;
  }

  /** Whether the object can no longer be called from here. */
  get isDestroyed(): boolean {
    return this.#destroyed !== undefined;
  }

  /**
   * Calls a method. Aborting the signal, or the one of `withSignal`, gives the call up. Rejects with what the method
   * threw or with a CallFailure.
   */
  call<Params, Results>(method: MethodType<Params, Results>, params: Params, signal?: AbortSignal): Promise<Results> {
    if (this.#destroyed !== undefined) return Promise.reject(this.#destroyedFailure(`called (${method.methodName})`));
    if (this.#capability === null) return Promise.reject(new CallFailure('failed', 'Called null capability.'));
    const answer = this.session.call(this.#capability, method, params, outgoingSignal(signal));
    this.#underWay++;
    const settled = (): void => {
      if (--this.#underWay === 0) this.#onIdle?.();
    };
    answer.then(settled, settled);
    return answer;
  }

  /** Another reference, for a message; null if there is no object. */
  duplicate(): Capability | null {
    if (this.#destroyed !== undefined) throw this.#destroyedFailure('passed on');
    return this.#capability?.dup() ?? null;
  }

  /**
   * Ends the object and gives the reference up, once the calls under way are answered. Fulfilled when the peer has done
   * so or is gone; rejects if it failed. Doing it again waits for the first time.
   */
  destroy(): Promise<void> {
    this.#destroyed ??= this.#end();
    return this.#destroyed;
  }

  async #end(): Promise<void> {
    const capability = this.#capability;
    if (capability === null) return;
    const { log, label } = this.session;
    // Calls run on threads of their own: the reference would take the object from under one that is not done. Code that
    // runs for the peer does not wait, as the call may be waiting for that code.
    if (this.#underWay > 0 && frameCalledBy(this.session, currentFrame()) === undefined) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    log.debug(() => `{${label}} IPC client destroy mp::ProxyClient<ipc::capnp::messages::${this.type.name}>`);
    try {
      const method = this.type.destroy?.method;
      if (method !== undefined) await this.session.call(capability, method, undefined);
    } catch (error) {
      if (!(error instanceof CallFailure && error.code === 'disconnected')) throw error;
    } finally {
      this.#capability = null;
      capability.dispose();
    }
  }

  #destroyedFailure(what: string): CallFailure {
    return new CallFailure('destroyed', `${this.type.name} was ${what} after it had been destroyed.`);
  }
}
