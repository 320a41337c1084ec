import { DirectSocket } from '../capnp/transport/direct-socket.js';

/** Connects to a socket path. Rejects with the system's error. */
export function connectSocket(path: string): Promise<DirectSocket> {
  return new Promise((resolve, reject) => {
    const socket = new DirectSocket();
    socket.once('error', reject);
    socket.connect(path, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
