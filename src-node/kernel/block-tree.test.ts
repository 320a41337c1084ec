import { test } from 'node:test';
import assert from 'node:assert/strict';
import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { nextBits } from '../../src-bitcoin/consensus/retarget.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import type { BlockHeader } from '../../src-bitcoin/primitives/block.js';
import { StorageError } from '../storage/storage-error.js';
import { ActiveChain } from './active-chain.js';
import { scriptCheckReason } from './assume-valid.js';
import { lastCommonAncestor, type BlockEntry } from './block-entry.js';
import { BlockTree } from './block-tree.js';
import { Candidates } from './candidates.js';
import { checkHeaderInContext } from './header-rules.js';
import { verificationProgress } from './verification-progress.js';
import { blockScriptFlags } from './deployments.js';
import { scriptFlags } from '../../src-bitcoin/script/flags.js';
import { hashFromHex } from '../../src-bitcoin/bytes/hex.js';

const regtest = chainParams('regtest');

function last<T>(list: readonly T[]): T {
  const item = list.at(-1);
  assert.ok(item !== undefined);
  return item;
}

/** Adds headers that need no proof of work. */
function extend(tree: BlockTree, from: BlockEntry | undefined, count: number, change: Partial<BlockHeader> = {}): BlockEntry[] {
  const added: BlockEntry[] = [];
  let prev: BlockEntry | undefined = from;
  for (let i = 0; i < count; i++) {
    const header: BlockHeader = {
      version: 4,
      prevHash: prev?.hash ?? new Uint8Array(32),
      merkleRoot: new Uint8Array(32),
      time: 1_500_000_000 + 600 * ((prev?.height ?? -1) + 1),
      bits: 0x207fffff,
      nonce: 0,
      ...change,
    };
    prev = tree.add(header);
    added.push(prev);
  }
  return added;
}

const stored = { txCount: 2, file: 0, dataPos: 8, segwit: true };

test('ancestors at every height', () => {
  const tree = new BlockTree();
  const chain = extend(tree, undefined, 600);
  const tip = last(chain);
  for (let height = 0; height < 600; height++) assert.equal(tip.ancestor(height), chain[height]);
  assert.equal(tip.ancestor(600), undefined);
  assert.equal(tip.ancestor(-1), undefined);
  const fork = extend(tree, chain[250], 100, { nonce: 1 });
  assert.equal(lastCommonAncestor(last(fork), tip), chain[250]);
  assert.equal(lastCommonAncestor(tip, last(chain.slice(0, 5))), chain[4]);
  const active = new ActiveChain(tip);
  assert.equal(active.fork(last(fork)), chain[250]);
  active.setTip(last(fork));
  assert.equal(active.tip.height, 350);
  assert.equal(active.at(351), undefined);
  assert.equal(active.fork(tip), chain[250]);
});

test('median of the last eleven times', () => {
  const tree = new BlockTree();
  const [first] = extend(tree, undefined, 1, { time: 100 });
  assert.equal(first?.medianTimePast(), 100);
  let entry: BlockEntry | undefined = first;
  for (const time of [50, 900, 800, 300, 700, 20, 400, 600, 500, 200, 1000]) [entry] = extend(tree, entry, 1, { time });
  assert.equal(entry?.medianTimePast(), 500);
  assert.equal(entry?.timeMax, 1000);
});

test('blocks are linked when the ones before them arrive', () => {
  const tree = new BlockTree();
  const chain = extend(tree, undefined, 5);
  const at = (height: number): BlockEntry => last(chain.slice(0, height + 1));
  assert.deepEqual(tree.received(at(0), stored), [at(0)]);
  assert.deepEqual(tree.received(at(2), stored), []);
  assert.deepEqual(tree.received(at(3), stored), []);
  assert.deepEqual(tree.received(at(1), stored), [at(1), at(2), at(3)]);
  assert.deepEqual(chain.map(({ chainTxCount }) => chainTxCount), [2, 4, 6, 8, 0]);
});

test('failure spreads upwards and is taken back in both directions', () => {
  const tree = new BlockTree();
  const chain = extend(tree, undefined, 6);
  const fork = extend(tree, chain[1], 2, { nonce: 1 });
  tree.markFailed(last(chain.slice(0, 4)));
  assert.deepEqual(chain.map(({ failed }) => failed), [false, false, false, true, true, true]);
  assert.equal(tree.bestHeader, last(fork));
  tree.clearFailed(last(chain));
  assert.equal(chain.some(({ failed }) => failed), false);
  assert.equal(tree.bestHeader, last(chain));
  assert.deepEqual(new Set(tree.leaves()), new Set([last(chain), last(fork)]));
});

test('the best candidate has most work, and of equals came first', () => {
  const tree = new BlockTree();
  const chain = extend(tree, undefined, 200);
  for (const entry of chain) tree.received(entry, stored);
  const rivals = extend(tree, chain[150], 49, { nonce: 1 });
  for (const entry of rivals) tree.received(entry, stored);
  const candidates = new Candidates();
  for (const entry of [...rivals, ...chain].sort((a, b) => (a.hash[0] ?? 0) - (b.hash[0] ?? 0))) candidates.add(entry);
  assert.equal(candidates.best, last(chain));
  candidates.removeBest();
  assert.equal(candidates.best, last(rivals));
  candidates.prune(last(chain.slice(0, 180)));
  const order: number[] = [];
  for (let best = candidates.best; best !== undefined; best = candidates.best) {
    order.push(best.height);
    candidates.removeBest();
  }
  // The tip and what is above it on either branch; the best one had been taken out.
  assert.equal(order.length, 1 + 19 + 20);
  assert.deepEqual(order, [...order].sort((a, b) => b - a));
});

async function* records(entries: readonly BlockEntry[], change: (entry: BlockEntry) => Partial<{ height: number }> = () => ({})) {
  for (const entry of entries) yield { hash: entry.hash, record: { ...entry.toRecord(), ...change(entry) } };
}

test('a stored tree with a header missing or of another network is refused', async () => {
  const genesisOf = (name: 'regtest' | 'testnet4'): BlockEntry => new BlockTree().add(chainParams(name).genesis.header);
  const tree = new BlockTree();
  await tree.load(records([genesisOf('regtest')]), regtest);
  assert.equal(tree.size, 1);
  const wrong = new BlockTree().load(records([genesisOf('testnet4')]), regtest);
  await assert.rejects(wrong, (error) => error instanceof StorageError && error.code === 'wrong-network');
  const misplaced = new BlockTree().load(records([genesisOf('regtest')], () => ({ height: 4 })), regtest);
  await assert.rejects(misplaced, (error) => error instanceof StorageError && error.code === 'corrupt');
});

test('scripts are assumed valid only deep in the best chain', () => {
  const tree = new BlockTree();
  const chain = extend(tree, undefined, 5000);
  const assumed = last(chain.slice(0, 4001));
  const options = { assumeValid: assumed.hash, minimumChainWork: 10n, spacing: 600 };
  const at = (height: number): BlockEntry => last(chain.slice(0, height + 1));
  assert.equal(scriptCheckReason(at(2000), tree, options), undefined);
  assert.equal(scriptCheckReason(at(4001), tree, options), 'block height above assumevalid height');
  assert.equal(scriptCheckReason(at(3500), tree, options), 'block too recent relative to best header');
  assert.equal(scriptCheckReason(at(2000), tree, { ...options, assumeValid: undefined }), 'assumevalid=0 (always verify)');
  assert.equal(scriptCheckReason(at(2000), tree, { ...options, assumeValid: new Uint8Array(32) }), 'assumevalid hash not in headers');
  const tooLittle = { ...options, minimumChainWork: 1n << 80n };
  assert.equal(scriptCheckReason(at(2000), tree, tooLittle), 'best header chainwork below minimumchainwork');
  const [stray] = extend(tree, chain[100], 1, { nonce: 1 });
  assert.ok(stray !== undefined);
  assert.equal(scriptCheckReason(stray, tree, options), 'block not in assumevalid chain');
});

test('BIP94 limits how far a period starts in the past', () => {
  const { consensus } = chainParams('testnet4');
  const tree = new BlockTree();
  const bits = 0x1d00ffff;
  const chain = extend(tree, undefined, 2016, { bits });
  const prev = last(chain);
  const header = (time: number): BlockHeader => ({ ...prev.header, prevHash: prev.hash, time, bits: nextBits(prev, time, consensus) });
  const now = 2_000_000_000;
  const reason = (time: number): string | undefined => checkHeaderInContext(header(time), prev, consensus, now)?.reason;
  assert.equal(reason(prev.header.time - 601), 'time-timewarp-attack');
  assert.equal(reason(prev.header.time - 600), undefined);
});

test('script flags by height and by exception', () => {
  const { consensus } = chainParams('main');
  const base = scriptFlags.P2SH | scriptFlags.WITNESS | scriptFlags.TAPROOT;
  assert.equal(blockScriptFlags(undefined, 1, consensus), base);
  assert.equal(blockScriptFlags(undefined, 363_725, consensus), base | scriptFlags.DERSIG);
  const bip16 = hashFromHex('00000000000002dc756eebf4f49723ed8d30cc28a5f108eb94b1ba88ac4f9c22');
  assert.equal(blockScriptFlags(bip16, 170_060, consensus), 0);
  const all = base | scriptFlags.DERSIG | scriptFlags.CHECKLOCKTIMEVERIFY | scriptFlags.CHECKSEQUENCEVERIFY | scriptFlags.NULLDUMMY;
  assert.equal(blockScriptFlags(undefined, 800_000, consensus), all);
});

test('progress', () => {
  const tree = new BlockTree();
  const [entry] = extend(tree, undefined, 1);
  assert.ok(entry !== undefined);
  const main = chainParams('main');
  assert.equal(verificationProgress(entry, entry, main, 1_800_000_000), 0);
  entry.chainTxCount = 617_649_698;
  const half = verificationProgress(entry, entry, main, main.chainTxData.time);
  assert.equal(half.toFixed(3), '0.500');
  entry.chainTxCount = 1_235_299_398;
  assert.equal(verificationProgress(entry, entry, main, entry.header.time), 1);
});

test('hashes are those of the headers', () => {
  const entry = new BlockTree().add(regtest.genesis.header);
  const { version, prevHash, merkleRoot, time, bits, nonce } = regtest.genesis.header;
  const raw = new ByteWriter(80).i32(version).bytes(prevHash).bytes(merkleRoot).u32(time).u32(bits).u32(nonce).finish();
  assert.deepEqual(entry.hash, hash256(raw));
  assert.equal(entry.chainWork, 2n);
});
