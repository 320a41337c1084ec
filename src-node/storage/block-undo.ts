import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import {
  compressAmount,
  decompressAmount,
  readCompressedScript,
  writeCompressedScript,
} from '../../src-bitcoin/coin.js';
import type { Coin } from '../kernel/types.js';

/** The coins a block spent: per transaction after the coinbase, per input in order. */
export type BlockUndo = readonly (readonly Coin[])[];

function writeSpentCoin(writer: ByteWriter, coin: Coin): void {
  writer.varInt(coin.height * 2 + (coin.coinbase ? 1 : 0));
  // A transaction version stood here once; readers still expect its place.
  if (coin.height > 0) writer.u8(0);
  writer.varInt(compressAmount(coin.value));
  writeCompressedScript(writer, coin.scriptPubKey);
}

function readSpentCoin(reader: ByteReader): Coin {
  const code = Number(reader.varInt());
  const height = Math.floor(code / 2);
  if (height > 0) reader.varInt();
  const value = decompressAmount(reader.varInt());
  return { value, scriptPubKey: readCompressedScript(reader), height, coinbase: code % 2 === 1 };
}

/** The payload of an undo record. */
export function serializeBlockUndo(undo: BlockUndo): Uint8Array {
  const writer = new ByteWriter(1 << 12);
  writer.compactSize(undo.length);
  for (const coins of undo) {
    writer.compactSize(coins.length);
    for (const coin of coins) writeSpentCoin(writer, coin);
  }
  return writer.finish();
}

/** @throws DecodeError */
export function parseBlockUndo(bytes: Uint8Array): BlockUndo {
  const reader = new ByteReader(bytes);
  const transactions = reader.compactSize();
  const undo: Coin[][] = [];
  for (let left = transactions; left > 0; left--) {
    const inputs = reader.compactSize();
    // Each coin takes at least 3 bytes: a larger count is damage.
    if (inputs > reader.remaining) throw new DecodeError(`undo data announces ${inputs} inputs`);
    const coins: Coin[] = [];
    for (let i = 0; i < inputs; i++) coins.push(readSpentCoin(reader));
    undo.push(coins);
  }
  reader.expectEnd('undo data');
  return undo;
}
