import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DirectSocket } from './direct-socket.js';

/** Two connected Unix sockets, closed with the test: one as programs connect them, one as a server accepts them. */
export async function socketPair(t: TestContext): Promise<[DirectSocket, Socket]> {
  const directory = mkdtempSync(join(tmpdir(), 'ipc-'));
  const path = join(directory, 's');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const client = new DirectSocket();
  client.connect(path);
  const other = await accepted;
  server.close();
  t.after(() => {
    client.destroy();
    other.destroy();
    rmSync(directory, { recursive: true, force: true });
  });
  return [client, other];
}
