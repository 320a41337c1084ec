/** Wallets and commands that come to a node which was started by somebody else, here or over ssh. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SshServer, sshServerObstacle } from '../../src-ipc/testing/ssh-server.js';
import { AttachedWallet, killAttachedWallets } from '../framework/attached-wallet.js';
import { NodeProcess, type Json } from '../framework/node-process.js';
import { program, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

after(killAttachedWallets);

/** Commands to a node, with arguments by position. */
const ask = (node: NodeProcess, method: string, ...params: unknown[]): Promise<Json> => node.rpc(method, params);

/** Commands to one wallet of a node. */
const askWallet = (node: NodeProcess, wallet: string, method: string, ...params: unknown[]): Promise<Json> => node.rpc(method, params, wallet);

function cli(node: NodeProcess, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(program('bitcoin-cli'), ['-regtest', `-datadir=${node.datadir}`, `-rpcport=${node.rpcPort}`, ...args], { encoding: 'utf8', timeout: 60_000 });
}

describe('attached to a node on this computer', () => {
  let node: NodeProcess;
  before(async () => {
    node = await NodeProcess.start({ args: ['-ipcbind=unix'] });
  });
  after(() => node.stop());
  const address = (): string => `unix:${path.join(node.networkFolder, 'node.sock')}`;

  test('wallets of several processes beside the node’s own; they come and go', async () => {
    const [firstDirectory, secondDirectory] = [temporaryFolder(), temporaryFolder()];
    const first = new AttachedWallet(firstDirectory, address());
    await first.connected();
    assert.match(first.output, new RegExp(`^Connected to IPC address ${address()}\n`));
    await waitFor('the commands of the first', async () => (await ask(node, 'help', 'createwallet')) !== '');
    // The node's own wallet process comes first for what names no wallet.
    await ask(node, 'createwallet', 'own');
    const second = new AttachedWallet(secondDirectory, address());
    await second.connected();
    fs.mkdirSync(path.join(firstDirectory, 'regtest', 'wallets', 'spare'));
    await first.end();
    await second.end('SIGINT');
    assert.deepEqual(await ask(node, 'listwallets'), ['own']);

    // Wallets made by hand in each directory, as the node's own process makes them.
    for (const [directory, name] of [[firstDirectory, 'one'], [secondDirectory, 'two']] as const) {
      await ask(node, 'createwallet', name);
      await ask(node, 'unloadwallet', name);
      fs.renameSync(path.join(node.networkFolder, 'wallets', name), path.join(directory, 'regtest', 'wallets', name));
    }
    const one = new AttachedWallet(firstDirectory, address(), ['-wallet=one']);
    const two = new AttachedWallet(secondDirectory, address(), ['-wallet=two']);
    await waitFor('all wallets', async () => (await ask(node, 'listwallets')).length === 3);
    assert.deepEqual([...(await ask(node, 'listwallets'))].sort(), ['one', 'own', 'two']);
    assert.equal(fs.readFileSync(path.join(node.networkFolder, 'settings.json'), 'utf8').includes('two'), false);

    // Keys there, chain here: received, mined, sent.
    const receiving = await askWallet(node, 'two', 'getnewaddress');
    await ask(node, 'generatetoaddress', 101, receiving);
    await waitFor('the reward', async () => (await askWallet(node, 'two', 'getbalances')).mine.trusted === 50);
    await askWallet(node, 'two', 'sendtoaddress', await askWallet(node, 'one', 'getnewaddress'), 1);
    await waitFor('the payment', async () => (await askWallet(node, 'one', 'getbalances')).mine.untrusted_pending === 1);
    await assert.rejects(ask(node, 'getbalance'), { code: -19 });
    await assert.rejects(askWallet(node, 'three', 'getbalance'), { code: -18 });

    // The same directory twice: the file is locked.
    const again = new AttachedWallet(secondDirectory, address(), ['-wallet=two']);
    assert.equal((await again.exited).code, 1);
    assert.match(again.output, /^Error: Wallet "two": .*Unable to obtain an exclusive lock on the database/m);

    one.child.kill('SIGKILL');
    await one.exited;
    await waitFor('its commands to go', async () => (await ask(node, 'listwallets')).length === 2);
    assert.equal((await askWallet(node, 'two', 'getwalletinfo')).walletname, 'two');
    await two.end();
    assert.deepEqual(await ask(node, 'listwallets'), ['own']);
    assert.equal(await ask(node, 'getbalance'), 0);
  });

  test('bitcoin-cli over the socket', () => {
    const noHttp = '-rpcport=1';
    assert.equal(cli(node, noHttp, 'getblockcount').stdout.trimEnd(), '101');
    assert.equal(cli(node, noHttp, `-ipcconnect=${address()}`, 'getblockcount').stdout.trimEnd(), '101');
    assert.match(cli(node, noHttp, '-getinfo').stdout, /^Chain: regtest\nBlocks: 101/);
    assert.match(cli(node, noHttp, '-netinfo').stdout, /Local addresses/);
    const failed = cli(node, noHttp, 'getblockhash', '1000');
    assert.deepEqual([failed.status, failed.stderr], [8, 'error code: -8\nerror message:\nBlock height out of range\n']);
    // Told not to, it takes HTTP.
    for (const off of ['-ipcconnect=0', '-noipcconnect', '-ipcconnect=', '-rpcconnect=127.0.0.1']) {
      assert.match(cli(node, noHttp, off, 'getblockcount').stderr, /Could not connect to the server 127\.0\.0\.1:1\n/);
      assert.equal(cli(node, off, 'getblockcount').stdout.trimEnd(), '101');
    }
    assert.equal(cli(node, '-rpcconnect=127.0.0.1', '-ipcconnect=unix', 'getblockcount').stderr, 'error: -rpcconnect and -ipcconnect options cannot both be enabled\n');
    assert.equal(cli(node, '-ipcconnect=tcp:1', 'getblockcount').stderr.split('\n')[0], "error: Unrecognized address 'tcp:1'");
    assert.equal(
      cli(node, '-ipcconnect=unix:/nowhere/node.sock', 'getblockcount').stderr,
      'error: No such file or directory\n\nProbably bitcoin-node is not running or not listening on a unix socket. Can be started with:\n\n    bitcoin-node -chain=regtest -ipcbind=unix\n',
    );
  });

  test('a node that does not answer does not keep an attached wallet from ending', { timeout: 60_000 }, async () => {
    const attached = new AttachedWallet(temporaryFolder(), address());
    await attached.connected();
    node.child.kill('SIGSTOP');
    const connecting = new AttachedWallet(temporaryFolder(), address());
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await Promise.all([attached.end(), connecting.end('SIGINT')]);
    assert.equal(connecting.output, '');
    node.child.kill('SIGCONT');
    assert.equal(await ask(node, 'getblockcount') >= 0, true);
  });

  test('an attached wallet ends with its node', async () => {
    const wallet = new AttachedWallet(temporaryFolder(), address());
    await wallet.connected();
    await node.stop();
    assert.deepEqual(await wallet.exited, { code: 0, signal: null }, wallet.output);
    const late = new AttachedWallet(temporaryFolder(), address());
    assert.equal((await late.exited).code, 1);
    assert.match(late.output, /^Error: No such file or directory\nProbably bitcoin-node is not running/);
    const off = new AttachedWallet(temporaryFolder(), '0');
    assert.equal((await off.exited).code, 1);
    assert.match(off.output, /^Error: -ipcconnect names no node/);
  });
});

describe('attached to a node over ssh', () => {
  const obstacle = sshServerObstacle();
  test('wallet and commands; a line that breaks is made anew', { skip: obstacle === undefined ? false : `skipped: ${obstacle}` }, async (t) => {
    const server = await SshServer.start();
    t.after(() => server.stop());
    server.trust();
    const node = await NodeProcess.start({ args: ['-ipcbind=unix'] });
    t.after(() => node.stop());
    const scratch = temporaryFolder();
    const env = { ...process.env, PATH: server.path, TMPDIR: scratch };
    const address = server.address(path.join(node.networkFolder, 'node.sock'));
    const client = spawn(program('bitcoin-cli'), ['-regtest', `-datadir=${temporaryFolder()}`, `-ipcconnect=${address}`, 'getblockcount'], { env });
    let answer = '';
    for (const stream of [client.stdout, client.stderr]) stream.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    assert.equal(await new Promise((resolve) => client.once('close', resolve)), 0, answer);
    assert.equal(answer, '0\n');

    await ask(node, 'createwallet', 'far');
    await ask(node, 'unloadwallet', 'far');
    const directory = temporaryFolder();
    fs.mkdirSync(path.join(directory, 'regtest', 'wallets'), { recursive: true });
    fs.renameSync(path.join(node.networkFolder, 'wallets', 'far'), path.join(directory, 'regtest', 'wallets', 'far'));
    const wallet = new AttachedWallet(directory, address, ['-wallet=far'], env);
    await waitFor('the wallet', async () => (await ask(node, 'listwallets')).includes('far'));
    const receiving = await askWallet(node, 'far', 'getnewaddress');
    server.cut();
    await waitFor('the line to be noticed', () => /was lost/.test(wallet.output));
    await ask(node, 'generatetoaddress', 3, receiving);
    await wallet.connected(2);
    await waitFor('the wallet again', async () => (await ask(node, 'listwallets')).includes('far'));
    await waitFor('what happened meanwhile', async () => (await askWallet(node, 'far', 'getbalances')).mine.immature === 150);
    await wallet.end();
    assert.deepEqual(fs.readdirSync(scratch), []);
  });

  test('a line that breaks while the wallets are loaded for the first time is made anew, too', { skip: obstacle === undefined ? false : `skipped: ${obstacle}` }, async (t) => {
    const server = await SshServer.start();
    t.after(() => server.stop());
    server.trust();
    const node = await NodeProcess.start({ args: ['-ipcbind=unix'] });
    t.after(() => node.stop());
    const env = { ...process.env, PATH: server.path, TMPDIR: temporaryFolder() };
    await ask(node, 'createwallet', 'slow');
    const receiving = await askWallet(node, 'slow', 'getnewaddress');
    await ask(node, 'unloadwallet', 'slow');
    await ask(node, 'generatetoaddress', 400, receiving);
    const directory = temporaryFolder();
    fs.mkdirSync(path.join(directory, 'regtest', 'wallets'), { recursive: true });
    fs.renameSync(path.join(node.networkFolder, 'wallets', 'slow'), path.join(directory, 'regtest', 'wallets', 'slow'));
    const log = path.join(directory, 'regtest', 'debug.log.wallet');
    const logged = (words: string): number => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').split(words).length - 1 : 0);
    const wallet = new AttachedWallet(directory, server.address(path.join(node.networkFolder, 'node.sock')), ['-wallet=slow'], env);
    await waitFor('the wallet to go through the chain', () => logged('Rescan started') === 1);
    server.cut();
    await waitFor('the line to be noticed', () => /was lost[^]*Connecting again/.test(wallet.output) || wallet.child.exitCode !== null);
    assert.equal(wallet.child.exitCode, null, wallet.output);
    assert.equal(logged('Rescan completed'), 0, 'it was not loaded yet');
    await wallet.connected(2);
    await waitFor('the wallet', async () => (await ask(node, 'listwallets')).includes('slow'));
    assert.equal((await askWallet(node, 'slow', 'getwalletinfo')).txcount, 400);
    await wallet.end();
  });
});
