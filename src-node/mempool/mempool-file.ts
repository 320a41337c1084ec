import { open, readFile, rename } from 'node:fs/promises';
import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { readTransaction, writeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';

/** What mempool.dat holds. Hashes in internal byte order. */
export interface SavedMempool {
  /** Parents before children. Time in seconds since 1970, fee change in satoshis. */
  readonly transactions: readonly { readonly tx: Transaction; readonly time: number; readonly feeDelta: bigint }[];
  /** Fee changes of transactions that are not in the mempool. */
  readonly deltas: readonly { readonly txid: Uint8Array; readonly feeDelta: bigint }[];
  /** Own transactions no peer has asked for yet. */
  readonly unbroadcast: readonly Uint8Array[];
}

const plainVersion = 1n;
const obfuscatedVersion = 2n;
const keySize = 8;
/** Version, key length, key. */
const obfuscatedStart = 8 + 1 + keySize;

/** XORs everything from `start` with the key, which repeats from offset 0 of the file. */
function obfuscate(bytes: Uint8Array, key: Uint8Array, start: number): void {
  for (let i = start; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) ^ (key[i % key.length] ?? 0);
}

/**
 * The bytes of a mempool.dat.
 * @param key 8 random bytes.
 */
export function encodeMempool(saved: SavedMempool, key: Uint8Array): Uint8Array {
  const writer = new ByteWriter(1 << 16);
  writer.u64(obfuscatedVersion).varBytes(key);
  writer.u64(BigInt(saved.transactions.length));
  for (const { tx, time, feeDelta } of saved.transactions) {
    writeTransaction(writer, tx);
    writer.i64(BigInt(time)).i64(feeDelta);
  }
  writer.compactSize(saved.deltas.length);
  for (const { txid, feeDelta } of saved.deltas) writer.bytes(txid).i64(feeDelta);
  writer.compactSize(saved.unbroadcast.length);
  for (const txid of saved.unbroadcast) writer.bytes(txid);
  const bytes = writer.finish();
  obfuscate(bytes, key, obfuscatedStart);
  return bytes;
}

/** @throws DecodeError when the version is unknown or the data ends early. */
export function decodeMempool(file: Uint8Array): SavedMempool {
  const bytes = file.slice();
  const head = new ByteReader(bytes);
  const version = head.u64();
  if (version === obfuscatedVersion) {
    const key = head.varBytes();
    if (key.length !== keySize) throw new DecodeError(`a key of ${key.length} bytes`);
    obfuscate(bytes, key, head.offset);
  } else if (version !== plainVersion) {
    throw new DecodeError(`version ${version} of mempool.dat is unknown`);
  }
  const reader = new ByteReader(bytes, head.offset);
  const transactions = [];
  for (let left = reader.u64(); left > 0n; left--) {
    transactions.push({ tx: readTransaction(reader), time: Number(reader.i64()), feeDelta: reader.i64() });
  }
  const deltas = [];
  for (let left = reader.compactSize(); left > 0; left--) deltas.push({ txid: reader.bytes(32), feeDelta: reader.i64() });
  const unbroadcast = [];
  for (let left = reader.compactSize(); left > 0; left--) unbroadcast.push(reader.bytes(32));
  return { transactions, deltas, unbroadcast };
}

/** The file's contents; undefined when there is none. @throws DecodeError when it is damaged. */
export async function readMempoolFile(path: string): Promise<SavedMempool | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
  return decodeMempool(bytes);
}

/** Replaces the file as a whole, so that a crash leaves the old or the new one. */
export async function writeMempoolFile(path: string, saved: SavedMempool, key: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(encodeMempool(saved, key));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
