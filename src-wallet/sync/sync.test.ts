import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import type { Outpoint, Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { createWallet, openWallet } from '../init/open-wallet.js';
import { abandonTransaction } from '../spend/commit.js';
import { testContext, type Cleanup } from '../testing/fixtures.js';
import type { MemoryChain } from '../testing/memory-chain.js';
import type { WalletContext } from '../context.js';
import type { LoadedWallet } from '../wallet.js';
import { WalletRegistry } from '../wallet-registry.js';
import { resubmitTransactions, syncMempool } from './attach.js';
import { rescanFromTime } from './rescan.js';
import { scanBlocks } from './scan.js';

const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });
const foreignCoin: Outpoint = { txid: new Uint8Array(32).fill(3), index: 0 };

interface Setup {
  readonly wallet: LoadedWallet;
  readonly chain: MemoryChain;
  readonly context: WalletContext & { readonly chain: MemoryChain };
}

async function setUp(t: Cleanup, keypoolSize = 20): Promise<Setup> {
  const context = testContext(t, { keypoolSize });
  const outcome = await createWallet(context, 'w', { flags: 0n, passphrase: '' });
  assert.ok(outcome.ok);
  t.after(() => outcome.wallet.close());
  return { wallet: outcome.wallet, chain: context.chain, context };
}

async function reopen({ wallet, context }: Setup, t: Cleanup): Promise<LoadedWallet> {
  if (wallet.isOpen) wallet.close();
  const outcome = await openWallet(context, wallet.name);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.message);
  t.after(() => outcome.wallet.close());
  await syncMempool(outcome.wallet, outcome.attachment.follower);
  return outcome.wallet;
}

function receive(wallet: LoadedWallet): Uint8Array {
  const next = wallet.newReceiveAddress('bech32', '');
  assert.ok(next.ok);
  return next.script;
}

/** A payment from somewhere else, told apart by `tag`. */
function payment(script: Uint8Array, value: bigint, prevout: Outpoint = foreignCoin, tag = 0): Transaction {
  return { version: 2, inputs: [{ prevout, scriptSig: Uint8Array.of(tag), sequence: 0xffffffff, witness: [] }], outputs: [{ value, scriptPubKey: script }], locktime: tag };
}

const coin = 100_000_000n;

test('a payment goes from mempool to block and back when the block leaves the chain', async (t) => {
  const { wallet, chain } = await setUp(t);
  const changes: string[] = [];
  wallet.events.transaction.listen((_txid, change) => changes.push(change));
  const tx = payment(receive(wallet), coin);
  await chain.addToMempool(tx);
  assert.deepEqual(wallet.balances(), { trusted: 0n, untrustedPending: coin, immature: 0n });
  await chain.mine(elsewhere);
  assert.deepEqual(wallet.balances(), { trusted: coin, untrustedPending: 0n, immature: 0n });
  await chain.disconnect();
  assert.deepEqual(wallet.balances(), { trusted: 0n, untrustedPending: 0n, immature: 0n });
  assert.equal(wallet.lastBlock.height, 0);
  await chain.addToMempool(tx);
  assert.deepEqual(wallet.balances(), { trusted: 0n, untrustedPending: coin, immature: 0n });
  await chain.mine(elsewhere);
  await chain.mine(elsewhere);
  assert.equal(wallet.balances().trusted, coin);
  assert.equal(changes[0], 'new');
  assert.ok(changes.slice(1).every((change) => change === 'updated'));
});

test('mined coins ripen, and die with their block', async (t) => {
  const { wallet, chain } = await setUp(t);
  await chain.mine(receive(wallet));
  assert.deepEqual(wallet.balances(), { trusted: 0n, untrustedPending: 0n, immature: 50n * coin });
  for (let i = 0; i < 99; i++) await chain.mine(elsewhere);
  assert.equal(wallet.balances().trusted, 0n);
  await chain.mine(elsewhere);
  assert.equal(wallet.balances().trusted, 50n * coin);
  await chain.mine(receive(wallet));
  const [orphan] = wallet.history.ordered().slice(-1);
  await chain.disconnect();
  assert.deepEqual(orphan?.state, { kind: 'inactive', abandoned: true });
  // Coinbase transactions all spend "nothing", which makes them no rivals of each other.
  assert.ok([...wallet.history.all()].every((each) => wallet.history.conflictsOf(each).size === 0));
  assert.deepEqual(wallet.balances(), { trusted: 50n * coin, untrustedPending: 0n, immature: 0n });
});

test('a sender who pays the same coin twice: the confirmed payment counts, and its children with it', async (t) => {
  const setup = await setUp(t);
  const { wallet, chain } = setup;
  const first = payment(receive(wallet), coin);
  const child = payment(receive(wallet), coin - 1000n, { txid: txidOf(first), index: 0 }, 9);
  const second = payment(receive(wallet), coin * 2n, foreignCoin, 1);
  await chain.addToMempool(first);
  await chain.addToMempool(child);
  await chain.mine(elsewhere, { transactions: [second] });
  const states = [first, child, second].map((tx) => wallet.history.find(txidOf(tx))?.state.kind);
  assert.deepEqual(states, ['conflicted', 'conflicted', 'confirmed']);
  assert.equal(wallet.balances().trusted, coin * 2n);
  const again = await reopen(setup, t);
  assert.deepEqual([first, child, second].map((tx) => again.history.find(txidOf(tx))?.state.kind), states);
  assert.equal(again.balances().trusted, coin * 2n);
  // The other branch wins: the first payment is back.
  await chain.disconnect();
  assert.equal(again.history.find(txidOf(first))?.state.kind, 'inactive');
  await chain.mine(elsewhere, { transactions: [first] });
  assert.deepEqual([first, second].map((tx) => again.history.find(txidOf(tx))?.state.kind), ['confirmed', 'conflicted']);
  // The child may still come: what it spends is not free until it is given up.
  const waiting = again.history.find(txidOf(child));
  assert.ok(waiting !== undefined && again.balances().trusted === 0n);
  assert.ok(abandonTransaction(again, waiting));
  assert.equal(again.balances().trusted, coin);
});

test('a replaced payment in the mempool frees nothing it should not, and is noted as rival', async (t) => {
  const { wallet, chain } = await setUp(t);
  const first = payment(receive(wallet), coin);
  const second = payment(elsewhere, coin, foreignCoin, 1);
  await chain.addToMempool(first);
  await chain.addToMempool(second);
  const transaction = wallet.history.find(txidOf(first));
  assert.equal(transaction?.state.kind, 'inactive');
  assert.equal(transaction.mempoolConflicts.size, 1);
  assert.equal(wallet.balances().untrustedPending, 0n);
  await chain.removeFromMempool(second);
  assert.equal(transaction.mempoolConflicts.size, 0);
});

test('blocks that came while the wallet was closed are caught up with, whatever happened to the old ones', async (t) => {
  const setup = await setUp(t);
  const { wallet, chain } = setup;
  const scripts = [receive(wallet), receive(wallet), receive(wallet)] as const;
  await chain.mine(elsewhere, { transactions: [payment(scripts[0], coin)] });
  wallet.close();
  await chain.disconnect();
  for (let i = 0; i < 30; i++) await chain.mine(elsewhere);
  await chain.mine(elsewhere, { transactions: [payment(scripts[1], coin * 3n, foreignCoin, 4)] });
  for (let i = 0; i < 30; i++) await chain.mine(elsewhere);
  const again = await reopen(setup, t);
  assert.equal(again.balances().trusted, coin * 3n);
  assert.deepEqual([...again.history.all()].map(({ state }) => state.kind).sort(), ['confirmed', 'conflicted']);
  await chain.mine(elsewhere, { transactions: [payment(scripts[2], coin, { txid: new Uint8Array(32).fill(4), index: 0 })] });
  assert.equal(again.balances().trusted, coin * 4n);
});

test('a wallet that was unloaded does not look again at blocks that it has seen', async (t) => {
  const context = testContext(t);
  const registry = new WalletRegistry(context);
  t.after(() => registry.closeAll());
  assert.ok((await registry.create('w', { flags: 0n, passphrase: '' })).ok);
  for (let i = 1; i < 4; i++) await context.chain.mine(elsewhere, { time: context.clock.now() + i });
  await registry.unload('w');
  const seen = context.chain.messages.length;
  assert.ok((await registry.load('w')).ok);
  assert.deepEqual(context.chain.messages.slice(seen), ['Loading wallet…']);
  await context.chain.mine(elsewhere);
  context.chain.findBlock = () => Promise.reject(new Error('the node is gone'));
  await registry.unload('w');
  assert.deepEqual(registry.list(), []);
});

test('addresses beyond those given out are watched, and more are made as they are used', async (t) => {
  const { wallet, chain } = await setUp(t, 5);
  const descriptor = wallet.keyring.active('bech32', false);
  assert.ok(descriptor);
  for (let i = 4; i < 40; i += 4) {
    const [script] = descriptor.scripts(i) ?? [];
    assert.ok(script);
    await chain.mine(elsewhere, { transactions: [payment(script, coin, { txid: new Uint8Array(32).fill(i), index: i })] });
  }
  assert.equal(wallet.history.size, 9);
  assert.equal(descriptor.nextIndex, 37);
  assert.equal(descriptor.rangeEnd, 42);
  // What was skipped counts as receive address, not as change.
  const [script] = descriptor.scripts(10) ?? [];
  assert.ok(script !== undefined && !wallet.isChangeScript(script));
});

test('a copy of an old backup finds everything again by a scan', async (t) => {
  const setup = await setUp(t, 5);
  const { wallet, chain, context } = setup;
  const backup = `${context.settings.walletDirectory}/old.bak`;
  await wallet.backup(backup);
  for (let i = 0; i < 12; i++) await chain.mine(elsewhere, { transactions: [payment(receive(wallet), coin, { txid: new Uint8Array(32).fill(i), index: i })] });
  wallet.close();
  mkdirSync(`${context.settings.walletDirectory}/old`);
  copyFileSync(backup, `${context.settings.walletDirectory}/old/wallet.dat`);
  const outcome = await openWallet(context, 'old');
  assert.ok(outcome.ok);
  t.after(() => outcome.wallet.close());
  // Its birth is later than these blocks' times: only a scan from the start sees them.
  await scanBlocks(outcome.wallet, { start: await chain.getBlockHash(0), startHeight: 0, update: true, saveProgress: false });
  assert.equal(outcome.wallet.balances().trusted, coin * 12n);
  assert.equal((await rescanFromTime(outcome.wallet, 1n)).status, 'success');
  assert.equal(outcome.wallet.balances().trusted, coin * 12n);
});

test('a scan can be stopped, and reports how far it got', async (t) => {
  const { wallet, chain } = await setUp(t);
  for (let i = 0; i < 20; i++) await chain.mine(elsewhere);
  const seen: number[] = [];
  wallet.events.progress.listen((_title, percent) => seen.push(percent));
  const scanning = scanBlocks(wallet, { start: await chain.getBlockHash(0), startHeight: 0, update: true, saveProgress: false });
  if (wallet.scan !== undefined) wallet.scan.abort = true;
  const outcome = await scanning;
  assert.equal(outcome.status, 'aborted');
  assert.ok((outcome.last?.height ?? -1) < 20);
  assert.deepEqual([seen[0], seen.at(-1)], [0, 100]);
  assert.equal(wallet.scan, undefined);
});

test('unconfirmed payments are offered to the mempool again after a restart, but not abandoned ones', async (t) => {
  const setup = await setUp(t);
  const { wallet, chain } = setup;
  const tx = payment(receive(wallet), coin);
  await chain.addToMempool(tx);
  await chain.removeFromMempool(tx);
  const again = await reopen(setup, t);
  assert.equal(chain.mempool.length, 1);
  assert.equal(again.balances().untrustedPending, coin);
  await chain.removeFromMempool(tx);
  const known = again.history.find(txidOf(tx));
  assert.ok(known);
  again.change(() => again.history.update(known, { kind: 'inactive', abandoned: true }));
  assert.equal(await resubmitTransactions(again, false), 0);
});

test('the time of a payment is that of its block when it was learned late', async (t) => {
  const setup = await setUp(t);
  const { wallet, chain } = setup;
  const time = 1_600_000_000;
  const script = receive(wallet);
  await chain.mine(elsewhere, { transactions: [payment(script, coin)], time });
  const [live] = wallet.history.all();
  assert.equal(live?.timeSmart, time);
  assert.ok(live.timeReceived > time);
});
