import { equalBytes } from '../bytes/bytes.js';
import { inCoreWords } from '../bytes/core-words.js';
import { ByteReader, DecodeError } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { parseTransaction, readTransactionWithoutWitness, readTxOut, serializeTransaction, txidOf, type Transaction, type TxOut } from '../primitives/transaction.js';
import { fieldRules, unknownFieldRule } from './field-rules.js';
import { globalField, inputField, type PsbtMapKind } from './fields.js';
import { readWitness } from './field-values.js';
import { PsbtMap, splitKey } from './psbt-map.js';

const magic = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);
const empty = new Uint8Array(0);

/** A partially signed transaction (BIP174, version 0). Whoever works on it changes the maps. */
export interface Psbt {
  /** Without anything that unlocks its inputs. */
  readonly tx: Transaction;
  /** All but the transaction. */
  readonly global: PsbtMap;
  /** One for each input of the transaction, in its order. */
  readonly inputs: readonly PsbtMap[];
  readonly outputs: readonly PsbtMap[];
}

export type ParsedPsbt = { readonly ok: true; readonly psbt: Psbt } | { readonly ok: false; readonly error: string };

/** A PSBT that says nothing yet but which transaction it is about. What unlocks inputs is left out. */
export function createPsbt(tx: Transaction): Psbt {
  return {
    tx: { ...tx, inputs: tx.inputs.map((input) => ({ ...input, scriptSig: empty, witness: [] })) },
    global: new PsbtMap('global'),
    inputs: tx.inputs.map(() => new PsbtMap('input')),
    outputs: tx.outputs.map(() => new PsbtMap('output')),
  };
}

function readMap(reader: ByteReader, kind: PsbtMapKind): PsbtMap {
  const map = new PsbtMap(kind);
  const nothing = new Set<number>();
  while (reader.remaining > 0) {
    const key = reader.varBytes();
    if (key.length === 0) return nothing.size === 0 ? map : map.without(nothing);
    const { type, keyData } = splitKey(key);
    const rule = fieldRules[kind][type] ?? unknownFieldRule;
    rule.key(keyData);
    if (map.hasKey(key)) throw new DecodeError(rule.duplicate);
    const value = rule.value(reader.varBytes());
    map.add({ type, key, keyData, value });
    if (rule.isNothing?.(value) === true) nothing.add(type);
  }
  throw new DecodeError(`Separator is missing at the end of ${kind === 'global' ? 'the global' : `an ${kind}`} map`);
}

function takeUnsignedTransaction(global: PsbtMap): Transaction {
  const bytes = global.get(globalField.unsignedTx);
  if (bytes === undefined) throw new DecodeError('No unsigned transaction was provided');
  global.delete(globalField.unsignedTx);
  const reader = new ByteReader(bytes);
  const tx = readTransactionWithoutWitness(reader);
  if (reader.remaining > 0) throw new DecodeError('Size of value was not the stated size');
  if (tx.inputs.some(({ scriptSig }) => scriptSig.length > 0)) throw new DecodeError('Unsigned tx does not have empty scriptSigs and scriptWitnesses.');
  return tx;
}

/** The transaction that an input's map gives as the one it spends from. */
export function previousTransaction(map: PsbtMap): Transaction | undefined {
  const bytes = map.get(inputField.nonWitnessUtxo);
  return bytes && parseTransaction(bytes);
}

function checkPrevious(tx: Transaction, map: PsbtMap, index: number): void {
  const previous = previousTransaction(map);
  const prevout = tx.inputs[index]?.prevout;
  if (previous === undefined || prevout === undefined) return;
  if (!equalBytes(txidOf(previous), prevout.txid)) throw new DecodeError('Non-witness UTXO does not match outpoint hash');
  if (prevout.index >= previous.outputs.length) throw new DecodeError('Input specifies output index that does not exist');
}

function readPsbt(reader: ByteReader): Psbt {
  if (!equalBytes(reader.bytes(magic.length), magic)) throw new DecodeError('Invalid PSBT magic bytes');
  const global = readMap(reader, 'global');
  const tx = takeUnsignedTransaction(global);
  // Version 0 is what it is without the field, too.
  global.delete(globalField.version);
  const readMaps = (kind: 'input' | 'output', count: number): PsbtMap[] => {
    const maps: PsbtMap[] = [];
    while (reader.remaining > 0 && maps.length < count) {
      const map = readMap(reader, kind);
      if (kind === 'input') checkPrevious(tx, map, maps.length);
      maps.push(map);
    }
    const name = kind === 'input' ? 'Inputs' : 'Outputs';
    if (maps.length !== count) throw new DecodeError(`${name} provided does not match the number of ${name.toLowerCase()} in transaction.`);
    return maps;
  };
  const inputs = readMaps('input', tx.inputs.length);
  return { tx, global, inputs, outputs: readMaps('output', tx.outputs.length) };
}

/** Reads a PSBT from its binary form. The error is Bitcoin Core's words. */
export function parsePsbt(bytes: Uint8Array): ParsedPsbt {
  const reader = new ByteReader(bytes);
  try {
    const psbt = readPsbt(reader);
    return reader.remaining > 0 ? { ok: false, error: 'extra data after PSBT' } : { ok: true, psbt };
  } catch (fault) {
    if (!(fault instanceof DecodeError)) throw fault;
    return { ok: false, error: inCoreWords(fault) };
  }
}

/** The binary form of a PSBT. Known fields come in Bitcoin Core's order; a finished input keeps only what unlocks it. */
export function serializePsbt({ tx, global, inputs, outputs }: Psbt): Uint8Array {
  const writer = new ByteWriter(1024).bytes(magic);
  writer.varBytes(Uint8Array.of(globalField.unsignedTx)).varBytes(serializeTransaction(tx, false));
  for (const map of [global, ...inputs, ...outputs]) map.write(writer);
  return writer.finish();
}

/** The output that an input spends, from either field that tells; undefined when none does. */
export function spentOutput({ tx, inputs }: Psbt, index: number): TxOut | undefined {
  const map = inputs[index];
  const prevout = tx.inputs[index]?.prevout;
  if (map === undefined || prevout === undefined) return undefined;
  const previous = previousTransaction(map);
  if (previous !== undefined) return previous.outputs[prevout.index];
  const witnessUtxo = map.get(inputField.witnessUtxo);
  return witnessUtxo && readTxOut(new ByteReader(witnessUtxo));
}

/** Whether an input carries what unlocks it. Whether that is right, the script interpreter has to say. */
export function isFinished(map: PsbtMap): boolean {
  return map.has(inputField.finalScriptSig) || map.has(inputField.finalWitness);
}

/** What unlocks an input, as far as it is finished. */
export function finalUnlock(map: PsbtMap): { readonly scriptSig: Uint8Array; readonly witness: readonly Uint8Array[] } {
  const witness = map.get(inputField.finalWitness);
  return { scriptSig: map.get(inputField.finalScriptSig) ?? empty, witness: witness === undefined ? [] : readWitness(witness) };
}

/** The transaction with what unlocks its inputs, as far as they are finished. */
export function extractTransaction({ tx, inputs }: Psbt): Transaction {
  return {
    ...tx,
    inputs: tx.inputs.map((input, i) => {
      const map = inputs[i];
      return map === undefined ? input : { ...input, ...finalUnlock(map) };
    }),
  };
}
