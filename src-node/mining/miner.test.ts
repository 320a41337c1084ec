import assert from 'node:assert/strict';
import test from 'node:test';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { blockWeight } from '../../src-bitcoin/primitives/block.js';
import { txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { at } from '../mempool/testing/mempool-bed.js';
import { outputOf } from '../mempool/testing/test-key.js';
import { TestNode } from '../net/testing/test-node.js';
import { NodeMiner } from './miner.js';

async function take(node: TestNode, tx: Transaction): Promise<Transaction> {
  const outcome = await node.mempool.accept(tx);
  assert.ok(outcome.accepted, outcome.accepted ? '' : outcome.reason);
  return tx;
}

const ids = (transactions: readonly Transaction[]): string[] => transactions.map((tx) => hashToHex(txidOf(tx)));

test('blocks hold the mempool, parents first, and their coinbase claims the fees', async (t) => {
  const node = await TestNode.start(t);
  const coins = await node.mine(103);
  const cheap = await take(node, node.key.split([at(coins, 0)], 200n));
  const sponsor = await take(node, node.key.split([outputOf(cheap)], 50_000n));
  const fair = await take(node, node.key.split([at(coins, 1)], 5_000n));
  await node.mine(1);
  const block = await node.chainstate.readBlock(node.chainstate.tip);
  assert.deepEqual(ids(block.transactions.slice(1)), ids([cheap, sponsor, fair]), 'the child pays for its parent');
  const coinbase = at(block.transactions, 0);
  assert.equal(coinbase.outputs[0]?.value, 5_000_000_000n + 55_200n);
  assert.equal(coinbase.locktime, 103);
  assert.equal(node.mempool.size, 0);
  assert.equal(node.miner.lastTemplate?.transactions, 3);
});

test('a block stays below its weight limit and takes what pays best', async (t) => {
  const node = await TestNode.start(t);
  const coins = await node.mine(106);
  const transactions: Transaction[] = [];
  for (let i = 0; i < 6; i++) transactions.push(await take(node, node.key.split([at(coins, i)], BigInt(20_000 * (i + 1)), 30)));
  const now = (): number => Math.floor(Date.now() / 1000);
  const limits = { maxWeight: 21_000, reservedWeight: 8000 };
  const miner = new NodeMiner({ chainstate: node.chainstate, mempool: node.mempool, now, limits });
  const { block, selection } = await miner.template(node.key.scriptPubKey);
  assert.ok(blockWeight(block) < limits.maxWeight);
  assert.equal(selection.fees, 120_000n + 100_000n + 80_000n);
  assert.deepEqual(ids(block.transactions.slice(1)), ids(transactions.slice(3).reverse()));
});

test('chosen transactions make a block, or an error that says what is wrong with it', async (t) => {
  const node = await TestNode.start(t);
  const [coin] = await node.mine(102);
  assert.ok(coin !== undefined);
  const good = node.key.split([coin], 2000n);
  const block = await node.miner.assemble(node.key.scriptPubKey, [good]);
  assert.equal(block.transactions[0]?.outputs[0]?.value, 5_000_000_000n);
  const solved = node.miner.solve(block, 1_000_000);
  assert.ok(solved !== undefined);
  await assert.rejects(node.miner.assemble(node.key.scriptPubKey, [node.key.split([coin], -1n)]), /TestBlockValidity failed: bad-txns-in-belowout/);
  await assert.rejects(node.miner.assemble(node.key.scriptPubKey, [good, good]), /TestBlockValidity failed: bad-txns-/);
  assert.ok((await node.chainstate.processBlock(solved)).accepted);
  assert.equal(node.chainstate.tip.height, 103);
});

test('generating gives up when the nonces are used up', async (t) => {
  const node = await TestNode.start(t);
  assert.deepEqual(await node.miner.generate(node.key.scriptPubKey, 5, 0), []);
  const hashes = await node.miner.generate(node.key.scriptPubKey, 5, 1_000_000);
  assert.equal(hashes.length, 5);
  assert.deepEqual(hashes.at(-1), node.chainstate.tip.hash);
});
