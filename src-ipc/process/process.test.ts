import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Connection } from '../capnp/rpc/connection.js';
import { call, finish, Probe } from '../capnp/rpc/testing.js';
import { StreamTransport } from '../capnp/transport/stream.js';
import { connectTo, inheritedSocket, listenAt, parseBindAddress, parseConnectAddress, parseSpawnArguments } from './index.js';
import { testingProgram } from './testing-program.js';

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'ipc-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('Ctrl-C does not end a spawned process', async () => {
  const { command, args = [] } = testingProgram('testing-child');
  const child = spawn(command, [...args, '-ipcfd', '3'], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  const stream = child.stdio[3];
  assert.ok(stream !== null && stream !== undefined && 'write' in stream);
  const printed = new Promise<string>((resolve) => child.stdout?.once('data', (data: Buffer) => resolve(data.toString())));
  const { Socket } = await import('node:net');
  assert.ok(stream instanceof Socket);
  const connection = new Connection(new StreamTransport(stream));
  const root = connection.bootstrap();
  await finish(call(root, 0));
  child.kill('SIGINT');
  assert.equal(await printed, '[probe] SIGINT received — waiting for parent to shut down.\n');
  await finish(call(root, 0));
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  connection.close();
  assert.equal(await exited, 0);
});

test('only exactly -ipcfd and a number mean a spawned process', () => {
  assert.equal(parseSpawnArguments(['-ipcfd', '8']), 8);
  for (const args of [[], ['-ipcfd'], ['-ipcfd=3'], ['-ipcfd', '3', '-x'], ['-regtest', '3']]) assert.equal(parseSpawnArguments(args), undefined);
  for (const value of ['abc', '', '-1', '3x', '99999999999', '2147483648']) {
    assert.throws(() => parseSpawnArguments(['-ipcfd', value]), { message: `Invalid -ipcfd number '${value}'` });
  }
  assert.throws(() => inheritedSocket(5557), { code: 'bad-descriptor', message: 'Bad file descriptor' });
});

test('addresses', () => {
  const directory = '/data/regtest';
  for (const text of ['unix', 'unix:']) assert.deepEqual(parseBindAddress(text, directory, 'node'), { path: '/data/regtest/node.sock', canonical: 'unix:/data/regtest/node.sock' });
  assert.equal(parseBindAddress('unix:/tmp/x.sock', directory, 'node').path, '/tmp/x.sock');
  assert.equal(parseBindAddress('unix:sub/x.sock', directory, 'node').path, '/data/regtest/sub/x.sock');
  for (const text of ['', 'tcp:1.2.3.4', 'auto', '0', 'unixx', 'UNIX']) {
    assert.throws(() => parseBindAddress(text, directory, 'node'), { code: 'unrecognized-address', message: `Unrecognized address '${text}'` });
  }
  const long = `/${'x'.repeat(120)}`;
  assert.throws(() => parseBindAddress(`unix:${long}`, directory, 'node'), { message: `Unix address path "${long}" exceeded maximum socket path length` });
  assert.equal(parseConnectAddress('', directory), null);
  assert.equal(parseConnectAddress('0', directory), null);
  assert.deepEqual(parseConnectAddress('auto', directory), { kind: 'unix', path: '/data/regtest/node.sock', canonical: 'unix:/data/regtest/node.sock', isOptional: true });
  assert.deepEqual(parseConnectAddress('unix', directory), { kind: 'unix', path: '/data/regtest/node.sock', canonical: 'unix:/data/regtest/node.sock', isOptional: false });
  assert.equal(parseConnectAddress('auto', long), null);
  assert.throws(() => parseConnectAddress('tcp:x', directory), { message: "Unrecognized address 'tcp:x'" });
});

test('listening makes a private directory and socket, and removes the socket again', async (t) => {
  const address = parseBindAddress('unix:deep/er/node.sock', temporaryDirectory(t), 'node');
  const connections: Connection[] = [];
  const listener = await listenAt(address, (socket) => connections.push(new Connection(new StreamTransport(socket), { bootstrap: new Probe({ 0: () => ({ n: 5 }) }) })));
  assert.equal(statSync(address.path).mode & 0o777, 0o600);
  assert.equal(statSync(join(address.path, '..')).mode & 0o777, 0o700);
  const link = await connectTo(address);
  assert.ok(link);
  const client = new Connection(new StreamTransport(link.socket));
  assert.equal((await finish(call(client.bootstrap(), 0))).n, 5);
  await assert.rejects(listenAt(address, () => {}), { code: 'in-use', message: 'Address already in use' });
  await listener.close();
  assert.equal(existsSync(address.path), false);
  assert.equal((await finish(call(client.bootstrap(), 0))).n, 5);
  client.close();
  for (const connection of connections) await connection.closed;
});

test('a stale socket is replaced; files and links are left alone', async (t) => {
  const directory = temporaryDirectory(t);
  const address = parseBindAddress('unix', directory, 'node');
  // A process that is killed leaves its socket behind.
  const script = `require('net').createServer().listen(${JSON.stringify(address.path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await new Promise((resolve) => spawn(process.execPath, ['-e', script]).once('exit', resolve));
  assert.equal(existsSync(address.path), true);
  await assert.rejects(connectTo(address), { code: 'refused', message: 'Connection refused' });
  assert.equal(await connectTo({ ...address, isOptional: true }), null);
  const listener = await listenAt(address, (socket) => socket.destroy());
  await listener.close();

  const file = parseBindAddress('unix:file', directory, 'node');
  writeFileSync(file.path, 'mine');
  await assert.rejects(listenAt(file, () => {}), { code: 'in-use', message: 'Address already in use' });
  assert.equal(readFileSync(file.path, 'utf8'), 'mine');
  const link = parseBindAddress('unix:link', directory, 'node');
  symlinkSync(file.path, link.path);
  await assert.rejects(listenAt(link, () => {}), { code: 'in-use' });
  assert.equal(existsSync(link.path), true);
});

test("another user's socket is refused", async (t) => {
  if (process.getuid?.() !== 0) {
    t.skip('skipped: needs root to give a socket to another user');
    return;
  }
  const { chownSync } = await import('node:fs');
  const address = parseBindAddress('unix', temporaryDirectory(t), 'node');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(address.path, resolve));
  t.after(() => server.close());
  chownSync(address.path, 12345, 12345);
  await assert.rejects(connectTo(address), { code: 'foreign-owner', message: /belongs to another user \(uid 12345\)/ });
  await assert.rejects(listenAt(address, () => {}), { code: 'foreign-owner' });
});
