import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { seededRandom } from '../../src-ipc/testing/random.js';
import { recordKey } from '../store/record-keys.js';
import { isLegacyWallet } from '../store/wallet-files.js';
import { Desk } from '../testing/desk.js';
import { testContext, type Cleanup } from '../testing/fixtures.js';
import { LegacyComposer, namedSecret, skipBerkeley, writeBerkeleyFile } from '../testing/legacy-composer.js';
import { composedAddress, composedTransactions, composeEverything, testdataFile, testdataPassphrase } from '../testing/legacy-wallets.js';
import { migrateWallet } from './migrate.js';

interface Migration {
  readonly wallet_name: string;
  readonly watchonly_name?: string;
  readonly solvables_name?: string;
  readonly backup_path: string;
}

interface Listed {
  readonly desc: string;
  readonly timestamp: number;
  readonly active: boolean;
  readonly range?: readonly [number, number];
}

const time = 1_700_000_000;
const { scripts } = composeEverything();

/** A desk with the files of test data as wallets, by their names; `''` for the one in the wallets' directory itself. */
function deskWith(t: Cleanup, wallets: Readonly<Record<string, string>>): { readonly desk: Desk; readonly directory: string } {
  const desk = Desk.empty(t, { keypoolSize: 3 });
  desk.registry.context.clock.mock(time);
  const directory = desk.registry.context.settings.walletDirectory;
  for (const [name, file] of Object.entries(wallets)) {
    mkdirSync(join(directory, name), { recursive: true });
    cpSync(testdataFile(file), join(directory, name, 'wallet.dat'));
  }
  return { desk, directory };
}

const descriptorsOf = async (desk: Desk, wallet: string, secret = false): Promise<readonly Listed[]> =>
  (await desk.at(`/wallet/${wallet}`).call<{ descriptors: readonly Listed[] }>('listdescriptors', secret)).descriptors;

const isMine = async (desk: Desk, wallet: string, script: Uint8Array): Promise<boolean> =>
  (await desk.at(`/wallet/${wallet}`).call<{ ismine: boolean }>('getaddressinfo', composedAddress(script))).ismine;

/** Every file below a directory with its contents. */
function contents(directory: string): Readonly<Record<string, string>> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? toHex(readFileSync(path)) : 'directory'];
    }),
  );
}

/** The files of a wallet directory, but for the journals of those that are open. */
const filesOf = (directory: string): readonly string[] => readdirSync(directory).filter((name) => !name.endsWith('-journal'));

test('a legacy wallet becomes a wallet for what it spends, one for what it watches, and one for what it helps to sign', async (t) => {
  const { desk, directory } = deskWith(t, { old: 'plain.dat' });
  const migration = await desk.call<Migration>('migratewallet', 'old');
  const backup = join(directory, `old_${time}.legacy.bak`);
  assert.deepEqual(migration, { wallet_name: 'old', watchonly_name: 'old_watchonly', solvables_name: 'old_solvables', backup_path: backup });
  assert.deepEqual(readFileSync(backup), readFileSync(testdataFile('plain.dat')));
  assert.deepEqual(await desk.call('listwallets'), ['old', 'old_watchonly', 'old_solvables']);
  assert.deepEqual(JSON.parse(desk.chain.settings.get('wallet') ?? '[]'), ['old_watchonly', 'old_solvables']);
  assert.deepEqual(filesOf(join(directory, 'old')), ['wallet.dat']);
  const { received, change, replaced, single, uncompressed, multisig, nestedMultisig, watched, watchedMultisig, watchedPubkey, solvable, unusable, elsewhere } = scripts;
  for (const [wallet, own] of Object.entries({
    old: [received, change, replaced, single, uncompressed, multisig, nestedMultisig],
    old_watchonly: [watched, watchedMultisig, watchedPubkey],
    old_solvables: [solvable],
  })) {
    for (const [name, script] of Object.entries(scripts)) assert.equal(await isMine(desk, wallet, script), own.includes(script), `${name} in ${wallet}`);
  }
  const main = await descriptorsOf(desk, 'old');
  const ranges = main.filter(({ desc }) => desc.startsWith('combo(tpub')).map(({ range }) => range?.[1]);
  assert.deepEqual(ranges.sort(), [1, 2, 3, 5]);
  assert.deepEqual(main.filter(({ active }) => active).map(({ timestamp, range }) => [timestamp, range?.[1]]), Array(8).fill([time, 2]));
  assert.ok(main.some(({ desc, timestamp }) => desc.startsWith('combo([') && timestamp === 1_500_000_000));
  assert.ok((await descriptorsOf(desk, 'old_watchonly')).some(({ desc, timestamp }) => desc.startsWith('addr(') && timestamp === 1_400_000_000));
  const labels = async (wallet: string): Promise<unknown> => desk.at(`/wallet/${wallet}`).call('listlabels');
  assert.deepEqual(await labels('old'), ['savings', 'shop']);
  assert.deepEqual(await labels('old_watchonly'), ['', 'savings', 'shop', 'watched']);
  assert.deepEqual(await labels('old_solvables'), ['', 'helped', 'savings', 'shop']);
  assert.deepEqual(desk.registry.get('old_watchonly')?.addressBook.receiveRequests(), [Uint8Array.of(1, 2, 3)]);
  assert.ok(desk.registry.get('old')?.addressBook.isUsed(composedAddress(received)));
  for (const script of [unusable, elsewhere]) assert.equal(await isMine(desk, 'old', script), false);
});

test('coins of every kind that the old wallet could spend can be spent by the new one', async (t) => {
  const { desk } = deskWith(t, { old: 'plain.dat' });
  const { received, change, replaced, single, uncompressed, multisig, nestedMultisig, elsewhere } = scripts;
  const spendable = [received, change, replaced, single, uncompressed, multisig, nestedMultisig];
  for (const script of [...spendable, scripts.watched]) await desk.chain.mine(script);
  for (let i = 0; i < 100; i++) await desk.chain.mine(elsewhere);
  await desk.call('migratewallet', 'old');
  const wallet = desk.at('/wallet/old');
  const coins = await wallet.call<readonly { scriptPubKey: string }[]>('listunspent');
  assert.deepEqual(coins.map(({ scriptPubKey }) => scriptPubKey).sort(), spendable.map(toHex).sort());
  assert.equal(await desk.at('/wallet/old_watchonly').call('getbalance'), 50);
  const sent = await wallet.call<{ complete: boolean; txid: string }>('sendall', [composedAddress(elsewhere)]);
  assert.equal(sent.complete, true);
  assert.deepEqual(desk.chain.broadcasts.map(({ inputs }) => inputs.length), [spendable.length]);
});

test('each transaction goes to the wallets whose coins it touches, with its notes and its place', async (t) => {
  const { desk } = deskWith(t, { old: 'plain.dat' });
  await desk.call('migratewallet', 'old');
  const comments = (wallet: string): unknown => desk.registry.get(wallet)?.history.ordered().map(({ notes, orderPosition }) => [notes.get('comment'), orderPosition]);
  assert.deepEqual(comments('old'), [['number 0', 0n], ['number 1', 1n]]);
  assert.deepEqual(comments('old_watchonly'), [['number 0', 0n], ['number 2', 2n], ['number 3', 3n]]);
  assert.deepEqual(comments('old_solvables'), []);
});

test('a transaction or an address that belongs to none of the new wallets stops the migration', { skip: skipBerkeley }, async (t) => {
  const { desk, directory } = deskWith(t, {});
  const astray = composeEverything(({ elsewhere, ...others }) => composedTransactions({ ...others, elsewhere, watchedMultisig: elsewhere })).composer;
  const unknown = composeEverything().composer.address(composedAddress(scripts.elsewhere), 'shop', 'receive');
  const cases = [
    [astray, /^Error: Transaction [0-9a-f]{64} in wallet cannot be identified to belong to migrated wallets$/],
    [unknown, 'Error: Address book data in wallet cannot be identified to belong to migrated wallets'],
    [composeEverything().composer.put(recordKey('wkey'), new Uint8Array(4)), /^Wallet loading failed\. Error loading .*: Found unsupported 'wkey' record, try loading with version 0\.18$/],
    [composeEverything().composer.flags(1n << 60n), /Wallet requires newer version/],
  ] as const;
  for (const [i, [composer, message]] of cases.entries()) {
    mkdirSync(join(directory, `w${i}`));
    writeBerkeleyFile(join(directory, `w${i}`, 'wallet.dat'), composer.records());
    const before = contents(directory);
    await desk.refused(-4, message, 'migratewallet', `w${i}`);
    assert.deepEqual(contents(directory), before);
  }
});

test('an encrypted wallet needs its passphrase, and stays encrypted by the same key', async (t) => {
  const { desk, directory } = deskWith(t, { old: 'encrypted.dat', plain: 'plain.dat' });
  const before = contents(directory);
  const refusal = 'Error: Wallet decryption failed, the wallet passphrase was not provided or was incorrect.';
  await desk.refused(-4, refusal, 'migratewallet', 'old');
  await desk.refused(-4, refusal, 'migratewallet', 'old', 'battery staple');
  await desk.refused(-4, /contains a null character/, 'migratewallet', 'old', `${testdataPassphrase}\0x`);
  assert.deepEqual(contents(directory), before);
  await desk.call('migratewallet', 'old', testdataPassphrase);
  await desk.call('migratewallet', 'plain');
  const old = desk.at('/wallet/old');
  await old.refused(-13, /walletpassphrase/, 'listdescriptors', true);
  assert.deepEqual(await descriptorsOf(desk, 'old'), await descriptorsOf(desk, 'plain'));
  await old.call('walletpassphrase', testdataPassphrase, 60);
  assert.deepEqual(await descriptorsOf(desk, 'old', true), await descriptorsOf(desk, 'plain', true));
  assert.equal(readFileSync(join(directory, 'old', 'wallet.dat')).includes('walletdescriptorkey'), false);
  assert.equal((await desk.at('/wallet/old_watchonly').call<{ unlocked_until?: number }>('getwalletinfo')).unlocked_until, undefined);
});

test('a wallet that only watched becomes the wallet that watches', async (t) => {
  const { desk, directory } = deskWith(t, { old: 'watching.dat' });
  const migration = await desk.call<Migration>('migratewallet', 'old');
  assert.deepEqual(migration, { wallet_name: 'old_watchonly', backup_path: join(directory, `old_${time}.legacy.bak`) });
  assert.deepEqual(await desk.call('listwalletdir'), { wallets: [{ name: 'old_watchonly', warnings: [] }] });
  assert.deepEqual(await desk.call('listlabels'), ['shop', 'watched']);
});

test('wallets in the directory itself are migrated, too: the unnamed one, and one that is a plain file', async (t) => {
  const { desk, directory } = deskWith(t, { '': 'plain.dat' });
  cpSync(testdataFile('plain.dat'), join(directory, 'file'));
  assert.equal(isLegacyWallet(join(directory, 'file')), true);
  const unnamed = await desk.call<Migration>('migratewallet', '');
  assert.deepEqual(unnamed, {
    wallet_name: '',
    watchonly_name: 'default_wallet_watchonly',
    solvables_name: 'default_wallet_solvables',
    backup_path: join(directory, `default_wallet_${time}.legacy.bak`),
  });
  const plain = await desk.call<Migration>('migratewallet', 'file');
  assert.equal(plain.backup_path, join(directory, `file_${time}.legacy.bak`));
  assert.deepEqual(filesOf(join(directory, 'file')), ['wallet.dat']);
  const listed = await desk.call<{ wallets: readonly { name: string; warnings: readonly string[] }[] }>('listwalletdir');
  assert.deepEqual(listed.wallets.map(({ name }) => name).sort(), ['', 'default_wallet_solvables', 'default_wallet_watchonly', 'file', 'file_solvables', 'file_watchonly']);
  assert.ok(listed.wallets.every(({ warnings }) => warnings.length === 0));
});

test('what cannot be migrated is said in the reference words', async (t) => {
  const { desk, directory } = deskWith(t, { old: 'plain.dat' });
  await desk.refused(-4, 'Error: Wallet does not exist', 'migratewallet', 'absent');
  await desk.call('createwallet', 'new');
  await desk.refused(-4, 'Error: This wallet is already a descriptor wallet', 'migratewallet', 'new');
  await desk.call('unloadwallet', 'new');
  await desk.refused(-4, 'Error: This wallet is already a descriptor wallet', 'migratewallet', 'new');
  await desk.refused(-8, 'Either the RPC endpoint wallet or the wallet name parameter must be provided', 'migratewallet');
  await desk.at('/wallet/old').refused(-8, 'The RPC endpoint wallet and the wallet name parameter specify different wallets', 'migratewallet', 'other');
  await desk.refused(-18, /^Wallet file verification failed\. Failed to open database path '.*old'\. The wallet appears to be a Legacy wallet, please use the wallet migration tool \(migratewallet RPC or the GUI option\)\.$/, 'loadwallet', 'old');
  const listed = await desk.call<{ wallets: readonly { name: string; warnings: readonly string[] }[] }>('listwalletdir');
  assert.deepEqual(listed.wallets.find(({ name }) => name === 'old')?.warnings, ['This wallet is a legacy wallet and will need to be migrated with migratewallet before it can be loaded']);
  const damaged = readFileSync(testdataFile('plain.dat'));
  damaged[5] = 9;
  mkdirSync(join(directory, 'damaged'));
  writeFileSync(join(directory, 'damaged', 'wallet.dat'), damaged);
  await desk.refused(-4, /^Wallet file verification failed\. .*damaged\/wallet\.dat: LSNs are not reset, this database is not completely flushed\./, 'migratewallet', 'damaged');
});

test('when a migration fails, every file is as it was, and the next one succeeds', async (t) => {
  for (const kind of ['directory', 'file'] as const) {
    const { desk, directory } = deskWith(t, kind === 'directory' ? { old: 'plain.dat' } : {});
    if (kind === 'file') cpSync(testdataFile('plain.dat'), join(directory, 'old'));
    await desk.chain.mine(scripts.received);
    await desk.call('createwallet', 'old_solvables');
    await desk.call('unloadwallet', 'old_solvables');
    const before = contents(directory);
    await desk.refused(-4, /^Wallet file creation failed: Failed to create database path '.*old_solvables'\. Database already exists\.$/, 'migratewallet', 'old');
    assert.deepEqual(contents(directory), before, 'one of the new wallets is in the way');
    rmSync(join(directory, 'old_solvables'), { recursive: true });
    const settings = desk.chain.settings.get('wallet');
    const { hasBlocks } = desk.chain;
    desk.chain.hasBlocks = async () => false;
    const again = contents(directory);
    await desk.refused(-4, /^Wallet loading failed\. last wallet synchronisation goes beyond available data/, 'migratewallet', 'old');
    assert.deepEqual(contents(directory), again, 'a new wallet cannot be loaded');
    assert.deepEqual(await desk.call('listwallets'), []);
    assert.equal(desk.chain.settings.get('wallet'), settings);
    desk.chain.hasBlocks = hasBlocks;
    await desk.call('migratewallet', 'old');
    assert.deepEqual(await desk.call('listwallets'), ['old', 'old_watchonly', 'old_solvables']);
  }
});

test('a backup that is there is not written over, and without a backup nothing is migrated', async (t) => {
  const { desk, directory } = deskWith(t, { old: 'plain.dat' });
  const backup = join(directory, `old_${time}.legacy.bak`);
  writeFileSync(backup, 'an earlier one');
  const before = contents(directory);
  await desk.refused(-4, `Error: Unable to make a backup of your wallet (${backup} is there already)`, 'migratewallet', 'old');
  assert.deepEqual(contents(directory), before);
});

test('what an attempt left behind that was killed does not hinder the next one', async (t) => {
  const { desk, directory } = deskWith(t, { old: 'plain.dat' });
  for (const name of ['old', 'old_watchonly']) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'wallet.dat.migrating'), 'half a wallet');
  }
  await desk.call('migratewallet', 'old');
  for (const name of ['old', 'old_watchonly']) assert.deepEqual(filesOf(join(directory, name)), ['wallet.dat']);
});

test('a wallet with many keys leaves time for others, and is given up when the process is told to end', { skip: skipBerkeley }, async (t) => {
  const ending = new AbortController();
  const context = { ...testContext(t), ending: ending.signal };
  const directory = join(context.settings.walletDirectory, 'old');
  mkdirSync(directory);
  const composer = new LegacyComposer();
  composer.seed(namedSecret('many'), { external: 500, internal: 500 }, time);
  writeBerkeleyFile(join(directory, 'wallet.dat'), composer.records());
  const before = contents(context.settings.walletDirectory);
  setImmediate(() => ending.abort());
  assert.deepEqual(await migrateWallet(context, 'old', ''), { ok: false, error: 'Error: The wallet process was told to end while it migrated the wallet' });
  assert.deepEqual(contents(context.settings.walletDirectory), before);
});

test('the copy of the old file is not restored as a wallet that could be used', async (t) => {
  const { desk, directory } = deskWith(t, { old: 'plain.dat' });
  const { backup_path } = await desk.call<Migration>('migratewallet', 'old');
  await desk.refused(-18, /^Wallet file verification failed\. .*The wallet appears to be a Legacy wallet/, 'restorewallet', 'again', backup_path);
  assert.equal(readdirSync(directory).includes('again'), false);
});

test('a damaged file is migrated or refused, and never changed when refused', async (t) => {
  const { desk, directory } = deskWith(t, {});
  const whole = readFileSync(testdataFile('plain.dat'));
  const random = seededRandom(1);
  let refused = 0;
  for (let round = 0; round < 40; round++) {
    const bytes = Buffer.from(whole);
    for (let flips = 0; flips < 4; flips++) bytes[512 + random.below(bytes.length - 512)] = random.below(256);
    mkdirSync(join(directory, 'old'));
    writeFileSync(join(directory, 'old', 'wallet.dat'), bytes);
    const before = contents(directory);
    try {
      await desk.call('migratewallet', 'old');
      for (const wallet of await desk.call<readonly string[]>('listwallets')) await desk.call('unloadwallet', wallet);
    } catch (fault) {
      assert.ok(fault instanceof Error && fault.name === 'RpcFailure', String(fault));
      assert.deepEqual(contents(directory), before, fault.message);
      refused++;
    }
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  }
  assert.ok(refused > 10, String(refused));
});
