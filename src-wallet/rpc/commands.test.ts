import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeAddress } from '../../src-bitcoin/address/address.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { HelpResult } from '../../src-interfaces/errors.js';
import { Desk } from '../testing/desk.js';
import { regtest, temporaryDirectory } from '../testing/fixtures.js';
import { withScanReserved } from './scan-reservation.js';

const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });
const foreign = encodeAddress(elsewhere, regtest) ?? '';

interface Info {
  readonly walletname: string;
  readonly txcount: number;
  readonly keypoolsize: number;
  readonly unlocked_until?: number;
  readonly flags: readonly string[];
  readonly scanning: unknown;
  readonly blank: boolean;
}

async function scriptOf(desk: Desk, wallet: string, type: string): Promise<{ readonly address: string; readonly script: Uint8Array }> {
  const address = await desk.at(`/wallet/${encodeURIComponent(wallet)}`).call<string>('getnewaddress', type, type);
  const decoded = desk.registry.get(wallet)?.decode(address);
  assert.ok(decoded?.ok === true);
  return { address, script: decoded.scriptPubKey };
}

test('the path of the request chooses the wallet; one alone needs no choice', async (t) => {
  const desk = Desk.empty(t);
  await desk.refused(-18, /^No wallet is loaded\./, 'getwalletinfo');
  await desk.call('createwallet', 'a');
  assert.equal((await desk.call<Info>('getwalletinfo')).walletname, 'a');
  await desk.call('createwallet', 'zwei Wörter');
  await desk.refused(-19, /^Multiple wallets are loaded\./, 'getwalletinfo');
  assert.equal((await desk.at('/wallet/a').call<Info>('getwalletinfo')).walletname, 'a');
  assert.equal((await desk.at('/wallet/zwei%20W%C3%B6rter').call<Info>('getwalletinfo')).walletname, 'zwei Wörter');
  await desk.at('/wallet/absent').refused(-18, 'Requested wallet does not exist or is not loaded', 'getwalletinfo');
  await desk.at('/wallet/').refused(-18, 'Requested wallet does not exist or is not loaded', 'getwalletinfo');
});

test('wallets are made, unloaded, loaded, listed and restored', async (t) => {
  const desk = Desk.empty(t);
  assert.deepEqual(await desk.call('createwallet', 'a', false, false, ''), {
    name: 'a',
    warnings: ['Empty string given as passphrase, wallet will not be encrypted.'],
  });
  await desk.refused(-4, /Database already exists\.$/, 'createwallet', 'a');
  await desk.refused(-8, 'Wallet name cannot be empty', 'createwallet', '');
  await desk.refused(-4, /no longer possible to create a legacy wallet/, 'createwallet', 'b', false, false, null, false, false);
  await desk.refused(-35, 'Wallet "a" is already loaded.', 'loadwallet', 'a');
  await desk.refused(-18, /Path does not exist/, 'loadwallet', 'absent');
  const address = await desk.call<string>('getnewaddress');
  const backup = join(temporaryDirectory(t), 'backup.dat');
  await desk.call('backupwallet', backup);
  await desk.refused(-4, 'Error: Wallet backup failed!', 'backupwallet', '/nonsense/there/is/none');
  await desk.at('/wallet/a').refused(-8, /specify different wallets$/, 'unloadwallet', 'b');
  await desk.refused(-8, /^Either the RPC endpoint wallet or the wallet name/, 'unloadwallet');
  assert.deepEqual(await desk.call('unloadwallet', 'a'), {});
  assert.deepEqual(await desk.call('listwallets'), []);
  assert.deepEqual(await desk.call('listwalletdir'), { wallets: [{ name: 'a', warnings: [] }] });
  await desk.refused(-8, 'Backup file does not exist', 'restorewallet', 'r', `${backup}.absent`);
  await desk.refused(-36, /Database file exists/, 'restorewallet', 'a', backup);
  assert.deepEqual(await desk.call('restorewallet', 'r', backup), { name: 'r' });
  assert.equal((await desk.call<{ readonly ismine: boolean }>('getaddressinfo', address)).ismine, true);
  assert.deepEqual(await desk.call('loadwallet', 'a'), { name: 'a' });
  assert.deepEqual(await desk.call('listwallets'), ['r', 'a']);
});

test('load_on_startup changes the list of wallets that the node keeps', async (t) => {
  const desk = Desk.empty(t);
  const listed = (): unknown => JSON.parse(desk.chain.settings.get('wallet') ?? 'null');
  await desk.call('createwallet', 'a', false, false, null, false, true, true);
  assert.deepEqual(listed(), ['a']);
  await desk.call('createwallet', 'b', false, false, null, false, true);
  assert.deepEqual(listed(), ['a']);
  await desk.call('unloadwallet', 'b', true);
  assert.deepEqual(listed(), ['a', 'b']);
  await desk.call('unloadwallet', 'a', false);
  assert.deepEqual(listed(), ['b']);
  await desk.call('loadwallet', 'b', null);
  assert.deepEqual(listed(), ['b']);
});

test('addresses of all kinds, and what is known about them', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const paths = { legacy: 44, 'p2sh-segwit': 49, bech32: 84, bech32m: 86 };
  for (const [type, purpose] of Object.entries(paths)) {
    const address = await desk.call<string>('getnewaddress', type, type);
    const info = await desk.call<Record<string, unknown>>('getaddressinfo', address);
    assert.equal(info['ismine'], true, type);
    assert.equal(info['solvable'], true, type);
    assert.equal(info['ischange'], false, type);
    assert.equal(info['hdkeypath'], `m/${purpose}h/1h/0h/0/0`, type);
    assert.deepEqual(info['labels'], [type]);
    const change = await desk.call<string>('getrawchangeaddress', type);
    const changeInfo = await desk.call<Record<string, unknown>>('getaddressinfo', change);
    assert.equal(changeInfo['ischange'], true, type);
    assert.equal(changeInfo['hdkeypath'], `m/${purpose}h/1h/0h/1/0`, type);
  }
  await desk.refused(-5, "Unknown address type 'nonsense'", 'getnewaddress', '', 'nonsense');
  await desk.refused(-11, 'Invalid label name', 'getnewaddress', '*');
  const unknown = await desk.call<Record<string, unknown>>('getaddressinfo', foreign);
  assert.deepEqual([unknown['ismine'], unknown['solvable'], unknown['ischange'], unknown['desc']], [false, false, false, undefined]);
  await desk.call('createwallet', 'watch', true);
  await desk.at('/wallet/watch').refused(-4, 'Error: This wallet has no available keys', 'getnewaddress');
});

test('a passphrase is asked for, holds for its time and no longer', async (t) => {
  const desk = Desk.empty(t, { keypoolSize: 2 });
  await desk.call('createwallet', 'w');
  await desk.refused(-15, /unencrypted wallet, but walletlock was called/, 'walletlock');
  await desk.refused(-15, /unencrypted wallet, but walletpassphrase was called/, 'walletpassphrase', 'x', 1);
  await desk.refused(-8, 'passphrase cannot be empty', 'encryptwallet', '');
  const before = await desk.call('listdescriptors');
  assert.match(await desk.call<string>('encryptwallet', 'correct horse'), /^wallet encrypted; .* new backup with the backupwallet RPC\.$/);
  assert.notDeepEqual(await desk.call('listdescriptors'), before);
  await desk.refused(-15, /encrypted wallet, but encryptwallet was called/, 'encryptwallet', 'again');
  assert.equal((await desk.call<Info>('getwalletinfo')).unlocked_until, 0);
  await desk.refused(-13, /Please enter the wallet passphrase/, 'listdescriptors', true);
  await desk.refused(-14, 'Error: The wallet passphrase entered was incorrect.', 'walletpassphrase', 'wrong', 60);
  await desk.refused(-14, /contains a null character/, 'walletpassphrase', 'wrong\0', 60);
  await desk.refused(-8, 'Timeout cannot be negative.', 'walletpassphrase', 'correct horse', -1);
  await desk.call('walletpassphrase', 'correct horse', 60);
  const until = (await desk.call<Info>('getwalletinfo')).unlocked_until ?? 0;
  assert.ok(Math.abs(until - Date.now() / 1000 - 60) < 30);
  await desk.call('listdescriptors', true);
  // A new time replaces the old one; this one is over at once.
  const locked = new Promise<void>((resolve) => desk.registry.get('w')?.events.status.listen(() => desk.registry.get('w')?.keyring.vault.locked === true && resolve()));
  await desk.call('walletpassphrase', 'correct horse', 0);
  await locked;
  assert.equal((await desk.call<Info>('getwalletinfo')).unlocked_until, 0);
  await desk.call('walletpassphrasechange', 'correct horse', 'battery staple');
  await desk.refused(-14, /incorrect/, 'walletpassphrase', 'correct horse', 60);
  await desk.call('walletpassphrase', 'battery staple', 60);
  await desk.call('walletlock');
  await desk.refused(-13, /Please enter/, 'keypoolrefill');
});

test('keys do not change hands while old blocks are scanned', async (t) => {
  const desk = Desk.empty(t, { keypoolSize: 2 });
  await desk.call('createwallet', 'w', false, false, 'pass');
  await desk.call('walletpassphrase', 'pass', 60);
  const wallet = desk.registry.get('w');
  assert.ok(wallet);
  await withScanReserved(wallet, async () => {
    const busy = /currently being used to rescan/;
    await desk.refused(-4, busy, 'walletlock');
    await desk.refused(-4, busy, 'walletpassphrasechange', 'pass', 'other');
    await desk.refused(-4, /^Wallet is currently rescanning/, 'rescanblockchain');
    await desk.refused(-4, /^Wallet is currently rescanning/, 'importdescriptors', []);
    await desk.refused(-4, /^Wallet is currently rescanning/, 'unloadwallet', 'w');
  });
  await desk.call('walletlock');
});

test('unspent outputs are listed, filtered and locked', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const { address, script } = await scriptOf(desk, 'w', 'p2sh-segwit');
  const other = await scriptOf(desk, 'w', 'bech32m');
  await desk.chain.mine(script);
  await desk.chain.mine(other.script, { value: 2_500_000_000n });
  assert.deepEqual(await desk.call('listunspent'), []);
  assert.equal((await desk.call<readonly unknown[]>('listunspent', 0, 999, [], true, { include_immature_coinbase: true })).length, 2);
  for (let i = 0; i < 100; i++) await desk.chain.mine(elsewhere);
  type Coin = Readonly<Record<string, unknown>>;
  const coins = await desk.call<readonly Coin[]>('listunspent');
  assert.deepEqual(coins.map(({ amount, confirmations, label }) => [amount, confirmations, label]), [[50, 102, 'p2sh-segwit'], [25, 101, 'bech32m']]);
  assert.equal(coins[0]?.['address'], address);
  assert.match(String(coins[0]?.['redeemScript']), /^0014/);
  assert.match(String(coins[0]?.['desc']), /^sh\(wpkh\(\[/);
  assert.equal((await desk.call<readonly Coin[]>('listunspent', 0, 9999, [other.address])).length, 1);
  assert.equal((await desk.call<readonly Coin[]>('listunspent', 0, 9999, [], true, { minimumAmount: 30 })).length, 1);
  assert.equal((await desk.call<readonly Coin[]>('listunspent', 102)).length, 1);
  await desk.refused(-5, 'Invalid Bitcoin address: nonsense', 'listunspent', 0, 1, ['nonsense']);
  const output = { txid: String(coins[0]?.['txid']), vout: 0 };
  await desk.refused(-8, 'Invalid parameter, expected locked output', 'lockunspent', true, [output]);
  assert.equal(await desk.call('lockunspent', false, [output]), true);
  await desk.refused(-8, 'Invalid parameter, output already locked', 'lockunspent', false, [output]);
  await desk.refused(-8, 'Invalid parameter, vout index out of bounds', 'lockunspent', false, [{ ...output, vout: 9 }]);
  assert.deepEqual(await desk.call('listlockunspent'), [output]);
  assert.equal((await desk.call<readonly Coin[]>('listunspent')).length, 1);
  // Only persistent locks are there after loading.
  await desk.call('unloadwallet', 'w');
  await desk.call('loadwallet', 'w');
  assert.deepEqual(await desk.call('listlockunspent'), []);
  await desk.call('lockunspent', false, [output], true);
  await desk.call('unloadwallet', 'w');
  await desk.call('loadwallet', 'w');
  assert.deepEqual(await desk.call('listlockunspent'), [output]);
  assert.equal(await desk.call('lockunspent', true), true);
  assert.deepEqual(await desk.call('listlockunspent'), []);
});

test('what addresses and labels received', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const { address, script } = await scriptOf(desk, 'w', 'bech32');
  await desk.chain.mine(script);
  for (let i = 0; i < 100; i++) await desk.chain.mine(elsewhere);
  await desk.chain.mine(script);
  assert.equal(await desk.call('getreceivedbyaddress', address), 50);
  assert.equal(await desk.call('getreceivedbyaddress', address, 1, true), 100);
  assert.equal(await desk.call('getreceivedbylabel', 'bech32', 1, true), 100);
  await desk.refused(-4, 'Address not found in wallet', 'getreceivedbyaddress', foreign);
  await desk.refused(-4, 'Label not found in wallet', 'getreceivedbylabel', 'absent');
  const [entry, ...rest] = await desk.call<readonly Readonly<Record<string, unknown>>[]>('listreceivedbyaddress', 1, true, false, '', true);
  assert.equal(rest.length, 0);
  assert.deepEqual([entry?.['address'], entry?.['amount'], entry?.['confirmations']], [address, 100, 1]);
  assert.deepEqual(await desk.call('listreceivedbylabel'), [{ amount: 50, confirmations: 102, label: 'bech32' }]);
});

test('a scan of old blocks finds what a wallet missed', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const { script } = await scriptOf(desk, 'w', 'bech32');
  const backup = join(temporaryDirectory(t), 'backup.dat');
  await desk.call('backupwallet', backup);
  for (let i = 0; i < 3; i++) await desk.chain.mine(script);
  const named = desk.at('/wallet/w');
  await named.refused(-8, 'Invalid start_height', 'rescanblockchain', 4);
  await named.refused(-8, 'stop_height must be greater than start_height', 'rescanblockchain', 2, 1);
  assert.deepEqual(await named.call('rescanblockchain', 1, 2), { start_height: 1, stop_height: 2 });
  assert.deepEqual(await named.call('rescanblockchain'), { start_height: 0, stop_height: 3 });
  assert.equal(await named.call('abortrescan'), false);
  assert.equal((await named.call<Info>('getwalletinfo')).txcount, 3);
  assert.equal((await named.call<Info>('getwalletinfo')).scanning, false);
  assert.ok(existsSync(backup));
});

test('what a transaction would do to the balance', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const { script } = await scriptOf(desk, 'w', 'bech32');
  await desk.chain.mine(script);
  for (let i = 0; i < 100; i++) await desk.chain.mine(elsewhere);
  const sent = await desk.call<{ readonly hex: string }>('send', [{ [foreign]: 1 }], null, 'unset', 10, { add_to_wallet: false });
  const { balance_change: change } = await desk.call<{ readonly balance_change: number }>('simulaterawtransaction', [sent.hex]);
  assert.ok(change < -1 && change > -1.001, String(change));
  await desk.refused(-8, 'Transaction(s) are spending the same output more than once', 'simulaterawtransaction', [sent.hex, sent.hex]);
  await desk.refused(-22, 'Transaction hex string decoding failure.', 'simulaterawtransaction', ['00']);
});

test('help shows arguments, and too many of them are answered with it', async (t) => {
  const desk = Desk.empty(t);
  await assert.rejects(desk.call('createwallet'), (help) => help instanceof HelpResult && help.message.startsWith('createwallet "wallet_name" ( disable_private_keys blank "passphrase"'));
  await desk.refused(-3, /Position 1 \(wallet_name\)/, 'createwallet', 1);
});
