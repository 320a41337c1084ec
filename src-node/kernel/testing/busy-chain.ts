import { blockHash, type Block } from '../../../src-bitcoin/primitives/block.js';
import { txidOf, type Outpoint, type Transaction } from '../../../src-bitcoin/primitives/transaction.js';
import { hashToHex } from '../../../src-bitcoin/bytes/hex.js';
import { MuHash3072 } from '../muhash.js';
import { serializeCoinForHash } from '../utxo-statistics.js';
import { anyoneCanSpend, genesisParent, makeBlock, parentOf, rewardOf, spend, type Parent } from './regtest-chain.js';

interface Tip {
  readonly parent: Parent;
  readonly blocks: readonly Block[];
}

const fanOut = 40;

/** A fan-out of an old reward, and transactions that each join two outputs of an older fan-out. */
function transactionsFor(blocks: readonly Block[], height: number): Transaction[] {
  const transactions: Transaction[] = [];
  const old = blocks[height - 101];
  if (old !== undefined) {
    const value = (old.transactions[0]?.outputs[0]?.value ?? 0n) / BigInt(fanOut);
    const outputs = Array.from({ length: fanOut }, () => ({ value, scriptPubKey: anyoneCanSpend }));
    transactions.push(spend([rewardOf(old)], outputs));
  }
  const fan = blocks[height - 8]?.transactions[1];
  if (fan !== undefined) {
    const value = (fan.outputs[0]?.value ?? 0n) * 2n;
    for (let index = 0; index < fanOut - 6; index += 2) {
      const outpoints: Outpoint[] = [index, index + 1].map((at) => ({ txid: txidOf(fan), index: at }));
      transactions.push(spend(outpoints, [{ value, scriptPubKey: anyoneCanSpend }]));
    }
  }
  return transactions;
}

function grow(from: Tip, count: number, tag: number): Tip {
  let { parent } = from;
  const blocks = [...from.blocks];
  for (let i = 0; i < count; i++) {
    const block = makeBlock(parent, { tag, transactions: transactionsFor(blocks, parent.height + 1) });
    blocks.push(block);
    parent = parentOf(block, parent.height + 1);
  }
  return { parent, blocks };
}

function cutAt(tip: Tip, height: number): Tip {
  const block = tip.blocks[height - 1];
  if (block === undefined) throw new RangeError(`no block at height ${height}`);
  return { parent: parentOf(block, height), blocks: tip.blocks.slice(0, height) };
}

/** Blocks in the order they come: a chain whose coins come and go, with a reorganisation every so often. */
export function busyChain(length: number): Block[] {
  const arrived: Block[] = [];
  let best = grow({ parent: genesisParent, blocks: [] }, 110, 0);
  arrived.push(...best.blocks);
  for (let tag = 1; best.parent.height < length; tag++) {
    const depth = 1 + (tag % 7);
    const forkHeight = best.parent.height - depth;
    best = grow(cutAt(best, forkHeight), depth + 9, tag);
    arrived.push(...best.blocks.slice(forkHeight));
  }
  return arrived;
}

/** The height of the block that came last, which is the tip: every branch ends above all blocks before it. */
export function heightOfLast(blocks: readonly Block[]): number {
  const byHash = new Map(blocks.map((block) => [hashToHex(blockHash(block.header)), block]));
  let height = 0;
  for (let at = blocks.at(-1); at !== undefined; at = byHash.get(hashToHex(at.header.prevHash))) height++;
  return height;
}

/** The MuHash of the coins after each block, computed without any of the node's own bookkeeping. */
export function coinHashes(blocks: readonly Block[]): (tip: Uint8Array) => string {
  const byHash = new Map(blocks.map((block) => [hashToHex(blockHash(block.header)), block]));
  return (tip) => {
    const chain: Block[] = [];
    for (let at = byHash.get(hashToHex(tip)); at !== undefined; at = byHash.get(hashToHex(at.header.prevHash))) chain.unshift(at);
    const coins = new Map<string, Uint8Array>();
    const nameOf = ({ txid, index }: Outpoint): string => `${hashToHex(txid)}:${index}`;
    for (const [i, block] of chain.entries()) {
      for (const [position, tx] of block.transactions.entries()) {
        for (const { prevout } of tx.inputs) coins.delete(nameOf(prevout));
        for (const [index, output] of tx.outputs.entries()) {
          const outpoint = { txid: txidOf(tx), index };
          const coin = { ...output, height: i + 1, coinbase: position === 0 };
          coins.set(nameOf(outpoint), serializeCoinForHash({ outpoint, coin }));
        }
      }
    }
    const hash = new MuHash3072();
    for (const coin of coins.values()) hash.insert(coin);
    return hashToHex(hash.digest());
  };
}
