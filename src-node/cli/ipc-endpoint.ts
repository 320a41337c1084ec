import { CallFailure } from '../../src-interfaces/errors.js';
import { connectInit } from '../../src-ipc/connect.js';
import { connectTo, fromSystemError, parseConnectAddress, type IpcError, type IpcLink } from '../../src-ipc/process/index.js';
import { ConnectionFailed, type Endpoint } from './rpc-client.js';
import type { CliSettings } from './settings.js';

/** A way to send commands over a node's socket. */
export interface IpcEndpoint extends Endpoint {
  /** Hangs up; fulfilled when nothing of the connection is left. */
  close(): Promise<void>;
}

/** What -ipcconnect asks for; undefined when commands go over HTTP. @throws Error when it contradicts -rpcconnect */
function chosenAddress({ options }: CliSettings): string | undefined {
  const address = options.isNegated('ipcconnect') ? '0' : (options.text('ipcconnect') ?? 'auto');
  if (address === '0' || address === '') return undefined;
  if (options.isSet('rpcconnect') && !options.isNegated('rpcconnect')) {
    if (address === 'auto') return undefined;
    throw new Error('-rpcconnect and -ipcconnect options cannot both be enabled');
  }
  return address;
}

function notConnected(error: IpcError, { options }: CliSettings, isHere: boolean): Error {
  if (!isHere) return new Error(error.message, { cause: error });
  const text = `${error.message}\n\nProbably bitcoin-node is not running or not listening on a unix socket. Can be started with:\n\n    bitcoin-node -chain=${options.chain()} -ipcbind=unix`;
  // What is not there yet may still come.
  const isNobodyThere = error.code === 'refused' || error.code === 'missing';
  return options.flag('rpcwait') === true && isNobodyThere ? new ConnectionFailed(text) : new Error(text, { cause: error });
}

/**
 * Connects to the socket that -ipcconnect names. Undefined when commands are to go over HTTP, because the options say
 * so or nobody that answers JSON-RPC listens at an address that is optional.
 * @throws Error
 */
export async function ipcEndpoint(settings: CliSettings): Promise<IpcEndpoint | undefined> {
  const text = chosenAddress(settings);
  if (text === undefined) return undefined;
  const { options, netDirectory, networkFolder } = settings;
  const address = parseConnectAddress(text, netDirectory, networkFolder);
  if (address === null) return undefined;
  let link: IpcLink | null;
  try {
    link = await connectTo(address);
  } catch (error) {
    throw notConnected(fromSystemError(error), settings, address.kind === 'unix');
  }
  if (link === null) return undefined;
  const endpoint = await openEndpoint(link, options.text('rpcuser') ?? '');
  if (endpoint !== undefined) return endpoint;
  if (address.kind === 'unix' && address.isOptional) return undefined;
  throw new Error(`The program at ${link.address} does not answer this user’s JSON-RPC over its socket`);
}

/** Undefined when the program does not answer JSON-RPC this way, or not to this user. */
async function openEndpoint(link: IpcLink, user: string): Promise<IpcEndpoint | undefined> {
  const { init, close } = await connectInit(link.socket, { processName: 'bitcoin-cli' });
  const end = async (): Promise<void> => {
    close();
    await link.ended;
  };
  try {
    const rpc = await init.makeRpc();
    if (rpc !== undefined) {
      // Programs of the older generation have another object in this place, and a user may be allowed nothing.
      if ((await rpc.executeRpc('[]', '/', user)) !== 'null') return { exchange: (body, path) => rpc.executeRpc(body, path, user), close: end };
    }
  } catch (error) {
    if (!(error instanceof CallFailure && error.code === 'unimplemented')) {
      await end();
      throw error;
    }
  }
  await end();
  return undefined;
}
