import { stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { ConnectAddress, IpcAddress } from './address.js';
import { fromSystemError, IpcError } from './ipc-error.js';
import type { ConnectOptions, IpcLink } from './link.js';
import { connectPipe } from './named-pipe.js';
import { challengeListener, readPipeKey } from './pipe-key.js';
import { connectOverSsh } from './ssh-connect.js';
import { connectSocket } from './unix-socket.js';

/**
 * Connects to a listening process, here or, with an `ssh://` address, on another computer. Null when the address is
 * optional and nobody is there.
 * @throws IpcError
 */
export async function connectTo(address: IpcAddress | ConnectAddress, options: ConnectOptions = {}): Promise<IpcLink | null> {
  if ('kind' in address && address.kind === 'ssh') return connectOverSsh(address, options);
  try {
    const socket = await (process.platform === 'win32' ? connectOwnPipe(address.path) : connectOwnSocket(address.path));
    return { socket, address: address.canonical, ended: new Promise((resolve) => socket.once('close', () => resolve(undefined))) };
  } catch (error) {
    const failure = fromSystemError(error);
    const isNobodyThere = failure.code === 'refused' || failure.code === 'missing';
    if (isNobodyThere && 'isOptional' in address && address.isOptional) return null;
    throw failure;
  }
}

/** Whoever owns the socket could pose as the node: only our own is trusted. */
async function connectOwnSocket(path: string): Promise<Socket> {
  const uid = process.getuid?.();
  const owner = (await stat(path)).uid;
  if (uid !== undefined && owner !== uid) throw new IpcError('foreign-owner', `Socket "${path}" belongs to another user (uid ${owner}); not connecting to it`);
  return connectSocket(path);
}

async function connectOwnPipe(path: string): Promise<Socket> {
  const key = await readPipeKey(path);
  if (key === undefined) throw new IpcError('refused', 'Connection refused');
  const socket = await connectPipe(path);
  await challengeListener(socket, key, path);
  return socket;
}
