/** A wallet's life over JSON-RPC. The same tests pass with node and wallet in two processes and in one. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { NodeProcess, RpcError } from '../framework/node-process.js';
import { waitFor } from '../framework/wait.js';

const isCode = (code: number) => (error: unknown) => error instanceof RpcError && error.code === code;

for (const program of ['bitcoin-node', 'bitcoind']) {
  describe(`${program}: a wallet's life`, () => {
    let node: NodeProcess;
    before(async () => {
      node = await NodeProcess.start({ program });
    });
    after(async () => {
      await node.stop();
    });

    test('coins are mined, mature and are spent', async () => {
      assert.equal((await node.rpc('createwallet', ['miner'])).name, 'miner');
      const address = await node.rpc('getnewaddress', ['', 'bech32'], 'miner');
      assert.match(address, /^bcrt1q/);
      assert.equal((await node.rpc('generatetoaddress', [101, address])).length, 101);
      const balances = await waitFor('the balance', async () => {
        const { mine } = await node.rpc('getbalances', [], 'miner');
        return mine.trusted === 50 && mine;
      });
      assert.equal(balances.immature, 5000);
    });

    test('every address type receives and spends', async () => {
      await node.rpc('createwallet', ['spender']);
      for (const type of ['legacy', 'p2sh-segwit', 'bech32', 'bech32m']) {
        const address = await node.rpc('getnewaddress', [type, type], 'spender');
        const info = await node.rpc('getaddressinfo', [address], 'spender');
        assert.equal(info.ismine, true);
        await node.rpc('sendtoaddress', [address, 2], 'miner');
        const back = await node.rpc('getnewaddress', [], 'miner');
        await node.rpc('generatetoaddress', [1, back]);
        await waitFor(`the payment to ${type}`, async () => (await node.rpc('getbalance', [], 'spender')) >= 1.99);
        const sent = await node.rpc('sendtoaddress', [back, 1, '', '', true], 'spender');
        assert.match(sent, /^[0-9a-f]{64}$/);
        await waitFor('the payment in the mempool', async () => (await node.rpc('getrawmempool')).includes(sent));
        await node.rpc('generatetoaddress', [1, back]);
        await waitFor('the confirmation', async () => (await node.rpc('gettransaction', [sent], 'spender')).confirmations === 1);
        const rest = await node.rpc('getbalance', [], 'spender');
        await node.rpc('sendtoaddress', [back, rest, '', '', true], 'spender');
        await node.rpc('generatetoaddress', [1, back]);
        await waitFor('the wallet to be empty', async () => (await node.rpc('getbalance', [], 'spender')) === 0);
      }
    });

    test('several recipients, fee rate and details', async () => {
      const a = await node.rpc('getnewaddress', ['a'], 'spender');
      const b = await node.rpc('getnewaddress', ['b'], 'spender');
      const { txid, complete } = await node.rpc('send', [[{ [a]: 0.5 }, { [b]: 0.25 }], null, 'unset', 5], 'miner');
      assert.equal(complete, true);
      const entry = await node.rpc('getmempoolentry', [txid]);
      const rate = (entry.fees.base * 1e8) / entry.vsize;
      assert.ok(rate >= 4.99 && rate < 5.5, `fee rate ${rate}`);
      await waitFor('the unconfirmed balance', async () => (await node.rpc('getbalances', [], 'spender')).mine.untrusted_pending === 0.75);
      const listed = await node.rpc('listtransactions', ['*', 10], 'spender');
      assert.ok(listed.some((line: { txid: string; amount: number }) => line.txid === txid && line.amount === 0.5));
    });

    test('wrong requests get Bitcoin Core’s error codes', async () => {
      await assert.rejects(node.rpc('sendtoaddress', ['nonsense', 1], 'miner'), isCode(-5));
      await assert.rejects(node.rpc('sendtoaddress', [await node.rpc('getnewaddress', [], 'spender'), 100000], 'miner'), isCode(-6));
      await assert.rejects(node.rpc('getbalance', [], 'absent'), isCode(-18));
      await assert.rejects(node.rpc('createwallet', ['miner']), isCode(-4));
      await assert.rejects(node.rpc('nosuchcommand'), isCode(-32601));
      await assert.rejects(node.rpc('getblockhash', ['text']), isCode(-3));
      await assert.rejects(node.rpc('getblockhash', [100000]), isCode(-8));
    });

    test('a passphrase locks, unlocks and is asked for', async () => {
      await node.rpc('createwallet', ['secret']);
      await node.rpc('sendtoaddress', [await node.rpc('getnewaddress', [], 'secret'), 1], 'miner');
      await node.rpc('generatetoaddress', [1, await node.rpc('getnewaddress', [], 'miner')]);
      await node.rpc('encryptwallet', ['correct horse'], 'secret');
      const target = await node.rpc('getnewaddress', [], 'miner');
      await waitFor('the coin', async () => (await node.rpc('getbalance', [], 'secret')) === 1);
      await assert.rejects(node.rpc('sendtoaddress', [target, 0.5], 'secret'), isCode(-13));
      await assert.rejects(node.rpc('walletpassphrase', ['wrong', 60], 'secret'), isCode(-14));
      await node.rpc('walletpassphrase', ['correct horse', 60], 'secret');
      assert.match(await node.rpc('sendtoaddress', [target, 0.5], 'secret'), /^[0-9a-f]{64}$/);
      await node.rpc('walletlock', [], 'secret');
      await assert.rejects(node.rpc('sendtoaddress', [target, 0.1], 'secret'), isCode(-13));
    });

    test('a reorganisation takes a payment back and brings it again', async () => {
      const target = await node.rpc('getnewaddress', [], 'spender');
      const txid = await node.rpc('sendtoaddress', [target, 0.3], 'miner');
      const [hash] = await node.rpc('generatetoaddress', [1, await node.rpc('getnewaddress', [], 'miner')]);
      await waitFor('the confirmation', async () => (await node.rpc('gettransaction', [txid], 'spender')).confirmations === 1);
      await node.rpc('invalidateblock', [hash]);
      await waitFor('the payment to be unconfirmed', async () => (await node.rpc('gettransaction', [txid], 'spender')).confirmations === 0);
      await node.rpc('reconsiderblock', [hash]);
      await waitFor('the payment to be confirmed again', async () => (await node.rpc('gettransaction', [txid], 'spender')).confirmations === 1);
    });

    test('a backup opens as another wallet with the same history', async () => {
      const file = path.join(node.datadir, 'backup.dat');
      await node.rpc('backupwallet', [file], 'spender');
      await node.rpc('unloadwallet', ['spender']);
      await node.rpc('restorewallet', ['restored', file]);
      await node.rpc('loadwallet', ['spender']).catch(() => undefined);
      assert.equal((await node.rpc('getwalletinfo', [], 'restored')).walletname, 'restored');
    });

    test('everything is there after a restart', async () => {
      const before = await node.rpc('getbalances', [], 'miner');
      await node.rpc('loadwallet', ['miner', true]).catch(() => undefined);
      const wallets = [...(await node.rpc('listwallets'))].sort();
      assert.equal((await node.stop()).code, 0);
      node = await NodeProcess.start({ program, datadir: node.datadir, args: wallets.map((name: string) => `-wallet=${name}`) });
      await waitFor('the wallets', async () => (await node.rpc('listwallets')).length === wallets.length);
      assert.deepEqual((await node.rpc('getbalances', [], 'miner')).mine, before.mine);
    });
  });
}
