import assert from 'node:assert/strict';
import test from 'node:test';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { meetsTarget, workOfBits } from '../../src-bitcoin/consensus/target.js';
import { blockHash, type BlockHeader } from '../../src-bitcoin/primitives/block.js';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { solveBlock } from '../mining/proof-of-work.js';
import { at } from '../mempool/testing/mempool-bed.js';
import { TestChain } from '../mempool/testing/test-chain.js';
import { LowWorkHeaders } from './low-work-headers.js';
import { RawPeer } from './testing/raw-peer.js';
import { TestNode, waitFor } from './testing/test-node.js';
import { decodeLocator, encodeHeaders } from './wire/messages.js';

const { genesis, consensus } = chainParams('regtest');
const work = workOfBits(genesis.header.bits);

/** Headers with valid proof of work on regtest's first block; others for another `mark`. */
function chainOf(length: number, mark: number): BlockHeader[] {
  const headers: BlockHeader[] = [];
  let prev = genesis.header;
  for (let i = 0; i < length; i++) {
    const merkleRoot = new Uint8Array(32).fill(mark);
    const header = { ...prev, version: 4, prevHash: blockHash(prev), merkleRoot, time: prev.time + 600, nonce: 0 };
    const solved = solveBlock({ header, transactions: [] }, consensus.powLimit, 1000).block;
    assert.ok(solved !== undefined);
    headers.push(solved.header);
    prev = solved.header;
  }
  return headers;
}

const long = chainOf(3000, 1);
const other = chainOf(3000, 2);

function sync(enough: number, now = 2_000_000_000): LowWorkHeaders {
  const { tip } = new TestChain();
  return new LowWorkHeaders({ start: tip, params: consensus, enough: work * BigInt(enough + 1), now, salt: Uint8Array.of(0, 7, 9) });
}

test('headers are kept in a second pass, when the first has shown enough work', () => {
  const lowWork = sync(2500);
  assert.deepEqual(lowWork.process(long.slice(0, 1000), true), { state: 'more', last: blockHash(at(long, 999)), headers: [] });
  assert.equal(lowWork.presyncedHeight, 1000);
  assert.equal(lowWork.process(long.slice(1000, 2000), true).state, 'more');
  assert.deepEqual(lowWork.process(long.slice(2000), false), { state: 'more', last: blockHash(genesis.header), headers: [] });
  assert.equal(lowWork.presyncedHeight, undefined);
  const kept: BlockHeader[] = [];
  for (const [from, to, state] of [[0, 1000, 'more'], [1000, 2000, 'more'], [2000, 3000, 'done']] as const) {
    const step = lowWork.process(long.slice(from, to), true);
    assert.equal(step.state, state);
    assert.ok('headers' in step);
    kept.push(...step.headers);
  }
  assert.deepEqual(kept, long);
});

test('other headers the second time are noticed before they are kept', () => {
  const lowWork = sync(2500);
  lowWork.process(long.slice(0, 2600), true);
  const step = lowWork.process(other.slice(0, 1000), true);
  assert.deepEqual(step, { state: 'invalid', reason: 'other headers the second time' });
});

test('chains that end early, break off or come too fast lead nowhere', () => {
  assert.deepEqual(sync(2500).process(long.slice(0, 1000), false), { state: 'too-little' });
  assert.equal(sync(2500).continues(long.slice(1)), false);
  assert.deepEqual(sync(2500).process([at(long, 0), at(long, 2)], true), { state: 'invalid', reason: 'non-continuous headers' });
  assert.deepEqual(sync(2500, genesis.header.time - 7200 + 100).process(long, true), { state: 'invalid', reason: 'more headers than time allows' });
  let lazy = at(long, 0);
  while (meetsTarget(blockHash(lazy), lazy.bits, consensus.powLimit)) lazy = { ...lazy, nonce: lazy.nonce + 1 };
  assert.deepEqual(sync(2500).process([lazy], true), { state: 'invalid', reason: 'high-hash' });
});

test('a node asks twice for headers of a long chain, and never keeps a short one', async (t) => {
  const node = await TestNode.start(t, { minimumChainWork: work * 2500n });
  const serve = async (headers: readonly BlockHeader[]): Promise<RawPeer> => {
    const peer = await RawPeer.ready(t, node);
    const places = new Map([genesis.header, ...headers].map((header, i) => [hashToHex(blockHash(header)), i]));
    const timer = setInterval(() => {
      for (const { command, payload } of peer.received.splice(0)) {
        if (command !== 'getheaders') continue;
        const from = decodeLocator(payload).locator.flatMap((hash) => places.get(hashToHex(hash)) ?? [])[0] ?? 0;
        peer.send('headers', encodeHeaders(headers.slice(from, from + 2000)));
      }
    }, 10);
    t.after(() => clearInterval(timer));
    return peer;
  };
  const poor = await serve(long.slice(0, 1500));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(node.chainstate.headerCount, 1);
  assert.equal(poor.closed, false);
  await serve(long);
  await waitFor(() => node.chainstate.bestHeader.height === 3000, 'the headers');
});
