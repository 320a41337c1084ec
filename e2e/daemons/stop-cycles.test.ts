/** Twenty starts and stops leave nothing behind. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { NodeProcess } from '../framework/node-process.js';
import { childrenOf, isRunning } from '../framework/process-tree.js';
import { temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';
import { lockDirectory } from '../../src-node/storage/directory-lock.js';

const ways = ['stop', 'SIGTERM', 'SIGINT'] as const;
const cycles = 20;

/** Files that a node has while it runs: none of them may outlive it. */
function leftovers(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSocket() || entry.name === '.cookie' || entry.name.endsWith('.pid') || /-(wal|shm|journal)$/.test(entry.name))
    .map(({ name }) => name);
}

test(`${cycles} starts and stops, by ${ways.join(', ')} in turn`, async () => {
  const datadir = temporaryFolder();
  const socket = path.join(datadir, 'regtest', 'node.sock');
  for (let cycle = 0; cycle < cycles; cycle++) {
    const way = ways[cycle % ways.length];
    const together = cycle % 5 === 4;
    const node = await NodeProcess.start({ datadir, ...(together ? { program: 'bitcoind' } : { args: ['-ipcbind=unix'] }) });
    if (cycle === 0) await node.rpc('createwallet', { wallet_name: 'w', load_on_startup: true });
    assert.deepEqual(await node.rpc('listwallets'), ['w'], `cycle ${cycle}`);
    assert.equal(fs.existsSync(socket), !together);
    await node.rpc('generatetoaddress', [1, await node.rpc('getnewaddress')]);
    const processes = [node.pid, ...childrenOf(node.pid)];
    // Work that is under way when the end comes; how it ends does not matter.
    const busy = cycle % 2 === 1 ? node.rpc('generatetoaddress', [50, await node.rpc('getnewaddress')]).catch(() => undefined) : undefined;
    if (way === 'stop' || way === undefined) await node.rpc('stop');
    else node.child.kill(way);
    assert.deepEqual(await node.exited, { code: 0, signal: null }, `cycle ${cycle}, ${way}: ${node.output}`);
    await busy;
    await waitFor('every process to end', () => !processes.some(isRunning), 10_000);
    assert.deepEqual(leftovers(datadir), [], `cycle ${cycle}, ${way}`);
    assert.equal(fs.existsSync(socket), false);
    // Throws when somebody still holds it.
    lockDirectory(path.join(datadir, 'regtest')).release();
  }
  const node = await NodeProcess.start({ datadir });
  const height = await node.rpc('getblockcount');
  assert.ok(height >= cycles);
  const { mine } = await node.rpc('getbalances', [], 'w');
  const { total_amount: total } = await node.rpc('gettxoutsetinfo', ['none']);
  assert.equal(mine.trusted + mine.immature, total);
  await node.stop();
});
