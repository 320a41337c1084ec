import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { fromHex, isHex } from '../../src-bitcoin/bytes/hex.js';
import {
  isCoinbase,
  parseTransaction,
  readTransactionWithoutWitness,
  type Transaction,
} from '../../src-bitcoin/primitives/transaction.js';
import { maxScriptElementSize, maxScriptSize } from '../../src-bitcoin/script/limits.js';
import { ScriptReader } from '../../src-bitcoin/script/script.js';
import { OP_CHECKSIGADD } from '../../src-bitcoin/script/opcodes.js';

/** Whether a script reads to its end, with known operations and pushes that are not too long. */
export function hasValidOperations(script: Uint8Array): boolean {
  const reader = new ScriptReader(script);
  while (!reader.atEnd) {
    if (!reader.next() || reader.opcode > OP_CHECKSIGADD || reader.data.length > maxScriptElementSize) return false;
  }
  return true;
}

function hasSaneScripts(tx: Transaction): boolean {
  const scripts = tx.outputs.map((output) => output.scriptPubKey);
  if (!isCoinbase(tx)) scripts.push(...tx.inputs.map((input) => input.scriptSig));
  return scripts.every((script) => script.length <= maxScriptSize && hasValidOperations(script));
}

function attempt(decode: () => Transaction): Transaction | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The transaction a hex text holds; undefined when there is none. A transaction without inputs can be
 * read with and without witness: the reading whose scripts make sense wins, else that with witness.
 */
export function decodeTransactionHex(
  text: string,
  { withWitness = true, withoutWitness = true }: { withWitness?: boolean; withoutWitness?: boolean } = {},
): Transaction | undefined {
  if (text === '' || !isHex(text)) return undefined;
  const bytes = fromHex(text);
  const extended = withWitness ? attempt(() => parseTransaction(bytes)) : undefined;
  if (extended !== undefined && hasSaneScripts(extended)) return extended;
  const legacy = withoutWitness
    ? attempt(() => {
        const reader = new ByteReader(bytes);
        const tx = readTransactionWithoutWitness(reader);
        reader.expectEnd('transaction');
        return tx;
      })
    : undefined;
  if (legacy !== undefined && hasSaneScripts(legacy)) return legacy;
  return extended ?? legacy;
}
