import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { WalletLoader } from '../src-interfaces/generated/wallet.js';
import { toGlobalArgs } from '../src-interfaces/options/global-args.js';
import { emptySettings } from '../src-interfaces/options/settings.js';
import { CallFailure } from '../src-interfaces/errors.js';
import { connectInit, type InitConnection } from '../src-ipc/connect.js';
import { spawnProcess, type SpawnedProcess } from '../src-ipc/process/index.js';
import { answerArguments } from './init/program-arguments.js';
import { regtest, temporaryDirectory, type Cleanup } from './testing/fixtures.js';
import { MemoryChain } from './testing/memory-chain.js';

interface Started {
  readonly process: SpawnedProcess;
  readonly connection: InitConnection;
  readonly loader: WalletLoader;
  readonly chain: MemoryChain;
  readonly netDirectory: string;
}

/** Starts the wallet's program as a node does. */
async function start(t: Cleanup, directory = temporaryDirectory(t)): Promise<Started> {
  const netDirectory = join(directory, 'regtest');
  mkdirSync(join(netDirectory, 'wallets'), { recursive: true });
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = await spawnProcess({ command: process.execPath, args: ['--import', 'tsx', program] }, { name: 'bitcoin-wallet', standardStreams: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const connection = await connectInit(child.socket, { processName: 'test' });
  const settings = emptySettings();
  settings.commandLine.set('regtest', ['1']);
  settings.commandLine.set('datadir', [directory]);
  settings.commandLine.set('keypool', ['2']);
  const chain = new MemoryChain(regtest.genesis);
  const globalArgs = toGlobalArgs(settings, '');
  const loader = await connection.init.makeWalletLoader(globalArgs, chain);
  assert.ok(loader);
  await assert.rejects(connection.init.makeWalletLoader(globalArgs, chain), CallFailure);
  return { process: child, connection, loader, chain, netDirectory };
}

test('the process serves wallets until the node hangs up, and closes them', async (t) => {
  const directory = temporaryDirectory(t);
  const first = await start(t, directory);
  assert.equal(await first.connection.init.makeNode(), undefined);
  assert.equal((await first.loader.createWallet('w', '', 0n)).result.error, undefined);
  const [wallet] = await first.loader.getWallets();
  const address = await wallet?.getNewDestination(2, 'mine');
  assert.ok(address?.value?.witnessV0KeyHash);
  first.connection.close();
  assert.deepEqual(await first.process.exited, { code: 0, signal: null, waitStatus: 0 });
  const log = readFileSync(join(first.netDirectory, 'debug.log.wallet'), 'utf8');
  assert.match(log, /Using wallet directory .*wallets\n/);
  assert.match(log, /\[w\] Releasing wallet w\n/);
  // The file's lock went with the process, and nothing of the file was lost.
  const second = await start(t, directory);
  const again = await second.loader.loadWallet('w');
  assert.equal(again.result.error, undefined);
  assert.equal((await (await second.loader.getWallets())[0]?.getAddresses())?.length, 1);
  second.connection.close();
  await second.process.exited;
});

test('SIGTERM ends the process cleanly, SIGINT not at all', async (t) => {
  const started = await start(t);
  assert.equal((await started.loader.createWallet('w', '', 0n)).result.error, undefined);
  started.process.kill('SIGINT');
  assert.equal((await started.loader.getWallets()).length, 1);
  started.process.kill('SIGTERM');
  const { code, signal } = await started.process.exited;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  await assert.rejects(started.loader.getWallets(), CallFailure);
  assert.match(readFileSync(join(started.netDirectory, 'debug.log.wallet'), 'utf8'), /Releasing wallet w\n/);
});

test('started any other way it says what it is for', () => {
  const answer = (...args: string[]): ReturnType<typeof answerArguments> => answerArguments('bitcoin-wallet', args);
  assert.equal(answer('-ipcfd=3').error, 'Error: Error parsing command line arguments: Invalid parameter -ipcfd=3\n');
  assert.equal(answer('info').error, 'Error: Invalid command: info\n');
  assert.match(answer().error, /^Error: bitcoin-wallet is started by bitcoin-node\./);
  assert.equal(answer().status, 1);
  assert.equal(answer('-version').status, 0);
  assert.match(answer('-version').output, /^Bulkhead bitcoin-wallet version v\d+\.\d+\.\d+\n/);
  assert.match(answer('-help').output, /Usage: bitcoin-wallet \[options\]/);
});
