/**
 * The node is killed in the middle of its work, twenty times: while it imports a file, while blocks are
 * submitted, while it mines. The coins it comes back with are always those of the tip it comes back to.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { hashFromHex } from '../../src-bitcoin/bytes/hex.js';
import { blockHash, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { busyChain, coinHashes, heightOfLast } from '../../src-node/kernel/testing/busy-chain.js';
import { benchBlockFile, benchHeight, benchMuhash, benchSkip, benchTip } from '../framework/bench-chain.js';
import { NodeProcess, type Json } from '../framework/node-process.js';
import { temporaryFolder } from '../framework/programs.js';
import { pause, randomFor, type Random } from '../framework/random.js';
import { waitFor } from '../framework/wait.js';

/**
 * Little memory and small batches: a write of coins comes often and takes many steps to be cut off in.
 * Blocks of any age count as new, which are written soon after they came.
 */
const busyDisk = ['-disablewallet', '-dbcache=4', '-dbbatchsize=400', '-maxtipage=1000000000'];
const importPatience = 240_000;

/** Heights, hashes of tips and of their coins, as the node saw them after it was killed. */
interface Sighting {
  readonly height: number;
  readonly bestblock: string;
  readonly muhash: string;
}

async function look(node: NodeProcess): Promise<Sighting> {
  const { height, bestblock, muhash }: Json = await node.rpc('gettxoutsetinfo', ['muhash']);
  assert.equal(await node.rpc('getblockhash', [height]), bestblock);
  return { height, bestblock, muhash };
}

/** Starts a node and kills it again before it has quite started. */
async function killInStart(random: Random, datadir: string, args: readonly string[]): Promise<void> {
  const node = await NodeProcess.launch({ datadir, args });
  await pause(200 + random.below(800));
  await node.kill();
}

/** Kills the node a moment after it has got some blocks more, most likely while it writes. */
async function killAfterBlocks(random: Random, node: NodeProcess, blocks: number, last = Infinity): Promise<void> {
  const goal = Math.min((await node.rpc('getblockcount')) + random.below(blocks), last);
  await waitFor(`block ${goal}`, async () => (await node.rpc('getblockcount')) >= goal, importPatience);
  await pause(random.below(150));
  await node.kill();
}

/** Checks sightings by a node that has the whole chain, from the top down. */
async function checkSightings(t: TestContext, node: NodeProcess, sightings: readonly Sighting[]): Promise<void> {
  for (const seen of [...sightings].sort((a, b) => b.height - a.height)) {
    assert.equal(await node.rpc('getblockhash', [seen.height]), seen.bestblock);
    if ((await node.rpc('getblockcount')) > seen.height) {
      await node.rpc('invalidateblock', [await node.rpc('getblockhash', [seen.height + 1])]);
    }
    assert.deepEqual(await look(node), seen, `the coins at height ${seen.height}`);
  }
  t.diagnostic(`heights after the kills: ${sightings.map(({ height }) => height).join(' ')}`);
}

test('killed 8 times while it imports a file', { skip: benchSkip }, async (t) => {
  const random = randomFor(t);
  const args = [...busyDisk, `-loadblock=${benchBlockFile()}`];
  const sightings: Sighting[] = [];
  let datadir = temporaryFolder();
  for (let kill = 0; kill < 8; kill++) {
    if (random.oneIn(4)) {
      await killInStart(random, datadir, args);
      continue;
    }
    const node = await NodeProcess.start({ datadir, args });
    sightings.push(await look(node));
    await killAfterBlocks(random, node, 90, benchHeight);
    // Nothing more arrives here.
    if (sightings.at(-1)?.height === benchHeight) datadir = temporaryFolder();
  }
  const survivor = await NodeProcess.start({ datadir, args });
  sightings.push(await look(survivor));
  await waitFor('the last block', async () => (await survivor.rpc('getblockcount')) === benchHeight, importPatience);
  const end = { height: benchHeight, bestblock: benchTip, muhash: benchMuhash };
  assert.deepEqual(await look(survivor), end);
  // Its coins are those Bitcoin Core ends with; going back block by block gives the truth of every height.
  await checkSightings(t, survivor, sightings);
  await survivor.stop();
});

test('killed 6 times while blocks are submitted, reorganisations among them', async (t) => {
  const random = randomFor(t);
  const blocks = busyChain(330);
  const names = blocks.map(({ header }) => Buffer.from(blockHash(header)).reverse().toString('hex'));
  const truth = coinHashes(blocks);
  const end = heightOfLast(blocks);
  const datadir = temporaryFolder();
  const heights: number[] = [];
  // Where in the arrivals to go on: some blocks before the tip, which may stand on a shorter branch.
  const submit = async (node: NodeProcess, count: number): Promise<void> => {
    const from = Math.max(0, names.indexOf(await node.rpc('getbestblockhash')) - 20);
    for (const block of blocks.slice(from, from + count + 20)) {
      const answer = await node.rpc('submitblock', [Buffer.from(serializeBlock(block)).toString('hex')]);
      assert.ok([null, 'duplicate', 'inconclusive'].includes(answer), answer);
    }
  };
  const check = async (node: NodeProcess): Promise<void> => {
    const seen = await look(node);
    heights.push(seen.height);
    if (seen.height > 0) assert.equal(seen.muhash, truth(hashFromHex(seen.bestblock)), `the coins at height ${seen.height}`);
  };
  for (let kill = 0; kill < 6; kill++) {
    const node = await NodeProcess.start({ datadir, args: busyDisk });
    await check(node);
    const submitted = submit(node, 130).catch((error: unknown) => {
      if (error instanceof assert.AssertionError) throw error;
    });
    // A hundred and thirty arrivals from the tip on are at least 83 blocks more of height.
    await killAfterBlocks(random, node, 80, end);
    await submitted;
    if (random.oneIn(3)) {
      await killInStart(random, datadir, busyDisk);
      kill++;
    }
  }
  const survivor = await NodeProcess.start({ datadir, args: busyDisk });
  await check(survivor);
  await submit(survivor, blocks.length);
  await check(survivor);
  assert.equal(await survivor.rpc('getbestblockhash'), names.at(-1));
  await survivor.stop();
  t.diagnostic(`heights after the kills: ${heights.join(' ')}`);
});

test('killed 6 times while it mines', async (t) => {
  const random = randomFor(t);
  const datadir = temporaryFolder();
  const undisturbed = await NodeProcess.start({ args: ['-disablewallet'] });
  const heights: number[] = [];
  // The undisturbed node takes over every block and gives up what the other has lost.
  const compare = async (node: NodeProcess): Promise<void> => {
    const seen = await look(node);
    heights.push(seen.height);
    const ahead = (await undisturbed.rpc('getblockcount')) - seen.height;
    if (ahead > 0) await undisturbed.rpc('invalidateblock', [await undisturbed.rpc('getblockhash', [seen.height + 1])]);
    for (let height = 1 + (await undisturbed.rpc('getblockcount')); height <= seen.height; height++) {
      const raw = await node.rpc('getblock', [await node.rpc('getblockhash', [height]), 0]);
      assert.equal(await undisturbed.rpc('submitblock', [raw]), null);
    }
    assert.deepEqual(await look(undisturbed), seen, `the coins at height ${seen.height}`);
  };
  for (let kill = 0; kill < 6; kill++) {
    const node = await NodeProcess.start({ datadir, args: busyDisk });
    await compare(node);
    const mined = (async () => {
      for (;;) await node.rpc('generatetodescriptor', [5, 'raw(51)']);
    })().catch(() => undefined);
    await killAfterBlocks(random, node, 60);
    await mined;
  }
  const survivor = await NodeProcess.start({ datadir, args: busyDisk });
  await compare(survivor);
  await survivor.stop();
  await undisturbed.stop();
  t.diagnostic(`heights after the kills: ${heights.join(' ')}`);
});
