import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { readHeader, writeHeader, type BlockHeader } from '../../src-bitcoin/primitives/block.js';

/** How far a block has been checked: the low three bits of its status. */
export const blockValidity = {
  unknown: 0,
  /** Header is valid and builds on a valid one. */
  tree: 2,
  /** Transactions are well-formed; their number is known. */
  transactions: 3,
  /** Inputs, amounts and the rest but scripts are valid. */
  chain: 4,
  scripts: 5,
  mask: 7,
} as const;

/** Flags above the validity level. */
export const blockFlag = {
  haveData: 8,
  haveUndo: 16,
  failed: 32,
  /** Older versions marked descendants of failed blocks with a bit of their own. */
  oldFailedChild: 64,
  /** Stored with witness data, as blocks after the activation of segwit must be. */
  witness: 128,
} as const;

/** A header as the block index database holds it. Positions are 0 where the status has no data. */
export interface BlockRecord {
  readonly header: BlockHeader;
  readonly height: number;
  readonly status: number;
  readonly txCount: number;
  readonly file: number;
  readonly dataPos: number;
  readonly undoPos: number;
}

/** What is in one pair of block and undo files. */
export interface BlockFileInfo {
  readonly blocks: number;
  /** Bytes used, framing included. */
  readonly size: number;
  readonly undoSize: number;
  readonly heightFirst: number;
  readonly heightLast: number;
  /** Seconds. */
  readonly timeFirst: number;
  readonly timeLast: number;
}

export const emptyFileInfo: BlockFileInfo = {
  blocks: 0,
  size: 0,
  undoSize: 0,
  heightFirst: 0,
  heightLast: 0,
  timeFirst: 0,
  timeLast: 0,
};

/** Bitcoin Core writes a version here that no reader looks at. */
const recordVersion = 259_900;

export function serializeBlockRecord(record: BlockRecord): Uint8Array {
  const { status } = record;
  const writer = new ByteWriter(112);
  writer.varInt(recordVersion).varInt(record.height).varInt(status).varInt(record.txCount);
  if ((status & (blockFlag.haveData | blockFlag.haveUndo)) !== 0) writer.varInt(record.file);
  if ((status & blockFlag.haveData) !== 0) writer.varInt(record.dataPos);
  if ((status & blockFlag.haveUndo) !== 0) writer.varInt(record.undoPos);
  writeHeader(writer, record.header);
  return writer.finish();
}

/** @throws DecodeError */
export function parseBlockRecord(bytes: Uint8Array): BlockRecord {
  const reader = new ByteReader(bytes);
  const number = (): number => Number(reader.varInt());
  number();
  const height = number();
  const status = number();
  const txCount = number();
  const file = (status & (blockFlag.haveData | blockFlag.haveUndo)) !== 0 ? number() : 0;
  const dataPos = (status & blockFlag.haveData) !== 0 ? number() : 0;
  const undoPos = (status & blockFlag.haveUndo) !== 0 ? number() : 0;
  return { header: readHeader(reader), height, status, txCount, file, dataPos, undoPos };
}

export function serializeFileInfo(info: BlockFileInfo): Uint8Array {
  const writer = new ByteWriter(32);
  writer.varInt(info.blocks).varInt(info.size).varInt(info.undoSize);
  writer.varInt(info.heightFirst).varInt(info.heightLast);
  writer.varInt(info.timeFirst).varInt(info.timeLast);
  return writer.finish();
}

/** @throws DecodeError */
export function parseFileInfo(bytes: Uint8Array): BlockFileInfo {
  const reader = new ByteReader(bytes);
  const number = (): number => Number(reader.varInt());
  return {
    blocks: number(),
    size: number(),
    undoSize: number(),
    heightFirst: number(),
    heightLast: number(),
    timeFirst: number(),
    timeLast: number(),
  };
}
