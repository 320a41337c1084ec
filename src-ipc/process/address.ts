import { isAbsolute, join } from 'node:path';
import { IpcError } from './ipc-error.js';
import { parseSshAddress, type SshAddress } from './ssh-address.js';

/** Bytes a socket path may have, without its NUL. */
const MAX_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;

/** Name of the program that is connected to, without `bitcoin-`. */
const NODE_NAME = 'node';

/** Where a process listens. */
export interface IpcAddress {
  /** Full path of the socket. */
  readonly path: string;
  /** `unix:` and the full path, as messages show it. */
  readonly canonical: string;
}

/** A socket on this computer that `-ipcconnect` asks for. */
export interface UnixConnectAddress extends IpcAddress {
  readonly kind: 'unix';
  /** Whether it is fine when nobody is there. */
  readonly isOptional: boolean;
}

/** What `-ipcconnect` asks for. */
export type ConnectAddress = UnixConnectAddress | SshAddress;

/**
 * Parses an `-ipcbind` address. `unix` stands for `<dataDirectory>/<programName>.sock`.
 * @param dataDirectory absolute, of the network in use
 * @param programName of this process, without `bitcoin-`
 * @throws IpcError `unrecognized-address` or `path-too-long`
 */
export function parseBindAddress(address: string, dataDirectory: string, programName: string): IpcAddress {
  return unixAddress(address, address, dataDirectory, programName);
}

/**
 * Parses an `-ipcconnect` address; null means not to connect. `unix` stands for the socket of the node, and so does
 * an `ssh://` address without a path, on that computer.
 * @param dataDirectory absolute, of the network in use
 * @param networkFolder of the network in use below the data directory, such as `regtest`; empty for the main network
 * @throws IpcError `unrecognized-address` or `path-too-long`
 */
export function parseConnectAddress(address: string, dataDirectory: string, networkFolder = ''): ConnectAddress | null {
  if (address === '' || address === '0') return null;
  if (/^ssh:/i.test(address)) return parseSshAddress(address, networkFolder);
  const isOptional = address === 'auto';
  try {
    return { kind: 'unix', ...unixAddress(isOptional ? 'unix' : address, address, dataDirectory, NODE_NAME), isOptional };
  } catch (error) {
    // Nobody can be listening at a path that cannot be used.
    if (isOptional && error instanceof IpcError && error.code === 'path-too-long') return null;
    throw error;
  }
}

function unixAddress(address: string, given: string, dataDirectory: string, name: string): IpcAddress {
  const match = /^unix(?::(.*))?$/s.exec(address);
  if (match === null) throw new IpcError('unrecognized-address', `Unrecognized address '${given}'`);
  const named = match[1] ?? '';
  const path = named === '' ? join(dataDirectory, `${name}.sock`) : isAbsolute(named) ? named : join(dataDirectory, named);
  if (process.platform !== 'win32' && Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw new IpcError('path-too-long', `Unix address path "${path}" exceeded maximum socket path length`);
  }
  return { path, canonical: `unix:${path}` };
}
