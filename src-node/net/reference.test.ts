import assert from 'node:assert/strict';
import test from 'node:test';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { encodeAddress } from '../../src-bitcoin/address/address.js';
import { outputOf } from '../mempool/testing/test-key.js';
import { ReferenceNode, referencePrograms } from './testing/reference-node.js';
import { TestNode, waitFor } from './testing/test-node.js';

const folder = referencePrograms();
const options = { skip: folder === undefined ? 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node and bitcoin-cli' : false };

async function untilEqual(read: () => Promise<string>, expected: () => string, what: string): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await read();
    if (value === expected()) return;
    assert.ok(Date.now() < end, `waited in vain for ${what}: ${value}, not ${expected()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('chains, payments and reorganisations travel between this node and Bitcoin Core', options, async (t) => {
  assert.ok(folder !== undefined);
  const core = await ReferenceNode.start(t, folder);
  const node = await TestNode.start(t);
  const ourTip = (): string => hashToHex(node.chainstate.tip.hash);
  const inStep = (): Promise<void> => untilEqual(() => core.rpc('getbestblockhash'), ourTip, 'the same tip');
  const address = encodeAddress(node.key.scriptPubKey, node.chainstate.params);
  assert.ok(address !== undefined);

  const [coin, second] = await node.mine(120);
  assert.ok(coin !== undefined && second !== undefined);
  node.network.connectOnce(`127.0.0.1:${core.port}`);
  await inStep();
  await core.rpc('generatetoaddress', '3', address);
  await waitFor(() => node.chainstate.tip.height === 123, 'blocks of Bitcoin Core');
  await inStep();
  await node.mine(1);
  await inStep();
  assert.equal(node.network.peers()[0]?.userAgent.startsWith('/Satoshi:'), true);

  // Payments in both directions. Bitcoin Core waits a few seconds before it announces one.
  const ours = node.key.split([coin], 2000n, 2);
  assert.ok((await node.mempool.accept(ours)).accepted);
  node.network.relayTransaction(ours);
  await untilEqual(async () => ((await core.rpc('getrawmempool')).includes(hashToHex(txidOf(ours))) ? 'there' : 'not there'), () => 'there', 'our payment');
  const theirs = node.key.split([outputOf(ours, 1)], 2000n);
  await core.rpc('sendrawtransaction', toHex(serializeTransaction(theirs)));
  await untilEqual(async () => (node.mempool.get(txidOf(theirs)) === undefined ? 'not there' : 'there'), () => 'there', 'their payment');

  // Both extend the chain while apart; the longer one wins.
  await core.rpc('setnetworkactive', 'false');
  await waitFor(() => node.network.connectionCount() === 0, 'the end of the connection');
  await node.mine(1);
  const lost = ourTip();
  await core.rpc('generatetoaddress', '2', address);
  await core.rpc('setnetworkactive', 'true');
  node.network.connectOnce(`127.0.0.1:${core.port}`);
  await inStep();
  assert.notEqual(ourTip(), lost);
});

test('a new Bitcoin Core node that connects to us gets our chain', options, async (t) => {
  assert.ok(folder !== undefined);
  const node = await TestNode.start(t);
  await node.mine(130);
  const core = await ReferenceNode.start(t, folder, undefined, `-connect=${node.address}`);
  await untilEqual(() => core.rpc('getblockcount'), () => '130', 'our chain');
  await node.mine(2);
  await untilEqual(() => core.rpc('getblockcount'), () => '132', 'our new blocks');
  const peers = node.network.peers();
  assert.equal(peers.length, 1);
  assert.equal(peers[0]?.inbound, true);
});
