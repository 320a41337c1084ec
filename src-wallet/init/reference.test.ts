import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { buildTransaction } from '../spend/build.js';
import { commitTransaction } from '../spend/commit.js';
import { WalletDatabase } from '../store/database.js';
import { regtest, temporaryDirectory, testContext } from '../testing/fixtures.js';
import { createWallet, openWallet } from './open-wallet.js';

/** Against the reference's wallet tool, when BITCOIN_REFERENCE_BIN names the directory that holds it. */
const tool = join(process.env['BITCOIN_REFERENCE_BIN'] ?? '', 'bitcoin-wallet');
const skip = process.env['BITCOIN_REFERENCE_BIN'] !== undefined && existsSync(tool) ? false : 'skipped: BITCOIN_REFERENCE_BIN is not set';

const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });

test('the reference reads every record of a wallet made here, and we read its copy', { skip }, async (t) => {
  for (const passphrase of ['', 'correct horse']) {
    const data = temporaryDirectory(t);
    const directory = join(data, 'regtest', 'wallets');
    mkdirSync(directory, { recursive: true });
    const context = testContext(t, { keypoolSize: 10, walletDirectory: directory });
    const run = (...args: readonly string[]): string => execFileSync(tool, ['-regtest', `-datadir=${data}`, ...args], { encoding: 'utf8' });
    const made = await createWallet(context, 'ours', { flags: 0n, passphrase });
    assert.ok(made.ok);
    const { wallet } = made;
    for (const type of ['legacy', 'p2sh-segwit', 'bech32', 'bech32m'] as const) {
      const next = wallet.newReceiveAddress(type, `label ${type}`);
      assert.ok(next.ok);
      await context.chain.mine(next.script, { time: Math.floor(Date.now() / 1000) });
    }
    for (let i = 0; i < 100; i++) await context.chain.mine(elsewhere, { time: Math.floor(Date.now() / 1000) });
    if (passphrase !== '') assert.ok(wallet.keyring.vault.unlock(new TextEncoder().encode(passphrase), wallet.keyring.descriptors));
    const payment = await buildTransaction(wallet, [{ script: elsewhere, amount: 1_000_000n, subtractFee: false }], {}, { sign: true });
    assert.ok(payment.ok);
    await commitTransaction(wallet, payment.built.tx, { notes: new Map([['comment', 'rent']]) });
    const [coin] = wallet.history.ownedOutputs();
    assert.ok(coin);
    wallet.lockOutput(coin.outpoint, true);
    const balances = wallet.balances();
    const transactions = wallet.history.size;
    wallet.close();
    const info = run('-wallet=ours', 'info');
    assert.match(info, /Format: sqlite\nDescriptors: yes\n/);
    assert.match(info, new RegExp(`Encrypted: ${passphrase === '' ? 'no' : 'yes'}`));
    assert.match(info, new RegExp(`Transactions: ${transactions}`));
    assert.match(info, /Address Book: 4/);
    const dump = join(directory, 'dump.txt');
    run('-wallet=ours', `-dumpfile=${dump}`, 'dump');
    const dumped = readFileSync(dump, 'utf8').split('\n').filter((line) => /^[0-9a-f]+,[0-9a-f]*$/.test(line)).sort();
    const database = WalletDatabase.open(join(directory, 'ours', 'wallet.dat'), { magic: regtest.magic, create: false });
    const records = database.records().map(({ key, value }) => `${toHex(key)},${toHex(value)}`).sort();
    database.close();
    assert.deepEqual(dumped, records);
    run('-wallet=theirs', `-dumpfile=${dump}`, 'createfromdump');
    const opened = await openWallet(context, 'theirs');
    assert.ok(opened.ok, opened.ok ? '' : opened.failure.message);
    assert.deepEqual(opened.wallet.balances().immature, balances.immature);
    assert.equal(opened.wallet.history.size, transactions);
    assert.equal(opened.wallet.lockedOutputs.length, 1);
    opened.wallet.close();
  }
});
