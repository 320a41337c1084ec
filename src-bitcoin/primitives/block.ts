import { ByteReader } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { hash256 } from '../crypto/hash.js';
import { readTransaction, strippedSize, totalSize, writeTransaction, type Transaction } from './transaction.js';

/** The 80 bytes that are hashed for proof of work. Hashes in internal byte order. */
export interface BlockHeader {
  readonly version: number;
  readonly prevHash: Uint8Array;
  readonly merkleRoot: Uint8Array;
  /** Seconds since 1970. */
  readonly time: number;
  /** Compact form of the target. */
  readonly bits: number;
  readonly nonce: number;
}

export interface Block {
  readonly header: BlockHeader;
  readonly transactions: readonly Transaction[];
}

export const headerSize = 80;

export function writeHeader(writer: ByteWriter, header: BlockHeader): void {
  writer
    .i32(header.version)
    .bytes(header.prevHash)
    .bytes(header.merkleRoot)
    .u32(header.time)
    .u32(header.bits)
    .u32(header.nonce);
}

export function serializeHeader(header: BlockHeader): Uint8Array {
  const writer = new ByteWriter(headerSize);
  writeHeader(writer, header);
  return writer.finish();
}

export function readHeader(reader: ByteReader): BlockHeader {
  return {
    version: reader.i32(),
    prevHash: reader.bytes(32),
    merkleRoot: reader.bytes(32),
    time: reader.u32(),
    bits: reader.u32(),
    nonce: reader.u32(),
  };
}

const hashes = new WeakMap<BlockHeader, Uint8Array>();

/** Block hash, internal byte order. The array must not be changed. */
export function blockHash(header: BlockHeader): Uint8Array {
  let hash = hashes.get(header);
  if (hash === undefined) {
    hash = hash256(serializeHeader(header));
    hashes.set(header, hash);
  }
  return hash;
}

export function readBlock(reader: ByteReader): Block {
  const header = readHeader(reader);
  const transactions: Transaction[] = [];
  for (let left = reader.compactSize(); left > 0; left--) transactions.push(readTransaction(reader));
  return { header, transactions };
}

/**
 * A block that fills `bytes` exactly.
 * @throws DecodeError when it does not.
 */
export function parseBlock(bytes: Uint8Array): Block {
  const reader = new ByteReader(bytes);
  const block = readBlock(reader);
  reader.expectEnd('block');
  return block;
}

export function serializeBlock(block: Block, witness = true): Uint8Array {
  const writer = new ByteWriter(1 << 16);
  writeHeader(writer, block.header);
  writer.compactSize(block.transactions.length);
  for (const tx of block.transactions) writeTransaction(writer, tx, witness);
  return writer.finish();
}

function countSize(count: number): number {
  return count < 0xfd ? 1 : count <= 0xffff ? 3 : 5;
}

/** Bytes of the whole block without witness data. */
export function blockStrippedSize(block: Block): number {
  return block.transactions.reduce((sum, tx) => sum + strippedSize(tx), headerSize + countSize(block.transactions.length));
}

/** Bytes of the whole block. */
export function blockTotalSize(block: Block): number {
  return block.transactions.reduce((sum, tx) => sum + totalSize(tx), headerSize + countSize(block.transactions.length));
}

/** BIP141 block weight in weight units. */
export function blockWeight(block: Block): number {
  return blockStrippedSize(block) * 3 + blockTotalSize(block);
}
