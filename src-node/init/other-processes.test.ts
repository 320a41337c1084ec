import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { RpcFailure } from '../../src-interfaces/errors.js';
import { toGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { connectInit } from '../../src-ipc/connect.js';
import { connectTo, parseConnectAddress, spawnProcess } from '../../src-ipc/process/index.js';
import { parseNodeCommandLine, readConfiguration } from './configuration.js';
import { createNode } from './create-node.js';
import { listenForProcesses } from './ipc-listeners.js';
import { NodeInit } from './node-init.js';
import { NodeProcess } from './node-process.js';

const quiet = ['-regtest', '-listen=0', '-connect=0', '-printtoconsole=0', '-disablewallet'];
const address = 'bcrt1qmfvqnyey54wkveu9erfwwe03uzzta0wuksm2w8';
const fresh = (): string => mkdtempSync(join(tmpdir(), 'nd-'));

test('another process attaches over the socket and sees the node', async (t) => {
  const directory = fresh();
  const node: NodeProcess = new NodeProcess({ listen: () => listenForProcesses(node.configuration, () => new NodeInit(node), node.log) });
  node.configure(readConfiguration(parseNodeCommandLine([...quiet, `-datadir=${directory}`, '-ipcbind=unix'])));
  assert.equal(await node.start(), true);
  t.after(() => node.shutdown());
  const netDirectory = join(directory, 'regtest');
  assert.equal(statSync(join(netDirectory, 'node.sock')).mode & 0o777, 0o600);
  const target = parseConnectAddress('unix', netDirectory);
  assert.ok(target !== null);
  const link = await connectTo(target);
  assert.ok(link !== null);
  const { init, close } = await connectInit(link.socket, { processName: 'test' });
  const echo = await init.makeEcho();
  assert.equal(await echo?.echo('hello'), 'hello');
  const remote = await init.makeNode();
  assert.ok(remote !== undefined);
  const tips: number[] = [];
  const handler = await remote.handleNotifyBlockTip(async (_state, tip) => void tips.push(tip.blockHeight));
  await remote.executeRpc('generatetoaddress', JSON.stringify([2, address]), '');
  assert.equal(await remote.getNumBlocks(), 2);
  while (tips.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(tips, [1, 2]);
  await handler.destroy();
  await assert.rejects(remote.executeRpc('getblockhash', '[9]', ''), (error) => error instanceof RpcFailure && error.code === -8);
  assert.ok((await remote.listRpcCommands()).includes('getblockchaininfo'));
  await remote.updateRwSetting('dbcache', '123');
  assert.equal(await remote.getPersistentSetting('dbcache'), '123');
  const settings: unknown = JSON.parse(readFileSync(join(netDirectory, 'settings.json'), 'utf8'));
  assert.ok(typeof settings === 'object' && settings !== null && 'dbcache' in settings && settings.dbcache === 123);
  assert.equal(await remote.isSettingIgnored('regtest'), true);
  await remote.resetSettings();
  assert.equal(await remote.getPersistentSetting('dbcache'), 'null');
  assert.match(readFileSync(join(netDirectory, 'settings.json.bak'), 'utf8'), /"dbcache": 123/);
  await remote.startShutdown();
  await node.shutdown();
  close();
  assert.equal(existsSync(join(netDirectory, 'node.sock')), false);
});

test('what clients are given leaves nothing with the node that waits for its end', async (t) => {
  const node: NodeProcess = new NodeProcess();
  node.configure(readConfiguration(parseNodeCommandLine([...quiet, `-datadir=${fresh()}`])));
  assert.equal(await node.start(), true);
  t.after(() => node.shutdown());
  const waiting = (): number => getEventListeners(node.stopping, 'abort').length;
  const before = waiting();
  for (let i = 0; i < 5; i++) {
    await node.makeMining();
    await node.makeTracing();
    await (await node.makeChain()).destroy();
  }
  assert.equal(waiting(), before);
});

test('a parent process configures, starts and stops a node it spawned', async () => {
  const directory = fresh();
  const program = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = await spawnProcess({ command: process.execPath, args: ['--import', 'tsx', program] }, { name: 'bitcoin-node', standardStreams: 'ignore' });
  const { init, close } = await connectInit(child.socket, { processName: 'test' });
  const node = await init.makeNode();
  assert.ok(node !== undefined);
  // A window asks before it has sent its settings.
  assert.equal(await node.getPersistentSetting('dbcache'), 'null');
  const options = parseNodeCommandLine([...quiet, `-datadir=${directory}`]);
  assert.equal(await node.baseInitialize(toGlobalArgs(options.settings, '')), true);
  const messages: string[] = [];
  await node.handleInitMessage(async (message) => void messages.push(message));
  const { tipInfo, result } = await node.appInitMain();
  assert.equal(result, true);
  assert.equal(tipInfo.blockHeight, 0);
  assert.deepEqual(messages, ['Loading block index…', 'Loading P2P addresses…', 'Activating best chain…', 'Starting network threads…', 'Done loading']);
  assert.equal(await node.shutdownRequested(), false);
  await node.startShutdown();
  await node.appShutdown();
  assert.equal(await node.getExitStatus(), 0);
  close();
  assert.deepEqual((await child.exited).code, 0);
  assert.match(readFileSync(join(directory, 'regtest', 'debug.log'), 'utf8'), /Shutdown done\n$/);
});

test('a spawned node whose parent is gone stops in order', async () => {
  const directory = fresh();
  const program = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = await spawnProcess({ command: process.execPath, args: ['--import', 'tsx', program] }, { name: 'bitcoin-node', standardStreams: 'ignore' });
  const { init, close } = await connectInit(child.socket, { processName: 'test' });
  const node = await init.makeNode();
  const options = parseNodeCommandLine([...quiet, `-datadir=${directory}`]);
  await node?.baseInitialize(toGlobalArgs(options.settings, ''));
  await node?.appInitMain();
  close();
  assert.equal((await child.exited).code, 0);
  assert.match(readFileSync(join(directory, 'regtest', 'debug.log'), 'utf8'), /Shutdown done\n$/);
});

test('a start that fails says why, and leaves nothing behind', async () => {
  const directory = fresh();
  const first = await createNode([...quiet, `-datadir=${directory}`]);
  await assert.rejects(createNode([...quiet, `-datadir=${directory}`]), /Cannot obtain a lock on directory/);
  await first.shutdown();
  await assert.rejects(createNode([...quiet, `-datadir=${directory}`, '-rpcallowip=x', '-server']), /Invalid -rpcallowip subnet specification: x/);
  await assert.rejects(createNode([...quiet, `-datadir=${directory}`, '-assumevalid=xyz']), /Invalid assumevalid specified/);
  const again = await createNode([...quiet, `-datadir=${directory}`]);
  await again.shutdown();
  assert.equal(existsSync(join(directory, 'regtest', 'bitcoind.pid')), false);
});
