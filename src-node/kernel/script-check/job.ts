import { ByteReader } from '../../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../../src-bitcoin/bytes/writer.js';
import { readTransaction, readTxOut, writeTransaction, writeTxOut, type TxOut } from '../../../src-bitcoin/primitives/transaction.js';
import type { InputRange, ScriptFailure } from './check-inputs.js';

/** What a worker is sent. The bytes are moved, not copied, and hold input ranges as `writeRanges` writes them. */
export interface Job {
  readonly id: number;
  readonly flags: number;
  readonly bytes: Uint8Array;
}

/** What a worker answers: nothing wrong, the first input that is, or that it could not tell. */
export type JobResult =
  | { readonly id: number; readonly failure: ScriptFailure | undefined }
  | { readonly id: number; readonly fault: Error };

/** Writes input ranges with all a worker needs to check them. */
export function writeRanges(ranges: readonly InputRange[]): Uint8Array {
  const writer = new ByteWriter(1 << 15).u32(ranges.length);
  for (const { spendIndex, spend, from, to } of ranges) {
    writer.u32(spendIndex).u32(from).u32(to);
    writeTransaction(writer, spend.tx);
    // Taproot signs all spent outputs, so all go along.
    for (const output of spend.spentOutputs) writeTxOut(writer, output);
  }
  return writer.finish();
}

/** The other end of `writeRanges`. */
export function readRanges(bytes: Uint8Array): InputRange[] {
  const reader = new ByteReader(bytes);
  const ranges: InputRange[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const spendIndex = reader.u32();
    const from = reader.u32();
    const to = reader.u32();
    const tx = readTransaction(reader);
    const spentOutputs: TxOut[] = tx.inputs.map(() => readTxOut(reader));
    ranges.push({ spendIndex, spend: { tx, spentOutputs }, from, to });
  }
  reader.expectEnd('script check job');
  return ranges;
}
