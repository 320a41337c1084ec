/** Listening and connecting as it holds on every system. Also run on Windows' own Node.js: e2e/daemons/windows.test.ts. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Connection } from '../capnp/rpc/connection.js';
import { call, finish, Probe } from '../capnp/rpc/testing.js';
import { StreamTransport } from '../capnp/transport/stream.js';
import { connectTo, listenAt, parseBindAddress, parseConnectAddress, type IpcAddress, type IpcListener } from './index.js';
import { testingProgram } from './testing-program.js';

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'ipc-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Listens, and answers method 0 with the text it was sent. Connections end with the test. */
async function echoAt(t: TestContext, address: IpcAddress): Promise<IpcListener> {
  const connections: Connection[] = [];
  const echo = (): Probe => new Probe({ 0: (params) => ({ text: params.getText(0) }) });
  const listener = await listenAt(address, (socket) => connections.push(new Connection(new StreamTransport(socket), { bootstrap: echo() })));
  t.after(async () => {
    for (const connection of connections) connection.close();
    await listener.close();
  });
  return listener;
}

async function attach(t: TestContext, address: IpcAddress): Promise<Connection> {
  const link = await connectTo(address);
  assert.ok(link);
  assert.equal(link.address, address.canonical);
  const connection = new Connection(new StreamTransport(link.socket));
  t.after(() => connection.close());
  return connection;
}

test('`unix` and `unix:<path>` are two addresses, and `auto` finds the first', async (t) => {
  const directory = folder(t);
  const bare = parseBindAddress('unix', directory, 'node');
  await echoAt(t, bare);
  await echoAt(t, parseBindAddress('unix:sub/other.sock', directory, 'node'));
  for (const text of ['unix', 'auto', 'unix:sub/other.sock', `unix:${join(directory, 'node.sock')}`]) {
    const address = parseConnectAddress(text, directory);
    assert.ok(address?.kind === 'unix');
    assert.equal((await finish(call((await attach(t, address)).bootstrap(), 0, { text }))).text, text);
  }
  assert.equal(parseConnectAddress('auto', directory)?.canonical, bare.canonical);
});

test('connecting where nobody is', async (t) => {
  const directory = folder(t);
  await assert.rejects(connectTo(parseBindAddress('unix', directory, 'node')), { code: 'missing', message: 'No such file or directory' });
  const auto = parseConnectAddress('auto', directory);
  assert.ok(auto);
  assert.equal(await connectTo(auto), null);
});

test('an address in use is refused, and free again once nobody listens', async (t) => {
  const address = parseBindAddress('unix', folder(t), 'node');
  const listener = await echoAt(t, address);
  const connection = await attach(t, address);
  const connections = [connection];
  for (const text of ['first', 'second']) {
    await assert.rejects(listenAt(address, () => assert.fail('a second listener took a connection')), { code: 'in-use', message: 'Address already in use' });
    const another = await attach(t, address);
    connections.push(another);
    assert.equal((await finish(call(another.bootstrap(), 0, { text }))).text, text);
  }
  await listener.close();
  await assert.rejects(connectTo(address), { code: 'missing' });
  assert.equal((await finish(call(connection.bootstrap(), 0, { text: 'still open' }))).text, 'still open');
  for (const each of connections) {
    each.close();
    await each.closed;
  }
  await echoAt(t, address);
  assert.equal((await finish(call((await attach(t, address)).bootstrap(), 0, { text: 'anew' }))).text, 'anew');
});

test('a hundred connections at once, and a megabyte over each of ten', async (t) => {
  const address = parseBindAddress('unix', folder(t), 'node');
  await echoAt(t, address);
  const connections = await Promise.all(Array.from({ length: 100 }, () => attach(t, address)));
  const answers = await Promise.all(connections.map((connection, i) => finish(call(connection.bootstrap(), 0, { text: String(i) }))));
  assert.deepEqual(answers.map(({ text }) => text), connections.map((_, i) => String(i)));
  const large = connections.slice(0, 10).map((connection, i) => ({ connection, text: String(i).repeat(1 << 20) }));
  const echoed = await Promise.all(large.map(({ connection, text }) => finish(call(connection.bootstrap(), 0, { text }))));
  assert.ok(echoed.every(({ text }, i) => text === large[i]?.text));
});

test('a server that is killed ends its clients, and another takes its place', async (t) => {
  const address = parseBindAddress('unix', folder(t), 'node');
  const { command, args = [] } = testingProgram('testing-listener');
  const server = spawn(command, [...args, address.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill('SIGKILL'));
  await new Promise((resolve) => server.stdout.once('data', resolve));
  const connection = await attach(t, address);
  const pending = call(connection.bootstrap(), 0);
  server.kill('SIGKILL');
  await assert.rejects(finish(pending), { kind: 'disconnected' });
  await connection.closed;
  await assert.rejects(connectTo(address), ({ code }: { code?: unknown }) => code === 'refused' || code === 'missing');
  await echoAt(t, address);
  assert.equal((await finish(call((await attach(t, address)).bootstrap(), 0, { text: 'anew' }))).text, 'anew');
});
