/** Wallet processes that attach to the node by themselves: their wallets are in the window while they are there. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { AppRun, withoutWindow } from '../framework/app-run.js';
import { NodeProcess } from '../framework/node-process.js';
import { program, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

const coin = 100_000_000n;

describe('wallets of attached processes', { skip: withoutWindow }, () => {
  const run = new AppRun();
  const processes: ChildProcess[] = [];
  let node: NodeProcess;

  /** A wallet process with a data directory of its own, or that of an earlier one. */
  const attach = (datadir: string, wallet: string): ChildProcess => {
    const child = spawn(program('bitcoin-wallet'), ['-regtest', `-datadir=${datadir}`, `-ipcconnect=unix:${node.networkFolder}/node.sock`, '-keypool=5', `-wallet=${wallet}`], { stdio: 'ignore' });
    processes.push(child);
    return child;
  };
  const ended = (child: ChildProcess): Promise<unknown> => waitFor('the wallet process to end', () => child.exitCode !== null || child.signalCode !== null);
  const names = async (): Promise<string[]> => {
    await run.window.page.getByTestId('wallet-menu').click();
    const choices = run.window.page.locator('[data-testid^=wallet-choice-]');
    await choices.first().waitFor();
    const all = (await choices.allInnerTexts()).map((text) => text.trim());
    await run.window.page.keyboard.press('Escape');
    // A click on a menu that is still there would close it.
    await choices.first().waitFor({ state: 'hidden' });
    return all;
  };
  const shown = (...expected: string[]): Promise<unknown> => waitFor(`the wallets ${expected.join(', ')}`, async () => (await names()).join() === expected.join());

  const [first, second] = [temporaryFolder(), temporaryFolder()];
  before(async () => {
    await run.configure();
    node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix'] });
    // Wallet files of other people, made by nodes of their own.
    for (const [datadir, name] of [[first, 'Ada'], [second, 'Bob']] as const) {
      const theirs = await NodeProcess.start({ datadir });
      await theirs.rpc('createwallet', [name]);
      await theirs.stop();
    }
  });
  after(async () => {
    for (const child of processes) child.kill('SIGKILL');
    await run.end();
  });

  test('they come while the window is open, several at once, and can be used', async () => {
    const window = await run.open();
    const { page } = window;
    await window.waitForCompartment('wallet', 'running');
    await window.createWallet('Own');
    attach(first, 'Ada');
    await shown('Ada', 'Own');
    attach(second, 'Bob');
    await shown('Ada', 'Bob', 'Own');
    await page.getByTestId('wallet-menu').click();
    await page.getByTestId('wallet-choice-Bob').click();
    await window.waitForWallet('Bob');
    await window.go('receive');
    const address = await page.getByTestId('receive-address').getAttribute('data-address');
    await page.getByTestId('request-label').fill('From the mine');
    await node.rpc('generatetoaddress', [101, address]);
    await window.go('overview');
    await window.waitForAmount('balance', 50n * coin);
    await window.pictures('89-attached-wallet');
    await window.go('send');
    await page.getByTestId('recipient-address-1').fill('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await page.getByTestId('recipient-amount-1').fill('1');
    await page.getByTestId('fee-exact').click();
    await page.getByTestId('fee-rate').fill('5');
    await page.getByTestId('review-payment').click();
    await page.getByTestId('review-confirm').click();
    await page.getByTestId('sent').waitFor({ timeout: 30_000 });
  });

  test('they go when their process is ended, or killed, and nobody else’s with them', async () => {
    const { window } = run;
    const [ada, bob] = processes;
    assert.ok(ada !== undefined && bob !== undefined);
    ada.kill('SIGTERM');
    await ended(ada);
    assert.equal(ada.exitCode, 0);
    await shown('Bob', 'Own');
    bob.kill('SIGKILL');
    await ended(bob);
    await shown('Own');
    await window.waitForWallet('Own');
    await window.waitForCompartment('wallet', 'running');
  });

  test('one that is there already is shown by a window that opens, and one that comes back is shown again', async () => {
    attach(first, 'Ada');
    await shown('Ada', 'Own');
    await run.window.close();
    const window = await run.open();
    await window.waitForCompartment('wallet', 'running');
    await shown('Ada', 'Own');
    assert.deepEqual(window.faults, []);
    await window.close();
    const ada = processes.at(-1);
    assert.ok(ada !== undefined && ada.exitCode === null, 'a window that leaves takes nothing along');
    assert.equal((await node.stop()).code, 0);
    await ended(ada);
  });
});
