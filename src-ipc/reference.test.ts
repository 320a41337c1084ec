import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OutputType, WalletFlags } from '../src-interfaces/enums.js';
import { RpcFailure } from '../src-interfaces/errors.js';
import type { ChainNotifications } from '../src-interfaces/generated/chain.js';
import { connectInit } from './connect.js';
import { implement } from './proxy/testing/pair.js';

/*
 * Against the reference's own programs, when the directory with its bitcoin-node, bitcoin-wallet and bitcoin-cli
 * (multiprocess branch) is named by BITCOIN_REFERENCE_BIN.
 */

const directory = process.env['BITCOIN_REFERENCE_BIN'] ?? '';
const skip = existsSync(join(directory, 'bitcoin-node')) && directory !== '' ? false : 'skipped: BITCOIN_REFERENCE_BIN is not set';
const run = promisify(execFile);

interface ReferenceNode {
  readonly child: ChildProcess;
  readonly dataDirectory: string;
  readonly exited: Promise<number | null>;
  /** What the node and the programs it started wrote to stderr. */
  readonly stderr: () => string;
  cli(...args: string[]): Promise<string>;
}

/** Starts a reference node on regtest; `bin` is the directory it finds its bitcoin-wallet in. */
async function startNode(t: TestContext, bin: string): Promise<ReferenceNode> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'bulkhead-reference-'));
  const rpcPort = `-rpcport=${await freePort()}`;
  const options = ['-regtest', `-datadir=${dataDirectory}`, rpcPort];
  const child = spawn(join(bin, 'bitcoin-node'), [...options, '-ipcbind=unix', '-listen=0', '-printtoconsole=0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(dataDirectory, { recursive: true });
  });
  const cli = async (...args: string[]): Promise<string> => {
    return (await run(join(directory, 'bitcoin-cli'), [...options, '-rpcwait', ...args])).stdout.trim();
  };
  await cli('getblockcount');
  return { child, dataDirectory, exited, stderr: () => stderr, cli };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('our proxies drive a reference node and, through it, its wallet', { skip }, async (t) => {
  const reference = await startNode(t, directory);
  const { init, close } = await connectInit(connect(join(reference.dataDirectory, 'regtest/node.sock')));
  const [echo, node, chain] = [await init.makeEcho(), await init.makeNode(), await init.makeChain()];
  assert.ok(echo !== undefined && node !== undefined && chain !== undefined);
  const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
  assert.deepEqual(await Promise.all(texts.map((text) => echo.echo(text))), texts);

  const tips: number[] = [];
  const tipHandler = await node.handleNotifyBlockTip(async (_state, tip) => {
    tips.push(tip.blockHeight);
    assert.equal(await node.getNumBlocks(), tip.blockHeight);
  });
  await assert.rejects(node.executeRpc('getblockhash', '[9]', ''), (error) => {
    return error instanceof RpcFailure && error.code === -8;
  });

  const loader = await node.walletLoader();
  assert.ok(loader !== undefined);
  const loaded: string[] = [];
  const loadHandler = await loader.handleLoadWallet(async (wallet) => {
    loaded.push(await wallet.getWalletName());
    await wallet.destroy();
  });
  const { value: wallet } = (await loader.createWallet('w', '', WalletFlags.descriptors)).result;
  assert.ok(wallet !== undefined);
  assert.deepEqual(loaded, ['w']);
  const { value: destination } = await wallet.getNewDestination(OutputType.bech32m, 'label');
  assert.equal(destination?.witnessV1Taproot?.length, 32);
  const address: unknown = JSON.parse(await node.executeRpc('getnewaddress', '[]', '/wallet/w'));
  await node.executeRpc('generatetoaddress', JSON.stringify([102, address]), '');
  await chain.waitForNotificationsIfTipChanged(new Uint8Array(32));
  assert.deepEqual(tips, Array.from({ length: 102 }, (_, index) => index + 1));
  assert.equal((await wallet.getBalances()).balance, 100_0000_0000n);
  assert.equal((await wallet.getWalletTxs()).filter(({ isCoinbase, tx }) => isCoinbase && tx !== undefined).length, 102);
  assert.equal((await wallet.listCoins())[0]?.value.length, 2);

  const seen: string[] = [];
  const notifications = implement<ChainNotifications>({
    blockConnected: async (role, block) => {
      seen.push(`${role.validated} ${block.height} ${await chain.haveBlockOnDisk(block.height)}`);
    },
    updatedBlockTip: () => Promise.resolve(),
    destroy: () => Promise.resolve(void seen.push('destroyed')),
  });
  const subscription = await chain.handleNotifications(notifications);
  await node.executeRpc('generatetoaddress', JSON.stringify([1, address]), '');
  await chain.waitForNotificationsIfTipChanged(new Uint8Array(32));
  await subscription.destroy();
  assert.deepEqual(seen, ['true 103 true', 'destroyed']);
  const updated = await chain.updateRwSetting('test', (value) => Promise.resolve({ value: `[${value}]`, result: 0 }));
  assert.deepEqual([updated, await chain.getRwSetting('test')], [true, '[null]']);

  for (const object of [tipHandler, loadHandler, wallet, loader, chain, node, echo]) await object.destroy();
  close();
  await reference.cli('stop');
  assert.equal(await reference.exited, 0);
});

test('a reference node works with a wallet process of ours', { skip }, async (t) => {
  const bin = mkdtempSync(join(tmpdir(), 'bulkhead-bin-'));
  t.after(() => rmSync(bin, { recursive: true }));
  symlinkSync(join(directory, 'bitcoin-node'), join(bin, 'bitcoin-node'));
  const root = fileURLToPath(new URL('..', import.meta.url));
  const program = join(root, 'src-ipc/testing/wallet-program.ts');
  const script = `#!/bin/sh\ncd '${root}' && exec '${process.execPath}' --import tsx '${program}' "$@"\n`;
  writeFileSync(join(bin, 'bitcoin-wallet'), script);
  chmodSync(join(bin, 'bitcoin-wallet'), 0o755);
  const reference = await startNode(t, bin);
  const answer: unknown = JSON.parse(await reference.cli('-named', 'createwallet', 'wallet_name=a b'));
  assert.deepEqual(answer, { params: '["a b"]', height: 0 });
  await assert.rejects(reference.cli('createwallet', '-18'), /error code: -18[^]*no such wallet/);
  await assert.rejects(reference.cli('createwallet', 'type'), /error code: -3[^]*wrong type/);
  assert.equal(await reference.cli('help', 'createwallet'), 'help of createwallet');
  await reference.cli('generateblock', 'raw(51)', '[]');
  await reference.cli('stop');
  assert.equal(await reference.exited, 0);
  const lines = reference.stderr().split('\n').filter((line) => line.startsWith('[wallet] '));
  assert.match(lines[0] ?? '', /datadir/);
  assert.ok(lines.includes('[wallet] block 1 true true'), lines.join('\n'));
  assert.deepEqual(lines.slice(-3), ['[wallet] stop', '[wallet] unsubscribed', '[wallet] destroyed']);
});
