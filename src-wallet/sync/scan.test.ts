import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { createWallet, openWallet } from '../init/open-wallet.js';
import { testContext } from '../testing/fixtures.js';
import type { MemoryChain } from '../testing/memory-chain.js';
import type { WalletContext } from '../context.js';
import type { LoadedWallet } from '../wallet.js';
import { scanBlocks, type ScanOutcome } from './scan.js';

const subsidy = 100_000_000n;
type Context = WalletContext & { readonly chain: MemoryChain };

function nextScript(wallet: LoadedWallet): Uint8Array {
  const next = wallet.newReceiveAddress('bech32', '');
  assert.ok(next.ok);
  return next.script;
}

/** A chain that pays a wallet once in each of some blocks, and a copy of the wallet from before them. */
async function setUp(t: TestContext, { blocks, keypoolSize = 20 }: { readonly blocks: number; readonly keypoolSize?: number }): Promise<{ context: Context; copy: LoadedWallet }> {
  const context = testContext(t, { keypoolSize });
  const { chain, settings } = context;
  const created = await createWallet(context, 'w', { flags: 0n, passphrase: '' });
  assert.ok(created.ok);
  const { wallet } = created;
  const backup = `${settings.walletDirectory}/old.bak`;
  await wallet.backup(backup);
  for (let i = 0; i < blocks; i++) await chain.mine(nextScript(wallet), { value: subsidy });
  wallet.close();
  mkdirSync(`${settings.walletDirectory}/copy`);
  copyFileSync(backup, `${settings.walletDirectory}/copy/wallet.dat`);
  const opened = await openWallet(context, 'copy');
  assert.ok(opened.ok);
  t.after(() => opened.wallet.close());
  assert.equal(opened.wallet.history.size, 0);
  return { context, copy: opened.wallet };
}

async function scanAll(wallet: LoadedWallet, { chain }: Context): Promise<ScanOutcome> {
  return scanBlocks(wallet, { start: await chain.getBlockHash(0), startHeight: 0, update: true, saveProgress: false });
}

test('blocks of a scan are taken in several at a time', async (t) => {
  const { context, copy } = await setUp(t, { blocks: 50 });
  const change = t.mock.method(copy, 'change');
  assert.equal((await scanAll(copy, context)).last?.height, 50);
  assert.equal(copy.history.size, 50);
  assert.ok(change.mock.callCount() < 50, `${change.mock.callCount()} changes of the file`);
});

test('filters choose anew when a block has brought more addresses to look for', async (t) => {
  const { context, copy } = await setUp(t, { blocks: 10, keypoolSize: 1 });
  context.chain.filters = true;
  const { status, last } = await scanAll(copy, context);
  assert.deepEqual([status, last?.height], ['success', 10]);
  assert.equal(copy.history.size, 10);
});

test('a block that leaves the chain between being fetched and taken in confirms nothing', async (t) => {
  const { context, copy } = await setUp(t, { blocks: 3 });
  const { chain } = context;
  const { hash } = chain.tip;
  const findBlock = chain.findBlock.bind(chain);
  t.mock.method(chain, 'findBlock', async (...call: Parameters<MemoryChain['findBlock']>) => {
    const found = await findBlock(...call);
    if (call[1].wantData === true && call[0] === hash && chain.tip.hash === hash) await chain.disconnect();
    return found;
  });
  const { status, last } = await scanAll(copy, context);
  assert.deepEqual([status, last?.height, copy.lastBlock.height], ['success', 2, 2]);
  assert.equal(copy.balances().immature, 2n * subsidy);
});

test('a block, and that it was seen, are one change of the file', async (t) => {
  const { context, copy } = await setUp(t, { blocks: 1 });
  const change = t.mock.method(copy, 'change');
  const script = nextScript(copy);
  change.mock.resetCalls();
  const saved = t.mock.method(copy.writer, 'bestBlock');
  await context.chain.mine(script);
  assert.deepEqual([change.mock.callCount(), saved.mock.callCount()], [1, 1]);
  await context.chain.disconnect();
  assert.deepEqual([change.mock.callCount(), saved.mock.callCount()], [2, 2]);
});

test('a node that is lost between two questions fails the scan, and nothing else', async (t) => {
  const { context, copy } = await setUp(t, { blocks: 3 });
  const { chain } = context;
  const start = await chain.getBlockHash(0);
  // The connection breaks while the first block is on its way; the question asked before is the first to hear of it.
  const lost = async (): Promise<never> => Promise.reject(new Error('connection lost'));
  t.mock.method(chain, 'findBlock', lost);
  t.mock.method(chain, 'shutdownRequested', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return lost();
  });
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  t.after(() => process.off('unhandledRejection', note));
  await assert.rejects(scanBlocks(copy, { start, startHeight: 0, update: true, saveProgress: false }), /connection lost/);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(unhandled, []);
});
