import { fstatSync } from 'node:fs';
import type { Socket } from 'node:net';
import { Connection } from '../capnp/rpc/connection.js';
import type { ConnectionEnd } from '../capnp/rpc/connection.js';
import type { LocalServer } from '../capnp/rpc/types.js';
import { DirectSocket } from '../capnp/transport/direct-socket.js';
import { StreamTransport } from '../capnp/transport/stream.js';
import { closeInheritedFiles } from './inherited-files.js';
import { IpcError } from './ipc-error.js';

const INT32_MAX = 0x7fffffff;
/** In the mode of a descriptor; Node.js names neither on Windows, where what goes both ways between processes is a pipe. */
const FILE_TYPE = 0o170000;
const PIPE_TYPE = 0o010000;

/**
 * The socket descriptor a parent process passed, when the arguments are exactly `-ipcfd <n>`; undefined when this
 * process was started any other way.
 * @param args the program's arguments, without its own name
 * @throws IpcError `bad-descriptor` when `<n>` is not a number
 */
export function parseSpawnArguments(args: readonly string[]): number | undefined {
  const [flag, value] = args;
  if (args.length !== 2 || flag !== '-ipcfd' || value === undefined) return undefined;
  const fd = /^\d{1,10}$/.test(value) ? Number(value) : -1;
  if (fd < 0 || fd > INT32_MAX) throw new IpcError('bad-descriptor', `Invalid -ipcfd number '${value}'`);
  return fd;
}

/** Takes an inherited descriptor over. @throws IpcError `bad-descriptor` when it is not an open socket */
export function inheritedSocket(fd: number): Socket {
  let isSocket = false;
  try {
    const found = fstatSync(fd);
    isSocket = process.platform === 'win32' ? (found.mode & FILE_TYPE) === PIPE_TYPE : found.isSocket();
  } catch (error) {
    throw new IpcError('bad-descriptor', 'Bad file descriptor', { cause: error });
  }
  if (!isSocket) throw new IpcError('bad-descriptor', `Descriptor ${fd} is not a socket`);
  return new DirectSocket({ fd, readable: true, writable: true });
}

/** A spawned process's connection to its parent. */
export interface ParentConnection {
  readonly connection: Connection;
  /** Fulfilled when the parent has hung up; the process should then exit with status 0. */
  readonly closed: Promise<ConnectionEnd>;
}

/**
 * Serves the parent process over the descriptor it passed. Ctrl-C in a shared terminal reaches both processes; here it
 * is only noted, as the parent shuts down in order and hangs up last.
 * @param name of the program, for the note and the process list
 */
export function serveParent(name: string, fd: number, bootstrap: LocalServer): ParentConnection {
  closeInheritedFiles();
  const transport = new StreamTransport(inheritedSocket(fd));
  process.title = `${name} -ipcfd ${fd}`;
  const onInterrupt = (): void => void process.stdout.write(`[${name}] SIGINT received — waiting for parent to shut down.\n`);
  // Also while this process closes its files after the parent has hung up.
  process.on('SIGINT', onInterrupt);
  const connection = new Connection(transport, { bootstrap });
  return { connection, closed: connection.closed };
}
