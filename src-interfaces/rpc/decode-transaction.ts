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
import type { Argument } from './argument.js';
import type { RpcCall } from './command.js';

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

/** In which forms a transaction may be. */
export interface TransactionForms {
  readonly withWitness?: boolean;
  readonly withoutWitness?: boolean;
}

/** Which of the two forms a transaction is in, where the caller knows. */
export const witnessArgument: Argument = {
  names: 'iswitness',
  kind: 'boolean',
  defaultHint: 'depends on heuristic tests',
  help: 'Whether it is in the form with witness. Only matters for one without inputs.',
};

/** What a caller said of the form of a transaction with `witnessArgument`. */
export function whetherWitness(call: RpcCall): TransactionForms {
  if (!call.has('iswitness')) return {};
  const withWitness = call.boolean('iswitness');
  return { withWitness, withoutWitness: !withWitness };
}

/**
 * The transaction a hex text holds; undefined when there is none. A transaction without inputs can be
 * read with and without witness: the reading whose scripts make sense wins, else that with witness.
 */
export function decodeTransactionHex(
  text: string,
  { withWitness = true, withoutWitness = true }: TransactionForms = {},
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
