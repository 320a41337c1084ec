/** A node of one implementation with the wallet process of the other: create, receive, send, reorganise, unload, stop. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { NodeProcess, RpcError } from '../framework/node-process.js';
import { program, referenceProgram, rootFolder, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

const [theirNode, theirWallet, theirCli] = ['bitcoin-node', 'bitcoin-wallet', 'bitcoin-cli'].map((name) => referenceProgram(name));
const skip = theirNode === undefined || theirWallet === undefined || theirCli === undefined ? 'skipped: BITCOIN_REFERENCE_BIN is not set' : false;
const run = promisify(execFile);

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
    // create
    await node.rpc('createwallet', ['w']);
    assert.equal(executablesBelow(node.pid).at(-1), fs.realpathSync(wallet));
    // receive
    const mine = await node.rpc('getnewaddress', ['', 'bech32m'], 'w');
    await node.rpc('generatetoaddress', [101, mine]);
    const balance = async (): Promise<number> => (await node.rpc('getbalances', [], 'w')).mine.trusted;
    await waitFor('the first coinbase to be mature', async () => (await balance()) === 50);
    // send
    const burnt = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';
    const txid = await node.rpc('sendtoaddress', [burnt, 1.5], 'w');
    assert.deepEqual(await node.rpc('getrawmempool'), [txid]);
    const [block] = await node.rpc('generatetoaddress', [1, burnt]);
    const confirmations = async (): Promise<number> => (await node.rpc('gettransaction', [txid], 'w')).confirmations;
    await waitFor('the payment to be confirmed', async () => (await confirmations()) === 1);
    // reorganise: the payment is in the mempool again, then in a block of the longer branch
    await node.rpc('invalidateblock', [block]);
    await waitFor('the payment to be unconfirmed', async () => (await confirmations()) === 0);
    assert.deepEqual(await node.rpc('getrawmempool'), [txid]);
    await node.rpc('generateblock', [burnt, []]);
    assert.equal(await confirmations(), 0);
    await node.rpc('generatetoaddress', [1, burnt]);
    await waitFor('the payment to be confirmed again', async () => (await confirmations()) === 1);
    assert.equal((await node.rpc('getblockheader', [block])).confirmations, -1);
    const { amount, fee } = await node.rpc('gettransaction', [txid], 'w');
    assert.equal(amount, -1.5);
    assert.ok(fee < 0);
    // their bitcoin-cli, with the cookie
    const line = await run(theirCli ?? '', ['-regtest', `-datadir=${node.datadir}`, `-rpcport=${node.rpcPort}`, '-rpcwallet=w', 'getbalance']);
    assert.equal(Number(line.stdout), await balance());
    // unload, load again
    const before = await balance();
    await node.rpc('unloadwallet', ['w']);
    assert.deepEqual(await node.rpc('listwallets'), []);
    await assert.rejects(node.rpc('getbalances', [], 'w'), (error) => error instanceof RpcError && error.code === -18);
    await node.rpc('loadwallet', ['w']);
    assert.equal(await balance(), before);
    // stop
    assert.deepEqual(await node.stop(), { code: 0, signal: null });
  });
}
