import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Types of records in a wallet file: the text their keys start with. */
export const RecordType = {
  version: 'version',
  flags: 'flags',
  bestBlock: 'bestblock',
  bestBlockNoMerkle: 'bestblock_nomerkle',
  orderPosNext: 'orderposnext',
  descriptor: 'walletdescriptor',
  descriptorCache: 'walletdescriptorcache',
  lastHardenedCache: 'walletdescriptorlhcache',
  descriptorKey: 'walletdescriptorkey',
  descriptorCryptedKey: 'walletdescriptorckey',
  masterKey: 'mkey',
  activeExternal: 'activeexternalspk',
  activeInternal: 'activeinternalspk',
  name: 'name',
  purpose: 'purpose',
  destData: 'destdata',
  lockedOutput: 'lockedutxo',
  transaction: 'tx',
} as const;

/** Types of records that only wallets of before descriptors have. */
export const legacyRecordTypes: ReadonlySet<string> = new Set([
  'key', 'ckey', 'wkey', 'cscript', 'keymeta', 'hdchain', 'pool', 'watchs', 'watchmeta', 'defaultkey',
]);

/** The key of a record: its type, then fields that `fields` writes. */
export function recordKey(type: string, fields?: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(64).varBytes(encoder.encode(type));
  fields?.(writer);
  return writer.finish();
}

export function writeText(writer: ByteWriter, text: string): ByteWriter {
  return writer.varBytes(encoder.encode(text));
}

export function readText(reader: ByteReader): string {
  return decoder.decode(reader.varBytes());
}

/** The type of a record and a reader of the rest of its key. */
export function splitKey(key: Uint8Array): { readonly type: string; readonly rest: ByteReader } {
  const rest = new ByteReader(key);
  return { type: readText(rest), rest };
}

/** A value that is one byte string or text with its length. */
export const textValue = (text: string): Uint8Array => writeText(new ByteWriter(text.length + 3), text).finish();
export const bytesValue = (bytes: Uint8Array): Uint8Array => new ByteWriter(bytes.length + 3).varBytes(bytes).finish();
