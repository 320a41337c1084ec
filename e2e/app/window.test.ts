/**
 * The whole of it, as a person does it: first run, a wallet, coins, a payment, closing and opening the window,
 * and what happens when one of the three processes is killed. Pictures are left in test-results/.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDisplay, type Display } from '../framework/display.js';
import { freePort } from '../framework/node-process.js';
import { temporaryFolder } from '../framework/programs.js';
import { childrenOf, commandLine, isRunning } from '../framework/process-tree.js';
import { waitFor } from '../framework/wait.js';
import { DrivenWindow, findElectron } from '../framework/window.js';

const coin = 100_000_000n;
const electron = await findElectron();
const display: Display | undefined = 'program' in electron ? await openDisplay() : undefined;
const skip = 'missing' in electron ? electron.missing : display === undefined ? 'skipped: no display and no Xvfb' : false;

function nodePid(datadir: string): number | undefined {
  const running = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => commandLine(pid).includes(`-datadir=${datadir}`) && commandLine(pid).includes('bitcoin-node') && isRunning(pid));
  return running;
}

const walletPid = (node: number): number | undefined => childrenOf(node).find((pid) => commandLine(pid).includes('bitcoin-wallet -ipcfd'));

describe('the window', { skip }, () => {
  const home = temporaryFolder();
  const datadir = path.join(home, 'data');
  let window: DrivenWindow;

  async function open(args: readonly string[] = []): Promise<void> {
    assert.ok('program' in electron && display !== undefined);
    window = await DrivenWindow.open({ program: electron.program, display: display.name, home, args });
  }

  before(async () => {
    fs.mkdirSync(path.join(datadir, 'regtest'), { recursive: true });
    // A port of its own, so that a node of the machine is not in the way.
    fs.writeFileSync(path.join(datadir, 'bitcoin.conf'), `[regtest]\nrpcport=${await freePort()}\nlisten=0\nconnect=0\n`);
    await open();
  });

  after(async () => {
    const node = nodePid(datadir);
    await window.kill().catch(() => undefined);
    if (node !== undefined) process.kill(node, 'SIGTERM');
    await waitFor('the node to end', () => nodePid(datadir) === undefined).catch(() => undefined);
    display?.close();
  });

  test('first run: the practice network leads into a window with a running node', async () => {
    const { page } = window;
    await page.getByTestId('first-run').waitFor();
    assert.equal(await page.getByTestId('network-regtest').getAttribute('data-state'), 'checked');
    assert.equal(await page.getByTestId('datadir').inputValue(), datadir);
    await window.picture('01-first-run');
    await page.getByTestId('start').click();
    await page.getByTestId('no-wallet').waitFor({ timeout: 60_000 });
    await window.waitForCompartment('node', 'running');
    await window.waitForCompartment('wallet', 'running');
    await window.picture('02-no-wallet');
  });

  test('the process tree is window, node, wallet', async () => {
    const node = await waitFor('the node', () => childrenOf(window.pid).find((pid) => commandLine(pid).includes('bitcoin-node')));
    const wallet = await waitFor('the wallet', () => walletPid(node));
    assert.match(commandLine(wallet), /bitcoin-wallet -ipcfd \d+/);
  });

  test('a wallet is created and shows an address with a QR code', async () => {
    const { page } = window;
    await page.getByTestId('create-wallet').click();
    await page.getByTestId('wallet-name').fill('Savings');
    await page.getByTestId('create-wallet-submit').click();
    await page.getByTestId('first-address-value').waitFor({ timeout: 30_000 });
    await window.picture('03-new-wallet');
    await page.getByTestId('nav-receive').click();
    const address = await page.getByTestId('receive-address').getAttribute('data-address');
    assert.match(address ?? '', /^bcrt1q/);
    await page.getByTestId('request-amount').fill('0.5');
    await page.getByTestId('request-label').fill('Rent');
    await page.locator(`[data-testid=qr][data-uri*="amount=0.5"]`).waitFor();
    await window.picture('04-receive');
  });

  test('blocks are mined until coins are mature', async () => {
    const { page } = window;
    await page.getByTestId('nav-overview').click();
    await page.getByTestId('mine-more').click();
    await page.getByTestId('mine-101').click();
    await window.waitForAmount('balance', 50n * coin);
    assert.equal(await page.getByTestId('block-height').innerText(), '101');
    await window.picture('05-overview');
  });

  test('a payment to two recipients is reviewed, sent, and watched until it is confirmed', async () => {
    const { page } = window;
    await page.getByTestId('nav-receive').click();
    await page.getByTestId('new-address').click();
    const own = (await page.getByTestId('receive-address').getAttribute('data-address')) ?? '';
    await page.getByTestId('nav-send').click();
    await page.getByTestId('recipient-address-1').fill('bcrt1qar0srrr7xfkvy5l643lydnw9re59gtzzg7j4rz');
    await page.getByTestId('recipient-amount-1').fill('1.25');
    await page.getByText('not an address').first().waitFor({ timeout: 10_000 });
    await page.getByTestId('recipient-address-1').fill(own);
    await page.getByTestId('recipient-label-1').fill('Bakery');
    await page.getByTestId('add-recipient').click();
    await page.getByTestId('recipient-address-2').fill('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await page.getByTestId('recipient-amount-2').fill('0.75');
    await page.getByTestId('recipient-label-2').fill('Rent');
    await window.picture('06-send');
    await page.getByTestId('review-payment').click();
    await page.getByTestId('review').waitFor({ timeout: 30_000 });
    const fee = await window.amount('review-fee');
    assert.ok(fee > 0n && fee < 100_000n, `fee ${fee}`);
    await window.picture('07-review');
    await page.getByTestId('review-confirm').click();
    await page.locator('[data-testid=sent][data-confirmations="0"]').waitFor({ timeout: 30_000 });
    await window.picture('08-sent');
    await page.getByTestId('mine-block').click();
    await page.locator('[data-testid=sent][data-confirmations="1"]').waitFor({ timeout: 30_000 });
    await page.getByTestId('sent-details').click();
    await page.getByTestId('transaction-panel').waitFor();
    await window.picture('09-transaction');
  });

  test('every page is drawn, in both themes', async () => {
    const { page } = window;
    for (const theme of ['dark', 'light']) {
      await page.getByTestId('nav-settings').click();
      await page.getByTestId(`theme-${theme}`).click();
      for (const name of ['overview', 'send', 'receive', 'transactions', 'node', 'settings']) {
        await page.getByTestId(`nav-${name}`).click();
        await page.getByTestId(`page-${name}`).waitFor();
        await window.picture(`10-${theme}-${name}`);
      }
    }
    assert.deepEqual(window.faults, []);
  });

  test('an idle window makes no call', async () => {
    const { page } = window;
    await page.getByTestId('nav-overview').click();
    // What an invoke of the page looks like from outside, in the process that receives it.
    const callsWithin = (milliseconds: number): Promise<number> =>
      window.application.evaluate(async ({ webContents }, patience) => {
        const seen = { count: 0 };
        for (const contents of webContents.getAllWebContents()) contents.on('-ipc-invoke' as 'ipc-message', () => void (seen.count += 1));
        await new Promise((resolve) => setTimeout(resolve, patience));
        return seen.count;
      }, milliseconds);
    assert.equal(await callsWithin(3000), 0);
    const busy = callsWithin(2000);
    await page.getByTestId('nav-receive').click();
    assert.ok((await busy) > 0, 'a click that asks for something is counted');
  });

  test('closed and opened again, everything is as it was', async () => {
    await window.page.getByTestId('nav-overview').click();
    const height = await window.page.getByTestId('block-height').innerText();
    const balance = await window.amount('balance');
    const node = nodePid(datadir);
    assert.ok(node !== undefined);
    await window.close();
    assert.ok(isRunning(node), 'the node goes on');
    assert.ok(walletPid(node) !== undefined, 'the wallet goes on');
    await open();
    await window.waitForCompartment('wallet', 'running');
    assert.equal(nodePid(datadir), node, 'the same node');
    await window.page.getByTestId('nav-overview').click();
    await window.waitForAmount('balance', balance);
    assert.equal(await window.page.getByTestId('block-height').innerText(), height);
    await window.page.getByTestId('nav-transactions').click();
    await window.page.getByText('Rent').first().waitFor();
    await window.picture('11-attached-again');
  });

  test('a killed window takes nothing along', async () => {
    const node = nodePid(datadir);
    assert.ok(node !== undefined);
    const wallet = walletPid(node);
    await window.kill();
    assert.ok(isRunning(node) && wallet !== undefined && isRunning(wallet));
    await open();
    await window.waitForCompartment('wallet', 'running');
  });

  test('a killed wallet is said in words, the node goes on, and the wallet is back by itself with everything', async () => {
    const { page } = window;
    await page.getByTestId('nav-overview').click();
    await page.getByTestId('balance').waitFor();
    const balance = await window.amount('balance');
    const node = nodePid(datadir);
    assert.ok(node !== undefined);
    const wallet = walletPid(node);
    assert.ok(wallet !== undefined);
    process.kill(wallet, 'SIGKILL');
    await page.getByTestId('compartment-wallet').getByText('restarting in 1 s (attempt 1 of 5)').waitFor();
    await window.waitForCompartment('node', 'running');
    await window.waitForCompartment('wallet', 'running');
    await window.waitForAmount('balance', balance);
    assert.ok(isRunning(node));
    assert.notEqual(walletPid(node), wallet);
    await page.getByTestId('nav-transactions').click();
    await page.getByText('Rent').first().waitFor();
  });

  test('a killed node of an earlier window is said in words, and a restart brings everything back', async () => {
    const { page } = window;
    await page.getByTestId('nav-overview').click();
    const balance = await window.amount('balance');
    const node = nodePid(datadir);
    assert.ok(node !== undefined);
    process.kill(node, 'SIGKILL');
    await window.waitForCompartment('node', 'crashed');
    await window.picture('13-node-killed');
    await page.getByTestId('crash-restart-node').click();
    await window.waitForCompartment('node', 'running');
    await window.waitForCompartment('wallet', 'running');
    await window.waitForAmount('balance', balance);
    assert.notEqual(nodePid(datadir), node);
  });

  test('quitting completely stops all three', async () => {
    const node = nodePid(datadir);
    assert.ok(node !== undefined);
    const wallet = walletPid(node);
    const { page } = window;
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('quit').click();
    const confirm = page.getByTestId('quit-confirm');
    await confirm.click({ timeout: 2000 }).catch(() => undefined);
    await waitFor('the node to end', () => !isRunning(node));
    await window.ended();
    assert.ok(wallet === undefined || !isRunning(wallet));
  });

  test('with network and data directory on the command line, the first run is skipped', async () => {
    await open(['-regtest', `-datadir=${datadir}`]);
    await window.waitForCompartment('wallet', 'running');
    await window.page.getByTestId('nav-overview').click();
    await window.page.getByTestId('balance').waitFor();
  });
});
