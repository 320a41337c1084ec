/**
 * The wallet process is killed twenty times while payments are made between its two wallets, now and then
 * together with the node. Every coin of the chain belongs to one of the two, so the UTXO set tells what
 * they must own.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { NodeProcess, RpcError, type Json } from '../framework/node-process.js';
import { childrenOf, commandLine, isRunning } from '../framework/process-tree.js';
import { pause, randomFor, type Random } from '../framework/random.js';
import { waitFor } from '../framework/wait.js';

const wallets = ['a', 'b'] as const;
type WalletName = (typeof wallets)[number];
const kills = 20;
const args = ['-keypool=20'];

const satoshis = (amount: number): number => Math.round(amount * 1e8);
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

async function walletPid(node: NodeProcess): Promise<number> {
  return waitFor('the wallet process', () => childrenOf(node.pid).find((pid) => commandLine(pid).includes('bitcoin-wallet')));
}

/** What a wallet says it owns, confirmed or not; satoshis. */
async function owned(node: NodeProcess, wallet: WalletName | 'restored'): Promise<number> {
  const { mine } = await node.rpc('getbalances', [], wallet);
  return satoshis(mine.trusted) + satoshis(mine.untrusted_pending) + satoshis(mine.immature);
}

/** What there is to own: coins of the chain, less the fees that waiting payments are going to cost; satoshis. */
async function existing(node: NodeProcess): Promise<number> {
  const { total_amount: total } = await node.rpc('gettxoutsetinfo', ['none']);
  const { total_fee: fees } = await node.rpc('getmempoolinfo');
  return satoshis(total) - satoshis(fees);
}

/** Lines of the history without what depends on the moment. */
async function history(node: NodeProcess, wallet: string): Promise<{ txid: string; vout: number; category: string; amount: number; fee: number }[]> {
  const lines: Json[] = await node.rpc('listtransactions', ['*', 100_000], wallet);
  return lines
    .map(({ txid, vout, category, amount, fee }) => ({ txid, vout, category, amount: satoshis(amount), fee: satoshis(fee ?? 0) }))
    .sort((a, b) => `${a.txid}${a.category}${a.vout}`.localeCompare(`${b.txid}${b.category}${b.vout}`));
}

/** Payments that were acknowledged, by the wallet that made them. */
type Payments = Map<string, WalletName>;

/** Pays to and fro and mines, until a call fails. Returns what it failed with. */
async function trade(node: NodeProcess, random: Random, payments: Payments): Promise<unknown> {
  try {
    for (;;) {
      const from = random.oneIn(2) ? 'a' : 'b';
      const address = await node.rpc('getnewaddress', [], from === 'a' ? 'b' : 'a');
      if (random.oneIn(4)) {
        await node.rpc('generatetoaddress', [1, address]);
        continue;
      }
      try {
        payments.set(await node.rpc('sendtoaddress', [address, (1 + random.below(3000)) / 1000], from), from);
      } catch (error) {
        // Nothing left, or too many unconfirmed payments in a row: a block helps.
        if (!(error instanceof RpcError) || !/Insufficient funds|too-long|unconfirmed/i.test(error.message)) throw error;
        await node.rpc('generatetoaddress', [1, address]);
      }
    }
  } catch (error) {
    return error;
  }
}

/**
 * Mines what the node had not written when it was killed. Payments are locked to the tip they were made on; those that
 * were made on a lost one can be handed over only now, and wallets do so when they are loaded.
 */
async function catchUp(node: NodeProcess, height: number): Promise<void> {
  // A block may have come between the question for the height and the end.
  const missing = height + 1 - (await node.rpc('getblockcount'));
  if (missing > 0) await node.rpc('generatetoaddress', [missing, await node.rpc('getnewaddress', [], 'b')]);
  for (const wallet of wallets) {
    await node.rpc('unloadwallet', [wallet]);
    await node.rpc('loadwallet', [wallet]);
  }
}

async function check(node: NodeProcess, payments: Payments): Promise<void> {
  // Payments the killed process had not handed over yet are handed over again; their receivers hear of them.
  await waitFor('every coin to have its owner', async () => {
    const [a, b, all] = [await owned(node, 'a'), await owned(node, 'b'), await existing(node)];
    if (a + b !== all) throw new Error(`${a} + ${b} is ${a + b - all} off ${all}`);
    return true;
  }, 15_000);
  const seen = new Set<string>();
  for (const wallet of wallets) {
    for (const coin of await node.rpc('listunspent', [0], wallet)) {
      const outpoint = `${coin.txid}:${coin.vout}`;
      assert.ok(!seen.has(outpoint), `${outpoint} is in both wallets`);
      seen.add(outpoint);
      assert.equal((await node.rpc('gettxout', [coin.txid, coin.vout, true]))?.value, coin.amount, outpoint);
    }
    // A reward whose block the node had not written when it was killed is listed, and is worth nothing.
    const lines = (await history(node, wallet)).filter(({ category }) => category !== 'orphan');
    assert.equal(sum(lines.map(({ amount, fee }) => amount + fee)), await owned(node, wallet), `the history of ${wallet} adds up to what it owns`);
  }
  for (const [txid, from] of payments) {
    assert.ok((await node.rpc('gettransaction', [txid], from)).confirmations >= 0, txid);
  }
}

test(`the wallet is killed ${kills} times while it pays`, async (t) => {
  const random = randomFor(t);
  let node = await NodeProcess.start({ args });
  for (const wallet of wallets) {
    await node.rpc('createwallet', { wallet_name: wallet, load_on_startup: true });
    await node.rpc('generatetoaddress', [5, await node.rpc('getnewaddress', [], wallet)]);
  }
  await node.rpc('generatetoaddress', [101, await node.rpc('getnewaddress', [], 'a')]);
  const payments: Payments = new Map();
  for (let kill = 0; kill < kills; kill++) {
    const failure = trade(node, random, payments);
    // After a few payments, in the middle of what comes next.
    const goal = payments.size + random.below(4);
    await Promise.race([failure, waitFor(`payment ${goal}`, () => payments.size >= goal)]);
    await pause(random.below(150));
    const pid = await walletPid(node);
    process.kill(pid, 'SIGKILL');
    const withNode = kill % 5 === 4;
    const height = await node.rpc('getblockcount');
    if (withNode) await node.kill();
    const reason = await failure;
    assert.ok(isExpected(reason), `kill ${kill}: ${String(reason)}`);
    await waitFor('the wallet to be gone', () => !isRunning(pid));
    if (withNode) {
      node = await NodeProcess.start({ datadir: node.datadir, args });
      await catchUp(node, height);
    } else {
      await waitFor('the node to notice', async () => (await node.rpc('getprocessinfo')).wallet.state === 'crashed');
      await node.rpc('restartwallet');
    }
    await check(node, payments).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new Error(`after kill ${kill}${withNode ? ' with the node' : ''}, ${node.datadir}: ${String(cause)}`, { cause: error });
    });
  }
  t.diagnostic(`${payments.size} payments, height ${await node.rpc('getblockcount')}`);
  assert.ok(payments.size >= kills / 2);

  await node.rpc('generatetoaddress', [1, await node.rpc('getnewaddress', [], 'b')]);
  assert.deepEqual(await node.rpc('getrawmempool'), []);
  await check(node, payments);
  const file = path.join(node.datadir, 'backup.dat');
  await node.rpc('backupwallet', [file], 'a');
  await node.rpc('unloadwallet', ['a']);
  await node.rpc('restorewallet', ['restored', file]);
  await node.rpc('rescanblockchain', [0], 'restored');
  const restored = { history: await history(node, 'restored'), owned: await owned(node, 'restored') };
  await node.rpc('unloadwallet', ['restored']);
  await node.rpc('loadwallet', ['a']);
  assert.deepEqual(restored, { history: await history(node, 'a'), owned: await owned(node, 'a') });
  assert.equal((await node.stop()).code, 0);
});

/** True for what a call meets whose wallet or node is killed: a broken connection, or a node that lost its wallet. */
function isExpected(reason: unknown): boolean {
  if (!(reason instanceof RpcError)) return reason instanceof Error && /ECONN|socket hang up|EPIPE/.test(reason.message);
  return /The wallet process (?:has ended|ended before)|Method not found/.test(reason.message);
}
