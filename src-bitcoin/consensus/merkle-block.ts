import type { ByteReader } from '../bytes/reader.js';
import { equalBytes } from '../bytes/bytes.js';
import { ByteWriter } from '../bytes/writer.js';
import { readHeader, writeHeader, type Block, type BlockHeader } from '../primitives/block.js';
import { txidOf } from '../primitives/transaction.js';
import { maxBlockWeight, witnessScaleFactor } from './limits.js';
import { levelAbove, merkleRoot } from './merkle.js';

/** A header and as much of its merkle tree as shows that some transactions are in the block (BIP37). */
export interface MerkleBlock {
  readonly header: BlockHeader;
  readonly transactionCount: number;
  /** Of branches and transactions, in the order of a walk from the root, left before right. Internal byte order. */
  readonly hashes: readonly Uint8Array[];
  /** For each node of the walk whether something below it is shown; padded with zeros to whole bytes. */
  readonly flags: readonly boolean[];
}

/** A transaction that a merkle block shows to be part of the block. */
export interface ShownTransaction {
  /** Internal byte order. */
  readonly txid: Uint8Array;
  /** Place in the block. */
  readonly index: number;
}

/** Bytes. */
const smallestTransaction = 60;
const mostTransactions = Math.floor(maxBlockWeight / (smallestTransaction * witnessScaleFactor));

/** @throws DecodeError when the data ends early */
export function readMerkleBlock(reader: ByteReader): MerkleBlock {
  const header = readHeader(reader);
  const transactionCount = reader.u32();
  const hashes: Uint8Array[] = [];
  for (let left = reader.compactSize(); left > 0; left--) hashes.push(reader.bytes(32));
  const flags = [...reader.varBytes()].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) === 1));
  return { header, transactionCount, hashes, flags };
}

/** The form in which merkle blocks travel, and `gettxoutproof` gives them away. */
export function serializeMerkleBlock({ header, transactionCount, hashes, flags }: MerkleBlock): Uint8Array {
  const writer = new ByteWriter(256);
  writeHeader(writer, header);
  writer.u32(transactionCount).compactSize(hashes.length);
  for (const hash of hashes) writer.bytes(hash);
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, i) => {
    if (flag) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return writer.varBytes(bytes).finish();
}

/** Shows that some of a block's transactions are in it. @param isShown chooses them by their txids, in internal byte order */
export function merkleBlockOf({ header, transactions }: Block, isShown: (txid: Uint8Array) => boolean): MerkleBlock {
  const leaves = transactions.map(txidOf);
  let level = leaves.map((hash) => ({ hash, isShown: isShown(hash) }));
  const levels = [level];
  while (level.length > 1) {
    const below = level;
    level = levelAbove(below.map(({ hash }) => hash)).map((hash, i) => ({ hash, isShown: below.slice(2 * i, 2 * i + 2).some((node) => node.isShown) }));
    levels.push(level);
  }
  const hashes: Uint8Array[] = [];
  const flags: boolean[] = [];
  const walk = (height: number, index: number): void => {
    const node = levels[height]?.[index];
    if (node === undefined) return;
    flags.push(node.isShown);
    if (height === 0 || !node.isShown) hashes.push(node.hash);
    else for (const child of [2 * index, 2 * index + 1]) walk(height - 1, child);
  };
  walk(levels.length - 1, 0);
  while (flags.length % 8 !== 0) flags.push(false);
  return { header, transactionCount: leaves.length, hashes, flags };
}

const parentHash = (left: Uint8Array, right: Uint8Array): Uint8Array => merkleRoot([left, right]).root;

/** Nodes at a height above the transactions. */
const width = (transactionCount: number, height: number): number => Math.ceil(transactionCount / 2 ** height);

/** The transactions that a merkle block shows; undefined when it does not lead to the root that its header has. */
export function shownTransactions({ header, transactionCount, hashes, flags }: MerkleBlock): readonly ShownTransaction[] | undefined {
  if (transactionCount === 0 || transactionCount > mostTransactions) return undefined;
  if (hashes.length > transactionCount || flags.length < hashes.length) return undefined;
  const shown: ShownTransaction[] = [];
  let usedFlags = 0;
  let usedHashes = 0;
  const walk = (height: number, index: number): Uint8Array | undefined => {
    const isParent = flags[usedFlags++];
    if (isParent === undefined) return undefined;
    if (height === 0 || !isParent) {
      const hash = hashes[usedHashes++];
      if (height === 0 && isParent && hash !== undefined) shown.push({ txid: hash, index });
      return hash;
    }
    const left = walk(height - 1, index * 2);
    if (left === undefined) return undefined;
    if (index * 2 + 1 >= width(transactionCount, height - 1)) return parentHash(left, left);
    const right = walk(height - 1, index * 2 + 1);
    // Two equal halves would let one transaction pass for two (CVE-2012-2459).
    return right === undefined || equalBytes(left, right) ? undefined : parentHash(left, right);
  };
  const root = walk(Math.ceil(Math.log2(transactionCount)), 0);
  const isWhole = usedHashes === hashes.length && Math.ceil(usedFlags / 8) * 8 === flags.length;
  return root !== undefined && isWhole && equalBytes(root, header.merkleRoot) ? shown : undefined;
}
