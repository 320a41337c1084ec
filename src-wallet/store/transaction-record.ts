import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { readTransaction, writeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { readText, writeText } from './record-keys.js';

/** State of a wallet transaction as the file tells it. Heights and the mempool are not stored. */
export type StoredState =
  | { readonly kind: 'inactive' }
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'confirmed'; readonly blockHash: Uint8Array; readonly index: number }
  | { readonly kind: 'conflicted'; readonly blockHash: Uint8Array }
  | { readonly kind: 'unrecognized'; readonly blockHash: Uint8Array; readonly index: number };

/** A wallet transaction as the file holds it. */
export interface StoredTransaction {
  readonly tx: Transaction;
  readonly state: StoredState;
  /** Notes by name, for example `comment`, `to`, `replaces_txid`. */
  readonly notes: ReadonlyMap<string, string>;
  /** What a payment request asked to keep, for example `Message`. */
  readonly orderForm: readonly (readonly [string, string])[];
  /** Seconds since 1970. */
  readonly timeReceived: number;
  /** The time to show, seconds since 1970; 0 for none. */
  readonly timeSmart: number;
  /** Place in the order of all the wallet's transactions; -1 for none. */
  readonly orderPosition: bigint;
}

/** Names in the notes that the format itself uses. */
const reserved = { account: 'fromaccount', spent: 'spent', position: 'n', smartTime: 'timesmart' } as const;
const reservedNames: ReadonlySet<string> = new Set(Object.values(reserved));

const zeroHash = new Uint8Array(32);
const abandonedHash = Uint8Array.of(1, ...new Uint8Array(31));

function stateFields(state: StoredState): { readonly hash: Uint8Array; readonly index: number } {
  switch (state.kind) {
    case 'inactive':
      return { hash: zeroHash, index: 0 };
    case 'abandoned':
      return { hash: abandonedHash, index: -1 };
    case 'conflicted':
      return { hash: state.blockHash, index: -1 };
    case 'confirmed':
    case 'unrecognized':
      return { hash: state.blockHash, index: state.index };
  }
}

function stateOf(hash: Uint8Array, index: number): StoredState {
  if (equalBytes(hash, zeroHash)) return index === 0 ? { kind: 'inactive' } : { kind: 'unrecognized', blockHash: hash, index };
  if (equalBytes(hash, abandonedHash) && index === -1) return { kind: 'abandoned' };
  if (index === -1) return { kind: 'conflicted', blockHash: hash };
  return index >= 0 ? { kind: 'confirmed', blockHash: hash, index } : { kind: 'unrecognized', blockHash: hash, index };
}

export function serializeTransactionRecord(record: StoredTransaction): Uint8Array {
  const writer = new ByteWriter(512);
  writeTransaction(writer, record.tx);
  const { hash, index } = stateFields(record.state);
  // The two empty lists were a merkle branch and earlier transactions, long ago.
  writer.bytes(hash).compactSize(0).i32(index).compactSize(0);
  const notes = new Map(record.notes);
  notes.set(reserved.account, '');
  if (record.orderPosition !== -1n) notes.set(reserved.position, String(record.orderPosition));
  if (record.timeSmart !== 0) notes.set(reserved.smartTime, String(record.timeSmart));
  writer.compactSize(notes.size);
  const encoder = new TextEncoder();
  const bytesOf = (text: string): string => String.fromCharCode(...encoder.encode(text));
  const sorted = [...notes].sort(([a], [b]) => (bytesOf(a) < bytesOf(b) ? -1 : 1));
  for (const [name, value] of sorted) writeText(writeText(writer, name), value);
  writer.compactSize(record.orderForm.length);
  for (const [name, value] of record.orderForm) writeText(writeText(writer, name), value);
  return writer.u32(0).u32(record.timeReceived).u8(0).u8(0).finish();
}

/** @throws DecodeError */
export function parseTransactionRecord(bytes: Uint8Array): StoredTransaction {
  const reader = new ByteReader(bytes);
  const tx = readTransaction(reader);
  const hash = reader.bytes(32);
  for (let left = reader.compactSize(); left > 0; left--) reader.skip(32);
  const index = reader.i32();
  for (let left = reader.compactSize(); left > 0; left--) {
    readTransaction(reader);
    reader.skip(32);
    for (let hashes = reader.compactSize(); hashes > 0; hashes--) reader.skip(32);
    reader.skip(4);
  }
  const notes = new Map<string, string>();
  for (let left = reader.compactSize(); left > 0; left--) {
    const name = readText(reader);
    const value = readText(reader);
    if (!notes.has(name)) notes.set(name, value);
  }
  const orderForm: (readonly [string, string])[] = [];
  for (let left = reader.compactSize(); left > 0; left--) orderForm.push([readText(reader), readText(reader)]);
  reader.skip(4);
  const timeReceived = reader.u32();
  reader.skip(2);
  const position = notes.get(reserved.position);
  const smartTime = notes.get(reserved.smartTime);
  for (const name of reservedNames) notes.delete(name);
  return {
    tx,
    state: stateOf(hash, index),
    notes,
    orderForm,
    timeReceived,
    timeSmart: smartTime === undefined ? 0 : Number(smartTime),
    orderPosition: position === undefined || !/^-?\d+$/.test(position) ? -1n : BigInt(position),
  };
}
