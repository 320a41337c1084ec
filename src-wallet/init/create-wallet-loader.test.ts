import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../../src-interfaces/logging.js';
import { OptionError, OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { regtest, temporaryDirectory, type Cleanup } from '../testing/fixtures.js';
import { testdataFile, testdataPassphrase } from '../testing/legacy-wallets.js';
import { MemoryChain } from '../testing/memory-chain.js';
import type { AdoptedOptions } from './adopt-options.js';
import { createWalletLoader } from './create-wallet-loader.js';

function adopted(t: Cleanup, values: Readonly<Record<string, string>> = {}): AdoptedOptions {
  const options = new OptionValues(emptySettings(), nodeOptionTable);
  options.selectNetwork('regtest');
  for (const [name, value] of Object.entries({ keypool: '2', ...values })) options.force(name, value);
  return { options, params: regtest, netDirectory: temporaryDirectory(t) };
}

const request = { method: '', params: '[]', mode: 0, uri: '/', authUser: '', peerAddr: '', version: 1 };

test('the loader offers its commands to the node, answers them and takes them back', async (t) => {
  const chain = new MemoryChain(regtest.genesis);
  const loader = await createWalletLoader(chain, adopted(t), silentLogger);
  await loader.registerRpcs();
  assert.equal(new Set(chain.commands.map(({ uniqueId }) => uniqueId)).size, chain.commands.length);
  assert.equal(new Set(chain.commands.map(({ name }) => name)).size, chain.commands.length);
  const command = (name: string): (typeof chain.commands)[number] => {
    const found = chain.commands.find((each) => each.name === name);
    assert.ok(found, name);
    return found;
  };
  assert.deepEqual(command('loadwallet').argNames, [{ name: 'filename', namedOnly: false }, { name: 'load_on_startup', namedOnly: false }]);
  assert.ok(command('listunspent').argNames.some(({ name, namedOnly }) => name === 'minimumAmount' && namedOnly));
  const made = await command('createwallet').actor({ ...request, params: '["w"]' }, 'null', true);
  assert.deepEqual(made, { response: '{"name":"w"}', result: true });
  assert.equal(await (await loader.getWallets())[0]?.getWalletName(), 'w');
  await loader.start();
  await loader.stop();
  await loader.destroy();
  assert.deepEqual(chain.commands, []);
});

test('wallets of the node’s list are loaded at the start; those that are gone are told of', async (t) => {
  const chain = new MemoryChain(regtest.genesis);
  const options = adopted(t);
  const first = await createWalletLoader(chain, options, silentLogger);
  for (const name of ['a', 'b']) assert.equal((await first.createWallet(name, '', 0n)).result.error, undefined);
  await first.stop();
  await first.destroy();
  chain.settings.set('wallet', '["a","absent","b"]');
  const second = await createWalletLoader(chain, options, silentLogger);
  assert.equal(await second.verify(), true);
  assert.equal(chain.messages.filter((message) => message === 'Verifying wallet(s)…').length, 1);
  assert.match(chain.messages.join('\n'), /^warning: Skipping -wallet path that doesn't exist\. .*absent/m);
  assert.equal(await second.load(), true);
  assert.deepEqual(await Promise.all((await second.getWallets()).map((wallet) => wallet.getWalletName())), ['a', 'b']);
  await second.destroy();
});

test('a legacy wallet of the node’s list is passed over with a warning, and migrated when asked to', async (t) => {
  const chain = new MemoryChain(regtest.genesis);
  const loader = await createWalletLoader(chain, adopted(t), silentLogger);
  t.after(() => loader.destroy());
  const directory = await loader.getWalletDir();
  for (const [name, file] of [['old', 'encrypted.dat'], ['watching', 'watching.dat']] as const) {
    mkdirSync(join(directory, name), { recursive: true });
    cpSync(testdataFile(file), join(directory, name, 'wallet.dat'));
  }
  chain.settings.set('wallet', '["old"]');
  assert.equal(await loader.verify(), true);
  assert.equal(await loader.load(), true);
  assert.match(chain.messages.join('\n'), /^warning: Failed to open database path '.*old'\. The wallet appears to be a Legacy wallet/m);
  assert.deepEqual(await loader.listWalletDir(), [{ key: 'old', value: 'bdb' }, { key: 'watching', value: 'bdb' }]);
  assert.deepEqual([await loader.isEncrypted('old'), await loader.isEncrypted('watching')], [true, false]);
  const seen: string[] = [];
  await loader.handleLoadWallet(async (wallet) => void seen.push(await wallet.getWalletName()));
  const refused = await loader.migrateWallet('old', 'wrong');
  assert.equal(refused.error?.original, 'Error: Wallet decryption failed, the wallet passphrase was not provided or was incorrect.');
  const { value, error } = await loader.migrateWallet('old', testdataPassphrase);
  assert.equal(error, undefined);
  assert.deepEqual([await value?.wallet.getWalletName(), value?.watchonlyWalletName, value?.solvablesWalletName], ['old', 'old_watchonly', 'old_solvables']);
  assert.ok(existsSync(value?.backupPath ?? ''));
  const watching = await loader.migrateWallet('watching', '');
  assert.deepEqual([await watching.value?.wallet.getWalletName(), watching.value?.watchonlyWalletName], ['watching_watchonly', undefined]);
  assert.deepEqual(seen, ['old', 'old_watchonly', 'old_solvables', 'watching_watchonly']);
  assert.deepEqual(chain.settings.get('wallet'), '["old","old_watchonly","old_solvables","watching_watchonly"]');
  const backup = new TextEncoder().encode(watching.value?.backupPath ?? '');
  assert.match((await loader.restoreWallet(backup, 'again', true)).result.error?.original ?? '', /Legacy wallet/);
  assert.deepEqual((await loader.restoreWallet(backup, 'again', false)).result, { value: undefined });
  assert.equal((await loader.migrateWallet('again', '')).value?.watchonlyWalletName, undefined);
  assert.deepEqual(seen.at(-1), 'again_watchonly');
});

test('options that cannot be are told to the node', async (t) => {
  const chain = new MemoryChain(regtest.genesis);
  const text = "Invalid amount for -fallbackfee=<amount>: 'abc'";
  await assert.rejects(createWalletLoader(chain, adopted(t, { fallbackfee: 'abc' }), silentLogger), (error) => error instanceof OptionError && error.message === text);
  assert.deepEqual(chain.messages, [`error: ${text}`]);
  const low = "Invalid amount for -maxtxfee=<amount>: '0.0000001' (must be at least the minrelay fee of 0.00000100 BTC/kvB to prevent stuck transactions)";
  await assert.rejects(createWalletLoader(chain, adopted(t, { maxtxfee: '0.0000001' }), silentLogger), { message: low });
});
