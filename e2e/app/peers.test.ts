/** The Node page beside a real peer: catching up, peers, traffic, bans, and the network off and on. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppRun, withoutWindow } from '../framework/app-run.js';
import { freePort, NodeProcess } from '../framework/node-process.js';
import { waitFor } from '../framework/wait.js';

const height = 300;

describe('the node page with a peer', { skip: withoutWindow }, () => {
  const run = new AppRun();
  let peer: NodeProcess;

  before(async () => {
    const port = await freePort();
    peer = await NodeProcess.start({ args: ['-listen=1', `-bind=127.0.0.1:${port}`, '-dnsseed=0'] });
    await peer.rpc('generatetoaddress', [height, 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080']);
    await run.configure(['listen=0', 'dnsseed=0', `addnode=127.0.0.1:${port}`]);
    await run.open();
  });

  after(async () => {
    await run.end();
    await peer.kill('SIGTERM');
  });

  test('the window shows how the node catches up', async () => {
    const { window } = run;
    const { page } = window;
    const words = page.getByTestId('sync-words');
    await words.filter({ hasText: /Checked [\d,]+ of 300 blocks|Fetching|Up to date/ }).waitFor({ timeout: 60_000 });
    await window.picture('60-catching-up');
    await words.filter({ hasText: 'Up to date. Connected to 1 other node.' }).waitFor({ timeout: 60_000 });
    assert.equal(await page.getByTestId('block-height').innerText(), String(height), 'up to date means all blocks');
    await window.waitForCompartment('node', 'running');
    await window.pictures('61-caught-up');
  });

  test('a block of the peer arrives by itself', async () => {
    await peer.rpc('generatetoaddress', [1, 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080']);
    await run.window.page.getByTestId('block-height').getByText(String(height + 1)).waitFor();
  });

  test('the peer, its ping and its traffic', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('node');
    await page.getByTestId('traffic').locator('canvas').waitFor();
    await waitFor('traffic of the peer', async () => /[1-9]/.test(await page.getByTestId('traffic').innerText()));
    await window.pictures('62-status');
    await page.getByTestId('node-tab-peers').click();
    const row = page.getByTestId('peer');
    await row.waitFor();
    await row.getByText(/\d+ ms/).waitFor();
    await row.click();
    await page.getByTestId('peer-details').getByText('outgoing').or(page.getByTestId('peer-details').getByText('Software')).first().waitFor();
    assert.match(await page.getByTestId('peer-details').innerText(), /\/.+:.+\//);
    await window.pictures('63-peer');
  });

  test('a peer is disconnected, and comes back as it was added by hand', async () => {
    const { page } = run.window;
    const before = (await peer.rpc('getpeerinfo'))[0].id as number;
    await page.getByTestId('peer-disconnect').click();
    await waitFor('the connection to end', async () => !(await peer.rpc('getpeerinfo')).some((one: { id: number }) => one.id === before));
    await page.getByTestId('peer-details').waitFor({ state: 'detached' });
  });

  test('the network is switched off and on', async () => {
    const { window } = run;
    const { page } = window;
    await page.getByTestId('node-tab-status').click();
    await page.getByTestId('network-active').click();
    await waitFor('no connection', async () => (await peer.rpc('getconnectioncount')) === 0);
    await page.getByTestId('node-words').getByText('The network is switched off').waitFor();
    await window.pictures('64-network-off');
    await page.getByTestId('node-tab-peers').click();
    await page.getByText('The network is switched off').waitFor();
    await window.pictures('65-no-peers');
    await page.getByTestId('node-tab-status').click();
    await page.getByTestId('network-active').click();
    await page.locator('[data-testid=network-active][data-state=checked]').waitFor();
  });

  test('a ban ends the connection and is lifted again', async () => {
    const { window } = run;
    const { page } = window;
    const port = peerPort();
    await page.getByTestId('node-tab-console').click();
    await page.getByTestId('console-input').fill(`addnode 127.0.0.1:${port} onetry`);
    await page.getByTestId('console-input').press('Escape');
    await page.getByTestId('console-input').press('Enter');
    await page.getByTestId('node-tab-peers').click();
    await page.getByTestId('peer').first().click();
    await page.getByTestId('peer-ban').click();
    await page.getByTestId('peer-ban-day').click();
    await page.getByTestId('ban').getByText('127.0.0.1').waitFor();
    await window.pictures('66-banned');
    await page.getByTestId('unban').click();
    await page.getByTestId('ban').waitFor({ state: 'detached' });
  });

  test('after all this the page has written no error', () => {
    assert.deepEqual(run.window.faults, []);
  });

  function peerPort(): number {
    const bind = peer.child.spawnargs.find((arg) => arg.startsWith('-bind='));
    return Number(bind?.split(':').at(-1));
  }
});
