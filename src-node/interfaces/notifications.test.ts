import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { parseTransaction, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { serializeBlock } from '../../src-bitcoin/primitives/block.js';
import type { BlockInfo, ChainNotifications } from '../../src-interfaces/generated/chain.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import type { Chainstate } from '../kernel/types.js';
import { at } from '../mempool/testing/mempool-bed.js';
import { TestNode, waitFor } from '../net/testing/test-node.js';
import { WalletNotifications } from './notifications.js';

/** A wallet that stops taking anything in with the first block it is told, until it is let go on. */
function hangingWallet(): { readonly wallet: ChainNotifications; readonly told: string[]; readonly blocks: BlockInfo[]; goOn: () => void } {
  let goOn = (): void => undefined;
  const hang = new Promise<void>((resolve) => (goOn = resolve));
  const told: string[] = [];
  const blocks: BlockInfo[] = [];
  const transaction = (what: string, bytes: Uint8Array): void => void told.push(`${what} ${hashToHex(txidOf(parseTransaction(bytes)))}`);
  const wallet: ChainNotifications = {
    destroy: async () => undefined,
    transactionAddedToMempool: async (bytes) => transaction('added', bytes),
    transactionRemovedFromMempool: async (bytes) => transaction('removed', bytes),
    blockConnected: async (_role, block) => {
      told.push(`block ${block.height}`);
      blocks.push(block);
      await hang;
    },
    blockDisconnected: async ({ height }) => void told.push(`left ${height}`),
    updatedBlockTip: async () => void told.push('tip'),
    chainStateFlushed: async () => void told.push('flushed'),
  };
  return { wallet, told, blocks, goOn };
}

const named = (what: string, tx: Transaction): string => `${what} ${hashToHex(txidOf(tx))}`;

test('a wallet that hangs is told later what has come of it all, and nothing piles up for it meanwhile', async (t) => {
  const node = await TestNode.start(t);
  const coins = await node.mine(110);
  let reads = 0;
  const chainstate: Chainstate = Object.create(node.chainstate, {
    readBlock: { value: (index: Parameters<Chainstate['readBlock']>[0]) => (reads++, node.chainstate.readBlock(index)) },
  });
  const notifications = new WalletNotifications(chainstate, node.mempool, silentLogger, async () => true, 8);
  const { wallet, told, blocks, goOn } = hangingWallet();
  const subscription = notifications.subscribe(wallet);
  t.after(() => subscription.destroy());
  const accept = async (coin: number, fee: bigint): Promise<Transaction> => {
    const tx = node.key.split([at(coins, coin)], fee);
    assert.ok((await node.mempool.accept(tx)).accepted);
    return tx;
  };
  const early = await accept(0, 1000n);
  await node.mine(1);
  await waitFor(() => blocks.length > 0, 'the first block');

  await node.mine(10);
  await accept(1, 1000n);
  await node.mine(20);
  const left = node.chainstate.tip;
  await node.chainstate.invalidateBlock(left);
  await accept(4, 1000n);
  await node.mine(1);
  await accept(2, 1000n);
  const [replacement, late] = [await accept(2, 9000n), await accept(3, 1000n)];

  goOn();
  await subscription.drained();
  const connected = Array.from({ length: 31 }, (_, i) => `block ${left.height - 30 + i}`);
  // What was confirmed or replaced before it could be told is not; one block stands in the place of the one that left.
  const expected = [named('added', early), ...connected, `left ${left.height}`, `block ${left.height}`, named('added', replacement), named('added', late)];
  assert.deepEqual(told.filter((line) => line !== 'flushed' && line !== 'tip'), expected);
  assert.ok(told.filter((line) => line === 'tip').length < 10);
  assert.ok(reads >= 20, `${reads} blocks read`);
  for (const { hash, data } of blocks) {
    const index = node.chainstate.lookup(hash);
    assert.ok(index !== undefined && data !== undefined);
    assert.equal(toHex(data), toHex(serializeBlock(await node.chainstate.readBlock(index))));
  }
});
