/** Which processes there are, and what the others do when one is gone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { NodeProcess, type RpcError } from '../framework/node-process.js';
import { childrenOf, commandLine, isRunning, openFiles } from '../framework/process-tree.js';
import { waitFor } from '../framework/wait.js';

async function walletPid(node: NodeProcess): Promise<number> {
  return waitFor('the wallet process', () => childrenOf(node.pid).find((pid) => /bitcoin-wallet -ipcfd \d+/.test(commandLine(pid))));
}

test('the node has one child, bitcoin-wallet -ipcfd N, and ends it', async () => {
  const node = await NodeProcess.start();
  const pid = await walletPid(node);
  assert.match(execFileSync('ps', ['-o', 'args=', '-p', String(pid)]).toString(), /bitcoin-wallet -ipcfd \d+/);
  await node.rpc('createwallet', ['w']);
  const files = openFiles(pid).filter((file) => file.startsWith(node.datadir));
  assert.ok(files.some((file) => file.endsWith('/wallet.dat')));
  assert.deepEqual(files.filter((file) => !/\/(wallets\/|debug\.log\.wallet$)/.test(file)), [], 'it has no file of the node open');
  assert.equal((await node.stop()).code, 0);
  await waitFor('the wallet to be gone', () => !isRunning(pid));
});

test('bitcoind is one process', async () => {
  const node = await NodeProcess.start({ program: 'bitcoind' });
  await node.rpc('createwallet', ['w']);
  assert.deepEqual(childrenOf(node.pid), []);
  assert.equal((await node.stop()).code, 0);
});

test('a killed wallet leaves the node running, and is back by itself with everything', async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', ['w', false, false, '', false, true, true]);
  await node.rpc('generatetoaddress', [101, await node.rpc('getnewaddress', [], 'w')]);
  await waitFor('the balance', async () => (await node.rpc('getbalance', [], 'w')) === 50);
  const before = await node.rpc('getbalances', [], 'w');
  // The second pause is longer than the first.
  for (const [attempt, reason] of [[1, /restarting in 1 s \(attempt 1 of 5\)/], [2, /restarting in [1-4] s \(attempt 2 of 5\)/]] as const) {
    const pid = await walletPid(node);
    process.kill(pid, 'SIGKILL');
    const facts = await waitFor('the node to notice', async () => {
      const { wallet } = await node.rpc('getprocessinfo');
      return wallet.state === 'crashed' && wallet.restart !== null && wallet;
    });
    assert.deepEqual([facts.signal, facts.restart.attempt, facts.restart.of], ['SIGKILL', attempt, 5]);
    await assert.rejects(node.rpc('getbalances', [], 'w'), (error: RpcError) => error.code === -4 && /^The wallet process has ended; /.test(error.message) && reason.test(error.message));
    await assert.rejects(node.rpc('nosuchcommand'), { code: -32601 });
    assert.equal(await node.rpc('getblockcount'), 101);
    assert.match((await node.rpc('getblockchaininfo')).warnings.join(), new RegExp(`SIGKILL. It is started again \\(attempt ${attempt} of 5\\)`));
    assert.ok(!isRunning(pid));
    await waitFor('the wallet', async () => (await node.rpc('getbalances', [], 'w')).mine.trusted === before.mine.trusted);
    assert.deepEqual((await node.rpc('getbalances', [], 'w')).mine, before.mine);
    assert.deepEqual((await node.rpc('getblockchaininfo')).warnings, []);
  }
  assert.match(fs.readFileSync(path.join(node.networkFolder, 'debug.log'), 'utf8'), /The wallet process was ended by SIGKILL; restarting in 4 s \(attempt 2 of 5\)\n[^]*The wallet process runs again\n/);
  assert.equal((await node.stop()).code, 0);
});

test('who cannot wait for the restart asks for it', async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', { wallet_name: 'w', load_on_startup: true });
  for (let round = 0; round < 2; round++) {
    const pid = await walletPid(node);
    process.kill(pid, 'SIGKILL');
    await waitFor('the node to notice', async () => (await node.rpc('getprocessinfo')).wallet.restart !== null);
    await node.rpc('restartwallet');
    const { wallet } = await node.rpc('getprocessinfo');
    assert.deepEqual([wallet.state, wallet.restart], ['running', null]);
    assert.notEqual(wallet.pid, pid);
    assert.deepEqual(await node.rpc('listwallets'), ['w']);
    assert.deepEqual(childrenOf(node.pid), [wallet.pid], 'one wallet process only');
  }
  assert.equal((await node.stop()).code, 0);
});

test('a wallet process that somebody ended stays ended until it is asked for', async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', { wallet_name: 'w', load_on_startup: true });
  process.kill(await walletPid(node), 'SIGTERM');
  const facts = await waitFor('the node to notice', async () => {
    const { wallet } = await node.rpc('getprocessinfo');
    return wallet.state !== 'running' && wallet;
  });
  assert.deepEqual([facts.state, facts.exit_code, facts.signal, facts.restart], ['stopped', 0, null, null]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.deepEqual(childrenOf(node.pid), []);
  await assert.rejects(node.rpc('getbalances'), { code: -4, message: 'The wallet process has ended; restartwallet starts it again' });
  await node.rpc('restartwallet');
  assert.deepEqual(await node.rpc('listwallets'), ['w']);
  assert.equal((await node.stop()).code, 0);
});

test('a wallet process that does not answer is told apart from one that does, and is ended and started again for who asks', async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', { wallet_name: 'w', load_on_startup: true });
  const pid = await walletPid(node);
  assert.equal((await node.rpc('getprocessinfo')).wallet.answers, true);
  process.kill(pid, 'SIGSTOP');
  const { wallet } = await node.rpc('getprocessinfo');
  assert.deepEqual([wallet.state, wallet.pid, wallet.answers], ['running', pid, false]);
  await node.rpc('restartwallet');
  assert.ok(isRunning(pid), 'it is not ended by the way');
  process.kill(pid, 'SIGCONT');
  await waitFor('the wallet to answer', async () => (await node.rpc('getprocessinfo')).wallet.answers === true);
  process.kill(pid, 'SIGSTOP');
  const asked = assert.rejects(node.rpc('getbalances', [], 'w'));
  await node.rpc('restartwallet', [true]);
  await asked;
  assert.ok(!isRunning(pid));
  assert.deepEqual(childrenOf(node.pid), [await walletPid(node)]);
  assert.deepEqual(await node.rpc('listwallets'), ['w']);
  assert.deepEqual((await node.rpc('getblockchaininfo')).warnings, []);
  const after = (await node.rpc('getprocessinfo')).wallet;
  assert.deepEqual([after.state, after.answers, after.restart], ['running', true, null]);
  assert.equal((await node.stop()).code, 0);
});

test('a wallet process that does not answer keeps no node from ending', async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', ['w']);
  const pid = await walletPid(node);
  process.kill(pid, 'SIGSTOP');
  const rescue = setTimeout(() => process.kill(pid, 'SIGKILL'), 60_000);
  assert.deepEqual(await node.stop(), { code: 0, signal: null });
  clearTimeout(rescue);
  assert.match(fs.readFileSync(path.join(node.networkFolder, 'debug.log'), 'utf8'), /does not answer and is killed/);
  assert.ok(!isRunning(pid));
});

test('wallets that cannot be loaded leave the node running, and load once they are whole again', async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', { wallet_name: 'w', load_on_startup: true });
  await node.rpc('generatetoaddress', [3, await node.rpc('getnewaddress')]);
  process.kill(await walletPid(node), 'SIGKILL');
  await waitFor('the node to notice', async () => (await node.rpc('getprocessinfo')).wallet.state === 'crashed');
  const file = path.join(node.networkFolder, 'wallets', 'w', 'wallet.dat');
  const whole = fs.readFileSync(file);
  fs.writeFileSync(file, 'not a wallet');
  for (let attempt = 0; attempt < 2; attempt++) await assert.rejects(node.rpc('restartwallet'), /wallet/i);
  assert.equal(await node.rpc('getblockcount'), 3);
  fs.writeFileSync(file, whole);
  await node.rpc('restartwallet');
  await waitFor('the coins', async () => (await node.rpc('getbalances', [], 'w')).mine.immature === 150);
  assert.equal((await node.stop()).code, 0);
});

test('a killed node takes its wallet along, and both come back', async () => {
  const node = await NodeProcess.start();
  await node.rpc('createwallet', ['w', false, false, '', false, true, true]);
  await node.rpc('generatetoaddress', [3, await node.rpc('getnewaddress', [], 'w')]);
  await waitFor('the coins', async () => (await node.rpc('getbalances', [], 'w')).mine.immature === 150);
  const pid = await walletPid(node);
  // Blocks are on disk a moment after they came; younger ones are lost with the process, as with Bitcoin Core.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await node.kill('SIGKILL');
  await waitFor('the wallet to end by itself', () => !isRunning(pid));
  const again = await NodeProcess.start({ datadir: node.datadir });
  assert.equal(await again.rpc('getblockcount'), 3);
  await waitFor('the coins', async () => (await again.rpc('getbalances', [], 'w')).mine.immature === 150);
  await again.stop();
});

test('a wallet process that does not answer while the node starts does not keep it from ending', { timeout: 90_000 }, async () => {
  const node = await NodeProcess.launch();
  const pid = await walletPid(node);
  process.kill(pid, 'SIGSTOP');
  node.child.kill('SIGTERM');
  assert.deepEqual(await node.exited, { code: 0, signal: null }, node.output);
  assert.ok(!isRunning(pid));
  assert.match(fs.readFileSync(path.join(node.networkFolder, 'debug.log'), 'utf8'), /The wallet process \(pid \d+\) does not (answer|end) and is killed\n[^]*Shutdown done\n$/);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends node and wallet cleanly`, async () => {
    const node = await NodeProcess.start();
    const pid = await walletPid(node);
    node.child.kill(signal);
    assert.equal((await node.exited).code, 0);
    await waitFor('the wallet to be gone', () => !isRunning(pid));
  });
}
