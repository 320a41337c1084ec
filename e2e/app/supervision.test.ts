/** What the window does when a program or a connection is gone: it is brought back, said, and nothing typed is lost. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AppRun, nodePid, withoutWindow } from '../framework/app-run.js';
import { NodeProcess } from '../framework/node-process.js';
import { childrenOf, commandLine, isRunning } from '../framework/process-tree.js';
import { waitFor } from '../framework/wait.js';

const coin = 100_000_000n;

describe('supervision', { skip: withoutWindow }, () => {
  const run = new AppRun();

  const running = (): { node: number; wallet: number } => {
    const node = nodePid(run.datadir);
    assert.ok(node !== undefined);
    const wallet = childrenOf(node).find((pid) => commandLine(pid).includes('bitcoin-wallet'));
    assert.ok(wallet !== undefined);
    return { node, wallet };
  };

  before(() => run.configure());
  after(() => run.end());

  test('the node of this window is killed: it is back by itself, and the form and the reviewed payment are still there', async () => {
    const window = await run.open();
    const { page } = window;
    await window.waitForCompartment('wallet', 'running');
    await window.createWallet('Savings');
    await page.getByTestId('mine-more').click();
    await page.getByTestId('mine-101').click();
    await window.go('overview');
    await window.waitForAmount('balance', 50n * coin);
    // Blocks reach the disk a moment after they came.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await window.go('receive');
    await page.getByTestId('request-label').fill('Rent for May');
    const { node } = running();
    process.kill(node, 'SIGKILL');
    await page.getByTestId('compartment-node').getByText(/restarting in 1 s \(attempt 1 of 5\)/).waitFor();
    await window.waitForCompartment('node', 'running');
    await window.waitForCompartment('wallet', 'running');
    assert.notEqual(running().node, node);
    assert.equal(await page.getByTestId('request-label').inputValue(), 'Rent for May');

    await window.go('send');
    await page.getByTestId('recipient-address-1').fill('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await page.getByTestId('recipient-amount-1').fill('1.25');
    await page.getByTestId('review-payment').click();
    await page.getByTestId('review').waitFor({ timeout: 30_000 });
    const second = running().node;
    process.kill(second, 'SIGKILL');
    await page.getByTestId('compartment-node').getByText(/restarting in [34] s \(attempt 2 of 5\)/).waitFor();
    await window.pictures('80-node-restarting');
    await page.getByTestId('compartment-node').click();
    await page.getByTestId('compartment-restart-node').click();
    await page.keyboard.press('Escape');
    await window.waitForCompartment('node', 'running');
    await window.waitForCompartment('wallet', 'running');
    await page.getByTestId('review-confirm').click();
    await page.getByTestId('sent').waitFor({ timeout: 30_000 });
    await page.getByTestId('sent-new').click();
  });

  test('a killed wallet says when it is restarted; who cannot wait restarts it', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('receive');
    await page.getByTestId('request-label').fill('Gift');
    for (const [attempt, seconds] of [[1, '1'], [2, '[34]']] as const) {
      const { node, wallet } = running();
      process.kill(wallet, 'SIGKILL');
      await page.getByTestId('compartment-wallet').getByText(new RegExp(`restarting in ${seconds} s \\(attempt ${attempt} of 5\\)`)).waitFor();
      if (attempt === 2) {
        await window.pictures('81-wallet-restarting');
        await page.getByTestId('crash-restart-wallet').click();
      }
      await window.waitForCompartment('wallet', 'running');
      assert.equal(running().node, node);
      assert.notEqual(running().wallet, wallet);
    }
    assert.equal(await page.getByTestId('request-label').inputValue(), 'Gift');
    assert.deepEqual(window.faults, []);
  });

  test('a wallet that hangs is seen to, and ended and started again after a question', async () => {
    const { window } = run;
    const { page } = window;
    const { node, wallet } = running();
    await window.go('send');
    await page.getByTestId('recipient-address-1').fill('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await page.getByTestId('recipient-amount-1').fill('0.5');
    await page.locator('.recipient-groups').waitFor();
    process.kill(wallet, 'SIGSTOP');
    await page.getByTestId('review-payment').click();
    await page.getByTestId('silent-wallet').waitFor({ timeout: 30_000 });
    await page.getByTestId('compartment-wallet').getByText('does not answer').waitFor();
    await window.pictures('85-wallet-silent');
    // It was busy only, and goes on.
    process.kill(wallet, 'SIGCONT');
    await page.getByTestId('review').waitFor({ timeout: 30_000 });
    await window.waitForCompartment('wallet', 'running');
    await page.getByTestId('silent-wallet').waitFor({ state: 'hidden' });

    process.kill(wallet, 'SIGSTOP');
    await page.getByTestId('compartment-wallet').click();
    await page.getByTestId('compartment-details-wallet').getByText('does not answer').waitFor({ timeout: 30_000 });
    await page.getByTestId('compartment-restart-wallet').click();
    await page.getByTestId('dialog-end-wallet').waitFor();
    await window.pictures('86-wallet-end');
    await page.getByTestId('end-wallet-confirm').click();
    await window.waitForCompartment('wallet', 'running');
    assert.ok(!isRunning(wallet));
    assert.equal(running().node, node);
    await page.getByTestId('silent-wallet').waitFor({ state: 'hidden' });
    // What was reviewed is not lost with the process that made it.
    await page.getByTestId('review-confirm').click();
    await page.getByTestId('sent').waitFor({ timeout: 30_000 });
    await page.getByTestId('sent-new').click();
    assert.deepEqual(window.faults, []);
  });

  test('a window opens on a wallet that hangs, and leaves it', async () => {
    const { wallet } = running();
    await run.window.close();
    process.kill(wallet, 'SIGSTOP');
    try {
      const window = await run.open();
      const { page } = window;
      await window.waitForCompartment('node', 'running');
      await page.getByTestId('compartment-wallet').getByText('does not answer').waitFor({ timeout: 30_000 });
      await page.getByTestId('wallet-silent').waitFor();
      await window.pictures('87-wallet-silent-at-start');
      await window.close();
    } finally {
      process.kill(wallet, 'SIGCONT');
    }
    await run.open();
    await run.window.waitForCompartment('wallet', 'running');
  });

  test('a node that is stopped on purpose stays stopped', async () => {
    const { window } = run;
    const { node } = running();
    await window.go('node');
    await window.page.getByTestId('node-tab-console').click();
    await window.page.getByTestId('console-input').fill('stop');
    await window.page.getByTestId('console-input').press('Enter');
    await window.waitForCompartment('node', 'stopped');
    await waitFor('the node to end', () => !isRunning(node));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(nodePid(run.datadir), undefined);
    await window.close();
  });

  test('a node that cannot start says why, once, and its exit status becomes that of the window', async () => {
    const window = await run.open(['-regtest', `-datadir=${run.datadir}`, '-assumevalid=xyz']);
    await window.waitForCompartment('node', 'crashed');
    await window.page.getByTestId('crash-node').getByText(/Invalid assumevalid/).waitFor();
    assert.equal(await window.page.getByTestId('compartment-node').innerText().then((text) => text.includes('restarting')), false);
    await window.pictures('82-node-cannot-start');
    const child = window.application.process();
    await window.close();
    assert.equal(child.exitCode, 1);
  });

  test('the connection to an attached node is lost and found again; no node is started in its place', async () => {
    let node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix'] });
    const window = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix']);
    const { page } = window;
    await window.waitForCompartment('wallet', 'running');
    await window.go('receive');
    await page.getByTestId('request-label').fill('Holiday');
    const height = await node.rpc('getblockcount');
    await node.kill();
    await page.getByTestId('compartment-node').getByText(/connection lost, trying again in \d+ s/).waitFor();
    await page.getByTestId('lost-node').waitFor();
    await window.pictures('83-connection-lost');
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.equal(nodePid(run.datadir), undefined, 'no node is started');
    node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix'] });
    await node.rpc('generatetoaddress', [2, 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080']);
    // By itself or, where the pause has grown long, because it is asked for.
    await page.getByTestId('try-now-node').click({ timeout: 2000 }).catch(() => undefined);
    await window.waitForCompartment('node', 'running');
    await window.waitForCompartment('wallet', 'running');
    assert.equal(await page.getByTestId('request-label').inputValue(), 'Holiday');
    await window.go('overview');
    await page.getByTestId('block-height').getByText(String(height + 2), { exact: true }).waitFor();
    await page.getByTestId('compartment-node').click();
    await page.getByTestId('compartment-restart-node').click();
    await page.keyboard.press('Escape');
    await window.waitForCompartment('wallet', 'running');
    assert.ok(isRunning(node.pid), 'connecting anew does not stop a node of somebody else');
    await window.close();
    assert.ok(isRunning(node.pid));
    assert.equal((await node.stop()).code, 0);
  });

  test('an attached node that is told to stop has stopped, and is looked for', async () => {
    let node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix'] });
    const window = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix']);
    const { page } = window;
    await window.waitForCompartment('wallet', 'running');
    await window.go('node');
    await page.getByTestId('node-tab-console').click();
    await page.getByTestId('console-input').fill('stop');
    await page.getByTestId('console-input').press('Enter');
    await page.getByTestId('lost-node').getByText('The node has stopped.').waitFor();
    await page.getByTestId('compartment-node').getByText(/^stopped, looking again in \d+ s$/).waitFor();
    await window.pictures('84-attached-stopped');
    assert.deepEqual(await node.exited, { code: 0, signal: null });
    // By somebody else.
    node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix'] });
    await page.getByTestId('try-now-node').click({ timeout: 2000 }).catch(() => undefined);
    await window.waitForCompartment('wallet', 'running');
    assert.deepEqual(await node.stop(), { code: 0, signal: null });
    await page.getByTestId('lost-node').getByText('The node has stopped.').waitFor();
    await page.getByTestId('compartment-node').getByText(/^stopped, looking again in \d+ s$/).waitFor();
    await window.close();
  });

  test('SIGINT, twice, while the window starts: it ends, and its node goes on', async () => {
    const window = await run.open();
    const child = window.application.process();
    child.kill('SIGINT');
    child.kill('SIGINT');
    await window.ended();
    assert.deepEqual([child.exitCode, child.signalCode], [0, null]);
  });

  test('SIGTERM, with "keep the node running" off, ends all three', async () => {
    const window = await run.open();
    const { page } = window;
    await window.waitForCompartment('wallet', 'running');
    await window.go('settings');
    await page.getByTestId('keep-running').click();
    await page.locator('[data-testid=keep-running][data-state=unchecked]').waitFor();
    const child = window.application.process();
    child.kill('SIGTERM');
    await window.ended();
    assert.equal(child.exitCode, 0);
    await waitFor('the node to end', () => nodePid(run.datadir) === undefined);
  });

  test('the same while the wallet goes through the chain, at a command and at the start', async () => {
    const folder = path.join(run.datadir, 'regtest');
    const logged = (words: string): number => fs.readFileSync(path.join(folder, 'debug.log.wallet'), 'utf8').split(words).length;
    const scans = (): number => logged('Rescan started');
    const endsSoon = async (): Promise<void> => {
      const child = run.window.application.process();
      child.kill('SIGTERM');
      const completed = logged('Rescan completed');
      await run.window.ended();
      assert.equal(child.exitCode, 0);
      await waitFor('the node to end', () => nodePid(run.datadir) === undefined);
      assert.equal(logged('Rescan completed'), completed, 'nothing waits for the rest of the scan');
    };
    let node = await NodeProcess.start({ datadir: run.datadir });
    const [name] = await node.rpc('listwallets');
    const address = await node.rpc('getnewaddress', [], name);
    await node.rpc('unloadwallet', [name]);
    await node.rpc('generatetoaddress', [400, address]);
    await node.stop();
    let before = scans();
    await run.open();
    await waitFor('the scan of the start', () => scans() > before);
    await endsSoon();

    node = await NodeProcess.start({ datadir: run.datadir });
    await node.stop();
    before = scans();
    const window = await run.open();
    await window.waitForCompartment('wallet', 'running');
    await window.go('node');
    await window.page.getByTestId('node-tab-console').click();
    await window.page.getByTestId('console-input').fill('rescanblockchain');
    await window.page.getByTestId('console-input').press('Enter');
    await waitFor('the scan', () => scans() > before);
    await endsSoon();
    assert.deepEqual(fs.readdirSync(folder).filter((file) => /\.(sock|pid)$|-journal$|^\.cookie$/.test(file)), []);
  });

  test('the same while the node starts leaves none behind', async () => {
    for (const pause of [0, 150, 400]) {
      const window = await run.open();
      await new Promise((resolve) => setTimeout(resolve, pause));
      const child = window.application.process();
      child.kill('SIGTERM');
      child.kill('SIGINT');
      await window.ended();
      assert.equal(child.exitCode, 0);
      await waitFor('the node to end', () => nodePid(run.datadir) === undefined);
    }
  });
});
