/**
 * The window on nodes that serve no Node interface: one of ours that serves Mining and Rpc alone, as a current
 * Bitcoin Core does, and Bitcoin Core's own where `BITCOIN_CORE_BIN` names the folder of its programs.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { AppRun, withoutWindow } from '../framework/app-run.js';
import { switchNetworkOffAndOn } from '../framework/network-switch.js';
import { freePort, NodeProcess, type NodeOptions } from '../framework/node-process.js';
import { isRunning } from '../framework/process-tree.js';
import { program } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';
import { burnt } from '../framework/wallet-life.js';
import type { DrivenWindow } from '../framework/window.js';

const coreFolder = process.env['BITCOIN_CORE_BIN'];
const coreProgram = coreFolder === undefined || coreFolder === '' ? undefined : path.join(coreFolder, 'bitcoin-node');
const withoutCore = coreProgram !== undefined && existsSync(coreProgram) ? false : 'skipped: BITCOIN_CORE_BIN names no folder with a current bitcoin-node';
/** Bitcoin Core 30 serves Mining alone. Its bitcoin-cli does not know of the socket either. */
const coreHasRpc = withoutCore === false && spawnSync(path.join(coreFolder ?? '', 'bitcoin-cli'), ['-help'], { encoding: 'utf8' }).stdout.includes('-ipcconnect');
const address = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';

/** The same in the bar as in the notice. */
async function saysStopped({ page }: DrivenWindow): Promise<void> {
  await page.getByTestId('lost-node').getByText('The node has stopped.').waitFor();
  await page.getByTestId('compartment-node').getByText(/^stopped, looking again in \d+ s$/).waitFor();
}

function drivenThroughRpc(name: string, node: NodeOptions, other: NodeOptions, version: RegExp): void {
  test('the tip, peers, commands and the end of it: everything such a node offers', async () => {
    const run = new AppRun();
    await run.configure();
    const port = await freePort();
    const served = await NodeProcess.start({ ...node, datadir: run.datadir, args: ['-ipcbind=unix', '-debug=ipc', '-disablewallet', `-bind=127.0.0.1:${port}`, '-connect=0', '-listen=1'] });
    await served.rpc('generatetoaddress', [3, address]);
    const window = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix']);
    const { page } = window;
    try {
      await window.waitForCompartment('node', 'running');
      await window.waitForCompartment('wallet', 'not-offered');
      await window.waitForHeight(3);
      await page.getByTestId('wallets-not-offered').waitFor();
      await window.pictures(`80-${name}-overview`);

      const [hash] = await served.rpc('generatetoaddress', [2, address]);
      await window.waitForHeight(5);
      await page.getByTestId('compartment-node').click();
      await page.getByTestId('compartment-details-node').getByText(version).waitFor();
      await window.picture(`81-${name}-bar`);
      await page.keyboard.press('Escape');
      await page.getByTestId('compartment-wallet').click();
      await page.getByTestId('compartment-details-wallet').waitFor();
      await window.picture(`82-${name}-wallet`);
      await page.keyboard.press('Escape');

      const peer = await NodeProcess.start({ ...other, args: [`-connect=127.0.0.1:${port}`, '-listen=0'] });
      await waitFor('the peer', async () => (await served.rpc('getconnectioncount')) === 1);
      await window.go('node');
      await page.getByTestId('node-tab-peers').click();
      await page.getByTestId('peer-table').getByText('127.0.0.1').first().waitFor();
      await page.getByTestId('node-tab-peers').getByText('1', { exact: true }).waitFor();
      await window.pictures(`83-${name}-peers`);
      await switchNetworkOffAndOn(window, served);
      await page.getByTestId('node-words').getByText('Up to date').waitFor();
      await window.pictures(`84-${name}-status`);
      await peer.stop();

      await page.getByTestId('node-tab-console').click();
      assert.match(await window.command('getblockcount'), /^5$/m);
      assert.ok((await window.command('getblockhash 4')).includes(String(hash)));
      assert.match(await window.command('getblockhash 4000'), /out of range/);
      assert.match(await window.command('nosuchcommand'), /Method not found/);
      assert.match(await window.command('echo 1.10000000'), /^\W*1\.10000000\W*$/m);
      await window.pictures(`85-${name}-console`);
      for (const each of ['send', 'receive', 'transactions', 'settings']) {
        await window.go(each);
        if (each !== 'settings') await page.getByTestId('wallets-not-offered').waitFor();
      }
      assert.deepEqual(window.faults, []);

      // Another program comes and goes; this window stays.
      await window.close();
      assert.ok(isRunning(served.pid));
      assert.equal(await served.rpc('getblockcount'), 5);
      const again = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix']);
      await again.waitForCompartment('wallet', 'not-offered');
      await served.rpc('generatetoaddress', [1, address]);
      await again.waitForHeight(6);
      const { code } = await served.stop();
      assert.equal(code, 0);
      await saysStopped(again);
      await again.page.getByTestId('wallets-not-offered').waitFor();
      assert.equal(await again.page.getByTestId('mine-block').count(), 0);
      await again.pictures(`86-${name}-stopped`);
      await again.close();
    } finally {
      await run.end();
    }
  });
}

function tipAlone(name: string, node: NodeOptions): void {
  test('its tip is shown, what it does not offer is said, and the end of it', async () => {
    const run = new AppRun();
    await run.configure();
    const served = await NodeProcess.start({ ...node, datadir: run.datadir, args: ['-ipcbind=unix', '-disablewallet', '-connect=0', '-listen=0'] });
    await served.rpc('generatetoaddress', [3, address]);
    const window = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix']);
    const { page } = window;
    try {
      await window.waitForCompartment('node', 'running');
      await window.waitForCompartment('wallet', 'not-offered');
      await window.waitForHeight(3);
      const [tip] = await served.rpc('generatetoaddress', [1, address]);
      await window.waitForHeight(4);
      await window.pictures(`87-${name}-overview`);
      // A reorganisation to a branch that is no higher is a change of the tip, too.
      await served.rpc('invalidateblock', [tip]);
      await window.waitForHeight(3);
      await served.rpc('generatetoaddress', [2, burnt]);
      await window.waitForHeight(5);
      await window.go('node');
      await page.getByTestId('node-no-commands').waitFor();
      for (const tab of ['peers', 'console']) assert.equal(await page.getByTestId(`node-tab-${tab}`).count(), 0);
      assert.equal(await page.getByTestId('network-active').count(), 0);
      await window.pictures(`88-${name}-node`);
      for (const each of ['send', 'receive', 'transactions']) {
        await window.go(each);
        await page.getByTestId('wallets-not-offered').waitFor();
      }
      await page.getByTestId('compartment-node').click();
      await page.getByTestId('compartment-details-node').getByText(/attached by socket/).waitFor();
      await window.picture(`89-${name}-bar`);
      await page.keyboard.press('Escape');
      const command = spawnSync(program('bitcoin-cli'), ['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix', 'getblockcount'], { encoding: 'utf8' });
      assert.deepEqual([command.status, command.stdout], [1, '']);
      assert.match(command.stderr, /^error: The program at unix:\S+node\.sock does not answer this user’s JSON-RPC over its socket\n$/);
      assert.deepEqual(window.faults, []);

      await window.close();
      assert.ok(isRunning(served.pid));
      const again = await run.open(['-regtest', `-datadir=${run.datadir}`, '-ipcconnect=unix']);
      await again.waitForHeight(5);
      assert.equal((await served.stop()).code, 0);
      await saysStopped(again);
      await again.pictures(`89-${name}-stopped`);
      assert.deepEqual(again.faults, []);
      await again.close();
    } finally {
      await run.end();
    }
  });
}

describe('a node that serves Mining and Rpc', { skip: withoutWindow }, () => {
  drivenThroughRpc('like-core', { source: 'core-like-node.ts' }, {}, /Bulkhead|0\.1\.0/);
});

describe('a Bitcoin Core node', { skip: withoutWindow || withoutCore }, () => {
  if (!coreHasRpc) tipAlone('core-30', { program: coreProgram ?? '' });
  else drivenThroughRpc('core', { program: coreProgram ?? '' }, { program: coreProgram ?? '', args: [] }, /Bitcoin Core \d+/);
});

describe('a node that serves Mining alone', { skip: withoutWindow }, () => {
  tipAlone('mining', { source: 'core-like-node.ts', env: { CORE_GENERATION: 'mining' } });
});
