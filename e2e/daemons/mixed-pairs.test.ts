/** Node, wallet process and bitcoin-cli, each of one implementation or the other: create, receive, send, reorganise, unload, stop. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { commandLineClient } from '../framework/command-line-client.js';
import { NodeProcess } from '../framework/node-process.js';
import { program, referenceProgram, rootFolder, temporaryFolder } from '../framework/programs.js';
import { liveThrough } from '../framework/wallet-life.js';

const [theirNode, theirWallet, theirCli] = ['bitcoin-node', 'bitcoin-wallet', 'bitcoin-cli'].map((name) => referenceProgram(name));
const skip = theirNode === undefined || theirWallet === undefined || theirCli === undefined ? 'skipped: BITCOIN_REFERENCE_BIN is not set' : false;

/** Since version 31 Bitcoin Core's own takes the node's socket. */
function currentCli(): string | undefined {
  const folder = process.env['BITCOIN_CORE_BIN'];
  const file = folder === undefined || folder === '' ? undefined : path.join(folder, 'bitcoin-cli');
  return file !== undefined && spawnSync(file, ['-help'], { encoding: 'utf8' }).stdout?.includes('-ipcconnect') ? file : undefined;
}
const socketCli = currentCli();
const withoutSocketCli = socketCli === undefined ? 'skipped: BITCOIN_CORE_BIN names no folder with a bitcoin-cli that takes -ipcconnect' : false;

function newFolder(): string {
  const folder = path.join(temporaryFolder(), 'bin');
  fs.mkdirSync(folder);
  return folder;
}

/** Their node, which finds our wallet beside it. */
function theirNodeWithOurWallet(): string {
  const folder = newFolder();
  fs.symlinkSync(theirNode ?? '', path.join(folder, 'bitcoin-node'));
  fs.writeFileSync(path.join(folder, 'bitcoin-wallet'), `#!/bin/sh\nexec '${process.execPath}' '${program('bitcoin-wallet')}' "$@"\n`, { mode: 0o755 });
  return path.join(folder, 'bitcoin-node');
}

/** Our node, which finds their wallet beside it: Node runs what is there, so a script passes the descriptor on. */
function ourNodeWithTheirWallet(): string {
  const folder = newFolder();
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  const node = pathToFileURL(path.join(rootFolder, 'build/bitcoin-node.mjs')).href;
  fs.writeFileSync(path.join(folder, 'bitcoin-node'), `#!/usr/bin/env node\nimport ${JSON.stringify(node)};\n`, { mode: 0o755 });
  const script = `import { spawn } from 'node:child_process';
const descriptor = Number(process.argv.at(-1));
const stdio = Array.from({ length: descriptor + 1 }, (_, fd) => (fd < 3 || fd === descriptor ? fd : 'ignore'));
const child = spawn(${JSON.stringify(theirWallet)}, process.argv.slice(2), { stdio });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
`;
  fs.writeFileSync(path.join(folder, 'bitcoin-wallet'), script);
  return path.join(folder, 'bitcoin-node');
}

/** The executables of all processes below a node. */
function executablesBelow(pid: number): string[] {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter((child) => child !== '');
  return children.flatMap((child) => [fs.readlinkSync(`/proc/${child}/exe`), ...executablesBelow(Number(child))]);
}

const pairs = [
  { name: 'their node with our wallet', programs: theirNodeWithOurWallet, wallet: process.execPath },
  { name: 'our node with their wallet', programs: ourNodeWithTheirWallet, wallet: theirWallet ?? '' },
];

for (const { name, programs, wallet } of pairs) {
  test(name, { skip }, async () => {
    const node = await NodeProcess.start({ program: programs() });
    await liveThrough((...command) => node.rpc(...command), () => {
      assert.equal(executablesBelow(node.pid).at(-1), fs.realpathSync(wallet));
    });
    assert.deepEqual(await node.stop(), { code: 0, signal: null });
  });
}

const lines = [
  { name: 'their bitcoin-cli, our node and wallet', cli: theirCli, args: [] },
  { name: 'our bitcoin-cli, their node and wallet', cli: program('bitcoin-cli'), node: theirNode, args: [] },
  { name: 'the bitcoin-cli of a current Bitcoin Core over the socket, our node and wallet', cli: socketCli, args: ['-ipcconnect=unix'] },
];

for (const { name, cli, node: nodeProgram, args } of lines) {
  test(name, { skip: cli === socketCli ? withoutSocketCli : skip }, async () => {
    const node = await NodeProcess.start({ ...(nodeProgram === undefined ? {} : { program: nodeProgram }), args: ['-ipcbind=unix'] });
    // What goes over the socket has no use for the port.
    const port = args.length === 0 ? node.rpcPort : 1;
    const ask = commandLineClient(cli ?? '', ['-regtest', `-datadir=${node.datadir}`, `-rpcport=${port}`, ...args]);
    await liveThrough(ask);
    assert.match(await ask('stop'), /stopping$/);
    assert.deepEqual(await node.exited, { code: 0, signal: null });
  });
}

test('our wallet is refused by their node, which runs already and would end of it', { skip }, async () => {
  const node = await NodeProcess.start({ program: theirNode ?? '', args: ['-ipcbind=unix', '-debug=ipc'] });
  await node.rpc('createwallet', ['w']);
  const address = `unix:${path.join(node.networkFolder, 'node.sock')}`;
  const refused = spawnSync(program('bitcoin-wallet'), ['-regtest', `-datadir=${temporaryFolder()}`, `-ipcconnect=${address}`], { encoding: 'utf8', timeout: 60_000 });
  assert.deepEqual([refused.status, refused.stderr, refused.stdout], [1, `Error: The node at ${address} takes wallets only when it starts them itself\n`, '']);
  const log = fs.readFileSync(path.join(node.networkFolder, 'debug.log'), 'utf8');
  assert.ok(log.includes('Init.makeChain$Params'), 'the log tells what is asked');
  assert.equal(/Chain\.(getHeight|handleRpc)\$Params/.test(log.slice(log.indexOf('Init.makeChain$Params'))), false, 'nothing was asked of the chain');
  assert.deepEqual(await node.rpc('listwallets'), ['w']);
  assert.match(await node.rpc('getnewaddress', [], 'w'), /^bcrt1/);
  assert.deepEqual(await node.stop(), { code: 0, signal: null });
});
