import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'node:test';

const nodeProgram = fileURLToPath(new URL('../main.ts', import.meta.url));
const cliProgram = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], input = ''): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
  return { child, ended };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Node {
  readonly directory: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  cli(...args: string[]): Promise<Ended>;
  cliWithInput(input: string, ...args: string[]): Promise<Ended>;
}

async function start(t: TestContext, directory: string, ...args: string[]): Promise<Node> {
  const port = await freePort();
  const common = ['-regtest', `-datadir=${directory}`, `-rpcport=${port}`];
  const { child, ended } = run(nodeProgram, [...common, '-disablewallet', '-listen=0', '-connect=0', '-printtoconsole=0', ...args]);
  t.after(() => child.kill('SIGKILL'));
  const cliWithInput = (input: string, ...more: string[]): Promise<Ended> => run(cliProgram, [...common, ...more], input).ended;
  const node: Node = { directory, child, ended, cliWithInput, cli: (...more) => cliWithInput('', ...more) };
  const ready = await Promise.race([node.cli('-rpcwait', '-rpcwaittimeout=60', 'getblockcount'), ended]);
  assert.equal(ready.status, 0, ready.stderr);
  return node;
}

const fresh = (): string => mkdtempSync(join(tmpdir(), 'node-'));
const address = 'bcrt1qmfvqnyey54wkveu9erfwwe03uzzta0wuksm2w8';

test('what is wrong with options is said on standard error, with status 1', async () => {
  const directory = fresh();
  const cases: [string[], string][] = [
    [['-foo'], 'Error: Error parsing command line arguments: Invalid parameter -foo\n'],
    [['-ipcfd=3'], 'Error: Error parsing command line arguments: Invalid parameter -ipcfd=3\n'],
    [['stray'], "Error: Command line contains unexpected token 'stray', see bitcoind -h for a list of options.\n"],
    [['-datadir=/nonexistent/x'], 'Error: Specified data directory "/nonexistent/x" does not exist.\n'],
    [['-regtest', '-signet', `-datadir=${directory}`], 'Error: Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain. Can use at most one.\n'],
    [['-chain=moon', `-datadir=${directory}`], 'Error: Unknown chain moon.\n'],
    [['-regtest', `-datadir=${directory}`, '-rpcport=0', '-printtoconsole=0'], "Error: Invalid port specified in -rpcport: '0'\n"],
    [['-regtest', `-datadir=${directory}`, '-debug=nonsense', '-printtoconsole=0'], 'Error: Unsupported logging category -debug=nonsense.\n'],
  ];
  for (const [args, expected] of cases) {
    const ended = await run(nodeProgram, args).ended;
    assert.deepEqual([ended.status, ended.stderr], [1, expected], args.join(' '));
  }
  const help = await run(nodeProgram, ['-help']).ended;
  assert.equal(help.status, 0);
  assert.match(help.stdout, /Options:\n\n[^]*RPC server options:/);
  const version = await run(nodeProgram, ['-version']).ended;
  assert.match(version.stdout, /^Bulkhead daemon version v\d+\.\d+\.\d+ bitcoin-node\n$/);
});

test('a chain is made, survives a restart, and the client shows it as Bitcoin Core’s does', async (t) => {
  const directory = fresh();
  const node = await start(t, directory);
  const netDirectory = join(directory, 'regtest');
  assert.equal(Number(readFileSync(join(netDirectory, 'bitcoind.pid'), 'utf8')), node.child.pid);
  assert.equal(statSync(join(netDirectory, '.cookie')).mode & 0o777, 0o600);
  assert.equal(statSync(join(netDirectory, 'debug.log')).mode & 0o777, 0o600);
  const mined = await node.cli('generatetoaddress', '3', address);
  assert.equal(mined.status, 0, mined.stderr);
  const hashes: unknown = JSON.parse(mined.stdout);
  assert.ok(Array.isArray(hashes) && hashes.length === 3);
  const tip = String(hashes[2]);
  assert.equal((await node.cli('getbestblockhash')).stdout, `${tip}\n`);
  assert.equal((await node.cli('-named', 'getblockhash', 'height=3')).stdout, `${tip}\n`);
  assert.equal((await node.cliWithInput('3\n', '-stdin', 'getblockhash')).stdout, `${tip}\n`);
  const wrong = await node.cli('getblockhash', '4');
  assert.deepEqual([wrong.status, wrong.stderr], [8, 'error code: -8\nerror message:\nBlock height out of range\n']);
  const unknown = await node.cli('nonsense');
  assert.deepEqual([unknown.status, unknown.stderr], [32601 & 0xff, 'error code: -32601\nerror message:\nMethod not found\n']);
  assert.match((await node.cli('-getinfo')).stdout, /^Chain: regtest\nBlocks: 3\n/);
  const second = await run(nodeProgram, ['-regtest', `-datadir=${directory}`, '-printtoconsole=0']).ended;
  assert.equal(second.status, 1);
  assert.match(second.stderr, /^Error: Cannot obtain a lock on directory .*regtest\. Bulkhead is probably already running\.\n$/);
  assert.equal((await node.cli('stop')).stdout, 'Bulkhead stopping\n');
  assert.equal((await node.ended).status, 0);
  assert.equal(existsSync(join(netDirectory, 'bitcoind.pid')), false);
  assert.equal(existsSync(join(netDirectory, '.cookie')), false);

  const again = await start(t, directory);
  assert.equal((await again.cli('getbestblockhash')).stdout, `${tip}\n`);
  again.child.kill('SIGTERM');
  assert.equal((await again.ended).status, 0);
});

test('bitcoin.conf, settings.json, notifications and the stop at a height', async (t) => {
  const directory = fresh();
  const file = (name: string): string => join(directory, name);
  writeFileSync(
    file('bitcoin.conf'),
    `blocknotify=echo %s >> ${file('blocks')}\n[regtest]\nstartupnotify=touch ${file('up')}\nshutdownnotify=touch ${file('down')}\nstopatheight=2\nuacomment=hello\ntxindex=1\n`,
  );
  const node = await start(t, directory, '-debug=rpc');
  assert.match((await node.cli('getnetworkinfo')).stdout, /"subversion": "\/Bulkhead:[\d.]+\(hello\)\/"/);
  assert.equal((await node.cli('generatetoaddress', '1', address)).status, 0);
  const last = await node.cli('generatetoaddress', '1', address);
  assert.equal((await node.ended).status, 0, last.stderr);
  for (const name of ['up', 'down']) assert.ok(existsSync(file(name)), name);
  const blocks = readFileSync(file('blocks'), 'utf8').trim().split('\n');
  assert.ok(blocks.every((hash) => /^[0-9a-f]{64}$/.test(hash)));
  const log = readFileSync(join(directory, 'regtest', 'debug.log'), 'utf8');
  assert.match(log, /Config file arg: \[regtest\] uacomment="hello"/);
  assert.match(log, /\[warning\] Option -txindex is accepted but has no effect yet/);
  assert.match(log, /\[rpc\] ThreadRPCServer method=getnetworkinfo user=__cookie__/);
  assert.match(log, /Shutdown done\n$/);
  const settings: unknown = JSON.parse(readFileSync(join(directory, 'regtest', 'settings.json'), 'utf8'));
  assert.ok(typeof settings === 'object' && settings !== null && '_warning_' in settings);
});

test('in the background, waiting until it has started, and failing so', async (t) => {
  const directory = fresh();
  const port = await freePort();
  const args = ['-regtest', `-datadir=${directory}`, `-rpcport=${port}`, '-disablewallet', '-listen=0', '-connect=0'];
  const foreground = await run(nodeProgram, [...args, '-daemonwait']).ended;
  assert.deepEqual([foreground.status, foreground.stdout, foreground.stderr], [0, 'Bulkhead starting\n', '']);
  const pid = Number(readFileSync(join(directory, 'regtest', 'bitcoind.pid'), 'utf8'));
  t.after(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended as it should.
    }
  });
  const second = await run(nodeProgram, [...args, '-daemonwait']).ended;
  assert.equal(second.status, 1);
  assert.match(second.stderr, /^Error: Cannot obtain a lock on directory /);
  const other = ['-regtest', `-datadir=${fresh()}`, '-debug=nonsense', '-daemonwait'];
  const failed = await run(nodeProgram, other).ended;
  const message = 'Error: Unsupported logging category -debug=nonsense.\nError during initialization - check debug.log for details\n';
  assert.deepEqual([failed.status, failed.stderr], [1, message]);
  const common = ['-regtest', `-datadir=${directory}`, `-rpcport=${port}`];
  assert.equal((await run(cliProgram, [...common, 'getblockcount']).ended).stdout, '0\n');
  assert.equal((await run(cliProgram, [...common, 'stop']).ended).status, 0);
  while (existsSync(join(directory, 'regtest', 'bitcoind.pid'))) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('the client without a node, and with wrong words', async () => {
  const directory = fresh();
  const port = await freePort();
  const common = ['-regtest', `-datadir=${directory}`, `-rpcport=${port}`];
  const none = await run(cliProgram, [...common, 'getblockcount']).ended;
  assert.equal(none.status, 1);
  assert.match(none.stderr, new RegExp(`^error: timeout on transient error: Could not connect to the server 127\\.0\\.0\\.1:${port}\n\nMake sure`));
  assert.deepEqual(await run(cliProgram, ['-nonsense']).ended, { status: 1, stdout: '', stderr: 'Error parsing command line arguments: Invalid parameter -nonsense\n' });
  assert.deepEqual((await run(cliProgram, [...common, 'getblock', '00', 'x']).ended).stderr, 'error: Error parsing JSON: x\n');
  assert.deepEqual((await run(cliProgram, [...common]).ended).stderr, 'error: too few parameters (need at least command)\n');
  assert.equal((await run(cliProgram, []).ended).status, 1);
});
