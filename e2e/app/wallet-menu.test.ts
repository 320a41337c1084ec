/** Everything the wallet menu does, as a person does it: several wallets, passphrases, backup and restore. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { testdataFile, testdataPassphrase } from '../../src-wallet/testing/legacy-wallets.js';
import { AppRun, withoutWindow } from '../framework/app-run.js';

const coin = 100_000_000n;

describe('the wallet menu', { skip: withoutWindow }, () => {
  const run = new AppRun();
  const passphrase = 'correct horse battery staple';
  const changed = 'eight other words are better than only four';
  const backup = path.join(run.home, 'savings backup.dat');
  // The network's directory was there before the node, so that wallets go into it and not one below.
  const walletDirectory = path.join(run.datadir, 'regtest');

  before(async () => {
    await run.configure();
    const window = await run.open();
    await window.page.getByTestId('no-wallet').waitFor({ timeout: 60_000 });
    await window.createWallet('Savings');
    await window.page.getByTestId('mine-more').click();
    await window.page.getByTestId('mine-101').click();
    await window.waitForAmount('balance', 50n * coin);
  });

  after(() => run.end());

  test('a second wallet with a passphrase: the two must agree', async () => {
    const { window } = run;
    const { page } = window;
    await window.walletMenu('menu-create-wallet');
    await page.getByTestId('wallet-name').fill('Daily');
    await page.getByTestId('wallet-protect').click();
    await page.getByTestId('passphrase-new').fill(passphrase);
    await page.getByTestId('passphrase-again').fill('something else');
    await page.getByTestId('passphrase-again').blur();
    await page.getByText('The two are not the same.').waitFor();
    assert.ok(await page.getByTestId('create-wallet-submit').isDisabled());
    await window.pictures('20-create-mismatch');
    await page.getByTestId('passphrase-again').fill(passphrase);
    await page.getByTestId('create-wallet-submit').click();
    await window.waitForWallet('Daily');
    await window.waitForAmount('balance', 0n);
    await page.getByTestId('first-address-value').waitFor();
  });

  test('a name that is taken is refused beside its field', async () => {
    const { window } = run;
    const { page } = window;
    await window.walletMenu('menu-create-wallet');
    await page.getByTestId('wallet-name').fill('Savings');
    await page.getByTestId('create-wallet-submit').click();
    const error = page.getByRole('dialog').locator('.field-line.bad, .bad[role=alert]').first();
    await error.waitFor();
    await window.pictures('21-name-taken');
    const words = await error.innerText();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(words, 'There is a wallet named “Savings” already. Choose another name, or open that one.');
  });

  test('wallets are switched', async () => {
    const { window } = run;
    await window.page.getByTestId('wallet-menu').click();
    await window.page.getByTestId('wallet-choice-Savings').waitFor();
    await window.pictures('22-menu');
    await window.page.getByTestId('wallet-choice-Savings').click();
    await window.waitForWallet('Savings');
    await window.waitForAmount('balance', 50n * coin);
  });

  test('a wallet is encrypted and is locked from then on', async () => {
    const { window } = run;
    const { page } = window;
    await window.walletMenu('menu-encrypt-wallet');
    await page.getByTestId('passphrase-new').fill(passphrase);
    await page.getByTestId('passphrase-again').fill(passphrase);
    await window.pictures('23-encrypt');
    await page.getByTestId('encrypt-wallet-submit').click();
    await window.waitForToast(/encrypted/);
    await page.getByTestId('wallet-menu').getByLabel('locked', { exact: true }).waitFor();
    await window.pictures('24-encrypted');
  });

  test('sending from a locked wallet asks for the passphrase at the review', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('send');
    await page.getByTestId('recipient-address-1').fill('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await page.getByTestId('recipient-amount-1').fill('2.5');
    await page.getByTestId('recipient-label-1').fill('Carpenter');
    await page.getByTestId('review-payment').click();
    await page.getByTestId('review-passphrase').fill('not this one');
    await page.getByTestId('review-confirm').click();
    await page.getByText('The passphrase is wrong. Nothing was sent.').waitFor({ timeout: 30_000 });
    await window.pictures('25-review-locked');
    await page.getByTestId('review-passphrase').fill(passphrase);
    await page.getByTestId('review-confirm').click();
    await page.locator('[data-testid=sent][data-confirmations="0"]').waitFor({ timeout: 30_000 });
    // Unlocked for this payment only.
    await page.getByTestId('wallet-menu').getByLabel('locked', { exact: true }).waitFor();
    await page.getByTestId('mine-block').click();
    await page.locator('[data-testid=sent][data-confirmations="1"]').waitFor({ timeout: 30_000 });
  });

  test('unlocking: a wrong passphrase is said, the right one unlocks, and it can be locked again', async () => {
    const { window } = run;
    const { page } = window;
    await window.walletMenu('menu-unlock-wallet');
    await page.getByTestId('passphrase').fill('wrong');
    await page.getByTestId('unlock-wallet-submit').click();
    await page.getByText('The passphrase is wrong.').waitFor({ timeout: 30_000 });
    assert.ok(await page.getByTestId('passphrase').evaluate((field) => field === document.activeElement), 'ready to be typed again');
    await window.pictures('26-unlock-wrong');
    await page.getByTestId('passphrase').fill(passphrase);
    await page.getByTestId('unlock-wallet-submit').click();
    await page.getByTestId('wallet-menu').getByLabel('unlocked', { exact: true }).waitFor({ timeout: 30_000 });
    await window.walletMenu('menu-lock-wallet');
    await page.getByTestId('wallet-menu').getByLabel('locked', { exact: true }).waitFor();
  });

  test('the passphrase is changed; only the new one unlocks', async () => {
    const { window } = run;
    const { page } = window;
    await window.walletMenu('menu-change-passphrase');
    await page.getByTestId('passphrase-old').fill('wrong');
    await page.getByTestId('passphrase-new').fill(changed);
    await page.getByTestId('passphrase-again').fill(changed);
    await page.getByTestId('change-passphrase-submit').click();
    await page.getByText('The old passphrase is wrong.').waitFor({ timeout: 30_000 });
    await window.pictures('27-change-passphrase');
    await page.getByTestId('passphrase-old').fill(passphrase);
    await page.getByTestId('change-passphrase-submit').click();
    await window.waitForToast(/passphrase is changed/);
    await window.walletMenu('menu-unlock-wallet');
    await page.getByTestId('passphrase').fill(passphrase);
    await page.getByTestId('unlock-wallet-submit').click();
    await page.getByText('The passphrase is wrong.').waitFor({ timeout: 30_000 });
    await page.getByTestId('passphrase').fill(changed);
    await page.getByTestId('unlock-wallet-submit').click();
    await page.getByTestId('wallet-menu').getByLabel('unlocked', { exact: true }).waitFor({ timeout: 30_000 });
  });

  test('a backup goes where the system dialog says', async () => {
    const { window } = run;
    await window.answerFileDialogs(backup);
    await window.walletMenu('menu-backup-wallet');
    await window.waitForToast(`Backed up to ${backup}`);
    await window.pictures('28-backed-up');
    assert.equal(fs.readFileSync(backup).subarray(0, 15).toString('latin1'), 'SQLite format 3');
  });

  test('a backup that cannot be written says where and why', async () => {
    const { window } = run;
    await window.answerFileDialogs(path.join(run.home, 'no', 'such', 'folder', 'backup.dat'));
    await window.walletMenu('menu-backup-wallet');
    await window.waitForToast(/could not be written/);
  });

  test('the history is exported as CSV', async () => {
    const { window } = run;
    const { page } = window;
    const file = path.join(run.home, 'history.csv');
    await window.answerFileDialogs(file);
    await window.go('transactions');
    await page.getByTestId('chip-sent').click();
    await page.getByText('1 transaction', { exact: true }).waitFor();
    await page.getByTestId('export-csv').click();
    await window.waitForToast(file);
    await window.pictures('29-exported');
    const [heading, line, ...rest] = fs.readFileSync(file, 'utf8').split('\r\n');
    assert.equal(heading, '"Date","Type","State","Label","Address","Amount (BTC)","Fee (BTC)","Block height","Transaction id"');
    assert.match(line ?? '', /^"\d{4}-\d\d-\d\dT[\d:.]+Z","sent","confirmed","Carpenter","bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",-2\.500\d{5},0\.000\d{5},102,"[0-9a-f]{64}"$/);
    assert.deepEqual(rest, ['']);
    await page.getByTestId('chip-sent').click();
  });

  test('a wallet is closed and opened again', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('overview');
    await window.walletMenu('menu-close-wallet');
    await window.waitForToast('Savings is closed.');
    await window.waitForWallet('Daily');
    await window.walletMenu('menu-open-wallet');
    await page.getByTestId('open-wallet-Savings').waitFor();
    await window.pictures('30-open-wallet');
    assert.ok(await page.getByTestId('open-wallet-Daily').isDisabled());
    await page.getByTestId('open-wallet-Savings').click();
    await window.waitForWallet('Savings');
    await page.getByTestId('wallet-menu').getByLabel('locked', { exact: true }).waitFor();
  });

  test('a backup is restored as another wallet, with its payments', async () => {
    const { window } = run;
    const { page } = window;
    const balance = await window.amount('balance');
    await window.answerFileDialogs(backup);
    await window.walletMenu('menu-restore-wallet');
    await page.getByTestId('wallet-name').fill('Savings again');
    await window.pictures('31-restore');
    await page.getByTestId('restore-wallet-submit').click();
    await window.waitForWallet('Savings again');
    await window.waitForAmount('balance', balance);
    await window.go('transactions');
    await page.getByText('Carpenter').first().waitFor();
  });

  test('a file that is no wallet is not restored, and it is said why', async () => {
    const { window } = run;
    const { page } = window;
    const file = path.join(run.home, 'letter.txt');
    fs.writeFileSync(file, 'Dear reader, this is not a wallet.\n'.repeat(200));
    await window.answerFileDialogs(file);
    await window.walletMenu('menu-restore-wallet');
    await page.getByTestId('wallet-name').fill('Letter');
    await page.getByTestId('restore-wallet-submit').click();
    const error = page.getByRole('dialog').locator('.bad').first();
    await error.waitFor();
    await window.pictures('32-restore-refused');
    assert.match(await error.innerText(), /^The backup was not restored\. .*letter\.txt.*Choose another file\.$/);
    await page.keyboard.press('Escape');
    assert.ok(fs.existsSync(path.join(walletDirectory, 'Savings again')));
    assert.ok(!fs.existsSync(path.join(walletDirectory, 'Letter')), 'nothing is left behind');
  });

  test('a wallet of the old format is migrated where it is opened, and what is wrong is said', async () => {
    const { window } = run;
    const { page } = window;
    for (const name of ['From 2016', 'Damaged']) {
      fs.mkdirSync(path.join(walletDirectory, name));
      fs.copyFileSync(testdataFile('encrypted.dat'), path.join(walletDirectory, name, 'wallet.dat'));
    }
    fs.truncateSync(path.join(walletDirectory, 'Damaged', 'wallet.dat'), 8192);
    await window.walletMenu('menu-open-wallet');
    await page.getByTestId('open-wallet-Damaged').click();
    await page.getByTestId('migrate-wallet-submit').click();
    const refusal = page.getByRole('dialog').locator('.bad').first();
    await refusal.waitFor({ timeout: 30_000 });
    assert.match(await refusal.innerText(), /^The wallet was not migrated, and is as it was\. .*Damaged.wallet\.dat: Last page number could not fit in file/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await window.walletMenu('menu-open-wallet');
    await page.getByTestId('open-wallet-From 2016').click();
    await page.getByTestId('passphrase').fill('wrong');
    await window.pictures('33-migrate');
    await page.getByTestId('migrate-wallet-submit').click();
    await page.getByText('The passphrase is wrong.').waitFor({ timeout: 30_000 });
    await page.getByTestId('passphrase').fill(testdataPassphrase);
    await page.getByTestId('migrate-wallet-submit').click();
    await page.getByTestId('dialog-migrated-wallet').waitFor({ timeout: 60_000 });
    await window.pictures('34-migrated');
    const copy = await page.getByTestId('migrated-backup').innerText();
    assert.deepEqual(fs.readFileSync(copy), fs.readFileSync(testdataFile('encrypted.dat')));
    await page.getByTestId('migrated-done').click();
    await window.waitForWallet('From 2016');
    await page.getByTestId('wallet-menu').getByLabel('locked', { exact: true }).waitFor();
    await page.getByTestId('wallet-menu').click();
    for (const name of ['From 2016_watchonly', 'From 2016_solvables']) await page.getByTestId(`wallet-choice-${name}`).waitFor();
    await page.keyboard.press('Escape');
    await window.answerFileDialogs(copy);
    await window.walletMenu('menu-restore-wallet');
    await page.getByTestId('wallet-name').fill('From the copy');
    await page.getByTestId('restore-wallet-submit').click();
    await page.getByTestId('dialog-migrate-wallet').waitFor({ timeout: 30_000 });
    await page.getByTestId('passphrase').fill(testdataPassphrase);
    await page.getByTestId('migrate-wallet-submit').click();
    await page.getByTestId('migrated-done').click({ timeout: 60_000 });
    await window.waitForWallet('From the copy');
  });

  test('after all this the page has written no error', () => {
    assert.deepEqual(run.window.faults, []);
  });
});
