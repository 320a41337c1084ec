/** Connects to a node's socket. */
import { connectInit } from '../../src-ipc/connect.js';
import { connectTo, parseConnectAddress } from '../../src-ipc/process/index.js';
import type { IpcLog } from '../../src-ipc/session-options.js';
import type { NodeLink } from './node-connection.js';

/**
 * The node at an address; undefined when nobody listens there.
 * @param directory of the network in use, where `unix` without a path is looked for
 * @param log told of the traffic
 * @throws IpcError for an address that makes no sense, or a socket of another user
 */
export async function connectToNode(address: string, directory: string, log: IpcLog): Promise<NodeLink | undefined> {
  const parsed = parseConnectAddress(address, directory);
  if (parsed === null) return undefined;
  const link = await connectTo(parsed.kind === 'unix' ? { ...parsed, isOptional: true } : parsed);
  if (link === null) return undefined;
  const { init, closed, close } = await connectInit(link.socket, { processName: 'bitcoin-gui', log });
  return { init, closed: closed.then(() => undefined), close };
}
