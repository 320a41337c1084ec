import { equalBytes } from '../bytes/bytes.js';
import { outpointKey, txidOf, type Outpoint } from '../primitives/transaction.js';
import { inputField } from './fields.js';
import type { Psbt } from './psbt.js';
import { PsbtMap } from './psbt-map.js';

/** What was made for one transaction and is worth nothing in another. */
const bound: ReadonlySet<number> = new Set([
  inputField.partialSignature,
  inputField.tapKeySignature,
  inputField.tapScriptSignature,
  inputField.musig2Nonce,
  inputField.musig2PartialSignature,
  inputField.finalScriptSig,
  inputField.finalWitness,
]);

/**
 * Puts together what several know of the same transaction (the combiner of BIP174). Where they differ, the first is right.
 * Nothing is left out, while Bitcoin Core leaves hash types and proprietary fields of all but the first behind.
 * @returns undefined when they are about different transactions
 */
export function combinePsbts(first: Psbt, others: readonly Psbt[]): Psbt | undefined {
  const txid = txidOf(first.tx);
  if (others.some(({ tx }) => !equalBytes(txidOf(tx), txid))) return undefined;
  const combined = (map: PsbtMap, same: (other: Psbt) => PsbtMap | undefined): PsbtMap => {
    const copy = map.without(new Set());
    for (const other of others.map(same)) if (other !== undefined) copy.merge(other);
    return copy;
  };
  return {
    tx: first.tx,
    global: combined(first.global, ({ global }) => global),
    inputs: first.inputs.map((map, i) => combined(map, ({ inputs }) => inputs[i])),
    outputs: first.outputs.map((map, i) => combined(map, ({ outputs }) => outputs[i])),
  };
}

export type JoinedPsbts = { readonly ok: true; readonly psbt: Psbt } | { readonly ok: false; readonly twice: Outpoint };

/**
 * Makes one transaction of several, with the inputs and outputs of all, the highest version and the lowest locktime.
 * Signatures are left out: they were for other transactions.
 * @param shuffle puts a list in an order that does not tell whose inputs and outputs belong together
 * @returns an output that several spend, where there is one
 */
export function joinPsbts(psbts: readonly Psbt[], shuffle: <T>(list: readonly T[]) => readonly T[]): JoinedPsbts {
  const inputs = psbts.flatMap(({ tx, inputs: maps }) => tx.inputs.flatMap((input, i) => (maps[i] === undefined ? [] : [{ input, map: maps[i].without(bound) }])));
  const outputs = psbts.flatMap(({ tx, outputs: maps }) => tx.outputs.flatMap((output, i) => (maps[i] === undefined ? [] : [{ output, map: maps[i] }])));
  const spent = new Set<string>();
  for (const { input } of inputs) {
    const key = outpointKey(input.prevout);
    if (spent.has(key)) return { ok: false, twice: input.prevout };
    spent.add(key);
  }
  const global = new PsbtMap('global');
  for (const psbt of psbts) global.merge(psbt.global);
  const mixedInputs = shuffle(inputs);
  const mixedOutputs = shuffle(outputs);
  const tx = {
    version: psbts.reduce((most, { tx: { version } }) => Math.max(most, version >>> 0), 1) | 0,
    inputs: mixedInputs.map(({ input }) => input),
    outputs: mixedOutputs.map(({ output }) => output),
    locktime: psbts.reduce((least, { tx: { locktime } }) => Math.min(least, locktime), 0xffffffff),
  };
  return { ok: true, psbt: { tx, global, inputs: mixedInputs.map(({ map }) => map), outputs: mixedOutputs.map(({ map }) => map) } };
}
