import { ByteReader, DecodeError } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { hash256 } from '../crypto/hash.js';
import { equalBytes } from '../bytes/bytes.js';

/** Which output of which transaction. `txid` in internal byte order. */
export interface Outpoint {
  readonly txid: Uint8Array;
  readonly index: number;
}

export interface TxIn {
  readonly prevout: Outpoint;
  readonly scriptSig: Uint8Array;
  readonly sequence: number;
  /** BIP141 witness stack; empty when there is none. */
  readonly witness: readonly Uint8Array[];
}

export interface TxOut {
  /** Satoshis. May be out of range in data from peers: consensus checks decide. */
  readonly value: bigint;
  readonly scriptPubKey: Uint8Array;
}

export interface Transaction {
  /** Signed 32 bits on the wire; consensus reads it as unsigned. */
  readonly version: number;
  readonly inputs: readonly TxIn[];
  readonly outputs: readonly TxOut[];
  readonly locktime: number;
}

/** Sequence value that switches off relative lock time, replacement and (on all inputs) locktime. */
export const sequenceFinal = 0xffffffff;
/** Output index of the null outpoint that marks a coinbase input. */
export const nullOutpointIndex = 0xffffffff;

const zeroHash = new Uint8Array(32);

/** The outpoint of a coinbase input: 32 zero bytes and the highest index. */
export const nullOutpoint: Outpoint = { txid: zeroHash, index: nullOutpointIndex };

export function isNullOutpoint(outpoint: Outpoint): boolean {
  return outpoint.index === nullOutpointIndex && equalBytes(outpoint.txid, zeroHash);
}

export function isCoinbase(tx: Transaction): boolean {
  const first = tx.inputs[0];
  return tx.inputs.length === 1 && first !== undefined && isNullOutpoint(first.prevout);
}

export function hasWitness(tx: Transaction): boolean {
  return tx.inputs.some((input) => input.witness.length > 0);
}

export function equalOutpoints(a: Outpoint, b: Outpoint): boolean {
  return a.index === b.index && equalBytes(a.txid, b.txid);
}

/** The 36 bytes of an outpoint: txid, then u32 index. */
export function serializeOutpoint(outpoint: Outpoint): Uint8Array {
  return new ByteWriter(36).bytes(outpoint.txid).u32(outpoint.index).finish();
}

export function readOutpoint(reader: ByteReader): Outpoint {
  return { txid: reader.bytes(32), index: reader.u32() };
}

/** A map key for an outpoint: its 36 bytes as a Latin-1 string. Cheaper than hex. */
export function outpointKey(outpoint: Outpoint): string {
  const { txid, index } = outpoint;
  // In one call and without a spread: coins are looked up by this, and it shows.
  // prettier-ignore
  return String.fromCharCode(
    txid[0] ?? 0, txid[1] ?? 0, txid[2] ?? 0, txid[3] ?? 0, txid[4] ?? 0, txid[5] ?? 0, txid[6] ?? 0, txid[7] ?? 0,
    txid[8] ?? 0, txid[9] ?? 0, txid[10] ?? 0, txid[11] ?? 0, txid[12] ?? 0, txid[13] ?? 0, txid[14] ?? 0, txid[15] ?? 0,
    txid[16] ?? 0, txid[17] ?? 0, txid[18] ?? 0, txid[19] ?? 0, txid[20] ?? 0, txid[21] ?? 0, txid[22] ?? 0, txid[23] ?? 0,
    txid[24] ?? 0, txid[25] ?? 0, txid[26] ?? 0, txid[27] ?? 0, txid[28] ?? 0, txid[29] ?? 0, txid[30] ?? 0, txid[31] ?? 0,
    index & 0xff, (index >>> 8) & 0xff, (index >>> 16) & 0xff, index >>> 24,
  );
}

/** The outpoint a key was made of. */
export function outpointOfKey(key: string): Outpoint {
  const txid = new Uint8Array(32);
  for (let i = 0; i < 32; i++) txid[i] = key.charCodeAt(i);
  let index = 0;
  for (let i = 35; i >= 32; i--) index = index * 256 + key.charCodeAt(i);
  return { txid, index };
}

export function writeTxOut(writer: ByteWriter, output: TxOut): void {
  writer.i64(output.value).varBytes(output.scriptPubKey);
}

export function serializeTxOut(output: TxOut): Uint8Array {
  const writer = new ByteWriter(output.scriptPubKey.length + 12);
  writeTxOut(writer, output);
  return writer.finish();
}

export function readTxOut(reader: ByteReader): TxOut {
  return { value: reader.i64(), scriptPubKey: reader.varBytes() };
}

function writeTxIn(writer: ByteWriter, input: TxIn): void {
  writer.bytes(input.prevout.txid).u32(input.prevout.index).varBytes(input.scriptSig).u32(input.sequence);
}

function readTxIns(reader: ByteReader): Omit<TxIn, 'witness'>[] {
  const inputs: Omit<TxIn, 'witness'>[] = [];
  for (let left = reader.compactSize(); left > 0; left--) {
    inputs.push({ prevout: readOutpoint(reader), scriptSig: reader.varBytes(), sequence: reader.u32() });
  }
  return inputs;
}

function readTxOuts(reader: ByteReader): TxOut[] {
  const outputs: TxOut[] = [];
  for (let left = reader.compactSize(); left > 0; left--) outputs.push(readTxOut(reader));
  return outputs;
}

const noWitness: readonly Uint8Array[] = [];

/**
 * Reads a transaction in the BIP144 form (with or without witness).
 * @throws DecodeError on early end, unknown flags or a superfluous witness.
 */
export function readTransaction(reader: ByteReader): Transaction {
  const version = reader.i32();
  let inputs = readTxIns(reader);
  let outputs: TxOut[] = [];
  let flags = 0;
  if (inputs.length === 0) {
    // BIP144: no inputs means either the segwit marker or, with flag 0, an empty transaction.
    flags = reader.u8();
    if (flags !== 0) {
      inputs = readTxIns(reader);
      outputs = readTxOuts(reader);
    }
  } else {
    outputs = readTxOuts(reader);
  }
  const witnesses: (readonly Uint8Array[])[] = [];
  if ((flags & 1) !== 0) {
    flags ^= 1;
    let any = false;
    for (let i = 0; i < inputs.length; i++) {
      const stack: Uint8Array[] = [];
      for (let left = reader.compactSize(); left > 0; left--) stack.push(reader.varBytes());
      if (stack.length > 0) any = true;
      witnesses.push(stack);
    }
    if (!any) throw new DecodeError('Superfluous witness record');
  }
  if (flags !== 0) throw new DecodeError('Unknown transaction optional data');
  const locktime = reader.u32();
  return {
    version,
    inputs: inputs.map((input, i) => ({ ...input, witness: witnesses[i] ?? noWitness })),
    outputs,
    locktime,
  };
}

/** Reads a transaction without witness even where its first bytes look like the segwit marker. */
export function readTransactionWithoutWitness(reader: ByteReader): Transaction {
  const version = reader.i32();
  const inputs = readTxIns(reader).map((input) => ({ ...input, witness: noWitness }));
  const outputs = readTxOuts(reader);
  return { version, inputs, outputs, locktime: reader.u32() };
}

/**
 * A transaction that fills `bytes` exactly.
 * @throws DecodeError when it does not.
 */
export function parseTransaction(bytes: Uint8Array): Transaction {
  const reader = new ByteReader(bytes);
  const tx = readTransaction(reader);
  reader.expectEnd('transaction');
  return tx;
}

/** Writes with witness when there is one, or without when `witness` is false. */
export function writeTransaction(writer: ByteWriter, tx: Transaction, witness = true): void {
  const extended = witness && hasWitness(tx);
  writer.i32(tx.version);
  if (extended) writer.u8(0).u8(1);
  writer.compactSize(tx.inputs.length);
  for (const input of tx.inputs) writeTxIn(writer, input);
  writer.compactSize(tx.outputs.length);
  for (const output of tx.outputs) writeTxOut(writer, output);
  if (extended) {
    for (const input of tx.inputs) {
      writer.compactSize(input.witness.length);
      for (const item of input.witness) writer.varBytes(item);
    }
  }
  writer.u32(tx.locktime);
}

/** The BIP144 bytes of a transaction; without witness when `witness` is false. */
export function serializeTransaction(tx: Transaction, witness = true): Uint8Array {
  const writer = new ByteWriter(1024);
  writeTransaction(writer, tx, witness);
  return writer.finish();
}

interface Identity {
  txid?: Uint8Array;
  wtxid?: Uint8Array;
  strippedSize?: number;
  totalSize?: number;
}

// Transactions are immutable, so what is derived from their bytes is kept beside them.
const identities = new WeakMap<Transaction, Identity>();

function identityOf(tx: Transaction): Identity {
  let identity = identities.get(tx);
  if (identity === undefined) {
    identity = {};
    identities.set(tx, identity);
  }
  return identity;
}

// What is only hashed need not be kept: nothing else runs between filling this and reading it.
const scratch = new ByteWriter(1 << 14);

/** Transaction id, internal byte order: hash without witness. The array must not be changed. */
export function txidOf(tx: Transaction): Uint8Array {
  const identity = identityOf(tx);
  if (identity.txid === undefined) {
    writeTransaction(scratch.clear(), tx, false);
    identity.txid = hash256(scratch.view());
    identity.strippedSize = scratch.length;
  }
  return identity.txid;
}

/** BIP141 witness transaction id, internal byte order. The array must not be changed. */
export function wtxidOf(tx: Transaction): Uint8Array {
  const identity = identityOf(tx);
  if (identity.wtxid === undefined) {
    if (!hasWitness(tx)) return (identity.wtxid = txidOf(tx));
    writeTransaction(scratch.clear(), tx, true);
    identity.wtxid = hash256(scratch.view());
    identity.totalSize = scratch.length;
  }
  return identity.wtxid;
}

/** Bytes without witness. */
export function strippedSize(tx: Transaction): number {
  const identity = identityOf(tx);
  return (identity.strippedSize ??= serializeTransaction(tx, false).length);
}

/** Bytes with witness. */
export function totalSize(tx: Transaction): number {
  const identity = identityOf(tx);
  return (identity.totalSize ??= hasWitness(tx) ? serializeTransaction(tx, true).length : strippedSize(tx));
}

/** BIP141 weight in weight units: three times the stripped size plus the total size. */
export function transactionWeight(tx: Transaction): number {
  return strippedSize(tx) * 3 + totalSize(tx);
}

/** Virtual size in vbytes: weight divided by four, rounded up. */
export function virtualSize(tx: Transaction): number {
  return Math.ceil(transactionWeight(tx) / 4);
}
