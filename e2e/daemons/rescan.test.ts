/** Processes that are ended, or crash, while a wallet goes through the chain: nothing waits for the rest of it, and nothing is lost. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { NodeProcess } from '../framework/node-process.js';
import { childrenOf, processesMarked } from '../framework/process-tree.js';
import { program, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

const blocks = 600;
const marker = 'BULKHEAD_TEST_RESCAN';
const env = { [marker]: String(process.pid) };
/** Milliseconds of patience with what ends; that it did not wait for the rest of the scan, the log tells. */
const soon = 30_000;

/** A data directory with a wallet that has seen all of its chain. */
let scanned = '';

/** A data directory with a wallet that has not seen most of its chain: to load it is to go through that. */
let template = '';

before(async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', { wallet_name: 'w', load_on_startup: true });
  const address = await node.rpc('getnewaddress', [], 'w');
  await node.rpc('unloadwallet', ['w', true]);
  await node.rpc('generatetoaddress', [blocks, address]);
  await node.stop();
  template = node.datadir;
  scanned = copyOf(template);
  const again = await NodeProcess.start({ datadir: scanned });
  await again.stop();
  fs.rmSync(path.join(scanned, 'regtest', 'debug.log.wallet'));
});

function copyOf(folder: string): string {
  const datadir = temporaryFolder();
  fs.cpSync(folder, datadir, { recursive: true });
  return datadir;
}
const copyOfTemplate = (): string => copyOf(template);
const scannedCopy = (): string => copyOf(scanned);

const logOf = (datadir: string, name: string): string => {
  const file = path.join(datadir, 'regtest', name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
};

/** Until a wallet in this data directory is in the middle of its scan; `times` counts the scans. */
async function scanning(datadir: string, times = 1): Promise<void> {
  await waitFor('the scan', () => logOf(datadir, 'debug.log.wallet').split('Rescan started').length > times);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(!logOf(datadir, 'debug.log.wallet').includes('Rescan completed'), 'the scan takes long enough');
}

async function allGone(datadir: string): Promise<void> {
  await waitFor('every process to end', () => processesMarked(marker, String(process.pid)).length === 0, soon);
  const sockets = fs.readdirSync(datadir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isSocket() || entry.name.endsWith('.pid') || entry.name === '.cookie');
  assert.deepEqual(sockets.map(({ name }) => name), []);
  assert.doesNotMatch(logOf(datadir, 'debug.log.wallet'), /Rescan completed/);
}

async function inTime<T>(what: string, result: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error(`waited ${soon} ms in vain for ${what}`)), soon).unref());
  return Promise.race([result, late]);
}

/** Every reward is there, once the scan is through. */
async function hasEverything(datadir: string): Promise<void> {
  const node = await NodeProcess.start({ datadir, env });
  await node.rpc('rescanblockchain', [], 'w');
  const { mine } = await node.rpc('getbalances', [], 'w');
  const { total_amount: total } = await node.rpc('gettxoutsetinfo', ['none']);
  assert.equal(mine.trusted + mine.immature, total);
  assert.equal((await node.rpc('getwalletinfo', [], 'w')).txcount, blocks);
  assert.equal((await node.stop()).code, 0);
}

describe('a node with its own wallet process', () => {
  for (const [signal, toGroup] of [['SIGTERM', false], ['SIGTERM', true], ['SIGINT', true]] as const) {
    test(`${signal} to ${toGroup ? 'node and wallet at once' : 'the node'} while the wallet is loaded at the start`, async () => {
      const datadir = copyOfTemplate();
      const node = await NodeProcess.launch({ datadir, env, args: ['-ipcbind=unix'], ownGroup: true });
      await scanning(datadir);
      await assert.rejects(node.rpc('getblockcount'), { code: -28, message: 'Rescanning…' });
      if (toGroup) node.signalGroup(signal);
      else node.child.kill(signal);
      assert.deepEqual(await inTime('the node to end', node.exited), { code: 0, signal: null }, node.output);
      assert.doesNotMatch(node.output, /Error/);
      await allGone(datadir);
      assert.match(logOf(datadir, 'debug.log'), /Shutdown done\n$/);
      assert.match(logOf(datadir, 'debug.log.wallet'), /Shutdown: done\n$/);
      if (signal === 'SIGINT') await hasEverything(datadir);
    });
  }

  test('SIGINT and SIGTERM while a command has the wallet rescanned', async () => {
    const datadir = scannedCopy();
    for (const [times, signal] of [[1, 'SIGINT'], [2, 'SIGTERM']] as const) {
      const node = await NodeProcess.start({ datadir, env, args: ['-ipcbind=unix'] });
      const answer = node.rpc('rescanblockchain', [], 'w').then(() => 'scanned', (error: unknown) => String(error));
      await scanning(datadir, times);
      node.child.kill(signal);
      assert.deepEqual(await inTime('the node to end', node.exited), { code: 0, signal: null }, node.output);
      assert.notEqual(await answer, 'scanned');
      await allGone(datadir);
    }
    await hasEverything(datadir);
  });

  for (const [signal, words] of [['SIGTERM', /^Error: The wallet process was told to end while it loaded the wallets\n$/], ['SIGKILL', /^Error: The wallet process was ended by SIGKILL while it started\.\n$/]] as const) {
    test(`a wallet process that ${signal} ends while the node starts: the node says so and ends`, async () => {
      const datadir = copyOfTemplate();
      const node = await NodeProcess.launch({ datadir, env });
      await scanning(datadir);
      const [wallet] = childrenOf(node.pid);
      assert.ok(wallet !== undefined);
      process.kill(wallet, signal);
      assert.deepEqual(await inTime('the node to end', node.exited), { code: 1, signal: null }, node.output);
      assert.match(node.output, words);
      await allGone(datadir);
    });
  }

  test('a wallet process that crashes in the middle of a scan is started again, and that is said', async () => {
    const datadir = scannedCopy();
    const node = await NodeProcess.start({ datadir, env });
    const answer = node.rpc('rescanblockchain', [], 'w').then(() => 'scanned', (error: unknown) => String(error));
    await scanning(datadir);
    const [wallet] = childrenOf(node.pid);
    assert.ok(wallet !== undefined);
    process.kill(wallet, 'SIGKILL');
    assert.match(await inTime('the answer', answer), /wallet process/);
    const facts = await waitFor('the node to notice', async () => (await node.rpc('getprocessinfo')).wallet.restart);
    assert.equal(facts.attempt, 1);
    assert.match((await node.rpc('getblockchaininfo')).warnings.join(), /SIGKILL. It is started again \(attempt 1 of 5\)/);
    await waitFor('the wallet', async () => (await node.rpc('getwalletinfo', [], 'w')).scanning === false);
    assert.equal((await node.rpc('getwalletinfo', [], 'w')).txcount, blocks);
    assert.equal((await node.stop()).code, 0);
    await allGone(datadir);
  });

  test('a node that is killed in the middle of a scan takes its wallet along', async () => {
    const datadir = copyOfTemplate();
    const node = await NodeProcess.launch({ datadir, env });
    await scanning(datadir);
    await node.kill('SIGKILL');
    await waitFor('the wallet to end', () => processesMarked(marker, String(process.pid)).length === 0, soon);
    await hasEverything(datadir);
  });
});

describe('a wallet process attached to a node', () => {
  let node: NodeProcess;
  before(async () => {
    node = await NodeProcess.start({ datadir: copyOfTemplate(), args: ['-ipcbind=unix', '-disablewallet'] });
  });
  after(() => node.kill());

  /** A wallet that goes through the chain of the node while it is loaded. */
  const attach = (datadir: string): { readonly child: ChildProcess; readonly exited: Promise<unknown>; readonly output: () => string } => {
    const address = `unix:${path.join(node.networkFolder, 'node.sock')}`;
    const child = spawn(program('bitcoin-wallet'), ['-regtest', `-datadir=${datadir}`, `-ipcconnect=${address}`, '-wallet=w'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { child, exited: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))), output: () => output };
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} while it loads`, async () => {
      const datadir = copyOfTemplate();
      const wallet = attach(datadir);
      await scanning(datadir);
      wallet.child.kill(signal);
      assert.deepEqual(await inTime('the wallet to end', wallet.exited), { code: 0, signal: null }, wallet.output());
      assert.doesNotMatch(wallet.output(), /Error/);
      await allGone(datadir);
      if (signal === 'SIGINT') await hasEverything(datadir);
    });
  }

  test('the node ends while it loads', async () => {
    const datadir = copyOfTemplate();
    const wallet = attach(datadir);
    await scanning(datadir);
    node.child.kill('SIGTERM');
    assert.deepEqual(await inTime('the node to end', node.exited), { code: 0, signal: null }, node.output);
    assert.deepEqual(await inTime('the wallet to end', wallet.exited), { code: 0, signal: null }, wallet.output());
    assert.doesNotMatch(wallet.output(), /Error/);
    await allGone(datadir);
  });
});
