import { ByteWriter } from '../bytes/writer.js';
import { sha256 } from '../crypto/hash.js';
import { writeTxOut, type Transaction, type TxOut } from '../primitives/transaction.js';

/** Bytes of one input in a legacy signature hash whose script is left out: outpoint, 0, sequence. */
export const blankInputSize = 41;

/**
 * A transaction with what its signature hashes have in common. Each part is computed when first
 * needed and kept, so that a hash per input does not cost a pass over the whole transaction.
 */
export class PrecomputedTransaction {
  readonly tx: Transaction;
  /** The output each input spends, in order; undefined when not all are known. */
  readonly spentOutputs: readonly TxOut[] | undefined;
  #prevouts?: Uint8Array;
  #sequences?: Uint8Array;
  #outputs?: Uint8Array;
  #amounts?: Uint8Array;
  #scripts?: Uint8Array;
  #doublePrevouts?: Uint8Array;
  #doubleSequences?: Uint8Array;
  #doubleOutputs?: Uint8Array;
  #serializedOutputs?: Uint8Array;
  #blankInputs?: Uint8Array;
  #blankInputsNoSequence?: Uint8Array;

  /** @throws RangeError when there are spent outputs, but not one for each input. */
  constructor(tx: Transaction, spentOutputs?: readonly TxOut[]) {
    if (spentOutputs !== undefined && spentOutputs.length !== tx.inputs.length) {
      throw new RangeError(`${tx.inputs.length} inputs spend ${tx.inputs.length} outputs, not ${spentOutputs.length}`);
    }
    this.tx = tx;
    this.spentOutputs = spentOutputs;
  }

  /** All outputs as the transaction writes them, without their number. */
  get serializedOutputs(): Uint8Array {
    if (this.#serializedOutputs === undefined) {
      const writer = new ByteWriter(64 * this.tx.outputs.length);
      for (const output of this.tx.outputs) writeTxOut(writer, output);
      this.#serializedOutputs = writer.finish();
    }
    return this.#serializedOutputs;
  }

  /** All inputs with empty scripts, as the legacy signature hash writes those of other inputs. */
  blankInputs(withSequence: boolean): Uint8Array {
    return withSequence
      ? (this.#blankInputs ??= this.#writeBlankInputs(true))
      : (this.#blankInputsNoSequence ??= this.#writeBlankInputs(false));
  }

  #writeBlankInputs(withSequence: boolean): Uint8Array {
    const writer = new ByteWriter(blankInputSize * this.tx.inputs.length);
    for (const { prevout, sequence } of this.tx.inputs) {
      writer
        .bytes(prevout.txid)
        .u32(prevout.index)
        .u8(0)
        .u32(withSequence ? sequence : 0);
    }
    return writer.finish();
  }

  /** BIP341 `sha_prevouts`. */
  get prevoutsHash(): Uint8Array {
    if (this.#prevouts === undefined) {
      const writer = new ByteWriter(36 * this.tx.inputs.length);
      for (const { prevout } of this.tx.inputs) writer.bytes(prevout.txid).u32(prevout.index);
      this.#prevouts = sha256(writer.finish());
    }
    return this.#prevouts;
  }

  /** BIP341 `sha_sequences`. */
  get sequencesHash(): Uint8Array {
    if (this.#sequences === undefined) {
      const writer = new ByteWriter(4 * this.tx.inputs.length);
      for (const { sequence } of this.tx.inputs) writer.u32(sequence);
      this.#sequences = sha256(writer.finish());
    }
    return this.#sequences;
  }

  /** BIP341 `sha_outputs`. */
  get outputsHash(): Uint8Array {
    return (this.#outputs ??= sha256(this.serializedOutputs));
  }

  /** BIP341 `sha_amounts`; undefined while the spent outputs are not known. */
  get spentAmountsHash(): Uint8Array | undefined {
    if (this.#amounts === undefined && this.spentOutputs !== undefined) {
      const writer = new ByteWriter(8 * this.spentOutputs.length);
      for (const { value } of this.spentOutputs) writer.i64(value);
      this.#amounts = sha256(writer.finish());
    }
    return this.#amounts;
  }

  /** BIP341 `sha_scriptpubkeys`; undefined while the spent outputs are not known. */
  get spentScriptsHash(): Uint8Array | undefined {
    if (this.#scripts === undefined && this.spentOutputs !== undefined) {
      const writer = new ByteWriter(35 * this.spentOutputs.length);
      for (const { scriptPubKey } of this.spentOutputs) writer.varBytes(scriptPubKey);
      this.#scripts = sha256(writer.finish());
    }
    return this.#scripts;
  }

  /** BIP143 `hashPrevouts`. */
  get doublePrevoutsHash(): Uint8Array {
    return (this.#doublePrevouts ??= sha256(this.prevoutsHash));
  }

  /** BIP143 `hashSequence`. */
  get doubleSequencesHash(): Uint8Array {
    return (this.#doubleSequences ??= sha256(this.sequencesHash));
  }

  /** BIP143 `hashOutputs` for SIGHASH_ALL. */
  get doubleOutputsHash(): Uint8Array {
    return (this.#doubleOutputs ??= sha256(this.outputsHash));
  }
}
