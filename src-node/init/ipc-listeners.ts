import type { Socket } from 'node:net';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { ipcLog } from '../../src-ipc/logging/ipc-log.js';
import { IpcError, listenAt, parseBindAddress, type IpcListener } from '../../src-ipc/process/index.js';
import { serveInit, type ServedConnection } from '../../src-ipc/serve.js';
import type { Caller } from '../interfaces/attached-loaders.js';
import type { NodeConfiguration } from './configuration.js';
import { InitFailure } from './init-failure.js';

/**
 * Lets other processes connect, at the addresses -ipcbind names.
 * @returns what stops listening and ends all connections.
 * @throws InitFailure naming the address that cannot be used.
 */
export async function listenForProcesses(
  { options, netDirectory }: NodeConfiguration,
  makeInit: (caller: Caller) => Init,
  log: Logger,
): Promise<() => Promise<void>> {
  const listeners: IpcListener[] = [];
  const connections = new Set<ServedConnection>();
  const serve = (socket: Socket): void => {
    const caller: Caller = { init: () => connection.peer(), ended: () => connection.closed.then(() => undefined) };
    const connection: ServedConnection = serveInit(makeInit(caller), socket, { processName: 'bitcoin-node', log: ipcLog(log) });
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  };
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close()));
    for (const connection of connections) connection.close();
  };
  for (const text of options.list('ipcbind')) {
    try {
      const address = parseBindAddress(text, netDirectory, 'node');
      listeners.push(await listenAt(address, serve));
      log.info(`Listening for IPC requests on address ${address.canonical}`);
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      await close();
      throw new InitFailure(`Unable to bind to IPC address '${text}'. ${error.message}`, { cause: error });
    }
  }
  return close;
}
