import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';

/** Written where older programs put their version; ignored on reading. */
const locatorVersion = 70016;

/** A serialized block locator without hashes. */
export const emptyLocator = new ByteWriter(5).i32(locatorVersion).compactSize(0).finish();

/** The hashes of a serialized block locator, newest first. */
export function parseLocator(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  reader.i32();
  const hashes: Uint8Array[] = [];
  for (let left = reader.compactSize(); left > 0; left--) hashes.push(reader.bytes(32));
  return hashes;
}
