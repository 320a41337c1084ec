/** A recorded window of the reference, played to our node. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { spawnProcess } from '../../src-ipc/process/index.js';
import { freePort, NodeProcess } from '../framework/node-process.js';
import { program, temporaryFolder } from '../framework/programs.js';
import { connectPlayer } from './connect.js';
import { Meaning, type Allowed } from './meaning.js';
import { Player } from './player.js';
import { readRecording, withoutRecordings } from './recording.js';

/** What may differ. */
const ALLOWED: readonly Allowed[] = [
  { where: /(blockTime|headerTime|timeReceived|\.time)$/, why: 'the blocks and payments were made at another time' },
  { where: /(txLockTime|txStatus\.lockTime)$/, why: 'a wallet sometimes chooses an earlier height, to make its payments look less alike' },
  { where: /inputs\.0\.outputIndex$/, why: 'change is put at a random place' },
  { where: /listRpcCommands: /, why: 'other commands: our node has none for private broadcast, PSBT tools and dumps of the UTXO set' },
  { where: /getWarnings: /, why: 'the recorded program was a test build and says so' },
  { where: /getTotalBytes|getMempoolDynamicUsage/, why: 'bytes in memory are counted by what each program uses' },
];

/** What stands for something, and must do so everywhere. */
const RANDOM: readonly Allowed[] = [
  { where: /witnessV1Taproot$|witnessV0KeyHash$/, why: 'the keys of the wallets are random' },
  { where: /txid$/, why: 'follows from keys' },
  { where: /getBestBlockHash: $|blockHash$/, why: 'follows from keys and times' },
];

/** What our node says besides when it starts: it activates the chain before it loads wallets, and says that it does so. */
const SAID: readonly unknown[] = ['Activating best chain…', 'Loading wallet…'];

/** What it does not say: its bans are read with the addresses of peers. It counts blocks that are checked, not those about to be. */
const MISSING = ['InitMessageCallback.call', 'ShowNodeProgressCallback.call', 'ShowNodeProgressCallback.call'];

/** A data directory with what the recorded one had: wallets w1 and w2, 104 blocks, and the payments between them. */
async function prepare(datadir: string): Promise<void> {
  const node = await NodeProcess.start({ datadir, args: ['-fallbackfee=0.0001'] });
  await node.rpc('createwallet', ['w1']);
  const first = await node.rpc('getnewaddress', [], 'w1');
  await node.rpc('generatetoaddress', [101, first]);
  await node.rpc('createwallet', { wallet_name: 'w2', load_on_startup: true });
  const second = await node.rpc('getnewaddress', ['', 'bech32m'], 'w2');
  await node.rpc('sendtoaddress', [second, 1.5], 'w1');
  await node.rpc('generatetoaddress', [1, first]);
  await node.rpc('sendtoaddress', [first, 0.5], 'w2');
  await node.rpc('generatetoaddress', [2, second]);
  await node.rpc('syncwithvalidationinterfacequeue');
  await node.stop();
}

test('a recorded window gets the recorded answers from our node', { skip: withoutRecordings }, async (t) => {
  const datadir = path.join(temporaryFolder(), 'data');
  (await import('node:fs')).mkdirSync(datadir);
  await prepare(datadir);
  const calls = readRecording('gui-node');
  const meaning = new Meaning(ALLOWED, RANDOM);
  meaning.rename('"/home/satoshi/.bitcoin"', JSON.stringify(datadir));
  meaning.rename('/home/satoshi/.bitcoin/bitcoin.conf', path.join(datadir, 'bitcoin.conf'));
  meaning.rename('"18663"', JSON.stringify(String(await freePort())));
  const player = new Player(calls, 'gui', meaning, (name, _, params) => {
    const isSaid = name === 'InitMessageCallback.call' && SAID.includes((params as { message: string }).message);
    return isSaid ? { results: undefined } : undefined;
  });
  const child = await spawnProcess({ command: process.execPath, args: [program('bitcoin-node')] }, { name: 'bitcoin-node' });
  t.after(() => child.kill('SIGKILL'));
  const connection = await connectPlayer(player, calls, child.socket);
  await player.play();
  connection.close();
  await child.exited;
  assert.deepEqual(player.differences, []);
  assert.deepEqual(player.orphaned, []);
  assert.deepEqual(player.missing(), MISSING);
  assert.ok(player.compared.size >= 55, `${player.compared.size} methods`);
  for (const { where } of [...ALLOWED, ...RANDOM]) assert.ok(meaning.used.has(where), `nothing differs in ${where.source}`);
});
