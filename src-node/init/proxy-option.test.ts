import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { serializeService } from '../../src-bitcoin/address/net-address.js';
import { Network } from '../../src-interfaces/enums.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { NodeInterface } from '../interfaces/node.js';
import { createNode } from './create-node.js';

/** What getnetworkinfo says of proxies, by network, and the Node interface of that of IPv4. */
async function proxiesOf(t: TestContext, ...options: readonly string[]): Promise<{ readonly shown: unknown; readonly told: unknown }> {
  const directory = mkdtempSync(join(tmpdir(), 'proxy-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const node = await createNode(['-regtest', `-datadir=${directory}`, '-connect=0', '-printtoconsole=0', '-server=0', '-disablewallet', ...options]);
  t.after(() => node.shutdown());
  const { networks } = JSON.parse(await node.executeRpc('getnetworkinfo', '[]', ''));
  const shown = networks.map((each: Record<string, unknown>) => [each['name'], each['proxy'], each['proxy_randomize_credentials']]);
  return { shown, told: await new NodeInterface(node).getProxy(Network.ipv4) };
}

const unreachable = ['onion', 'i2p', 'cjdns'].map((name) => [name, '', false]);

test('a proxy is told of, with whether each connection has its own credentials', async (t) => {
  const { shown, told } = await proxiesOf(t, '-proxy=127.0.0.1:9051', '-proxyrandomize=0');
  assert.deepEqual(shown, [['ipv4', '127.0.0.1:9051', false], ['ipv6', '127.0.0.1:9051', false], ...unreachable]);
  assert.deepEqual(told, { proxyInfo: { proxy: serializeService('127.0.0.1:9051'), torStreamIsolation: false }, result: true });
});

test('without a port it is that of Tor, and credentials are random', async (t) => {
  const { shown } = await proxiesOf(t, '-proxy=[::1]');
  assert.deepEqual(shown, [['ipv4', '[::1]:9050', true], ['ipv6', '[::1]:9050', true], ...unreachable]);
});

test('without a proxy there is none', async (t) => {
  const { shown, told } = await proxiesOf(t);
  assert.deepEqual(shown, [['ipv4', '', false], ['ipv6', '', false], ...unreachable]);
  assert.ok(typeof told === 'object' && told !== null && 'result' in told && told.result === false);
});

test('help does not say that a proxy has no effect', () => {
  for (const name of ['proxy', 'proxyrandomize']) assert.equal(nodeOptionTable.find(name)?.implemented, true, name);
});
