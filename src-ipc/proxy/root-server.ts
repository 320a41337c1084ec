import { localCapability } from '../capnp/rpc/local.js';
import type { IncomingCall, LocalServer } from '../capnp/rpc/types.js';
import { Adapter } from './adapter.js';
import type { InterfaceType } from './interface.js';
import type { Session } from './session.js';
import { INIT_CONSTRUCT } from './thread-interface.js';

/** The first object of a connection, which also exchanges thread factories with the peer. */
export class RootServer<T extends object> implements LocalServer {
  readonly #adapter: Adapter<T>;

  constructor(
    private readonly session: Session,
    root: T,
    type: InterfaceType<T>,
  ) {
    this.#adapter = new Adapter(session, root, type);
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

  #construct(call: IncomingCall): void {
    const { session } = this;
    const number = session.nextRequestNumber();
    session.log.debug(`{${session.label}} IPC server recv request  #${number} Init.construct$Params`);
    session.setPeerThreads(call.params.getCapability(0));
    void call.connection?.closed.then(() => {
      session.close();
      session.log.info(`{${session.label}} IPC server: socket disconnected.`);
    });
    call.initResults({ dataWords: 0, pointers: 1 }).setCapability(0, localCapability(session.threadMap));
    session.log.debug(`{${session.label}} IPC server send response #${number} Init.construct$Results`);
  }
}
