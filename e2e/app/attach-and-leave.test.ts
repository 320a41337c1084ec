/** Where the node comes from and what becomes of it: attaching, wrong addresses, a directory in use, leaving, another network. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AppRun, nodePid, withoutWindow } from '../framework/app-run.js';
import { NodeProcess } from '../framework/node-process.js';
import { childrenOf, commandLine, isRunning } from '../framework/process-tree.js';
import { waitFor } from '../framework/wait.js';

describe('attaching and leaving', { skip: withoutWindow }, () => {
  const run = new AppRun();

  before(() => run.configure());
  after(() => run.end());

  test('a node started by hand is attached to, and goes on when the window is closed', async () => {
    const node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix', '-listen=0', '-connect=0', '-debug=ipc', '-loglevel=ipc:trace'] });
    await node.rpc('generatetoaddress', [3, 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080']);
    const window = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix', '-debug=ipc', '-loglevel=ipc:trace']);
    await window.waitForCompartment('wallet', 'running');
    await window.page.getByTestId('block-height').getByText('3', { exact: true }).waitFor();
    await window.page.getByTestId('compartment-node').click();
    await window.page.getByTestId('compartment-details-node').getByText(/attached/i).waitFor();
    await window.pictures('70-attached');
    const passphrase = 'never in a log';
    await window.createWallet('locked', passphrase);
    await window.close();
    for (const name of ['debug.log', 'debug.log.wallet', 'debug.log.gui']) {
      const text = fs.readFileSync(path.join(node.networkFolder, name), 'utf8');
      assert.match(text, /WalletLoader\.createWallet\$Params\n.*passphrase = <secret>/, name);
      assert.ok(!text.includes(passphrase), name);
    }
    assert.equal(fs.existsSync(path.join(run.home, 'window', 'debug.log.gui')), false);
    const log = fs.readFileSync(path.join(node.networkFolder, 'debug.log.gui'), 'utf8');
    assert.match(log, /\[ipc\] \{bitcoin-gui-\d+\/bitcoin-gui-\d+\} IPC client send Init\.construct\$Params\n/);
    assert.match(log, /\[ipc\] \{bitcoin-gui-\d+\/bitcoin-gui-\d+\} IPC client recv Init\.makeNode\$Results\n/);
    assert.match(log, / attached to the node at unix:.*node\.sock\n/);
    assert.ok(isRunning(node.pid));
    await node.stop();
  });

  test('nobody at the address: said, with the way on', async () => {
    const window = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix:/nowhere/node.sock']);
    await window.waitForCompartment('node', 'crashed');
    await window.page.getByTestId('crash-node').getByText('No node answers at unix:/nowhere/node.sock').waitFor();
    await window.pictures('71-wrong-address');
    assert.equal(nodePid(run.datadir), undefined, 'no node is started instead');
    await window.close();
  });

  test('a data directory in use by a node that does not listen for windows', async () => {
    const node = await NodeProcess.start({ datadir: run.datadir });
    const window = await run.open();
    await window.waitForCompartment('node', 'crashed');
    const words = await window.page.getByTestId('crash-node').innerText();
    await window.pictures('72-directory-in-use');
    assert.match(words, /in use|already/i);
    assert.match(words, /-ipcbind=unix/);
    await node.stop();
    await window.page.getByTestId('crash-restart-node').click();
    await window.waitForCompartment('wallet', 'running');
  });

  test('the network is changed in Settings, after a question', async () => {
    const { window } = run;
    const { page } = window;
    const before = nodePid(run.datadir);
    assert.ok(before !== undefined);
    await window.go('settings');
    await page.getByTestId('network-signet').click();
    await page.getByTestId('apply-node').click();
    await page.getByTestId('dialog-apply').getByText('Signet').first().waitFor();
    await window.pictures('73-change-network');
    await page.keyboard.press('Escape');
    assert.ok(isRunning(before), 'nothing happens without the answer');
    await page.getByTestId('apply-node').click();
    await page.getByTestId('apply-confirm').click();
    await page.locator('html[data-network=signet]').waitFor({ timeout: 30_000 });
    await window.waitForCompartment('wallet', 'running');
    assert.ok(!isRunning(before));
    await window.go('overview');
    await page.getByTestId('sync-words').getByText('Looking for other nodes.').waitFor();
    await window.pictures('74-signet');
  });

  test('with "keep the node running" off, closing the window stops all three', async () => {
    const { window } = run;
    const node = nodePid(run.datadir);
    assert.ok(node !== undefined);
    const wallet = childrenOf(node).find((pid) => commandLine(pid).includes('bitcoin-wallet'));
    assert.ok(wallet !== undefined);
    await window.go('settings');
    const keep = window.page.getByTestId('keep-running');
    if ((await keep.getAttribute('data-state')) === 'checked') await keep.click();
    await window.page.locator('[data-testid=keep-running][data-state=unchecked]').waitFor();
    await window.close();
    await waitFor('the node to end', () => !isRunning(node));
    await waitFor('the wallet to end', () => !isRunning(wallet));
  });
});
