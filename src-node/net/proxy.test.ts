import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { Listener } from './listener.js';
import { TestNode, waitFor, waitForSameTip } from './testing/test-node.js';

interface Request {
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number;
}

/** A SOCKS5 server that connects to one port whatever it is asked for, and notes what it was asked. */
async function startProxy(t: TestContext, port: number, requests: Request[]): Promise<number> {
  const serve = async (client: Socket): Promise<void> => {
    const chunks = client[Symbol.asyncIterator]();
    let buffered = Buffer.alloc(0);
    const read = async (count: number): Promise<Buffer> => {
      while (buffered.length < count) {
        const { value, done } = await chunks.next();
        if (done === true) throw new Error('closed');
        buffered = Buffer.concat([buffered, value]);
      }
      const bytes = buffered.subarray(0, count);
      buffered = buffered.subarray(count);
      return bytes;
    };
    const [, methods = 0] = await read(2);
    const offered = [...(await read(methods))];
    let user: string | undefined;
    client.write(Uint8Array.of(5, offered.includes(2) ? 2 : 0));
    if (offered.includes(2)) {
      const [, length = 0] = await read(2);
      user = (await read(length)).toString();
      const [secret = 0] = await read(1);
      await read(secret);
      client.write(Uint8Array.of(1, 0));
    }
    const [, , , kind] = await read(4);
    const host = kind === 1 ? (await read(4)).join('.') : (await read((await read(1))[0] ?? 0)).toString();
    requests.push({ user, host, port: (await read(2)).readUInt16BE() });
    const target = connect({ host: '127.0.0.1', port });
    t.after(() => target.destroy());
    target.on('error', () => client.destroy());
    client.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    target.on('data', (chunk) => client.write(chunk));
    for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) target.write(chunk);
  };
  const server = createServer((client) => {
    t.after(() => client.destroy());
    serve(client).catch(() => client.destroy());
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  assert.ok(bound !== null && typeof bound === 'object');
  return bound.port;
}

test('connections go through the proxy, which looks up names', async (t) => {
  const target = await TestNode.start(t);
  await target.mine(3);
  const requests: Request[] = [];
  const port = await startProxy(t, target.port, requests);
  const node = await TestNode.start(t, { proxy: { host: '127.0.0.1', port, randomCredentials: true }, listen: [] });
  node.network.connectOnce('some.hidden.onion:1234');
  await waitForSameTip(node, target);
  node.network.connectOnce('192.0.2.1');
  await waitFor(() => node.network.connectionCount() === 2, 'a second connection');
  assert.deepEqual(requests.map(({ host, port: asked }) => [host, asked]), [['some.hidden.onion', 1234], ['192.0.2.1', 18444]]);
  assert.equal(new Set(requests.map(({ user }) => user)).size, 2, 'credentials of their own');
  assert.equal(node.network.peers()[0]?.address, 'some.hidden.onion:1234');
});

test('a proxy that is not there, or none, leads to no connection', async (t) => {
  const listener = await Listener.open({ host: '127.0.0.1', port: 0 }, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n', () => socket.destroy()));
  t.after(() => listener.close());
  const node = await TestNode.start(t, { proxy: { ...listener.endpoint, randomCredentials: false } });
  node.network.connectOnce('192.0.2.1');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(node.network.connectionCount(), 0);
});
