import { Socket } from 'node:net';

/** Connects to a socket path. Rejects with the system's error. */
export function connectSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = new Socket();
    socket.once('error', reject);
    socket.connect(path, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
