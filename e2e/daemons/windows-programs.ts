/** What windows.test.ts has run on Windows: the programs as they are built, with their data in a folder there. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { waitFor } from '../framework/wait.js';

const { BULKHEAD_PROGRAMS: programs = '', BULKHEAD_TEST_FOLDER: folder = '' } = process.env;

interface Running {
  readonly process: ChildProcess;
  /** All that it wrote so far. */
  output(): string;
  /** Its exit status. */
  readonly ended: Promise<number | null>;
}

const started: ChildProcess[] = [];
after(() => started.forEach((child) => child.kill()));

function start(program: string, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [path.join(programs, `${program}.mjs`), '-regtest', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  return { process: child, output: () => written, ended: new Promise((resolve) => child.once('close', resolve)) };
}

async function run(program: string, ...args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const running = start(program, ...args);
  const status = await running.ended;
  return { status, output: running.output().trim() };
}

function dataDirectory(name: string): string {
  const directory = path.join(folder, name);
  fs.mkdirSync(directory);
  return directory;
}

const quiet = ['-listen=0', '-server=0', '-fallbackfee=0.0001'];

async function startNode(directory: string, ...args: readonly string[]): Promise<Running> {
  const node = start('bitcoin-node', `-datadir=${directory}`, '-ipcbind=unix', ...quiet, ...args);
  await waitFor('the node', () => /Done loading/.test(node.output()) || (node.process.exitCode !== null && assert.fail(node.output())));
  return node;
}

/** Commands for the node of a data directory, over its pipe. */
function client(directory: string, connect = 'unix'): (...words: readonly string[]) => Promise<string> {
  return async (...words) => {
    const { status, output } = await run('bitcoin-cli', `-datadir=${directory}`, `-ipcconnect=${connect}`, ...words);
    assert.equal(status, 0, `${words.join(' ')}: ${output}`);
    return output;
  };
}

test('a node spawns its wallet, and both do what bitcoin-cli asks over the pipe', async () => {
  const directory = dataDirectory('node');
  const cli = client(directory);
  const node = await startNode(directory, '-debug=ipc');
  assert.match(node.output(), /Listening for IPC requests on address unix:Z:\\.*\\regtest\\node\.sock/);
  assert.match(node.output(), /Process bitcoin-wallet pid \d+ launched/);
  await cli('createwallet', 'w');
  await cli('-generate', '101');
  assert.equal(await client(directory, 'auto')('getblockcount'), '101');
  const txid = await cli('sendtoaddress', await cli('getnewaddress'), '1');
  await cli('-generate', '1');
  assert.match(await cli('gettransaction', txid), /"confirmations": 1,/);
  await cli('backupwallet', path.join(folder, 'backup.dat'));
  await cli('unloadwallet', 'w');
  await cli('loadwallet', 'w');
  await cli('encryptwallet', 'secret');
  await cli('stop');
  assert.equal(await node.ended, 0, node.output());
  assert.match(node.output(), /Process bitcoin-wallet pid \d+ exited with status 0/);
  assert.equal(fs.existsSync(path.join(directory, 'regtest', 'node.sock')), false);

  const again = await startNode(directory, '-wallet=w');
  assert.match(await cli('gettransaction', txid), /"confirmations": 1,/);
  assert.match(await cli('getwalletinfo'), /"unlocked_until": 0/);
  await cli('stop');
  assert.equal(await again.ended, 0, again.output());
});

test('without a node, the error says so, and `auto` tries HTTP', async () => {
  const directory = dataDirectory('nobody');
  const over = (connect: string): ReturnType<typeof run> => run('bitcoin-cli', `-datadir=${directory}`, `-ipcconnect=${connect}`, '-rpcport=9', 'getblockcount');
  const strict = await over('unix');
  assert.deepEqual([strict.status, /bitcoin-node is not running or not listening/.test(strict.output)], [1, true], strict.output);
  const either = await over('auto');
  assert.deepEqual([either.status, /Could not connect to the server 127\.0\.0\.1:9/.test(either.output)], [1, true], either.output);
});

test('a second node takes neither the directory nor the pipe of the first', async () => {
  const directory = dataDirectory('first');
  const node = await startNode(directory);
  const same = await run('bitcoin-node', `-datadir=${directory}`, '-ipcbind=unix', ...quiet);
  assert.deepEqual([same.status, /Cannot obtain a lock on directory/.test(same.output)], [1, true], same.output);
  const address = `unix:${path.join(directory, 'regtest', 'node.sock')}`;
  const other = await run('bitcoin-node', `-datadir=${dataDirectory('second')}`, `-ipcbind=${address}`, ...quiet);
  assert.equal(other.status, 1);
  assert.ok(other.output.includes(`Unable to bind to IPC address '${address}'. Address already in use`), other.output);
  await client(directory)('stop');
  assert.equal(await node.ended, 0, node.output());
});

test('a wallet process attaches, is used through the node, and ends with it', async () => {
  const directory = dataDirectory('chain');
  const keys = dataDirectory('keys');
  const cli = client(directory);
  const node = await startNode(directory, '-disablewallet');
  const wallet = start('bitcoin-wallet', `-datadir=${keys}`, `-ipcconnect=unix:${path.join(directory, 'regtest', 'node.sock')}`);
  await waitFor('the wallet process', async () => /Connected to IPC address unix:Z:/.test(wallet.output()) && (await run('bitcoin-cli', `-datadir=${directory}`, '-ipcconnect=unix', 'listwallets')).status === 0);
  await cli('createwallet', 'away');
  await cli('-generate', '2');
  assert.match(await cli('getbalances'), /"immature": 100\.00000000/);
  assert.equal(fs.existsSync(path.join(keys, 'regtest', 'wallets', 'away', 'wallet.dat')), true);
  await cli('stop');
  assert.equal(await node.ended, 0, node.output());
  assert.equal(await wallet.ended, 0, wallet.output());
});

test('a node that was killed leaves nothing in the way of the next', async () => {
  const directory = dataDirectory('killed');
  const cli = client(directory);
  const node = await startNode(directory);
  await cli('createwallet', 'w');
  node.process.kill('SIGKILL');
  await node.ended;
  assert.equal(fs.existsSync(path.join(directory, 'regtest', 'node.sock')), true);
  const unanswered = await run('bitcoin-cli', `-datadir=${directory}`, '-ipcconnect=unix', 'getblockcount');
  assert.deepEqual([unanswered.status, /bitcoin-node is not running or not listening/.test(unanswered.output)], [1, true], unanswered.output);
  const again = await startNode(directory, '-wallet=w');
  await cli('-generate', '5');
  assert.match(await cli('getbalances'), /"immature": 250\.00000000/);
  await cli('stop');
  assert.equal(await again.ended, 0, again.output());
});
