import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { StorageError } from '../storage/storage-error.js';
import { busyChain } from './testing/busy-chain.js';
import { openForTest, temporaryDirectory } from './testing/open-for-test.js';

const folder = process.env['BITCOIN_REFERENCE_BIN'];
const program = folder === undefined ? undefined : join(folder, 'bitcoin-node');
const skip = program !== undefined && existsSync(program) ? false : 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Runs Bitcoin Core on a data directory, and something while it runs. */
async function withReference<T>(base: string, work: (rpc: (...command: string[]) => string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const common = ['-regtest', `-datadir=${base}`, `-rpcport=${port}`];
  const quiet = ['-listen=0', '-connect=0', '-printtoconsole=0', '-daemon=0', '-disablewallet'];
  const node = spawn(String(program), [...common, ...quiet], { stdio: 'ignore' });
  const exited = once(node, 'exit');
  const rpc = (...command: string[]): string =>
    execFileSync(join(String(folder), 'bitcoin-cli'), [...common, '-rpcwait', ...command], { encoding: 'utf8' }).trim();
  try {
    rpc('getblockcount');
    return await work(rpc);
  } finally {
    rpc('stop');
    await Promise.race([exited, sleep(30_000).then(() => node.kill('SIGKILL'))]);
  }
}

test('Bitcoin Core goes on where we stopped, and we where it did', { skip }, async (t) => {
  const base = temporaryDirectory(t);
  const directory = join(base, 'regtest');
  mkdirSync(directory);
  const chain = await openForTest(t, directory);
  for (const block of busyChain(160)) await chain.processBlock(block, { force: true });
  const { height } = chain.tip;
  const before = await chain.utxoSetStatistics('muhash');
  await chain.close();
  const after = await withReference(base, async (rpc) => {
    const info = JSON.parse(rpc('gettxoutsetinfo', 'muhash')) as { muhash: string; height: number };
    assert.deepEqual(info.height, height);
    assert.equal(info.muhash, hashToHex(before.hash ?? new Uint8Array()));
    assert.equal(rpc('verifychain', '4', '0'), 'true');
    // While one of us has the directory, the other stays out.
    await assert.rejects(openForTest(t, directory), (error) => error instanceof StorageError && error.code === 'in-use');
    const back = rpc('getblockhash', String(height - 12));
    rpc('invalidateblock', back);
    rpc('generatetoaddress', '20', 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080');
    return JSON.parse(rpc('gettxoutsetinfo', 'muhash')) as { muhash: string; bestblock: string };
  });
  const again = await openForTest(t, directory);
  assert.equal(hashToHex(again.tip.hash), after.bestblock);
  const { hash } = await again.utxoSetStatistics('muhash');
  assert.equal(hashToHex(hash ?? new Uint8Array()), after.muhash);
  const old = again.tips().find((tip) => tip.failed);
  assert.ok(old !== undefined);
  await again.invalidateBlock(again.atHeight(height - 12) ?? old);
  await again.reconsiderBlock(old);
  assert.equal(again.tip, old);
  const returned = await again.utxoSetStatistics('muhash');
  assert.deepEqual(returned.hash, before.hash);
});
