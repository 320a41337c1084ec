import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { serializeBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { assembleBlock } from '../mining/block-assembly.js';
import { solveBlock } from '../mining/proof-of-work.js';
import { RawPeer } from './testing/raw-peer.js';
import { TestNode, waitFor } from './testing/test-node.js';
import { decodeHeaders, decodeInventory, encodeHeaders, encodeInventory, encodeLocator, inventory } from './wire/messages.js';

/** A valid block on the node's tip, solved. */
function nextBlock(node: TestNode, fees = 0n): Block {
  const { tip, params } = node.chainstate;
  const block = assembleBlock({ prev: tip, params, transactions: [], fees, scriptPubKey: node.key.scriptPubKey, now: tip.header.time + 1 });
  const solved = solveBlock(block, params.consensus.powLimit, 1_000_000).block;
  assert.ok(solved !== undefined);
  return solved;
}

test('garbage, another network and oversized messages end the connection', async (t) => {
  const node = await TestNode.start(t);
  const garbage = await RawPeer.connect(t, node);
  garbage.write(randomBytes(1000));
  await garbage.waitForClose();

  const foreign = await RawPeer.connect(t, node);
  foreign.write(Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9));
  await foreign.waitForClose();

  const huge = await RawPeer.ready(t, node);
  const header = new ByteWriter().bytes(node.chainstate.params.magic).bytes(Buffer.from('block\0\0\0\0\0\0\0', 'latin1')).u32(4_000_001).u32(0);
  huge.write(header.finish());
  await huge.waitForClose();
  await waitFor(() => node.network.connectionCount() === 0, 'no peers');
});

test('a wrong checksum or an unreadable payload costs that message only', async (t) => {
  const node = await TestNode.start(t);
  const peer = await RawPeer.ready(t, node);
  const bad = new ByteWriter().bytes(node.chainstate.params.magic).bytes(Buffer.from('ping\0\0\0\0\0\0\0\0', 'latin1')).u32(8).u32(0).u64(7n);
  peer.write(bad.finish());
  await peer.expectAlive();
  for (const command of ['inv', 'getdata', 'headers', 'block', 'tx', 'addr', 'addrv2', 'getheaders', 'getblocks', 'sendcmpct', 'feefilter', 'cmpctblock', 'getblocktxn', 'notfound', 'pong', 'nonsense']) {
    peer.send(command, Uint8Array.of(0xff, 0xff, 0xff));
    for (let length = 0; length < 40; length += 7) peer.send(command, new Uint8Array(randomBytes(length)));
  }
  // Random bytes may make a valid request, but nothing that breaks a rule.
  await waitFor(() => peer.closed || (node.network.peers()[0]?.bytesReceivedPerMessage.get('*other*') ?? 0) > 0, 'all messages to be read');
  if (!peer.closed) await peer.expectAlive();
  await (await RawPeer.ready(t, node)).expectAlive();
});

test('messages before the handshake are ignored, a second version and late features too', async (t) => {
  const node = await TestNode.start(t);
  const early = await RawPeer.connect(t, node);
  early.send('getaddr');
  early.send('getheaders', encodeLocator({ locator: [], stop: new Uint8Array(32) }));
  early.send('verack');
  early.sendVersion();
  await early.waitFor('version');
  assert.deepEqual(early.received.map(({ command }) => command).filter((command) => command === 'headers'), []);
  const late = await RawPeer.ready(t, node);
  late.send('wtxidrelay');
  await late.waitForClose();
  const old = await RawPeer.connect(t, node);
  old.sendVersion({ version: 31799 });
  await old.waitForClose();
});

test('silence instead of a handshake ends the connection', async (t) => {
  const node = await TestNode.start(t, { timing: { handshake: 200 } });
  const peer = await RawPeer.connect(t, node);
  await peer.waitForClose();
});

test('headers that do not connect to each other or lack work end the connection', async (t) => {
  const node = await TestNode.start(t);
  await node.mine(3);
  const jumpy = await RawPeer.ready(t, node);
  const one = nextBlock(node).header;
  jumpy.send('headers', encodeHeaders([one, { ...one, nonce: one.nonce + 1 }]));
  await jumpy.waitForClose();

  const lazy = await RawPeer.ready(t, node);
  lazy.send('headers', encodeHeaders([{ ...one, bits: 0x1d00ffff }]));
  await lazy.waitForClose();
  assert.equal(node.chainstate.tip.height, 3);
});

test('headers without known parents are asked about, not punished', async (t) => {
  const node = await TestNode.start(t);
  await node.mine(3);
  const peer = await RawPeer.ready(t, node);
  await peer.waitFor('getheaders');
  peer.send('headers', encodeHeaders([]));
  const known = peer.received.length;
  peer.send('headers', encodeHeaders([{ ...nextBlock(node).header, prevHash: new Uint8Array(32).fill(3) }]));
  await waitFor(() => peer.received.slice(known).some(({ command }) => command === 'getheaders'), 'getheaders');
  await peer.expectAlive();
});

test('a header is followed by a request for its block, and an invalid block ends the connection', async (t) => {
  const node = await TestNode.start(t);
  await node.mine(3);
  const peer = await RawPeer.ready(t, node);
  // One satoshi more than a block may make.
  const block = nextBlock(node, 1n);
  peer.send('headers', encodeHeaders([block.header]));
  const [item] = decodeInventory(await peer.waitFor('getdata'));
  assert.equal(item?.kind, inventory.block | inventory.witness);
  peer.send('block', serializeBlock(block));
  await peer.waitForClose();
  assert.equal(node.chainstate.tip.height, 3);

  const honest = await RawPeer.ready(t, node);
  const good = nextBlock(node);
  honest.send('inv', encodeInventory([{ kind: inventory.block, hash: new Uint8Array(32).fill(1) }]));
  honest.send('headers', encodeHeaders([good.header]));
  await honest.waitFor('getdata');
  honest.send('block', serializeBlock(good));
  await waitFor(() => node.chainstate.tip.height === 4, 'the good block');
});

test('a block nobody sends is asked of another peer', async (t) => {
  const node = await TestNode.start(t, { timing: { block: 300 } });
  await node.mine(1);
  const block = nextBlock(node);
  const silent = await RawPeer.ready(t, node);
  silent.send('headers', encodeHeaders([block.header]));
  await silent.waitFor('getdata');
  const helpful = await RawPeer.ready(t, node);
  helpful.send('headers', encodeHeaders([block.header]));
  await helpful.waitFor('getdata');
  assert.ok(silent.closed, 'given up first');
  helpful.send('block', serializeBlock(block));
  await waitFor(() => node.chainstate.tip.height === 2, 'the block');
});

test('what is not there is not found, and headers are served from where the peer is', async (t) => {
  const node = await TestNode.start(t);
  const coins = await node.mine(110);
  const [coin] = coins;
  assert.ok(coin !== undefined);
  const peer = await RawPeer.ready(t, node);
  peer.send('getdata', encodeInventory([{ kind: inventory.tx, hash: new Uint8Array(32).fill(9) }]));
  assert.equal(decodeInventory(await peer.waitFor('notfound')).length, 1);
  const from = node.chainstate.atHeight(100);
  assert.ok(from !== undefined);
  peer.send('getheaders', encodeLocator({ locator: [from.hash], stop: new Uint8Array(32) }));
  const headers = decodeHeaders(await peer.waitFor('headers'));
  assert.equal(headers.length, 10);
  assert.deepEqual(headers.at(-1), node.chainstate.tip.header);

  // A payment just come in is not given to who has not been told of it.
  const tx = node.key.split([coin], 2000n);
  const outcome = await node.mempool.accept(tx);
  assert.ok(outcome.accepted);
  peer.received.length = 0;
  peer.send('getdata', encodeInventory([{ kind: inventory.wtx, hash: outcome.entry.wtxid }]));
  await peer.waitFor('notfound');
  node.network.relayTransaction(tx);
  await peer.waitFor('inv');
  peer.send('getdata', encodeInventory([{ kind: inventory.wtx, hash: outcome.entry.wtxid }]));
  assert.deepEqual(await peer.waitFor('tx'), serializeTransaction(tx));
});

test('banned addresses are not let in, and -blocksonly wants no transactions', async (t) => {
  const node = await TestNode.start(t, { blocksOnly: true });
  const peer = await RawPeer.ready(t, node);
  peer.send('inv', encodeInventory([{ kind: inventory.tx, hash: new Uint8Array(32).fill(9) }]));
  await peer.waitForClose();
  assert.equal(node.network.bans.ban('127.0.0.0/8'), true);
  const banned = await RawPeer.connect(t, node);
  await banned.waitForClose();
  assert.equal(node.network.bans.unban('127.0.0.0/8'), true);
  await RawPeer.ready(t, node);
});

test('more peers than allowed are turned away', async (t) => {
  const node = await TestNode.start(t, { maxConnections: 13 });
  await RawPeer.ready(t, node);
  await RawPeer.ready(t, node);
  const third = await RawPeer.connect(t, node);
  await third.waitForClose();
  assert.equal(node.network.connectionCount('in'), 2);
});
