/**
 * The window on a running node of Bitcoin Core's multiprocess branch: a wallet's life in the window, and the node's own
 * after it. Needs the programs in `BITCOIN_REFERENCE_BIN`.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AppRun, withoutWindow } from '../framework/app-run.js';
import { switchNetworkOffAndOn } from '../framework/network-switch.js';
import { freePort, NodeProcess } from '../framework/node-process.js';
import { isRunning } from '../framework/process-tree.js';
import { referenceProgram } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';
import { burnt } from '../framework/wallet-life.js';
import type { DrivenWindow } from '../framework/window.js';

const program = referenceProgram('bitcoin-node');
const skip = withoutWindow || (program === undefined ? 'skipped: BITCOIN_REFERENCE_BIN is not set' : false);
const coin = 100_000_000n;

/** What only whoever started a node may ask of it. */
const reserved = ['baseInitialize', 'appInitMain', 'startShutdown', 'appShutdown'];

describe('a node of the multiprocess branch', { skip }, () => {
  const run = new AppRun();
  let node: NodeProcess;

  const open = (): Promise<DrivenWindow> => run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix']);
  const balances = async (): Promise<{ trusted: number; immature: number }> => (await node.rpc('getbalances', [], 'Savings')).mine;

  before(async () => {
    await run.configure();
    const port = await freePort();
    node = await NodeProcess.start({ program: program ?? '', datadir: run.datadir, args: ['-ipcbind=unix', '-debug=ipc', `-bind=127.0.0.1:${port}`, '-connect=0', '-listen=1'] });
    await open();
  });
  after(async () => {
    await run.end();
    await node.kill();
  });

  test('a wallet is created, and receives', async () => {
    const { window } = run;
    await window.waitForCompartment('wallet', 'running');
    await window.waitForHeight(0);
    await window.createWallet('Savings');
    await window.page.getByTestId('first-address-value').waitFor();
    await window.pictures('90-multiprocess-created');
    await window.go('receive');
    const address = (await window.page.getByTestId('receive-address').getAttribute('data-address')) ?? '';
    assert.equal((await node.rpc('getaddressinfo', [address], 'Savings')).ismine, true);
    await window.page.getByTestId('mine-more').click();
    await window.page.getByTestId('mine-101').click();
    await window.waitForHeight(101);
    await window.waitForAmount('balance', 50n * coin);
    assert.equal((await balances()).trusted, 50);
    await window.pictures('91-multiprocess-received');
  });

  test('it sends', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('send');
    await page.getByTestId('recipient-address-1').fill(burnt);
    await page.getByTestId('recipient-amount-1').fill('1.5');
    await page.getByTestId('recipient-label-1').fill('Rent');
    await page.getByTestId('review-payment').click();
    await page.getByTestId('review').waitFor();
    await window.pictures('92-multiprocess-review');
    await page.getByTestId('review-confirm').click();
    await page.locator('[data-testid=sent][data-confirmations="0"]').waitFor();
    assert.equal((await node.rpc('getrawmempool')).length, 1);
    await page.getByTestId('mine-block').click();
    await page.locator('[data-testid=sent][data-confirmations="1"]').waitFor();
    await window.pictures('93-multiprocess-sent');
  });

  test('the chain is reorganised: the payment waits again, and is confirmed in the longer branch', async () => {
    const { window } = run;
    const { page } = window;
    const payment = (settlement: string): Promise<void> => page.locator(`[data-testid=history-row]:has-text("Rent") [data-settlement=${settlement}]`).waitFor();
    await window.go('transactions');
    await payment('confirming');
    const showConsole = async (): Promise<void> => {
      await window.go('node');
      await page.getByTestId('node-tab-console').click();
    };
    await showConsole();
    await window.command('invalidateblock(getbestblockhash())');
    await window.waitForHeight(101);
    await window.go('transactions');
    await payment('pending');
    await window.pictures('94-multiprocess-waits-again');
    await showConsole();
    await window.command(`generateblock ${burnt} []`);
    await window.command(`generatetoaddress 1 ${burnt}`);
    await window.pictures('95-multiprocess-console');
    await window.waitForHeight(103);
    await window.go('transactions');
    await payment('confirming');
  });

  test('peers, traffic and bans of the node', async () => {
    const { window } = run;
    const { page } = window;
    const port = node.child.spawnargs.find((arg) => arg.startsWith('-bind='))?.split(':').at(-1) ?? '';
    const peer = await NodeProcess.start({ program: program ?? '', args: [`-connect=127.0.0.1:${port}`, '-listen=0'] });
    await waitFor('the peer', async () => (await node.rpc('getconnectioncount')) === 1);
    await window.go('node');
    await page.getByTestId('node-tab-peers').click();
    await page.getByTestId('peer').getByText('127.0.0.1').first().waitFor();
    await page.getByTestId('peer').click();
    await page.getByTestId('peer-details').getByText(/\/Satoshi:/).waitFor();
    await window.pictures('96-multiprocess-peer');
    await page.getByTestId('peer-disconnect').click();
    await page.getByTestId('peer-details').waitFor({ state: 'detached' });
    await peer.stop();
    await switchNetworkOffAndOn(window, node);
    await window.pictures('97-multiprocess-status');
  });

  test('the wallet is unloaded, and opened again', async () => {
    const { window } = run;
    await window.go('overview');
    await window.walletMenu('menu-close-wallet');
    await window.waitForToast('Savings is closed.');
    assert.deepEqual(await node.rpc('listwallets'), []);
    await window.walletMenu('menu-open-wallet');
    await window.page.getByTestId('open-wallet-Savings').click();
    await window.waitForWallet('Savings');
    // Unloaded by somebody else, who waits for the window to let go.
    await node.rpc('unloadwallet', ['Savings']);
    await window.page.getByTestId('no-wallet').waitFor();
    await node.rpc('loadwallet', ['Savings']);
    await window.waitForWallet('Savings');
  });

  test('the window leaves, the node goes on, and the window is back', async () => {
    const { window } = run;
    const balance = await window.amount('balance');
    assert.deepEqual(window.faults, []);
    await window.close();
    assert.ok(isRunning(node.pid));
    await node.rpc('generatetoaddress', [1, burnt]);
    assert.deepEqual(await node.rpc('listwallets'), ['Savings']);
    await open();
    await run.window.waitForHeight(104);
    await run.window.waitForAmount('balance', balance + 50n * coin);
  });

  test('what such a node does not do is not offered', async () => {
    const { window } = run;
    const { page } = window;
    await page.getByTestId('compartment-wallet').click();
    await page.getByTestId('compartment-details-wallet').getByText('through the node', { exact: true }).waitFor();
    assert.equal(await page.getByTestId('compartment-restart-wallet').count(), 0);
    await window.picture('98-multiprocess-wallet');
    await page.keyboard.press('Escape');
    await page.getByTestId('compartment-node').click();
    await page.getByTestId('compartment-details-node').getByText(/Bitcoin Core \d+/).waitFor();
    assert.equal(await page.getByTestId('compartment-restart-node').count(), 1);
    await window.picture('99-multiprocess-node');
    await page.keyboard.press('Escape');
  });

  test('stopped while the window is attached, the node ends well, and the window says that it is gone', async () => {
    const { window } = run;
    assert.deepEqual(await node.stop(), { code: 0, signal: null });
    await window.waitForCompartment('node', 'detached');
    await window.page.getByTestId('lost-node').getByText('The node has stopped.').waitFor();
    await window.page.getByTestId('compartment-node').getByText(/^stopped, looking again in \d+ s$/).waitFor();
    await window.pictures('99-multiprocess-stopped');
    assert.deepEqual(window.faults, []);
    await window.close();
    const log = fs.readFileSync(path.join(node.networkFolder, 'debug.log'), 'utf8');
    const asked = new Set([...log.matchAll(/IPC server recv request\s+#\d+ Node\.(\w+)\$Params/g)].map(([, method]) => method));
    assert.ok(asked.has('customWalletLoader') && asked.has('handleNotifyBlockTip'), 'the log tells what is asked');
    for (const method of reserved) assert.ok(!asked.has(method), method);
  });
});
