import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareBytes, equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { blockHash, parseBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import { regtest, temporaryDirectory, type Cleanup } from './fixtures.js';
import { MemoryChain } from './memory-chain.js';

const folder = new URL('../../../shared/golden/', import.meta.url);

/** A reason to skip tests that need the recorded data directory, or false. */
export const skipGolden: string | false = existsSync(folder) ? false : 'skipped: no ../shared/golden';

export interface GoldenWallet {
  readonly info: { readonly txcount: number; readonly keypoolsize: number; readonly keypoolsize_hd_internal: number; readonly birthtime: number };
  readonly balances: { readonly mine: { readonly trusted: number; readonly untrusted_pending: number; readonly immature: number } };
  readonly descriptors: { readonly descriptors: readonly { readonly desc: string; readonly active: boolean; readonly range: readonly [number, number]; readonly next: number }[] };
  readonly labels: readonly string[];
}

export interface Golden {
  readonly walletDirectory: string;
  readonly chain: MemoryChain;
  readonly expected: { readonly passphrase_of_locked: string; readonly wallets: Readonly<Record<string, GoldenWallet>> };
}

/** Blocks of a data directory's first block file, from the genesis block to the tip. */
function readBlocks(blocksDirectory: string): readonly Block[] {
  const key = readFileSync(join(blocksDirectory, 'xor.dat'));
  const file = readFileSync(join(blocksDirectory, 'blk00000.dat')).map((byte, i) => byte ^ (key[i % key.length] ?? 0));
  const byParent = new Map<string, Block>();
  for (let at = 0; at + 8 < file.length && compareBytes(file.subarray(at, at + 4), regtest.magic) === 0; ) {
    const size = new DataView(file.buffer, file.byteOffset + at + 4, 4).getUint32(0, true);
    const block = parseBlock(new Uint8Array(file.subarray(at + 8, at + 8 + size)));
    byParent.set(toHex(block.header.prevHash), block);
    at += 8 + size;
  }
  const blocks: Block[] = [];
  for (let next = byParent.get('00'.repeat(32)); next !== undefined; next = byParent.get(toHex(blockHash(next.header)))) blocks.push(next);
  return blocks;
}

/** The recorded data directory, unpacked: its wallets, and a chain with its blocks and its mempool transaction. */
export async function unpackGolden(t: Cleanup): Promise<Golden> {
  const directory = temporaryDirectory(t);
  execFileSync('tar', ['xf', new URL('datadir-regtest.tar.xz', folder).pathname, '-C', directory]);
  const network = join(directory, 'regtest');
  const [genesis, ...blocks] = readBlocks(join(network, 'blocks'));
  if (genesis === undefined || !equalBytes(blockHash(genesis.header), blockHash(regtest.genesis.header))) throw new Error('unexpected blocks');
  const chain = new MemoryChain(genesis);
  for (const block of blocks) await chain.connect(block);
  const expected = JSON.parse(readFileSync(new URL('datadir-regtest.expected.json', folder), 'utf8')) as Golden['expected'];
  return { walletDirectory: join(network, 'wallets'), chain, expected };
}
