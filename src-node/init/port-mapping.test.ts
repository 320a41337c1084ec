import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { NodeInterface } from '../interfaces/node.js';
import { freePort } from '../net/testing/reference-node.js';
import { waitFor } from '../net/testing/test-node.js';
import { pcpGranted, Router } from '../net/port-mapping/testing/router.js';
import { createNode } from './create-node.js';
import type { NodeProcess } from './node-process.js';

interface MappedNode {
  readonly process: NodeProcess;
  readonly port: number;
  readonly router: Router;
  log(): string;
}

/** A node on loopback behind a router that grants what it is asked. 8.8.4.4 is an address of everybody's internet. */
async function start(t: TestContext, ...options: string[]): Promise<MappedNode> {
  const directory = mkdtempSync(join(tmpdir(), 'map-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const router = await Router.start(t, (request) => [pcpGranted(request, request.lifetime ?? 0, `${'0'.repeat(20)}ffff08080404`)]);
  const port = await freePort();
  const quiet = ['-regtest', `-datadir=${directory}`, `-bind=127.0.0.1:${port}`, '-listen', '-connect=0', '-printtoconsole=0', '-server=0', '-disablewallet'];
  const process = await createNode([...quiet, ...options], {
    gateways: { find: async (network) => (network === 'ipv4' ? router.endpoint : undefined), ownIpv6Addresses: () => [] },
  });
  t.after(() => process.shutdown());
  return { process, port, router, log: () => readFileSync(join(directory, 'regtest/debug.log'), 'utf8') };
}

test('a port is asked for from the start on, told of as an own address, and given back at the end', async (t) => {
  const { process, port, router, log } = await start(t);
  const node = new NodeInterface(process);
  await waitFor(() => (process.started()?.network?.localAddresses().length ?? 0) > 0, 'the address');
  const [own, ...more] = await node.getNetLocalAddresses();
  assert.ok(own !== undefined && more.length === 0);
  assert.deepEqual([toHex(own.key), own.value], ['010408080404', { score: 3, port }]);
  const info: unknown = JSON.parse(await node.executeRpc('getnetworkinfo', '[]', ''));
  assert.ok(typeof info === 'object' && info !== null && 'localaddresses' in info);
  assert.deepEqual(info.localaddresses, [{ address: '8.8.4.4', port, score: 3 }]);
  await process.shutdown();
  assert.deepEqual(router.requests.map(({ lifetime }) => lifetime), [2400, 0]);
  assert.match(log(), new RegExp(`portmap: Added mapping pcp:8\\.8\\.4\\.4:${port} -> 127\\.0\\.0\\.1:${port} \\(for 2400s\\)\n`));
});

test('mapPort switches it on and off while the node runs', async (t) => {
  const { process, router } = await start(t, '-natpmp=0');
  const node = new NodeInterface(process);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(router.requests, []);
  await node.mapPort(true);
  await waitFor(() => process.started()?.network?.localAddresses().length === 1, 'the address');
  await node.mapPort(false);
  assert.deepEqual(await node.getNetLocalAddresses(), []);
  assert.deepEqual(router.requests.map(({ lifetime }) => lifetime), [2400, 0]);
  await node.mapPort(false);
  assert.equal(router.requests.length, 2);
});

test('with -discover=0 the port is mapped and nobody told', async (t) => {
  const { process, router, log } = await start(t, '-discover=0');
  await waitFor(() => router.requests.length === 1, 'the request');
  assert.deepEqual(process.started()?.network?.localAddresses(), []);
  await process.shutdown();
  assert.match(log(), /portmap: Added mapping/);
  assert.equal(router.requests.length, 2);
});

test('-externalip names own addresses, and a wrong one is named', async (t) => {
  const { process, port } = await start(t, '-externalip=8.8.8.8', '-externalip=[2a01:4f8::2]:4242', '-externalip=10.0.0.1');
  assert.deepEqual(process.started()?.network?.localAddresses(), [
    { address: '8.8.8.8', port, score: 4 },
    { address: '2a01:4f8::2', port: 4242, score: 4 },
  ]);
  await assert.rejects(start(t, '-externalip=8.8.8.8:123456'), /Cannot resolve -externalip address: '8\.8\.8\.8:123456'/);
});
