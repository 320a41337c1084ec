import assert from 'node:assert/strict';
import test from 'node:test';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { outputOf } from '../mempool/testing/test-key.js';
import { TestNode, waitFor, waitForSameTip } from './testing/test-node.js';

test('a new node gets the whole chain, and then each new block', async (t) => {
  const old = await TestNode.start(t);
  await old.mine(150);
  const young = await TestNode.start(t);
  await young.connect(old);
  await waitForSameTip(old, young);
  assert.equal(young.chainstate.tip.height, 150);
  assert.equal(young.chainstate.initialDownload, false);
  await old.mine(1);
  await waitForSameTip(old, young);
  await young.mine(3);
  await waitForSameTip(old, young);
  assert.equal(old.chainstate.tip.height, 154);
  const [peer] = young.network.peers();
  assert.ok(peer !== undefined);
  assert.equal(peer.connectionType, 'manual');
  assert.equal(peer.userAgent, '/Test:1.0/');
  assert.equal(peer.syncedHeaders, 151, 'what the peer announced');
  assert.deepEqual(peer.inflight, []);
  assert.ok((peer.bytesReceivedPerMessage.get('block') ?? 0) > 150 * 200);
  await waitFor(() => young.network.peers()[0]?.minPing !== undefined, 'an answer to the ping');
});

test('payments travel, orphans wait for their parents, and a block clears both mempools', async (t) => {
  const [first, second, third] = await Promise.all([TestNode.start(t), TestNode.start(t), TestNode.start(t)]);
  const coins = await first.mine(103);
  const [coin, other] = coins;
  assert.ok(coin !== undefined && other !== undefined);
  await second.connect(first);
  await third.connect(second);
  await waitForSameTip(first, second, third);
  await waitFor(() => !third.chainstate.initialDownload, 'the end of the download');

  const parent = first.key.split([coin], 2000n, 2);
  const child = first.key.split([outputOf(parent)], 2000n);
  const loner = first.key.split([other], 2000n);
  for (const tx of [parent, child, loner]) {
    const outcome = await first.mempool.accept(tx);
    assert.ok(outcome.accepted);
    first.mempool.setUnbroadcast(txidOf(tx), true);
    first.network.relayTransaction(tx);
  }
  await waitFor(() => third.mempool.size === 3, 'three transactions two hops away');
  assert.equal(first.mempool.unbroadcastCount, 0, 'somebody asked for them');

  // Announced without its parent: the other side has to ask for that.
  const late = first.key.split([outputOf(parent, 1)], 2000n);
  const later = first.key.split([outputOf(late)], 2000n);
  assert.ok((await third.mempool.accept(late)).accepted);
  assert.ok((await third.mempool.accept(later)).accepted);
  third.network.relayTransaction(later);
  await waitFor(() => first.mempool.get(txidOf(later)) !== undefined, 'child and parent two hops away');

  await third.mine(1);
  await waitForSameTip(first, second, third);
  await waitFor(() => [first, second, third].every((node) => node.mempool.size === 0), 'empty mempools');
  const block = await first.chainstate.readBlock(first.chainstate.tip);
  assert.deepEqual(
    block.transactions.slice(1).map((tx) => hashToHex(txidOf(tx))).sort(),
    [parent, child, loner, late, later].map((tx) => hashToHex(txidOf(tx))).sort(),
  );
});

test('of two chains the longer one wins on both sides, and payments of the other come back', async (t) => {
  const [left, right] = await Promise.all([TestNode.start(t), TestNode.start(t)]);
  const [coin] = await left.mine(102);
  assert.ok(coin !== undefined);
  await right.connect(left);
  await waitForSameTip(left, right);
  for (const peer of right.network.peers()) right.network.disconnectById(peer.id);
  await waitFor(() => left.network.connectionCount() === 0, 'the end of the connection');

  const payment = left.key.split([coin], 2000n);
  assert.ok((await left.mempool.accept(payment)).accepted);
  await left.mine(2);
  assert.equal(left.mempool.size, 0);
  await right.mine(5);
  await left.connect(right);
  await waitForSameTip(left, right);
  assert.equal(left.chainstate.tip.height, 107);
  await waitFor(() => left.mempool.get(txidOf(payment)) !== undefined, 'the payment back in the mempool');
});

test('several peers share the download', async (t) => {
  const source = await TestNode.start(t);
  await source.mine(120);
  const copies = await Promise.all([TestNode.start(t), TestNode.start(t)]);
  for (const copy of copies) await copy.connect(source);
  await waitForSameTip(source, ...copies);
  const young = await TestNode.start(t);
  for (const node of [source, ...copies]) await young.connect(node);
  await waitForSameTip(source, young);
  assert.equal(young.network.connectionCount('out'), 3);
});

test('a node notices that it talks to itself, and does not connect twice', async (t) => {
  const node = await TestNode.start(t);
  node.network.connectOnce(node.address);
  await waitFor(() => node.network.totals().bytesReceived > 0, 'the first bytes');
  await waitFor(() => node.network.connectionCount() === 0, 'the end of the connection');
  const other = await TestNode.start(t);
  await node.connect(other);
  node.network.connectOnce(other.address);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(node.network.connectionCount(), 1);
});

test('added nodes are connected to again, and switching off drops everybody', async (t) => {
  const [node, other] = await Promise.all([TestNode.start(t), TestNode.start(t)]);
  const counts: number[] = [];
  node.network.subscribe({ connectionsChanged: (count) => counts.push(count) });
  assert.equal(node.network.addNode(other.address), true);
  assert.equal(node.network.addNode(other.address), false);
  await waitFor(() => node.network.connectionCount() === 1, 'a connection');
  assert.deepEqual(node.network.addedNodes(), [{ node: other.address, connected: { address: other.address, inbound: false } }]);
  assert.equal(node.network.disconnectByAddress(other.address), true);
  await waitFor(() => counts.filter((count) => count === 1).length === 2, 'a second connection');
  node.network.setActive(false);
  assert.equal(node.network.connectionCount(), 0);
  await waitFor(() => other.network.connectionCount() === 0, 'the other side to notice');
  node.network.setActive(true);
  await waitFor(() => node.network.connectionCount() === 1, 'a third connection');
  assert.equal(node.network.removeNode(other.address), true);
});
