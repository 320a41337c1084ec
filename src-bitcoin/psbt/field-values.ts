import { compareBytes, concatBytes } from '../bytes/bytes.js';
import { ByteReader, DecodeError } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import type { KeyOrigin } from '../descriptor/descriptor.js';
import type { TapLeafPath } from '../keys/taproot.js';

export function writeOrigin(origin: KeyOrigin): Uint8Array {
  const writer = new ByteWriter(32).bytes(origin.fingerprint);
  for (const step of origin.path) writer.u32(step);
  return writer.finish();
}

/** @throws DecodeError */
export function readOrigin(bytes: Uint8Array): KeyOrigin {
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw new DecodeError('Invalid length for HD key path');
  const reader = new ByteReader(bytes);
  const fingerprint = reader.bytes(4);
  const path: number[] = [];
  while (reader.remaining > 0) path.push(reader.u32());
  return { fingerprint, path };
}

/** Where an x-only key comes from, and the leaves it is in. */
export interface TapOrigin {
  readonly leafHashes: readonly Uint8Array[];
  readonly origin: KeyOrigin;
}

/** Writes the leaf hashes sorted and each once. */
export function writeTapOrigin({ leafHashes, origin }: TapOrigin): Uint8Array {
  const sorted = [...leafHashes].sort(compareBytes).filter((hash, i, all) => i === 0 || compareBytes(hash, all[i - 1] ?? hash) !== 0);
  return concatBytes(new ByteWriter(9).compactSize(sorted.length).finish(), ...sorted, writeOrigin(origin));
}

/** @throws DecodeError */
export function readTapOrigin(bytes: Uint8Array): TapOrigin {
  const reader = new ByteReader(bytes);
  const leafHashes = Array.from({ length: reader.compactSize() }, () => reader.bytes(32));
  return { leafHashes, origin: readOrigin(reader.bytes(reader.remaining)) };
}

/** A script tree from one side to the other: depth, leaf version and script of each leaf. */
export function writeTapTree(leaves: readonly TapLeafPath[]): Uint8Array {
  const writer = new ByteWriter(256);
  for (const { script, version, merklePath } of leaves) writer.u8(merklePath.length).u8(version).varBytes(script);
  return writer.finish();
}

/** One leaf of a script tree in a PSBT. */
export interface TapTreeLeaf {
  readonly depth: number;
  readonly version: number;
  readonly script: Uint8Array;
}

/** The leaves from one side to the other. @throws DecodeError when the bytes end inside the next one */
export function* readTapTree(bytes: Uint8Array): Iterable<TapTreeLeaf> {
  const reader = new ByteReader(bytes);
  while (reader.remaining > 0) yield { depth: reader.u8(), version: reader.u8(), script: reader.varBytes() };
}

export function writeWitness(stack: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(256).compactSize(stack.length);
  for (const item of stack) writer.varBytes(item);
  return writer.finish();
}

/** @throws DecodeError */
export function readWitness(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  const stack: Uint8Array[] = [];
  for (let left = reader.compactSize(); left > 0; left--) stack.push(reader.varBytes());
  reader.expectEnd('witness');
  return stack;
}

/** A hash type: a signed number of four bytes, little endian. */
export function writeHashType(hashType: number): Uint8Array {
  return new ByteWriter(4).i32(hashType).finish();
}

/** @throws DecodeError */
export function readHashType(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes);
  const hashType = reader.i32();
  reader.expectEnd('hash type');
  return hashType;
}
