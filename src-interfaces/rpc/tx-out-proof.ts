import { inCoreWords } from '../../src-bitcoin/bytes/core-words.js';
import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { readMerkleBlock, type MerkleBlock } from '../../src-bitcoin/consensus/merkle-block.js';
import type { JsonValue } from '../json/json.js';
import { rpcError } from './codes.js';
import { asHex } from './values.js';

/** What `gettxoutproof` returned, read again. Whether it proves anything is not looked at. @throws RpcFailure */
export function txOutProofOf(value: JsonValue): MerkleBlock {
  const bytes = asHex(value, 'proof');
  try {
    return readMerkleBlock(new ByteReader(bytes));
  } catch (fault) {
    if (!(fault instanceof DecodeError)) throw fault;
    throw rpcError('misc', `${inCoreWords(fault)}: iostream error`);
  }
}
