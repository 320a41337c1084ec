import { concatBytes, compareBytes } from '../bytes/bytes.js';
import { ByteWriter } from '../bytes/writer.js';
import { ripemd160 } from '../crypto/hash.js';
import type { KeyOrigin } from '../descriptor/descriptor.js';
import type { SolvingData } from '../descriptor/solving.js';
import { serializeTransaction, serializeTxOut, type Transaction, type TxOut } from '../primitives/transaction.js';
import { matchMultiA, solve } from '../script/solver.js';
import type { TaprootOutput } from '../keys/taproot.js';
import { controlBlock } from '../keys/taproot.js';

/** What a PSBT tells about an input. */
export interface PsbtInput {
  /** The transaction that made the spent output, where known. */
  readonly previous?: Transaction;
  readonly spent?: TxOut;
  readonly known: SolvingData;
  /** What unlocks the input, when it is finished. */
  readonly final?: { readonly scriptSig: Uint8Array; readonly witness: readonly Uint8Array[] };
}

export interface PsbtOutput {
  readonly known: SolvingData;
}

/** Field numbers of BIP174 and BIP371. */
const globalField = { unsignedTx: 0x00 } as const;
const inputField = {
  nonWitnessUtxo: 0x00,
  witnessUtxo: 0x01,
  redeemScript: 0x04,
  witnessScript: 0x05,
  derivation: 0x06,
  finalScriptSig: 0x07,
  finalWitness: 0x08,
  tapLeafScript: 0x15,
  tapDerivation: 0x16,
  tapInternalKey: 0x17,
  tapMerkleRoot: 0x18,
} as const;
const outputField = { redeemScript: 0x00, witnessScript: 0x01, derivation: 0x02, tapInternalKey: 0x05, tapDerivation: 0x07 } as const;

const magic = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);
const empty = new Uint8Array(0);

/** One map of a PSBT: fields by number and key data, ended by a zero byte. */
class FieldMap {
  readonly #writer = new ByteWriter(256);

  put(field: number, keyData: Uint8Array, value: Uint8Array): void {
    this.#writer.varBytes(concatBytes(Uint8Array.of(field), keyData)).varBytes(value);
  }

  finish(): Uint8Array {
    return this.#writer.u8(0).finish();
  }
}

function originValue(origin: KeyOrigin): Uint8Array {
  const writer = new ByteWriter(32).bytes(origin.fingerprint);
  for (const step of origin.path) writer.u32(step);
  return writer.finish();
}

interface Scripts {
  readonly redeem: Uint8Array | undefined;
  readonly witness: Uint8Array | undefined;
  readonly taproot: TaprootOutput | undefined;
}

/** The scripts behind an output script, as far as known. */
function scriptsBehind(script: Uint8Array, known: SolvingData): Scripts {
  const outer = solve(script);
  const redeem = outer.type === 'scripthash' ? known.script(outer.hash) : undefined;
  const inner = redeem === undefined ? outer : solve(redeem);
  const witness = inner.type === 'witness_v0_scripthash' ? known.script(ripemd160(inner.hash)) : undefined;
  const taproot = outer.type === 'witness_v1_taproot' ? known.taproot(outer.outputKey) : undefined;
  return { redeem, witness, taproot };
}

function sortedKeys(known: SolvingData): readonly { readonly pubkey: Uint8Array; readonly origin: KeyOrigin }[] {
  return [...known.keys()]
    .flatMap(({ pubkey, origin }) => (origin === undefined ? [] : [{ pubkey, origin }]))
    .sort((a, b) => compareBytes(a.pubkey, b.pubkey));
}

function leafHashesOf(output: TaprootOutput, xOnly: Uint8Array): readonly Uint8Array[] {
  return output.leaves
    .filter(({ script }) => {
      const keys = matchMultiA(script)?.publicKeys ?? [script.subarray(1, 33)];
      return keys.some((key) => compareBytes(key, xOnly) === 0);
    })
    .map(({ leafHash }) => leafHash);
}

function putTapDerivations(map: FieldMap, field: number, output: TaprootOutput, known: SolvingData): void {
  for (const { pubkey, origin } of sortedKeys(known)) {
    const xOnly = pubkey.slice(1, 33);
    const hashes = leafHashesOf(output, xOnly);
    const value = new ByteWriter(64).compactSize(hashes.length);
    for (const hash of hashes) value.bytes(hash);
    map.put(field, xOnly, value.bytes(originValue(origin)).finish());
  }
}

function putDerivations(map: FieldMap, field: number, known: SolvingData): void {
  for (const { pubkey, origin } of sortedKeys(known)) map.put(field, pubkey, originValue(origin));
}

function isSegwit(script: Uint8Array, { redeem }: Scripts): boolean {
  return solve(redeem ?? script).type.startsWith('witness');
}

function inputMap(input: PsbtInput): Uint8Array {
  const map = new FieldMap();
  const { spent, previous, known, final } = input;
  if (spent === undefined) return map.finish();
  const scripts = scriptsBehind(spent.scriptPubKey, known);
  // Taproot signatures cover the amounts, so the whole previous transaction is not needed there.
  if (previous !== undefined && scripts.taproot === undefined && solve(spent.scriptPubKey).type !== 'witness_v1_taproot') {
    map.put(inputField.nonWitnessUtxo, empty, serializeTransaction(previous));
  }
  if (isSegwit(spent.scriptPubKey, scripts)) map.put(inputField.witnessUtxo, empty, serializeTxOut(spent));
  if (final !== undefined) {
    if (final.scriptSig.length > 0) map.put(inputField.finalScriptSig, empty, final.scriptSig);
    if (final.witness.length > 0) {
      const stack = new ByteWriter(256).compactSize(final.witness.length);
      for (const item of final.witness) stack.varBytes(item);
      map.put(inputField.finalWitness, empty, stack.finish());
    }
    return map.finish();
  }
  if (scripts.redeem !== undefined) map.put(inputField.redeemScript, empty, scripts.redeem);
  if (scripts.witness !== undefined) map.put(inputField.witnessScript, empty, scripts.witness);
  const { taproot } = scripts;
  if (taproot === undefined) {
    putDerivations(map, inputField.derivation, known);
    return map.finish();
  }
  for (const leaf of taproot.leaves) {
    map.put(inputField.tapLeafScript, controlBlock(taproot, leaf), concatBytes(leaf.script, Uint8Array.of(leaf.version)));
  }
  putTapDerivations(map, inputField.tapDerivation, taproot, known);
  map.put(inputField.tapInternalKey, empty, taproot.internalKey);
  if (taproot.merkleRoot !== undefined) map.put(inputField.tapMerkleRoot, empty, taproot.merkleRoot);
  return map.finish();
}

function outputMap(output: TxOut, { known }: PsbtOutput): Uint8Array {
  const map = new FieldMap();
  const scripts = scriptsBehind(output.scriptPubKey, known);
  if (scripts.redeem !== undefined) map.put(outputField.redeemScript, empty, scripts.redeem);
  if (scripts.witness !== undefined) map.put(outputField.witnessScript, empty, scripts.witness);
  if (scripts.taproot === undefined) {
    putDerivations(map, outputField.derivation, known);
  } else {
    map.put(outputField.tapInternalKey, empty, scripts.taproot.internalKey);
    putTapDerivations(map, outputField.tapDerivation, scripts.taproot, known);
  }
  return map.finish();
}

/** A partially signed transaction (BIP174, version 0) in binary. `inputs` and `outputs` are those of `tx`, in its order. */
export function writePsbt(tx: Transaction, inputs: readonly PsbtInput[], outputs: readonly PsbtOutput[]): Uint8Array {
  const unsigned: Transaction = { ...tx, inputs: tx.inputs.map((input) => ({ ...input, scriptSig: empty, witness: [] })) };
  const global = new FieldMap();
  global.put(globalField.unsignedTx, empty, serializeTransaction(unsigned, false));
  return concatBytes(
    magic,
    global.finish(),
    ...inputs.map(inputMap),
    ...tx.outputs.flatMap((output, i) => {
      const about = outputs[i];
      return about === undefined ? [] : [outputMap(output, about)];
    }),
  );
}
