import { basename } from 'node:path';
import { Duplex } from 'node:stream';
import type { ConnectionLimits } from './capnp/rpc/limits.js';
import { StreamTransport } from './capnp/transport/stream.js';
import type { Transport } from './capnp/transport/transport.js';
import { noLog, type IpcLog } from './proxy/log.js';
import { Session } from './proxy/session.js';

export type { ConnectionLimits } from './capnp/rpc/limits.js';
export type { IpcLog } from './proxy/log.js';

/** What a connection needs to know of the process. */
export interface SessionOptions {
  /** Name of the program, for logs and the names of threads; by default the name it was started by. */
  readonly processName?: string;
  /** Where traffic is reported; by default nowhere. */
  readonly log?: IpcLog;
  /** What the connection may hold, where it is to differ from the defaults. */
  readonly limits?: Partial<ConnectionLimits>;
}

/** The state of a new connection. */
export function newSession(options: SessionOptions): Session {
  return new Session(options.log ?? noLog, options.processName ?? basename(process.argv[1] ?? 'node', '.js'));
}

/** Messages over a socket, or the transport as it is. */
export function transportOf(socket: Duplex | Transport): Transport {
  return socket instanceof Duplex ? new StreamTransport(socket) : socket;
}
