import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { parseCommandLine } from '../../src-interfaces/options/command-line.js';
import { OptionError, OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { temporaryDirectory } from '../testing/fixtures.js';
import { readWalletSettings } from './wallet-settings.js';

/** Options as a configuration file of another program might give them: nobody has looked at their values. */
function unchecked(values: Readonly<Record<string, string>>): OptionValues {
  const options = new OptionValues(emptySettings(), nodeOptionTable);
  options.selectNetwork('regtest');
  for (const [name, value] of Object.entries(values)) options.force(name, value);
  return options;
}

const missing = '/nonsense/there/is/none';
const refusals: readonly [name: string, value: string, text: string][] = [
  ['fallbackfee', 'abc', "Invalid amount for -fallbackfee=<amount>: 'abc'"],
  ['fallbackfee', '-1', "Invalid amount for -fallbackfee=<amount>: '-1'"],
  ['fallbackfee', '', "Invalid amount for -fallbackfee=<amount>: ''"],
  ['fallbackfee', '.', "Invalid amount for -fallbackfee=<amount>: '.'"],
  ['fallbackfee', '1e-3', "Invalid amount for -fallbackfee=<amount>: '1e-3'"],
  ['discardfee', '0.000000001', "Invalid amount for -discardfee=<amount>: '0.000000001'"],
  ['mintxfee', '21000001', "Invalid amount for -mintxfee=<amount>: '21000001'"],
  ['maxtxfee', '1x', "Invalid amount for -maxtxfee=<amount>: '1x'"],
  ['maxapsfee', '-2', "Invalid amount for -maxapsfee=<amount>: '-2'"],
  ['consolidatefeerate', 'x', "Invalid amount for -consolidatefeerate=<amount>: 'x'"],
  ['addresstype', 'bech64', "Unknown address type 'bech64'"],
  ['changetype', 'bech64', "Unknown change type 'bech64'"],
  ['walletdir', missing, `Specified -walletdir "${missing}" does not exist`],
];

for (const [name, value, text] of refusals) {
  test(`-${name}=${value} is refused`, (t) => {
    const directory = temporaryDirectory(t);
    assert.throws(() => readWalletSettings(unchecked({ [name]: value }), directory), (error) => error instanceof OptionError && error.message === text);
  });
}

test('without options wallets behave as Bitcoin Core’s', (t) => {
  const directory = temporaryDirectory(t);
  const { settings, warnings } = readWalletSettings(unchecked({}), directory);
  assert.deepEqual(warnings, []);
  assert.deepEqual(settings, {
    walletDirectory: directory,
    addressType: 'bech32',
    changeType: undefined,
    keypoolSize: 1000,
    spendZeroConfChange: true,
    avoidPartialSpends: false,
    confirmTarget: 6,
    signalRbf: true,
    broadcast: true,
    rejectLongChains: true,
    fallbackFee: 0n,
    minFee: 1000n,
    discardFee: 10_000n,
    consolidateFee: 10_000n,
    maxFee: 10_000_000n,
    maxAvoidPartialFee: 0n,
    unsafeSync: false,
  });
});

test('options are taken from the command line', (t) => {
  const directory = temporaryDirectory(t);
  const args = ['-fallbackfee=0.0002', '-maxapsfee=-1', '-addresstype=legacy', '-changetype=bech32m', '-keypool=0', '-nowalletrbf', '-walletbroadcast=0', '-maxtxfee=.5'];
  const parsed = parseCommandLine(args, nodeOptionTable);
  assert.ok(parsed.ok);
  const options = new OptionValues({ ...emptySettings(), commandLine: parsed.options }, nodeOptionTable);
  const { settings } = readWalletSettings(options, directory);
  const { fallbackFee, maxAvoidPartialFee, addressType, changeType, keypoolSize, signalRbf, broadcast, maxFee } = settings;
  assert.deepEqual([fallbackFee, maxAvoidPartialFee, addressType, changeType, keypoolSize, signalRbf, broadcast, maxFee], [20_000n, -1n, 'legacy', 'bech32m', 1, false, false, 50_000_000n]);
});

test('high fees are taken, with a warning', (t) => {
  const { settings, warnings } = readWalletSettings(unchecked({ fallbackfee: '0.5', maxtxfee: '2', mintxfee: '0.01' }), temporaryDirectory(t));
  assert.equal(settings.fallbackFee, 50_000_000n);
  assert.deepEqual(warnings, [
    '-fallbackfee is set very high! This is the transaction fee you may pay when fee estimates are not available.',
    '-maxtxfee is set very high! Fees this large could be paid on a single transaction.',
  ]);
});

test('the directory of wallets: a folder of its own where there is one, or the one chosen', (t) => {
  const directory = temporaryDirectory(t);
  const own = join(directory, 'wallets');
  mkdirSync(own);
  assert.equal(readWalletSettings(unchecked({}), directory).settings.walletDirectory, own);
  const link = join(directory, 'link');
  symlinkSync(own, link);
  assert.equal(readWalletSettings(unchecked({ walletdir: link }), directory).settings.walletDirectory, own);
  const file = join(directory, 'file');
  writeFileSync(file, '');
  assert.throws(() => readWalletSettings(unchecked({ walletdir: file }), directory), { message: `Specified -walletdir "${file}" is not a directory` });
  const path = relative(process.cwd(), own);
  assert.throws(() => readWalletSettings(unchecked({ walletdir: path }), directory), { message: `Specified -walletdir "${path}" is a relative path` });
});
