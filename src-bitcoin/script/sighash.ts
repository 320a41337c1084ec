import { createHash } from 'node:crypto';
import { equalBytes } from '../bytes/bytes.js';
import { ByteWriter } from '../bytes/writer.js';
import { hash256, sha256, taggedHash } from '../crypto/hash.js';
import { serializeTxOut, writeTxOut, type TxIn } from '../primitives/transaction.js';
import { OP_CODESEPARATOR } from './opcodes.js';
import { blankInputSize, type PrecomputedTransaction } from './precomputed-transaction.js';
import { ScriptReader } from './script.js';

/** Taproot only: as SIGHASH_ALL, but the signature has no hash type byte. */
export const SIGHASH_DEFAULT = 0;
export const SIGHASH_ALL = 1;
export const SIGHASH_NONE = 2;
export const SIGHASH_SINGLE = 3;
export const SIGHASH_ANYONECANPAY = 0x80;

const zeroHash = new Uint8Array(32);
/** What the first implementation returned for SIGHASH_SINGLE without an output: the number one. */
const hashOne = Uint8Array.from(zeroHash, (_, i) => (i === 0 ? 1 : 0));
/** An output of −1 satoshis with an empty script. */
const blankOutput = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0);

/** Which outputs and inputs a hash type before taproot signs. */
function scopeOf(hashType: number): { none: boolean; single: boolean; anyoneCanPay: boolean } {
  const outputs = hashType & 0x1f;
  return {
    none: outputs === SIGHASH_NONE,
    single: outputs === SIGHASH_SINGLE,
    anyoneCanPay: (hashType & SIGHASH_ANYONECANPAY) !== 0,
  };
}

function inputAt(precomputed: PrecomputedTransaction, index: number): TxIn {
  const input = precomputed.tx.inputs[index];
  if (input === undefined) throw new RangeError(`no input ${index} in a transaction of ${precomputed.tx.inputs.length}`);
  return input;
}

/** The script without its OP_CODESEPARATORs, which the legacy hash leaves out. */
function withoutCodeSeparators(script: Uint8Array): Uint8Array {
  if (!script.includes(OP_CODESEPARATOR)) return new ByteWriter(script.length + 5).varBytes(script).finish();
  const kept = new ByteWriter(script.length);
  const reader = new ScriptReader(script);
  let start = 0;
  let separators = 0;
  while (reader.next()) {
    if (reader.opcode !== OP_CODESEPARATOR) continue;
    kept.bytes(script.subarray(start, reader.position - 1));
    start = reader.position;
    separators++;
  }
  // A script that breaks off inside a push is written as far as it can be read, under its full length.
  kept.bytes(script.subarray(start, reader.position));
  return new ByteWriter(script.length + 5)
    .compactSize(script.length - separators)
    .bytes(kept.finish())
    .finish();
}

type Sha256 = ReturnType<typeof createHash>;

function finish(midstate: Sha256, hashType: number): Uint8Array {
  return sha256(midstate.update(new ByteWriter(4).i32(hashType | 0).finish()).digest());
}

// The preimage goes to the hash in pieces that are written once per transaction, so that the cost of
// an input is hashing alone.
function legacyMidstate(precomputed: PrecomputedTransaction, index: number, scriptCode: Uint8Array, hashType: number): Sha256 {
  const { tx } = precomputed;
  const { none, single, anyoneCanPay } = scopeOf(hashType);
  const { prevout, sequence } = inputAt(precomputed, index);
  const hash = createHash('sha256');
  const head = new ByteWriter(scriptCode.length + 64).i32(tx.version).compactSize(anyoneCanPay ? 1 : tx.inputs.length);
  const own = (writer: ByteWriter): ByteWriter =>
    writer.bytes(prevout.txid).u32(prevout.index).bytes(withoutCodeSeparators(scriptCode)).u32(sequence);
  if (anyoneCanPay) {
    hash.update(own(head).finish());
  } else {
    const blank = precomputed.blankInputs(!none && !single);
    hash.update(head.finish());
    hash.update(blank.subarray(0, blankInputSize * index));
    hash.update(own(new ByteWriter(scriptCode.length + 64)).finish());
    hash.update(blank.subarray(blankInputSize * (index + 1)));
  }
  const tail = new ByteWriter(64);
  if (none) {
    tail.compactSize(0);
  } else if (single) {
    tail.compactSize(index + 1);
    for (let i = 0; i < index; i++) tail.bytes(blankOutput);
    const output = tx.outputs[index];
    if (output !== undefined) writeTxOut(tail, output);
  } else {
    hash.update(tail.compactSize(tx.outputs.length).finish());
    hash.update(precomputed.serializedOutputs);
  }
  if (none || single) hash.update(tail.finish());
  return hash.update(new ByteWriter(4).u32(tx.locktime).finish());
}

/**
 * The hash an input before segwit signs. `hashType` is the byte at the end of the signature; all its
 * 32 bits count where it comes from elsewhere.
 * @throws RangeError when there is no such input.
 */
export function signatureHashLegacy(
  precomputed: PrecomputedTransaction,
  index: number,
  scriptCode: Uint8Array,
  hashType: number,
): Uint8Array {
  inputAt(precomputed, index);
  if (scopeOf(hashType).single && index >= precomputed.tx.outputs.length) return hashOne.slice();
  return finish(legacyMidstate(precomputed, index, scriptCode, hashType), hashType);
}

/**
 * The hash a witness v0 input signs (BIP143).
 * @param amount satoshis of the output spent.
 * @throws RangeError when there is no such input.
 */
export function signatureHashWitnessV0(
  precomputed: PrecomputedTransaction,
  index: number,
  scriptCode: Uint8Array,
  amount: bigint,
  hashType: number,
): Uint8Array {
  const { tx } = precomputed;
  const { none, single, anyoneCanPay } = scopeOf(hashType);
  const { prevout, sequence } = inputAt(precomputed, index);
  const output = tx.outputs[index];
  const outputsHash =
    !none && !single
      ? precomputed.doubleOutputsHash
      : single && output !== undefined
        ? hash256(serializeTxOut(output))
        : zeroHash;
  return hash256(
    new ByteWriter(scriptCode.length + 168)
      .i32(tx.version)
      .bytes(anyoneCanPay ? zeroHash : precomputed.doublePrevoutsHash)
      .bytes(anyoneCanPay || none || single ? zeroHash : precomputed.doubleSequencesHash)
      .bytes(prevout.txid)
      .u32(prevout.index)
      .varBytes(scriptCode)
      .i64(amount)
      .u32(sequence)
      .bytes(outputsHash)
      .u32(tx.locktime)
      .i32(hashType | 0)
      .finish(),
  );
}

/** What a tapscript signature covers beyond the transaction (BIP342). */
export interface TapscriptContext {
  readonly leafHash: Uint8Array;
  /** Number of the operation of the last OP_CODESEPARATOR run, 0xffffffff for none. */
  readonly codeSeparator: number;
}

/**
 * The hash a taproot input signs (BIP341); for tapscript give its context.
 * Undefined when the hash type has no meaning, or is SIGHASH_SINGLE without such an output.
 * @param annexHash SHA-256 of the annex with its length, when there is an annex.
 * @throws RangeError when there is no such input.
 * @throws Error when the spent outputs are not known.
 */
export function signatureHashTaproot(
  precomputed: PrecomputedTransaction,
  index: number,
  hashType: number,
  annexHash?: Uint8Array,
  tapscript?: TapscriptContext,
): Uint8Array | undefined {
  const { tx, spentAmountsHash, spentScriptsHash } = precomputed;
  const { prevout, sequence } = inputAt(precomputed, index);
  const spent = precomputed.spentOutputs?.[index];
  if (spent === undefined || spentAmountsHash === undefined || spentScriptsHash === undefined) {
    throw new Error('a taproot signature hash needs all outputs that the transaction spends');
  }
  if (hashType > 3 && (hashType < 0x81 || hashType > 0x83)) return undefined;
  const outputType = hashType === SIGHASH_DEFAULT ? SIGHASH_ALL : hashType & 3;
  const writer = new ByteWriter(256).u8(0).u8(hashType).i32(tx.version).u32(tx.locktime);
  const anyoneCanPay = (hashType & SIGHASH_ANYONECANPAY) !== 0;
  if (!anyoneCanPay) {
    writer
      .bytes(precomputed.prevoutsHash)
      .bytes(spentAmountsHash)
      .bytes(spentScriptsHash)
      .bytes(precomputed.sequencesHash);
  }
  if (outputType === SIGHASH_ALL) writer.bytes(precomputed.outputsHash);
  writer.u8((tapscript === undefined ? 0 : 2) + (annexHash === undefined ? 0 : 1));
  if (anyoneCanPay) {
    writer.bytes(prevout.txid).u32(prevout.index);
    writeTxOut(writer, spent);
    writer.u32(sequence);
  } else {
    writer.u32(index);
  }
  if (annexHash !== undefined) writer.bytes(annexHash);
  if (outputType === SIGHASH_SINGLE) {
    const output = tx.outputs[index];
    if (output === undefined) return undefined;
    writer.bytes(sha256(serializeTxOut(output)));
  }
  if (tapscript !== undefined) writer.bytes(tapscript.leafHash).u8(0).u32(tapscript.codeSeparator);
  return taggedHash('TapSighash', writer.finish());
}

/**
 * Legacy signature hashes of one input, keeping the hash of everything but the hash type. Scripts may
 * check many signatures over the same transaction, and then pay for hashing it once per scope, not
 * once per signature.
 */
export class LegacySignatureHasher {
  readonly #precomputed: PrecomputedTransaction;
  readonly #index: number;
  readonly #midstates: ({ scriptCode: Uint8Array; hash: Sha256 } | undefined)[] = [];

  constructor(precomputed: PrecomputedTransaction, index: number) {
    this.#precomputed = precomputed;
    this.#index = index;
  }

  /** As `signatureHashLegacy`. */
  hash(scriptCode: Uint8Array, hashType: number): Uint8Array {
    const { none, single, anyoneCanPay } = scopeOf(hashType);
    if (single && this.#index >= this.#precomputed.tx.outputs.length) return hashOne.slice();
    const scope = (anyoneCanPay ? 3 : 0) + (single ? 2 : none ? 1 : 0);
    let kept = this.#midstates[scope];
    if (kept === undefined || !equalBytes(kept.scriptCode, scriptCode)) {
      kept = { scriptCode, hash: legacyMidstate(this.#precomputed, this.#index, scriptCode, hashType) };
      this.#midstates[scope] = kept;
    }
    return finish(kept.hash.copy(), hashType);
  }
}
