/** Connects to a node's socket, here or on another computer. */
import { connectInit } from '../../src-ipc/connect.js';
import { connectTo, parseConnectAddress } from '../../src-ipc/process/index.js';
import type { IpcLog } from '../../src-ipc/session-options.js';
import type { ConnectSurroundings, NodeLink } from './node-connection.js';

/**
 * The node at an address; undefined when nobody listens there.
 * @param traffic told of the calls
 * @throws IpcError for an address that makes no sense, a socket of another user, or another computer that cannot be reached
 */
export async function connectToNode(address: string, { directory, folder, ...options }: ConnectSurroundings, traffic: IpcLog): Promise<NodeLink | undefined> {
  const parsed = parseConnectAddress(address, directory, folder);
  if (parsed === null) return undefined;
  const link = await connectTo(parsed.kind === 'unix' ? { ...parsed, isOptional: true } : parsed, options);
  if (link === null) return undefined;
  const { init, closed, close } = await connectInit(link.socket, { processName: 'bitcoin-gui', log: traffic });
  // OpenSSH's own lines follow the first one.
  const ended = link.ended.then((reason) => reason?.message.split(/ ssh says:|\n/)[0]);
  return { init, address: link.address, closed: closed.then(() => ended), close };
}
