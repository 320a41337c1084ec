import { IpcError } from './ipc-error.js';
import type { ConnectOptions, IpcLink } from './link.js';
import type { SshAddress } from './ssh-address.js';

/** Connects to a socket on another computer through OpenSSH. @throws IpcError */
export async function connectOverSsh(address: SshAddress, _options: ConnectOptions): Promise<IpcLink> {
  throw new IpcError('ssh-failed', `Not connected to ${address.canonical} yet`);
}
