/** The logs of real processes: what they show of the traffic between them, and what they never show. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { connect } from 'node:net';
import { test } from 'node:test';
import { connectInit } from '../../src-ipc/connect.js';
import { FileLog } from '../../src-ipc/logging/file-log.js';
import { ipcLog } from '../../src-ipc/logging/ipc-log.js';
import { parseGuiCommandLine } from '../../src-main/command-line.js';
import { applyLogLevels, logDestination } from '../../src-ipc/logging/logging-options.js';
import { NodeProcess } from '../framework/node-process.js';
import { program, referenceProgram } from '../framework/programs.js';

const traffic = ['-debug=ipc', '-loglevel=ipc:trace'];

function linesOf(node: NodeProcess, name: string): string[] {
  return fs.readFileSync(path.join(node.networkFolder, name), 'utf8').split('\n').filter((line) => line !== '');
}

/** A log of this process, as the window writes it. */
function windowLog(node: NodeProcess): FileLog {
  const log = new FileLog();
  const { options } = parseGuiCommandLine(traffic);
  applyLogLevels(log, options);
  log.open(logDestination(options, node.networkFolder, '.gui', false));
  return log;
}

test('the wallet’s log has the traffic from the first message on, the node’s its side of it', async () => {
  const node = await NodeProcess.start({ args: [...traffic, '-logthreadnames', '-logtimemicros', '-logsourcelocations'] });
  await node.rpc('createwallet', ['w']);
  await node.stop();
  const head = String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \[main\] \[[\w.-]+\.ts:\d+\] \[\S+\] `;
  const shows = (lines: readonly string[], shape: string): void => assert.ok(lines.some((line) => new RegExp(head + shape).test(line)), `${shape}\n${lines.slice(0, 40).join('\n')}`);
  const wallet = linesOf(node, 'debug.log.wallet');
  const label = String.raw`\{bitcoin-wallet-\d+/bitcoin-wallet-\d+\}`;
  shows(wallet, `ipc: ${label} IPC server: socket connected\\.$`);
  shows(wallet, `\\[ipc\\] ${label} IPC server recv request  #1 Init\\.construct\\$Params$`);
  shows(wallet, `\\[ipc:trace\\] ${label} request data: \\(threadMap = <external capability>\\)$`);
  shows(wallet, `\\[ipc\\] ${label} IPC server recv request  #2 Init\\.makeWalletLoader\\$Params$`);
  shows(wallet, `\\[ipc\\] ${label} IPC server post request  #2 \\{bitcoin-wallet-\\d+/bitcoin-wallet-1 \\(from bitcoin-node-\\d+/bitcoin-node-1\\)\\}$`);
  const daemon = linesOf(node, 'debug.log');
  shows(daemon, '\\[ipc\\] Process bitcoin-wallet pid \\d+ launched$');
  shows(daemon, '\\[ipc\\] \\{bitcoin-node-\\d+/bitcoin-node-\\d+\\} IPC client send Init\\.construct\\$Params$');
  shows(daemon, '\\[ipc:trace\\] send data: \\(threadMap = <external capability>\\)$');
  shows(daemon, '\\[ipc\\] Process bitcoin-wallet pid \\d+ exited with status 0$');
  assert.ok(daemon.some((line) => /\[spawn\.ts:\d+\] \[spawnProcess\] \[ipc\] Process bitcoin-wallet pid \d+ launched/.test(line)), 'by which tools find the wallet');
  const merged = execFileSync(program('bitcoin-logs'), ['-regtest', `-datadir=${node.datadir}`], { maxBuffer: 1 << 28 }).toString().split('\n');
  const sent = merged.findIndex((line) => line.startsWith('node ') && line.includes('send Init.makeWalletLoader$Params'));
  const received = merged.findIndex((line) => line.startsWith('wall ') && line.includes('Init.makeWalletLoader$Params'));
  assert.ok(sent >= 0 && received > sent, `${sent} ${received}`);
});

test('passphrases and keys are in no log', async () => {
  const node = await NodeProcess.start({ args: [...traffic, '-debug=1', '-loglevel=trace', '-ipcbind=unix'] });
  const log = windowLog(node);
  const socket = connect(path.join(node.networkFolder, 'node.sock'));
  const { init, close } = await connectInit(socket, { processName: 'bitcoin-gui', log: ipcLog(log) });
  const remote = await init.makeNode();
  const loader = await remote?.walletLoader();
  assert.ok(remote !== undefined && loader !== undefined);
  const secrets = ['secretAlpha', 'secretBravo', 'secretCharlie', 'secretDelta'] as const;
  const [alpha, bravo, charlie, delta] = secrets;

  // Over JSON-RPC, through the node to the wallet.
  await node.rpc('createwallet', ['one', false, false, alpha]);
  await node.rpc('walletpassphrase', [alpha, 60], 'one');
  await node.rpc('walletpassphrasechange', [alpha, bravo], 'one');
  await assert.rejects(node.rpc('walletpassphrase', [charlie, 60], 'one'));
  await node.rpc('walletpassphrase', { passphrase: bravo, timeout: 60 }, 'one');
  await node.rpc('createwallet', ['two']);
  await node.rpc('encryptwallet', [delta], 'two');
  await node.rpc('createwallet', ['blank', false, true]);
  const key = 'cVpF924EspNh8KjYsfhgY96mmxvT6DgdWiTYMtMjuM74hJaU5psW';
  const { checksum } = await node.rpc('getdescriptorinfo', [`wpkh(${key})`]);
  await node.rpc('importdescriptors', [[{ desc: `wpkh(${key})#${checksum}`, timestamp: 'now' }]], 'blank');
  await assert.rejects(node.rpc('getdescriptorinfo', [`wpkh(${key}x)`]));
  await node.rpc('importdescriptors', [[{ desc: `wpkh(${key}x)`, timestamp: 'now' }]], 'blank');
  const raw = '0200000000010000000000000000000000';
  await node.rpc('signrawtransactionwithkey', [raw, [key]]).catch(() => undefined);
  const listed = JSON.stringify(await node.rpc('listdescriptors', [true], 'blank'));
  const hidden = [...secrets, key, ...(/[tx]prv\w{40,}/.exec(listed) ?? [])];

  // Over the window's interfaces.
  const { value: wallet } = (await loader.createWallet('three', alpha, 0n)).result;
  assert.ok(wallet !== undefined);
  assert.equal(await wallet.unlock(Buffer.from(alpha)), true);
  assert.equal(await wallet.changeWalletPassphrase(Buffer.from(alpha), Buffer.from(bravo)), true);
  assert.equal(await wallet.unlock(Buffer.from(charlie)), false);
  await remote.executeRpc('walletpassphrase', JSON.stringify([bravo, 5]), '/wallet/three');
  await remote.executeRpc('walletpassphrase', JSON.stringify([charlie, 5]), '/wallet/three').catch(() => undefined);
  const rpc = await init.makeRpc();
  await rpc?.executeRpc(JSON.stringify({ id: 1, method: 'walletpassphrase', params: [charlie, 5] }), '/wallet/three', '');
  await remote.updateRwSetting('rpcpassword', JSON.stringify(delta));
  await remote.getPersistentSetting('rpcpassword');
  await remote.updateRwSetting('rpcpassword', 'null');
  for (const object of [wallet, loader, remote]) await object.destroy();
  assert.ok(rpc !== undefined);
  close();
  await node.stop();
  log.close();

  for (const name of ['debug.log', 'debug.log.wallet', 'debug.log.gui']) {
    const lines = linesOf(node, name);
    assert.ok(lines.some((line) => line.includes('[ipc:trace] ')), `${name} has the traffic`);
    for (const secret of hidden) assert.deepEqual(lines.filter((line) => line.includes(secret)), [], `${secret} in ${name}`);
  }
  assert.ok(linesOf(node, 'debug.log.gui').some((line) => line.includes('command = "walletpassphrase", params = <secret>')));
  assert.ok(!node.output.includes('secret'));
});

test('passwords of the configuration reach the wallet, not the logs', async () => {
  const node = await NodeProcess.launch({ args: [...traffic, '-rpcauth=someone:0123456789abcdef$secretEcho', '-torpassword=secretFoxtrot'] });
  await node.ready();
  await node.rpc('createwallet', ['w']);
  await node.stop();
  for (const name of ['debug.log', 'debug.log.wallet']) {
    const lines = linesOf(node, name);
    assert.deepEqual(lines.filter((line) => /secretEcho|secretFoxtrot/.test(line)), [], name);
  }
  assert.ok(linesOf(node, 'debug.log').some((line) => line.includes('Command-line arg: torpassword=****')));
});

/** What a line says without the ids of this run, the times and the threads. */
function shape(line: string): string {
  return line
    .replace(/^\S+Z /, '')
    .replace(/\{bitcoin-node-\d+\/[^{}]*?\}/g, '{T}')
    .replace(/#\d+/, '#n')
    .replace(/pid \d+/, 'pid n');
}

const withoutReference = referenceProgram('bitcoin-node') === undefined ? 'skipped: BITCOIN_REFERENCE_BIN is not set' : false;

test('a node’s lines about its wallet are the reference’s', { skip: withoutReference }, async () => {
  const shapes: string[][] = [];
  for (const file of [referenceProgram('bitcoin-node') ?? '', 'bitcoin-node']) {
    const node = await NodeProcess.start({ program: file, args: [...traffic] });
    await node.rpc('createwallet', ['w']);
    await node.stop();
    shapes.push(linesOf(node, 'debug.log').filter((line) => /\[ipc|ipc: /.test(line)).map(shape));
  }
  const [theirs = [], ours = []] = shapes;
  const same = [
    '[ipc] Process bitcoin-wallet pid n launched',
    'ipc: {T} IPC client first request from current thread, constructing waiter',
    '[ipc] {T} IPC client send Init.construct$Params',
    '[ipc:trace] send data: (threadMap = <external capability>)',
    '[ipc] {T} IPC client recv Init.construct$Results',
    '[ipc:trace] recv data: (threadMap = <external capability>)',
    '[ipc] {T} IPC client send Init.makeWalletLoader$Params',
    '[ipc] {T} IPC server recv request  #n Chain.handleRpc$Params',
    '[ipc] {T} IPC server post request  #n {T}',
    '[ipc] {T} IPC server send response #n Chain.handleRpc$Results',
    '[ipc:trace] {T} response data: (result = <external capability>)',
    '[ipc] {T} IPC client send ActorCallback.call$Params',
    '[ipc] {T} IPC client recv ActorCallback.call$Results',
    '[ipc] Process bitcoin-wallet pid n exited with status 0',
  ];
  for (const line of same) {
    assert.ok(theirs.includes(line), `the reference has no: ${line}\n${theirs.slice(0, 30).join('\n')}`);
    assert.ok(ours.includes(line), `ours has no: ${line}\n${ours.slice(0, 30).join('\n')}`);
  }
  // The content of the same call, to the last character.
  const content = (lines: readonly string[]): string | undefined => lines.find((line) => line.includes('name = "abandontransaction"'));
  assert.match(content(theirs) ?? '', /\.\.\.$/);
  assert.equal(content(ours), content(theirs));
});
