import { secp256k1 } from '../crypto/secp256k1.js';
import { sequenceFinal } from '../primitives/transaction.js';
import { locktimeThreshold } from './limits.js';
import type { PrecomputedTransaction } from './precomputed-transaction.js';
import type { ScriptError } from './script-error.js';
import {
  LegacySignatureHasher,
  SIGHASH_DEFAULT,
  signatureHashTaproot,
  signatureHashWitnessV0,
  type TapscriptContext,
} from './sighash.js';

/** What a running script can ask about the transaction around it. */
export interface SignatureChecker {
  /** @param signature DER and hash type byte, as the script has it. */
  checkEcdsa(signature: Uint8Array, publicKey: Uint8Array, scriptCode: Uint8Array, witnessV0: boolean): boolean;
  /**
   * @param signature 64 bytes, or 65 with a hash type. @param publicKey 32 bytes.
   * @param tapscript undefined for a key path spend.
   */
  checkSchnorr(
    signature: Uint8Array,
    publicKey: Uint8Array,
    annexHash: Uint8Array | undefined,
    tapscript: TapscriptContext | undefined,
  ): ScriptError | undefined;
  /** BIP65: whether the transaction's locktime has at least this value and is of the same kind. */
  checkLockTime(lockTime: number): boolean;
  /** BIP112: whether the input's relative locktime has at least this value and is of the same kind. */
  checkSequence(sequence: number): boolean;
}

/** BIP68: the sequence says nothing about time. */
export const sequenceDisableFlag = 0x80000000;
/** BIP68: the sequence counts in 512 seconds, not in blocks. */
export const sequenceTypeFlag = 1 << 22;
/** BIP68: bits of the sequence that hold the relative locktime. */
export const sequenceLockMask = 0xffff;

/** Checks signatures and locktimes of one input. */
export class TransactionChecker implements SignatureChecker {
  readonly #precomputed: PrecomputedTransaction;
  readonly #index: number;
  readonly #amount: bigint;
  readonly #sequence: number;
  readonly #legacy: LegacySignatureHasher;

  /**
   * @param amount satoshis of the output spent, which witness v0 signs.
   * @throws RangeError when there is no such input.
   */
  constructor(precomputed: PrecomputedTransaction, index: number, amount: bigint) {
    const input = precomputed.tx.inputs[index];
    if (input === undefined) throw new RangeError(`no input ${index} in a transaction of ${precomputed.tx.inputs.length}`);
    this.#precomputed = precomputed;
    this.#index = index;
    this.#amount = amount;
    this.#sequence = input.sequence;
    this.#legacy = new LegacySignatureHasher(precomputed, index);
  }

  checkEcdsa(signature: Uint8Array, publicKey: Uint8Array, scriptCode: Uint8Array, witnessV0: boolean): boolean {
    const hashType = signature.at(-1);
    if (hashType === undefined) return false;
    const hash = witnessV0
      ? signatureHashWitnessV0(this.#precomputed, this.#index, scriptCode, this.#amount, hashType)
      : this.#legacy.hash(scriptCode, hashType);
    return secp256k1.verifyEcdsa(signature.subarray(0, -1), hash, publicKey);
  }

  checkSchnorr(
    signature: Uint8Array,
    publicKey: Uint8Array,
    annexHash: Uint8Array | undefined,
    tapscript: TapscriptContext | undefined,
  ): ScriptError | undefined {
    if (signature.length !== 64 && signature.length !== 65) return 'SCHNORR_SIG_SIZE';
    const hashType = signature[64] ?? SIGHASH_DEFAULT;
    // The default is said by leaving the byte out, and in no other way.
    if (signature.length === 65 && hashType === SIGHASH_DEFAULT) return 'SCHNORR_SIG_HASHTYPE';
    // Who verifies blocks knows all outputs that are spent. Who is asked to sign may not, and says no.
    if (this.#precomputed.spentOutputs === undefined) return 'SCHNORR_SIG_HASHTYPE';
    const hash = signatureHashTaproot(this.#precomputed, this.#index, hashType, annexHash, tapscript);
    if (hash === undefined) return 'SCHNORR_SIG_HASHTYPE';
    return secp256k1.verifySchnorr(signature.subarray(0, 64), hash, publicKey) ? undefined : 'SCHNORR_SIG';
  }

  checkLockTime(lockTime: number): boolean {
    const { locktime } = this.#precomputed.tx;
    if (locktime < locktimeThreshold !== lockTime < locktimeThreshold) return false;
    // A final sequence switches the locktime off, and with it what the script asks for.
    return lockTime <= locktime && this.#sequence !== sequenceFinal;
  }

  checkSequence(sequence: number): boolean {
    // Versions are unsigned to BIP68: one with the top bit set is high, not negative.
    if (this.#precomputed.tx.version >>> 0 < 2) return false;
    if (this.#sequence >= sequenceDisableFlag) return false;
    const mask = sequenceTypeFlag | sequenceLockMask;
    // Operands may have 39 bits; those above 32 are not looked at.
    const wanted = sequence % 2 ** 32 & mask;
    const own = this.#sequence & mask;
    return wanted < sequenceTypeFlag === own < sequenceTypeFlag && wanted <= own;
  }
}
