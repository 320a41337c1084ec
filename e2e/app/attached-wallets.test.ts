/** Wallet processes that attach to the node by themselves: their wallets are in the window while they are there. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { AppRun, withoutWindow } from '../framework/app-run.js';
import { NodeProcess } from '../framework/node-process.js';
import { childrenOf, commandLine } from '../framework/process-tree.js';
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
    // It has no fallback rate, as the window's own node gives its wallet one.
    await page.getByTestId('fee-choice').getByText('set the rate yourself').waitFor();
    assert.match((await page.getByTestId('fee-6').textContent()) ?? '', /–$/);
    await page.getByTestId('fee-exact').click();
    assert.equal(await page.getByTestId('fee-rate').inputValue(), '');
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

  /** The node's own wallet process. */
  const ownWallet = (): number => {
    const pid = childrenOf(node.pid).find((child) => commandLine(child).includes('bitcoin-wallet'));
    assert.ok(pid !== undefined);
    return pid;
  };

  test('while the node’s own wallet process is gone they can be used, and the node’s own are back with it', async () => {
    node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix'] });
    const window = await run.open();
    const { page } = window;
    await window.waitForCompartment('wallet', 'running');
    attach(second, 'Bob');
    await shown('Bob', 'Own');
    await page.getByTestId('wallet-menu').click();
    await page.getByTestId('wallet-choice-Bob').click();
    await window.waitForWallet('Bob');
    await window.go('receive');
    await page.getByTestId('request-label').fill('From a friend');
    process.kill(ownWallet(), 'SIGTERM');
    await window.waitForCompartment('wallet', 'stopped');
    await shown('Bob');
    assert.equal(await page.getByTestId('request-label').inputValue(), 'From a friend');
    assert.equal(await page.getByTestId('wallet-away').count(), 0);
    await page.getByTestId('wallet-menu').click();
    await page.getByTestId('wallet-choice-Bob').waitFor();
    assert.equal(await page.getByTestId('menu-create-wallet').count(), 0, 'nobody is there to make one');
    await window.pictures('90-attached-alone');
    await page.keyboard.press('Escape');
    await page.getByTestId('wallet-choice-Bob').waitFor({ state: 'hidden' });
    await node.rpc('generatetoaddress', [1, await page.getByTestId('receive-address').getAttribute('data-address')]);
    await window.go('overview');
    await window.waitForHeight(await node.rpc('getblockcount'));
    // One that comes while the node has none itself.
    attach(first, 'Ada');
    await shown('Ada', 'Bob');
    await page.getByTestId('compartment-wallet').click();
    await page.getByTestId('compartment-restart-wallet').click();
    await page.keyboard.press('Escape');
    await window.waitForCompartment('wallet', 'running');
    await shown('Ada', 'Bob', 'Own');
    await window.waitForWallet('Bob');
    // A crash: the node's own is shown as away, the others are there.
    process.kill(ownWallet(), 'SIGKILL');
    await page.getByTestId('compartment-wallet').getByText(/restarting in 1 s/).waitFor();
    await shown('Ada', 'Bob', 'Own');
    await window.waitForCompartment('wallet', 'running');
    await shown('Ada', 'Bob', 'Own');
    assert.deepEqual(window.faults, []);
  });

  test('one that hangs is said to, lets nobody wait for others, and is used again when it goes on', async () => {
    const bob = processes.findLast(({ spawnargs }) => spawnargs.includes('-wallet=Bob'));
    assert.ok(bob !== undefined);
    const { page } = run.window;
    await page.getByTestId('wallet-menu').click();
    await page.getByTestId('wallet-choice-Bob').click();
    await run.window.waitForWallet('Bob');
    await run.window.go('send');
    bob.kill('SIGSTOP');
    await page.getByTestId('recipient-address-1').fill('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await page.getByTestId('wallet-away').getByText('does not answer').waitFor({ timeout: 30_000 });
    await shown('Ada', 'Bob\ndoes not answer', 'Own');
    await page.getByTestId('wallet-menu').click();
    await run.window.pictures('95-attached-silent');
    await page.getByTestId('wallet-choice-Ada').click();
    await run.window.waitForWallet('Ada');
    assert.equal(await page.getByTestId('wallet-away').count(), 0);
    await run.window.go('receive');
    await node.rpc('generatetoaddress', [1, await page.getByTestId('receive-address').getAttribute('data-address')]);
    await run.window.go('overview');
    await run.window.waitForHeight(await node.rpc('getblockcount'));
    await run.window.createWallet('Meanwhile');
    await run.window.walletMenu('menu-close-wallet');
    await shown('Ada', 'Bob\ndoes not answer', 'Own');
    // A window that opens meanwhile has the others, and says of the one what is known.
    await run.window.close();
    const window = await run.open();
    await window.waitForCompartment('wallet', 'running');
    await shown('Ada', 'Own');
    await window.go('overview');
    await window.page.getByText('A wallet process that attached to the node does not answer. Its wallets: “Bob”.').waitFor();
    await window.pictures('96-attached-silent-at-start');
    bob.kill('SIGCONT');
    await shown('Ada', 'Bob', 'Own');
    await window.page.getByText('does not answer').waitFor({ state: 'hidden' });
    // It may also end without having gone on.
    bob.kill('SIGSTOP');
    await window.page.getByTestId('wallet-menu').click();
    await window.page.getByTestId('wallet-choice-Bob').click();
    await window.go('send');
    await window.page.getByTestId('recipient-address-1').fill('bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    await window.page.getByTestId('wallet-away').getByText('does not answer').waitFor({ timeout: 30_000 });
    bob.kill('SIGKILL');
    await shown('Ada', 'Own');
    assert.deepEqual(window.faults, []);
    attach(second, 'Bob');
    await shown('Ada', 'Bob', 'Own');
  });

  test('two of one name are both shown, each with where it is, while there are two', async () => {
    const { window } = run;
    const { page } = window;
    const third = temporaryFolder();
    const theirs = await NodeProcess.start({ datadir: third });
    await theirs.rpc('createwallet', ['Own']);
    await theirs.stop();
    attach(third, 'Own');
    const other = `Own (${third}/regtest/wallets)`;
    await shown('Ada', 'Bob', other, 'Own (this node)');
    await page.getByTestId('wallet-menu').click();
    await window.pictures('91-two-of-one-name');
    await page.getByTestId(`wallet-choice-${other}`).click();
    await window.go('receive');
    const address = await page.getByTestId('receive-address').getAttribute('data-address');
    assert.equal((await node.rpc('getaddressinfo', [address], 'Own')).ismine, false, 'for commands the name alone means the one that came first');
    assert.equal((await node.rpc('getaddressinfo', [address], other)).ismine, true, 'and as it is called here this one');
    await window.go('node');
    await page.getByTestId('node-tab-console').click();
    await page.getByTestId('console-input').fill(`getaddressinfo ${address ?? ''}`);
    await page.getByTestId('console-input').press('Enter');
    await page.getByText('"ismine": true').waitFor();
    await window.go('overview');
    await window.waitForWallet(other);
    await window.pictures('92-second-of-one-name');
    // Without a word.
    processes.at(-1)?.kill('SIGKILL');
    await shown('Ada', 'Bob', 'Own');
    await window.close();
    const attached = processes.filter((child) => child.exitCode === null && child.signalCode === null);
    assert.equal((await node.stop()).code, 0);
    await Promise.all(attached.map(ended));
  });

  test('of a node without wallets of its own they are shown as well', async () => {
    node = await NodeProcess.start({ datadir: run.datadir, args: ['-ipcbind=unix', '-disablewallet'] });
    const window = await run.open();
    const { page } = window;
    await window.waitForCompartment('wallet', 'disabled');
    await page.getByTestId('wallets-disabled').waitFor();
    assert.equal(await page.getByTestId('create-wallet').count(), 0);
    await window.pictures('93-no-own-wallets');
    attach(second, 'Bob');
    await window.waitForWallet('Bob');
    await window.go('receive');
    await page.getByTestId('receive-address').waitFor();
    await window.pictures('94-attached-only');
    await window.close();
    const again = await run.open();
    await again.waitForWallet('Bob');
    processes.at(-1)?.kill('SIGKILL');
    await again.page.getByTestId('wallets-disabled').waitFor();
    assert.deepEqual(again.faults, []);
    await again.close();
    assert.equal((await node.stop()).code, 0);
  });
});
