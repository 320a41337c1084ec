import type { Duplex } from 'node:stream';
import type { Init } from '../src-interfaces/generated/init.js';
import { Connection, type ConnectionEnd, type ConnectionStatistics } from './capnp/rpc/connection.js';
import type { LocalServer } from './capnp/rpc/types.js';
import type { Transport } from './capnp/transport/transport.js';
import { initInterface } from './generated/init.js';
import type { InterfaceType } from './proxy/interface.js';
import { RootServer } from './proxy/root-server.js';
import type { SessionStatistics } from './proxy/session.js';
import { newSession, transportOf, type SessionOptions } from './session-options.js';

/** A connection over which this process is served. */
export interface ServedConnection {
  /** Fulfilled when the connection has ended, whatever the reason. */
  readonly closed: Promise<ConnectionEnd>;
  /** What both ends hold of each other at the moment. */
  statistics(): ConnectionStatistics & SessionStatistics;
  /**
   * What the peer offers in return. Nothing is asked of it yet: of a peer that offers nothing, every call fails. To be
   * called once the peer has called this process.
   */
  peer(): Init;
  /** Ends the connection: objects held by the peer are destroyed. */
  close(): void;
}

/** Serves an Init over a socket or another transport, which is taken over. */
export function serveInit(init: Init, socket: Duplex | Transport, options: SessionOptions = {}): ServedConnection {
  return serveRoot(init, initInterface, socket, options);
}

/** Like serveInit, with a first object of another interface. */
export function serveRoot<T extends object>(
  root: T,
  type: InterfaceType<T>,
  socket: Duplex | Transport,
  options: SessionOptions = {},
): ServedConnection {
  const session = newSession(options);
  const bootstrap = new RootServer(session, root, type);
  const connection = new Connection(transportOf(socket), { bootstrap, limits: options.limits ?? {} });
  void connection.closed.then(() => bootstrap.disconnected());
  return {
    closed: connection.closed,
    statistics: () => ({ ...connection.statistics(), ...session.statistics() }),
    peer: () => session.importObject(connection.bootstrap(), initInterface),
    close: () => connection.close(),
  };
}

/** The bootstrap object of a single connection that somebody else makes, such as the one to the parent process. */
export function initBootstrap(init: Init, options: SessionOptions = {}): LocalServer {
  return new RootServer(newSession(options), init, initInterface);
}
