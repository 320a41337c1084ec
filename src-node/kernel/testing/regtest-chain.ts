import { concatBytes } from '../../../src-bitcoin/bytes/bytes.js';
import { ByteWriter } from '../../../src-bitcoin/bytes/writer.js';
import { blockMerkleRoot } from '../../../src-bitcoin/consensus/merkle.js';
import { blockSubsidy } from '../../../src-bitcoin/consensus/subsidy.js';
import { meetsTarget } from '../../../src-bitcoin/consensus/target.js';
import { chainParams } from '../../../src-bitcoin/params/networks.js';
import { blockHash, serializeBlock, type Block, type BlockHeader } from '../../../src-bitcoin/primitives/block.js';
import {
  nullOutpoint,
  sequenceFinal,
  txidOf,
  type Outpoint,
  type Transaction,
  type TxOut,
} from '../../../src-bitcoin/primitives/transaction.js';
import { pushBytes, pushNumber } from '../../../src-bitcoin/script/script.js';

export const regtest = chainParams('regtest');
/** OP_TRUE: anyone can spend it, without a signature. */
export const anyoneCanSpend = Uint8Array.of(0x51);

/** A block to build on: enough of it to make the next. */
export interface Parent {
  readonly hash: Uint8Array;
  readonly height: number;
  readonly time: number;
}

export const genesisParent: Parent = {
  hash: blockHash(regtest.genesis.header),
  height: 0,
  time: regtest.genesis.header.time,
};

export interface BlockPlan {
  readonly transactions?: readonly Transaction[];
  /** Makes blocks on the same parent differ. */
  readonly tag?: number;
  readonly coinbase?: Partial<Transaction>;
  readonly header?: Partial<BlockHeader>;
  readonly fees?: bigint;
}

export function coinbaseFor(height: number, plan: BlockPlan): Transaction {
  const extra = new ByteWriter(4).u32(plan.tag ?? 0).finish();
  return {
    version: 2,
    inputs: [
      { prevout: nullOutpoint, scriptSig: concatBytes(pushNumber(height), pushBytes(extra)), sequence: sequenceFinal, witness: [] },
    ],
    outputs: [{ value: blockSubsidy(height, 150) + (plan.fees ?? 0n), scriptPubKey: anyoneCanSpend }],
    locktime: 0,
    ...plan.coinbase,
  };
}

/** Finds a nonce; on regtest every second one will do. */
export function mine(block: Block): Block {
  for (let nonce = 0; ; nonce++) {
    const header = { ...block.header, nonce };
    if (meetsTarget(blockHash(header), header.bits, regtest.consensus.powLimit)) return { ...block, header };
  }
}

/** A block on top of another, with proof of work. */
export function makeBlock(parent: Parent, plan: BlockPlan = {}): Block {
  const transactions = [coinbaseFor(parent.height + 1, plan), ...(plan.transactions ?? [])];
  const draft: Block = {
    header: {
      version: 0x20000000,
      prevHash: parent.hash,
      merkleRoot: new Uint8Array(32),
      time: parent.time + 600,
      bits: 0x207fffff,
      nonce: 0,
    },
    transactions,
  };
  return mine({ header: { ...draft.header, merkleRoot: blockMerkleRoot(draft).root, ...plan.header }, transactions });
}

export function parentOf(block: Block, height: number): Parent {
  return { hash: blockHash(block.header), height, time: block.header.time };
}

/** A chain of blocks; `plan` says what is in each. */
export function makeChain(start: Parent, count: number, plan: (height: number) => BlockPlan = () => ({})): Block[] {
  const blocks: Block[] = [];
  let parent = start;
  for (let i = 0; i < count; i++) {
    const block = makeBlock(parent, plan(parent.height + 1));
    blocks.push(block);
    parent = parentOf(block, parent.height + 1);
  }
  return blocks;
}

/** Spends outputs that need no signature. */
export function spend(outpoints: readonly Outpoint[], outputs: readonly TxOut[], change: Partial<Transaction> = {}): Transaction {
  return {
    version: 2,
    inputs: outpoints.map((prevout) => ({ prevout, scriptSig: new Uint8Array(0), sequence: sequenceFinal, witness: [] })),
    outputs,
    locktime: 0,
    ...change,
  };
}

/** The coinbase output of a block. */
export function rewardOf(block: Block): Outpoint {
  const [coinbase] = block.transactions;
  if (coinbase === undefined) throw new RangeError('the block has no coinbase');
  return { txid: txidOf(coinbase), index: 0 };
}

/** Blocks in the layout of a block file, not obfuscated. */
export function blockFile(blocks: readonly Block[]): Uint8Array {
  const writer = new ByteWriter(1 << 16);
  for (const block of blocks) {
    const raw = serializeBlock(block);
    writer.bytes(regtest.magic).u32(raw.length).bytes(raw);
  }
  return writer.finish();
}
