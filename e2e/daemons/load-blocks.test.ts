/** The node reads a real chain from a file, checks every script, and gets the UTXO set Bitcoin Core gets. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { benchBlockFile, benchHeight, benchMuhash, benchSkip, benchTip, blockRecords } from '../framework/bench-chain.js';
import { NodeProcess } from '../framework/node-process.js';
import { temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

const allScripts = ['-assumevalid=0', '-disablewallet'];
/** Milliseconds for the whole import on a slow machine. */
const importPatience = 240_000;

test('-loadblock reaches the tip with every script checked', { skip: benchSkip }, async () => {
  const node = await NodeProcess.start({ args: [...allScripts, `-loadblock=${benchBlockFile()}`] });
  try {
    await waitFor('the last block', async () => (await node.rpc('getblockcount')) === benchHeight, importPatience);
    assert.equal(await node.rpc('getbestblockhash'), benchTip);
    const set = await node.rpc('gettxoutsetinfo', ['muhash']);
    assert.equal(set.muhash, benchMuhash);
    assert.equal(set.txouts, 932);
    assert.equal(set.total_amount, 12050);
    assert.equal((await node.stop()).code, 0);

    const again = await NodeProcess.start({ datadir: node.datadir, args: allScripts });
    assert.equal(await again.rpc('getbestblockhash'), benchTip);
    assert.equal((await again.rpc('gettxoutsetinfo', ['muhash'])).muhash, benchMuhash);
    await again.stop();
  } finally {
    await node.kill();
  }
});

test('a flipped bit in a signature stops at that block, says why, and the node lives', { skip: benchSkip }, async () => {
  const bytes = Buffer.from(fs.readFileSync(benchBlockFile()));
  // Late enough that signatures fill the block: its last witness item lies before the 4 bytes of locktime.
  const height = 300;
  const record = blockRecords(bytes)[height];
  assert.ok(record !== undefined);
  const block = bytes.subarray(record.start, record.start + record.length);
  const sequence = Buffer.from([0x02, 0x20]);
  // A DER integer of 32 bytes with its sign bit clear occurs in signatures only; the last one is in a late input.
  const at = block.lastIndexOf(sequence);
  assert.ok(at > 100);
  block[at + 20] = (block[at + 20] ?? 0) ^ 1;
  const file = path.join(temporaryFolder(), 'flipped.blk');
  fs.writeFileSync(file, bytes);
  const node = await NodeProcess.start({ args: [...allScripts, `-loadblock=${file}`] });
  try {
    await waitFor('the block before', async () => (await node.rpc('getblockcount')) === height - 1, importPatience);
    const log = path.join(node.networkFolder, 'debug.log');
    // A flipped witness bit leaves the txid and merkle root alone; what fails is the script or, first, the witness commitment.
    const reason = await waitFor('the reject reason in the log', () => /(block-script-verify-flag-failed|mandatory-script-verify-flag-failed|bad-witness-merkle-match|bad-txnmrklroot)[^\n]*/.exec(fs.readFileSync(log, 'utf8'))?.[0]);
    assert.ok(reason.length > 0);
    assert.equal(await node.rpc('getblockcount'), height - 1);
    assert.ok((await node.rpc('uptime')) >= 0);
  } finally {
    await node.stop();
  }
});
