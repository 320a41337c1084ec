import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { win32 } from 'node:path';
import type { DirectSocket } from '../capnp/transport/direct-socket.js';
import { IpcError } from './ipc-error.js';
import { connectSocket } from './unix-socket.js';

/**
 * The named pipe that stands for a socket path on Windows. Each user has pipes of their own, and each path one: spelled
 * in other letters or with other slashes it is the same, as the file would be.
 * @param path absolute
 */
export function namedPipe(path: string, user: string): string {
  const canonical = win32.normalize(path).toLowerCase();
  const digest = createHash('sha256').update(`${user.toLowerCase()}\0${canonical}`).digest('hex').slice(0, 32);
  return `\\\\.\\pipe\\bulkhead-${win32.basename(canonical).replace(/[^a-z0-9.-]/g, '_').slice(0, 64)}-${digest}`;
}

/** What the system is given to listen at or connect to. */
export function systemPath(path: string): string {
  return process.platform === 'win32' ? namedPipe(path, userInfo().username) : path;
}

/** Connects to the pipe that a path stands for. Rejects with the system's error. @throws IpcError `foreign-owner` */
export function connectPipe(path: string): Promise<DirectSocket> {
  return connectSocket(systemPath(path)).catch((error: unknown) => {
    throw pipeFailure(error, path);
  });
}

/** Windows lets only the user who made a pipe, and administrators, use it. */
export function pipeFailure(error: unknown, path: string): unknown {
  const isDenied = error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'EACCES');
  return isDenied ? new IpcError('foreign-owner', `The pipe of "${path}" belongs to another user`, { cause: error }) : error;
}
