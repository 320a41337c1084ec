import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ClassicLevel } from 'classic-level';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { busyChain, coinHashes } from './testing/busy-chain.js';
import { openForTest, temporaryDirectory } from './testing/open-for-test.js';
import { blockFile } from './testing/regtest-chain.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('./testing/import-process.ts', import.meta.url));
const rounds = 20;

/** Starts an import and kills it after a random number of writes to disk, most likely in the next one. */
async function killedImport(dataDirectory: string, path: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDirectory, path], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let writesLeft = randomInt(40);
  const reached = new Promise<void>((resolve) => {
    child.stdout.on('data', (bytes: Buffer) => {
      writesLeft -= bytes.length;
      if (writesLeft <= 0) resolve();
    });
  });
  await Promise.race([reached, exited]);
  await sleep(randomInt(60));
  child.kill('SIGKILL');
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL');
}

test(`killed ${rounds} times while blocks arrive, the coins are always those of the tip`, async (t) => {
  const directory = temporaryDirectory(t);
  const dataDirectory = join(directory, 'node');
  const path = join(directory, 'blocks.dat');
  const blocks = busyChain(280);
  writeFileSync(path, blockFile(blocks));
  const expected = coinHashes(blocks);
  let unfinished = 0;
  for (let round = 0; round < rounds; round++) {
    await killedImport(dataDirectory, path);
    if (await isWriteUnfinished(dataDirectory)) unfinished++;
    const chain = await openForTest(t, dataDirectory);
    const { hash, bestBlock } = await chain.utxoSetStatistics('muhash');
    assert.deepEqual(bestBlock, chain.tip.hash);
    assert.equal(hashToHex(hash ?? new Uint8Array()), expected(chain.tip.hash), `round ${round}, height ${chain.tip.height}`);
    await chain.close();
    // Every other round starts from nothing.
    if (round % 2 === 1) rmSync(dataDirectory, { recursive: true });
  }
  t.diagnostic(`a write of coins was cut off in ${unfinished} of ${rounds} rounds`);
});

type Level = ClassicLevel<Uint8Array, Uint8Array>;

async function withCoins<T>(dataDirectory: string, work: (level: Level) => Promise<T>): Promise<T> {
  const level: Level = new ClassicLevel(join(dataDirectory, 'chainstate'), {
    keyEncoding: 'view',
    valueEncoding: 'view',
    compression: false,
  });
  await level.open();
  try {
    return await work(level);
  } finally {
    await level.close();
  }
}

const headBlocksKey = Uint8Array.of(0x48);
const bestBlockKey = Uint8Array.of(0x42);
const obfuscationKey = Uint8Array.from(Buffer.from('0e006f62667573636174655f6b6579', 'hex'));

function isWriteUnfinished(dataDirectory: string): Promise<boolean> {
  return withCoins(dataDirectory, async (level) => (await level.get(headBlocksKey)) !== undefined);
}

test('an interrupted write across a reorganisation is finished at the next start', async (t) => {
  const directory = temporaryDirectory(t);
  const dataDirectory = join(directory, 'node');
  const path = join(directory, 'blocks.dat');
  const blocks = busyChain(150);
  writeFileSync(path, blockFile(blocks));
  const chain = await openForTest(t, dataDirectory);
  await chain.importBlockFile(path);
  const to = chain.tip.hash;
  // The tip of a branch that was left, below which both have blocks of their own.
  const from = chain.tips().find((tip) => !chain.isActive(tip) && tip.height > 115);
  assert.ok(from !== undefined);
  await chain.close();
  await withCoins(dataDirectory, async (level) => {
    const key = (await level.get(obfuscationKey))?.subarray(1) ?? new Uint8Array(8);
    const value = concatBytes(Uint8Array.of(2), to, from.hash).map((byte, i) => byte ^ (key[i % 8] ?? 0));
    await level.batch([
      { type: 'del', key: bestBlockKey },
      { type: 'put', key: headBlocksKey, value },
    ]);
  });
  const again = await openForTest(t, dataDirectory);
  assert.equal(hashToHex(again.tip.hash), hashToHex(to));
  const { hash } = await again.utxoSetStatistics('muhash');
  assert.equal(hashToHex(hash ?? new Uint8Array()), coinHashes(blocks)(to));
});
