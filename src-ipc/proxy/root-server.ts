import { localCapability } from '../capnp/rpc/local.js';
import type { IncomingCall, LocalServer } from '../capnp/rpc/types.js';
import { Adapter } from './adapter.js';
import type { InterfaceType } from './interface.js';
import { SHOWN_THREAD_MAP } from './log.js';
import type { Session } from './session.js';
import { INIT_CONSTRUCT } from './thread-interface.js';

/** The first object of a connection, which also exchanges thread factories with the peer. */
export class RootServer<T extends object> implements LocalServer {
  readonly #adapter: Adapter<T>;
  #hasEnded = false;
  /** Whether the end of the connection is going to be noticed. */
  #isWatching = false;

  constructor(
    private readonly session: Session,
    root: T,
    type: InterfaceType<T>,
  ) {
    this.#adapter = new Adapter(session, root, type);
    session.log.info(`{${session.label}} IPC server: socket connected.`);
  }

  dispatch(call: IncomingCall): Promise<void> | void {
    if (call.interfaceId === INIT_CONSTRUCT.interfaceId && call.methodId === INIT_CONSTRUCT.methodId) {
      this.#construct(call);
      return;
    }
    return this.#adapter.dispatch(call);
  }

  released(): void {
    this.#adapter.released();
  }

  /** Gives up what is held of the peer. To be called when the connection is gone; again is harmless. */
  disconnected(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { session } = this;
    session.close();
    session.log.info(`{${session.label}} IPC server: socket disconnected.`);
  }

  #construct(call: IncomingCall): void {
    const { session } = this;
    const { log, label } = session;
    const number = session.nextRequestNumber();
    log.debug(() => `{${label}} IPC server recv request  #${number} Init.construct$Params`);
    log.trace(() => `{${label}} request data: ${SHOWN_THREAD_MAP}`);
    session.setPeerThreads(call.params.getCapability(0));
    if (!this.#isWatching) void call.connection?.closed.then(() => this.disconnected());
    this.#isWatching = true;
    call.initResults({ dataWords: 0, pointers: 1 }).setCapability(0, localCapability(session.threadMap));
    log.debug(() => `{${label}} IPC server send response #${number} Init.construct$Results`);
    log.trace(() => `{${label}} response data: ${SHOWN_THREAD_MAP}`);
  }
}
