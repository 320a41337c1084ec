import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesBehind, LocalAddresses } from './local-addresses.js';
import { RawPeer } from './testing/raw-peer.js';
import { TestNode, waitFor } from './testing/test-node.js';
import { decodeAddresses } from './wire/messages.js';
import { formatAddress, ipAddress, type NetworkAddress } from './wire/network-address.js';

function at(host: string, port = 8333): NetworkAddress {
  const address = ipAddress(host, port);
  assert.ok(address !== undefined);
  return address;
}

const shown = (addresses: LocalAddresses): [string, number][] => addresses.list().map(({ address, score }) => [formatAddress(address), score]);

test('an address counts for more the surer its source is, and again when it is confirmed', () => {
  const addresses = new LocalAddresses(true);
  assert.equal(addresses.add(at('192.168.0.5'), 'mapped'), false);
  assert.equal(addresses.add(at('8.8.8.8', 1), 'mapped'), true);
  addresses.add(at('8.8.8.8', 2), 'interface');
  assert.deepEqual(shown(addresses), [['8.8.8.8:1', 3]]);
  addresses.add(at('8.8.8.8', 3), 'mapped');
  addresses.add(at('8.8.8.8', 4), 'mapped');
  assert.deepEqual(shown(addresses), [['8.8.8.8:3', 4]]);
  addresses.seen(at('8.8.8.8', 9));
  addresses.seen(at('8.8.4.4'));
  assert.deepEqual(shown(addresses), [['8.8.8.8:3', 5]]);
  addresses.remove(at('8.8.8.8', 3), 'mapped');
  assert.deepEqual(shown(addresses), []);
});

test('an address that a router takes back is still that of the interface', () => {
  const addresses = new LocalAddresses(true);
  addresses.add(at('2a01:4f8::2'), 'interface');
  addresses.add(at('2a01:4f8::2'), 'mapped');
  addresses.seen(at('2a01:4f8::2'));
  assert.deepEqual(shown(addresses), [['[2a01:4f8::2]:8333', 5]]);
  addresses.remove(at('2a01:4f8::2'), 'mapped');
  assert.deepEqual(shown(addresses), [['[2a01:4f8::2]:8333', 1]]);
  addresses.remove(at('2a01:4f8::2'), 'mapped');
  assert.deepEqual(shown(addresses), [['[2a01:4f8::2]:8333', 1]]);
});

test('without discovery only what somebody named is known', () => {
  const addresses = new LocalAddresses(false);
  for (const source of ['interface', 'bound', 'mapped'] as const) assert.equal(addresses.add(at('8.8.8.8'), source), false);
  assert.equal(addresses.add(at('8.8.8.8'), 'manual'), true);
  assert.equal(addresses.trusts(at('8.8.4.4'), at('8.8.8.8')), false);
});

test('a peer is told the address of its own network, then the surest', () => {
  const addresses = new LocalAddresses(true);
  assert.equal(addresses.bestFor(at('8.8.4.4')), undefined);
  addresses.add(at('2a01:4f8::2'), 'manual');
  assert.equal(addresses.bestFor(at('8.8.4.4'))?.address.host, '2a01:4f8::2');
  addresses.add(at('8.8.8.8'), 'interface');
  addresses.add(at('9.9.9.9'), 'mapped');
  assert.equal(addresses.bestFor(at('8.8.4.4'))?.address.host, '9.9.9.9');
  assert.equal(addresses.bestFor(at('2a01:4f8::3'))?.address.host, '2a01:4f8::2');
  assert.equal(addresses.bestFor({ network: 'onion', host: '00'.repeat(32), port: 1 }), undefined);
});

test('listening everywhere means at all addresses of that kind', () => {
  const interfaces = [at('8.8.8.8', 0), at('2a01:4f8::2', 0)];
  const behind = (host: string): string[] => addressesBehind({ host, port: 18444 }, interfaces).map(formatAddress);
  assert.deepEqual(behind('0.0.0.0'), ['8.8.8.8:18444']);
  assert.deepEqual(behind('::'), ['[2a01:4f8::2]:18444']);
  assert.deepEqual(behind('9.9.9.9'), ['9.9.9.9:18444']);
});

test('peers who take addresses are told where the node is reached, once it has the chain', async (t) => {
  const node = await TestNode.start(t);
  node.network.ownAddresses.add(at('8.8.8.8', 4242), 'mapped');
  const silent = await RawPeer.ready(t, node);
  const peer = await RawPeer.ready(t, node, { receiver: at('8.8.8.8', 1) });
  assert.deepEqual(node.network.localAddresses(), [{ address: '8.8.8.8', port: 4242, score: 4 }], 'it was reached there');
  peer.send('getaddr');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(!peer.received.some(({ command }) => command === 'addr'), 'not while the chain is behind');
  await node.mine(1);
  const [told, ...more] = decodeAddresses(await peer.waitFor('addr'), false);
  assert.ok(told !== undefined && more.length === 0);
  assert.deepEqual([formatAddress(told.address), told.services], ['8.8.8.8:4242', node.network.localServices]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(peer.received.filter(({ command }) => command === 'addr').length, 1, 'not again for a day');
  assert.ok(!silent.received.some(({ command }) => command === 'addr'));
});

test('a node that does not listen tells nobody', async (t) => {
  const target = await TestNode.start(t);
  const node = await TestNode.start(t, { listen: [], externalAddresses: [at('8.8.8.8')] });
  await node.mine(1);
  await node.connect(target);
  await waitFor(() => target.network.peers().some(({ bytesReceivedPerMessage }) => bytesReceivedPerMessage.has('getaddr')), 'getaddr');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(target.network.peers().every(({ bytesReceivedPerMessage }) => !bytesReceivedPerMessage.has('addr') && !bytesReceivedPerMessage.has('addrv2')));
});
