import type { ConnectOptions, IpcLink, SshStreamKind } from './link.js';
import type { SshAddress } from './ssh-address.js';
import { SshAttempt } from './ssh-attempt.js';
import { socketWay } from './ssh-socket.js';
import { stdioWay } from './ssh-stdio.js';

/** The OpenSSH of Windows cannot listen at a socket, and a port of this computer would be open to all its users. */
const OWN_KIND: SshStreamKind = process.platform === 'win32' ? 'stdio' : 'socket';

/** Connects to a socket on another computer through the system's OpenSSH client. @throws IpcError */
export async function connectOverSsh(address: SshAddress, options: ConnectOptions): Promise<IpcLink> {
  const way = (options.sshStream ?? OWN_KIND) === 'stdio' ? stdioWay : socketWay;
  return new SshAttempt(address, way, options).run();
}
