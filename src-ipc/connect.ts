import type { Duplex } from 'node:stream';
import type { Init } from '../src-interfaces/generated/init.js';
import { Connection, type ConnectionEnd, type ConnectionStatistics } from './capnp/rpc/connection.js';
import { localCapability } from './capnp/rpc/local.js';
import type { Capability } from './capnp/rpc/types.js';
import type { Transport } from './capnp/transport/transport.js';
import { initInterface } from './generated/init.js';
import { callFailure } from './proxy/failure.js';
import type { InterfaceType } from './proxy/interface.js';
import { RootServer } from './proxy/root-server.js';
import type { Session, SessionStatistics } from './proxy/session.js';
import { SHOWN_THREAD_MAP } from './proxy/log.js';
import { INIT_CONSTRUCT } from './proxy/thread-interface.js';
import { newSession, transportOf, type SessionOptions } from './session-options.js';

/** A connection to a process that serves an Init. */
export interface InitConnection<T = Init> {
  /** The process's first object. */
  readonly init: T;
  /** Fulfilled when the connection has ended, whatever the reason. */
  readonly closed: Promise<ConnectionEnd>;
  /** What both ends hold of each other at the moment. */
  statistics(): ConnectionStatistics & SessionStatistics;
  /** Ends the connection. A process that was spawned for it ends too. */
  close(): void;
}

export interface ConnectInitOptions extends SessionOptions {
  /** What this process offers in return, to a process that asks for it. */
  readonly offers?: Init;
}

/**
 * Connects to a process over a socket or another transport, which is taken over.
 * Rejects with a CallFailure if the process does not answer as expected or hangs up.
 */
export function connectInit(socket: Duplex | Transport, options: ConnectInitOptions = {}): Promise<InitConnection> {
  return connectRoot(socket, initInterface, options);
}

/** Like connectInit, to a process whose first object has another interface with Init's `construct`. */
export async function connectRoot<T extends object>(
  socket: Duplex | Transport,
  type: InterfaceType<T>,
  options: ConnectInitOptions = {},
): Promise<InitConnection<T>> {
  const session = newSession(options);
  const { offers } = options;
  const connection = new Connection(transportOf(socket), {
    ...(offers === undefined ? {} : { bootstrap: new RootServer(session, offers, initInterface) }),
    limits: options.limits ?? {},
  });
  void connection.closed.then(({ reason }) => {
    session.close();
    if (reason !== 'closed') session.log.warn(`{${session.label}} IPC client: unexpected network disconnect.`);
  });
  const bootstrap = connection.bootstrap();
  try {
    await exchangeThreads(session, bootstrap);
  } catch (error) {
    bootstrap.dispose();
    connection.close();
    throw callFailure(error);
  }
  return {
    init: session.importObject(bootstrap, type),
    closed: connection.closed,
    statistics: () => ({ ...connection.statistics(), ...session.statistics() }),
    close: () => connection.close(),
  };
}

/** Gives the peer our thread factory and takes its own; the first call on every connection. */
export async function exchangeThreads(session: Session, root: Capability): Promise<void> {
  const { label, log } = session;
  log.info(`{${label}} IPC client first request from current thread, constructing waiter`);
  log.debug(() => `{${label}} IPC client send Init.construct$Params`);
  log.trace(() => `send data: ${SHOWN_THREAD_MAP}`);
  const call = root.call(INIT_CONSTRUCT, { dataWords: 0, pointers: 1 }, (params) => {
    params.setCapability(0, localCapability(session.threadMap));
  });
  using results = await call.results;
  session.setPeerThreads(results.content.getCapability(0));
  log.debug(() => `{${label}} IPC client recv Init.construct$Results`);
  log.trace(() => `recv data: ${SHOWN_THREAD_MAP}`);
}
