import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connectInit } from '../../src-ipc/connect.js';
import { connectTo, parseConnectAddress } from '../../src-ipc/process/index.js';
import { parseNodeCommandLine, readConfiguration } from '../init/configuration.js';
import { listenForProcesses } from '../init/ipc-listeners.js';
import { NodeInit } from '../init/node-init.js';
import { NodeProcess } from '../init/node-process.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function post(port: number, auth: string, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method: 'POST', auth }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    call.on('error', reject).end(body);
  });
}

async function startNode(t: TestContext, ...args: string[]): Promise<{ node: NodeProcess; netDirectory: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'rpc-'));
  const node: NodeProcess = new NodeProcess({ listen: () => listenForProcesses(node.configuration, () => new NodeInit(node), node.log) });
  const quiet = ['-regtest', '-listen=0', '-connect=0', '-printtoconsole=0', '-disablewallet', '-ipcbind=unix', `-datadir=${directory}`];
  node.configure(readConfiguration(parseNodeCommandLine([...quiet, ...args])));
  t.after(() => node.shutdown());
  return { node, netDirectory: join(directory, 'regtest') };
}

const call1 = (method: string, params: unknown = []): string => JSON.stringify({ method, params, id: 1 });
const call2 = (method: string, params: unknown = []): string => JSON.stringify({ jsonrpc: '2.0', method, params, id: 'x' });
const notification = JSON.stringify({ jsonrpc: '2.0', method: 'getblockcount' });

test('JSON-RPC over the socket answers as over HTTP', async (t) => {
  const port = await freePort();
  const { node, netDirectory } = await startNode(t, '-server', `-rpcport=${port}`, '-rpcwhitelist=guest:getblockcount', '-rpcwhitelistdefault=0');
  const warmingUp = await new NodeInit(node).makeRpc();
  const early = await warmingUp.executeRpc(call1('getblockcount'), '/', 'u');
  assert.equal(early, '{"result":null,"error":{"code":-28,"message":"RPC server started"},"id":1}');
  assert.equal(await node.start(), true);

  const address = parseConnectAddress('unix', netDirectory);
  const link = address === null ? null : await connectTo(address);
  assert.ok(link !== null);
  const { init, close } = await connectInit(link.socket, { processName: 'test' });
  const rpc = await init.makeRpc();
  assert.ok(rpc !== undefined);
  const cookie = readFileSync(join(netDirectory, '.cookie'), 'utf8');
  const bodies = [
    call1('getblockcount'),
    call2('getblockhash', [0]),
    call2('getblockhash', { height: 0 }),
    call1('getblockhash', [9]),
    call2('nope'),
    `[${call1('getblockcount')},${notification},${call2('nope')},7]`,
    '[]',
    '{"id":7}',
    '{"id":7,"method":"getblockcount","jsonrpc":"3"}',
    '{',
    '"x"',
  ];
  for (const body of bodies) {
    assert.equal(await rpc.executeRpc(body, '/', '__cookie__'), (await post(port, cookie, '/', body)).trimEnd(), body);
  }
  assert.equal(await rpc.executeRpc(notification, '/', ''), 'null');
  assert.equal(await rpc.executeRpc(`[${notification}]`, '/', ''), 'null');
  assert.match(await rpc.executeRpc(call1('getblockcount'), '/', 'guest'), /"result":0/);
  assert.equal(await rpc.executeRpc(call1('stop'), '/', 'guest'), 'null');
  assert.equal(node.shutdownRequested, false);
  close();
});
