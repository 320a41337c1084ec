import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Two connected Unix sockets, closed with the test. */
export async function socketPair(t: TestContext): Promise<[Socket, Socket]> {
  const directory = mkdtempSync(join(tmpdir(), 'ipc-'));
  const path = join(directory, 's');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const client = connect(path);
  const other = await accepted;
  server.close();
  t.after(() => {
    client.destroy();
    other.destroy();
    rmSync(directory, { recursive: true, force: true });
  });
  return [client, other];
}
