/** Windows without their picture, on a node that somebody else started: the same code as in Electron, on real sockets. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { ipcLog } from '../src-ipc/logging/ipc-log.js';
import { NodeProcess } from '../e2e/framework/node-process.js';
import { isRunning } from '../e2e/framework/process-tree.js';
import { referenceProgram, temporaryFolder } from '../e2e/framework/programs.js';
import { waitFor } from '../e2e/framework/wait.js';
import { Application } from './application.js';
import { EventStream } from './bridge/event-stream.js';
import { parseGuiCommandLine } from './command-line.js';
import { connectToNode } from './programs/connect-node.js';
import { PreferencesFile } from './settings/preferences.js';
import { WindowLog } from './settings/window-log.js';

const address = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';

/** What a window never asks of a node that it is attached to. */
const reserved = ['baseInitialize', 'appInitMain', 'appShutdown', 'startShutdown'] as const;

function openWindow(t: TestContext, datadir: string, ...more: string[]): Application {
  const line = parseGuiCommandLine(['-regtest', `-datadir=${datadir}`, ...more]);
  const home = temporaryFolder();
  const log = new WindowLog(line.options, home, '0.1.0');
  const application = new Application({
    preferences: new PreferencesFile(path.join(home, 'preferences.json')),
    events: new EventStream(() => undefined),
    connect: (at, directory) => connectToNode(at, directory, ipcLog(log.logger)),
    // Nothing is to be started here.
    nodeProgram: { command: '/nowhere/bitcoin-node' },
    version: '0.1.0',
    fromCommandLine: line,
    log,
  });
  t.after(async () => {
    await application.leave('nothing');
    log.close();
  });
  application.start();
  return application;
}

const height = (window: Application): number | undefined => window.snapshot().node?.sync.height;
const isReady = (window: Application): boolean => window.state.phase === 'ready' && window.snapshot().node !== null;

/** Methods of Node that the node's log says it was asked, but for the reserved ones not each time. */
function asked(node: NodeProcess): Set<string> {
  const log = fs.readFileSync(path.join(node.networkFolder, 'debug.log'), 'utf8');
  return new Set([...log.matchAll(/IPC server recv request\s+#\d+ Node\.(\w+)\$Params/g)].map(([, method]) => method ?? ''));
}

for (const [name, source, attachTo] of [
  ['a node of ours, attached to by its address', undefined, ['-ipcconnect=unix']],
  ['a node of ours, found in the data directory', undefined, []],
  ['a node that serves Mining and Rpc', 'core-like-node.ts', ['-ipcconnect=unix']],
  ['a node that serves Mining and Rpc, found in the data directory', 'core-like-node.ts', []],
] as const) {
  describe(name, () => {
    test('windows come and go while it runs, several at once, and none of them stops it', async (t) => {
      const node = await NodeProcess.start({ ...(source === undefined ? {} : { source }), args: ['-ipcbind=unix', '-debug=ipc', '-disablewallet'] });
      t.after(() => node.kill());
      const first = openWindow(t, node.datadir, ...attachTo);
      const second = openWindow(t, node.datadir, ...attachTo);
      await waitFor('both windows', () => isReady(first) && isReady(second));
      await node.rpc('generatetoaddress', [2, address]);
      await waitFor('both to see the blocks', () => height(first) === 2 && height(second) === 2);
      // As with "keep the node running" off.
      await first.leave('window');
      assert.ok(isRunning(node.pid));
      await node.rpc('generatetoaddress', [1, address]);
      await waitFor('the other to go on', () => height(second) === 3);
      const third = openWindow(t, node.datadir, ...attachTo);
      await waitFor('a third', () => isReady(third) && height(third) === 3);
      await second.leave('nothing');
      await third.leave('window');
      assert.ok(isRunning(node.pid));
      assert.equal(await node.rpc('getblockcount'), 3);
      const methods = asked(node);
      if (source === undefined) assert.ok(methods.has('getNumBlocks'), 'the log tells what is asked');
      for (const method of reserved) assert.equal(methods.has(method), false, method);
      assert.equal((await node.stop()).code, 0);
    });
  });
}

test('asked to in so many words, a window stops the node of its data directory', async (t) => {
  const node = await NodeProcess.start({ args: ['-ipcbind=unix', '-debug=ipc', '-disablewallet'] });
  t.after(() => node.kill());
  const window = openWindow(t, node.datadir);
  await waitFor('the window', () => isReady(window));
  await window.leave('everything');
  assert.equal((await node.exited).code, 0);
  assert.ok(asked(node).has('startShutdown'));
});

test('a node attached to by its address is stopped by no word at all', async (t) => {
  const node = await NodeProcess.start({ args: ['-ipcbind=unix', '-debug=ipc', '-disablewallet'] });
  t.after(() => node.kill());
  const window = openWindow(t, node.datadir, '-ipcconnect=unix');
  await waitFor('the window', () => isReady(window));
  await window.restart('node', false);
  await waitFor('the window again', () => isReady(window));
  await window.leave('everything');
  assert.ok(isRunning(node.pid));
  for (const method of reserved) assert.equal(asked(node).has(method), false, method);
  await node.stop();
});

describe('a node of Bitcoin Core’s multiprocess branch', { skip: referenceProgram('bitcoin-node') === undefined ? 'skipped: BITCOIN_REFERENCE_BIN is not set' : false }, () => {
  const start = (...args: string[]): Promise<NodeProcess> => NodeProcess.launch({ program: referenceProgram('bitcoin-node') ?? '', args: ['-ipcbind=unix', '-debug=ipc', ...args] });

  /** Windows leave, and the node has noticed: it does not end well while it is about that. */
  async function leaveAll(node: NodeProcess, windows: readonly Application[]): Promise<void> {
    for (const window of windows) await window.leave('window');
    const log = path.join(node.networkFolder, 'debug.log');
    await waitFor('the node to notice', () => fs.readFileSync(log, 'utf8').split('IPC server: socket disconnected.').length > windows.length);
  }

  /** Two windows that look for the node from its start on, as it is attached to by its address and found in its directory. */
  async function openTwo(t: TestContext, node: NodeProcess): Promise<readonly Application[]> {
    await waitFor('the socket', () => fs.existsSync(path.join(node.networkFolder, 'node.sock')));
    const windows = [openWindow(t, node.datadir, '-ipcconnect=unix'), openWindow(t, node.datadir)];
    await waitFor('both windows', () => windows.every(isReady));
    return windows;
  }

  for (const [name, args, wallet] of [
    ['with wallets', [], 'running'],
    ['without wallets', ['-disablewallet'], 'not-offered'],
  ] as const) {
    test(`${name}: met while it starts, left before it ends or when it does`, async (t) => {
      const node = await start(...args);
      t.after(() => node.kill());
      const windows = await openTwo(t, node);
      await node.ready();
      for (const window of windows) assert.equal(window.compartments.get('wallet').state.kind, wallet);
      await node.rpc('generatetoaddress', [2, address]);
      await waitFor('both to see the blocks', () => windows.every((window) => height(window) === 2));
      if (wallet === 'running') {
        // The node waits until both have let go of the wallet, and with it of all else.
        await node.rpc('createwallet', ['w']);
        await waitFor('both to show the wallet', () => windows.every((window) => window.snapshot().wallets?.length === 1));
      } else {
        await leaveAll(node, windows);
      }
      assert.deepEqual(await node.stop(), { code: 0, signal: null });
      const methods = asked(node);
      assert.ok(methods.has('getNumBlocks'), 'the log tells what is asked');
      for (const method of reserved) assert.equal(methods.has(method), false, method);
      assert.equal(methods.has('customWalletLoader'), wallet === 'running');
    });
  }

  test('what it does not do is refused without harm', async (t) => {
    const node = await start();
    t.after(() => node.kill());
    const windows = await openTwo(t, node);
    for (const window of windows) {
      await assert.rejects(window.restart('wallet', false), { code: 'unsupported' });
      assert.equal(window.compartments.get('wallet').state.kind, 'running');
    }
    await leaveAll(node, windows);
    assert.deepEqual(await node.stop(), { code: 0, signal: null });
  });
});
