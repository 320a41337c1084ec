/** A data directory of Bitcoin Core is opened, used and, where its programs are there, handed back and taken again. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { NodeProcess, type Json } from '../framework/node-process.js';
import { referenceProgram, sharedFolder, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

const archive = path.join(sharedFolder, 'golden', 'datadir-regtest.tar.xz');
const skip = fs.existsSync(archive) ? false : 'skipped: no ../shared/golden';
/** What Bitcoin Core said of the directory before it closed it. */
const expected: Json = skip === false ? JSON.parse(fs.readFileSync(path.join(sharedFolder, 'golden', 'datadir-regtest.expected.json'), 'utf8')) : {};
const wallets = ['plain', 'locked', 'watch'] as const;
// As it was made; its waiting payment is as old as the recording.
const args = ['-keypool=20', '-mempoolexpiry=1000000', '-maxtipage=1000000000'];

function unpack(): string {
  const datadir = temporaryFolder();
  execFileSync('tar', ['-xJf', archive, '-C', datadir]);
  return datadir;
}

async function start(program: string, datadir: string): Promise<NodeProcess> {
  const node = await NodeProcess.start({ program, datadir, args });
  const loaded: string[] = await node.rpc('listwallets');
  for (const wallet of wallets) if (!loaded.includes(wallet)) await node.rpc('loadwallet', [wallet]);
  return node;
}

/** What must not depend on who looks. */
async function stateOf(node: NodeProcess): Promise<Json> {
  const { height, bestblock, muhash, txouts, total_amount: total } = await node.rpc('gettxoutsetinfo', ['muhash']);
  const of = async (wallet: string): Promise<Json> => {
    const info = await node.rpc('getwalletinfo', [], wallet);
    const history: Json[] = await node.rpc('listtransactions', ['*', 100_000, 0, true], wallet);
    const coins: Json[] = await node.rpc('listunspent', [0], wallet);
    return {
      balances: (await node.rpc('getbalances', [], wallet)).mine,
      txcount: info.txcount,
      birthtime: info.birthtime,
      flags: [...info.flags].sort(),
      labels: [...(await node.rpc('listlabels', [], wallet))].sort(),
      descriptors: (await node.rpc('listdescriptors', [], wallet)).descriptors.map(({ desc, active, internal, timestamp }: Json) => ({ desc, active, internal, timestamp })),
      history: history.map(({ txid, vout, category, amount, fee, address, label, blockhash, time }) => JSON.stringify({ txid, vout, category, amount, fee, address, label, blockhash, time })).sort(),
      coins: coins.map(({ txid, vout, amount, address, solvable, spendable, desc }) => JSON.stringify({ txid, vout, amount, address, solvable, spendable, desc })).sort(),
    };
  };
  return {
    tip: { height, bestblock, muhash, txouts, total },
    mempool: [...(await node.rpc('getrawmempool'))].sort(),
    wallets: Object.fromEntries(await Promise.all(wallets.map(async (wallet) => [wallet, await of(wallet)]))),
  };
}

/** Pays from `plain` to `locked`, mines, and pays back; then there is something new in every file. */
async function goOn(node: NodeProcess): Promise<void> {
  const height = await node.rpc('getblockcount');
  const there = await node.rpc('sendtoaddress', [await node.rpc('getnewaddress', ['rent', 'bech32m'], 'locked'), 2.5], 'plain');
  const mined = await node.rpc('getnewaddress', ['', 'bech32'], 'plain');
  await node.rpc('generatetoaddress', [1, mined]);
  await waitFor('the payment', async () => (await node.rpc('gettransaction', [there], 'locked')).confirmations === 1);
  await node.rpc('walletpassphrase', [expected.passphrase_of_locked, 60], 'locked');
  const back = await node.rpc('sendtoaddress', [await node.rpc('getnewaddress', [], 'plain'), 1], 'locked');
  await node.rpc('walletlock', [], 'locked');
  await waitFor('the payment back', async () => (await node.rpc('getrawmempool')).includes(back));
  await node.rpc('generatetoaddress', [1, mined]);
  // One more payment is left waiting.
  await node.rpc('sendtoaddress', [await node.rpc('getnewaddress', [], 'locked'), 0.75], 'plain');
  assert.equal(await node.rpc('getblockcount'), height + 2);
  assert.equal((await node.rpc('getrawmempool')).length, 1);
  await waitFor('the payment to arrive', async () => (await node.rpc('getbalances', [], 'locked')).mine.untrusted_pending === 0.75);
}

async function stop(t: TestContext, node: NodeProcess): Promise<void> {
  t.diagnostic(`height ${await node.rpc('getblockcount')}`);
  assert.equal((await node.stop()).code, 0, node.output);
}

for (const program of ['bitcoin-node', 'bitcoind']) {
  describe(`${program} in a data directory of Bitcoin Core`, { skip }, () => {
    const datadir = skip === false ? unpack() : '';

    test('everything is as it was left', async (t) => {
      const node = await start(program, datadir);
      assert.equal(await node.rpc('getbestblockhash'), expected.best);
      for (const kind of ['muhash', 'hash_serialized_3']) {
        const set = await node.rpc('gettxoutsetinfo', [kind]);
        for (const field of ['height', 'bestblock', 'txouts', 'bogosize', 'total_amount', kind]) assert.equal(set[field], expected[kind][field], field);
      }
      await waitFor('the mempool', async () => (await node.rpc('getmempoolinfo')).loaded);
      assert.deepEqual(await node.rpc('getrawmempool'), expected.mempool);
      for (const wallet of wallets) {
        const { info, balances, descriptors, transactions, labels } = expected.wallets[wallet];
        assert.deepEqual(await node.rpc('getbalances', [], wallet), balances, wallet);
        const ours = await node.rpc('getwalletinfo', [], wallet);
        assert.deepEqual({ ...ours, flags: [...ours.flags].sort() }, { ...info, flags: [...info.flags].sort() }, wallet);
        assert.deepEqual(await node.rpc('listdescriptors', [], wallet), descriptors, wallet);
        assert.equal((await node.rpc('listtransactions', ['*', 100_000, 0, true], wallet)).length, transactions, wallet);
        assert.deepEqual(await node.rpc('listlabels', [], wallet), labels, wallet);
      }
      await stop(t, node);
    });

    test('the chain and the wallets go on, and are there after a restart', async (t) => {
      const node = await start(program, datadir);
      await goOn(node);
      const left = await stateOf(node);
      await stop(t, node);
      const again = await start(program, datadir);
      await waitFor('the mempool', async () => (await again.rpc('getmempoolinfo')).loaded);
      assert.deepEqual(await stateOf(again), left);
      await stop(t, again);
    });

    const reference = referenceProgram('bitcoin-node');
    test('Bitcoin Core opens what we wrote, goes on, and gives it back', { skip: reference === undefined ? 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node' : false }, async (t) => {
      const ours = await start(program, datadir);
      await waitFor('the mempool', async () => (await ours.rpc('getmempoolinfo')).loaded);
      const left = await stateOf(ours);
      await stop(t, ours);

      const core = await start(reference ?? '', datadir);
      await waitFor('the mempool', async () => (await core.rpc('getmempoolinfo')).loaded);
      assert.deepEqual(await stateOf(core), left);
      assert.equal(await core.rpc('verifychain', [4, 0]), true);
      await core.rpc('generatetoaddress', [1, await core.rpc('getnewaddress', [], 'plain')]);
      await goOn(core);
      const given = await stateOf(core);
      await stop(t, core);

      const tool = referenceProgram('bitcoin-wallet');
      if (tool !== undefined) {
        const info = execFileSync(tool, ['-regtest', `-datadir=${datadir}`, '-wallet=plain', 'info']).toString();
        assert.match(info, /Format: sqlite\nDescriptors: yes\nEncrypted: no/);
      }

      const again = await start(program, datadir);
      await waitFor('the mempool', async () => (await again.rpc('getmempoolinfo')).loaded);
      assert.deepEqual(await stateOf(again), given);
      await stop(t, again);
    });
  });
}
