import { secp256k1 } from '../crypto/secp256k1.js';
import { scriptFlags } from './flags.js';
import type { ScriptError } from './script-error.js';
import { SIGHASH_ALL, SIGHASH_ANYONECANPAY, SIGHASH_SINGLE } from './sighash.js';

/** Reads the integer at `start` of a strict DER signature; its end, or undefined when not strict. */
function strictIntegerEnd(signature: Uint8Array, start: number): number | undefined {
  const length = signature[start + 1] ?? 0;
  const first = signature[start + 2] ?? 0;
  if (signature[start] !== 0x02 || length === 0) return undefined;
  if ((first & 0x80) !== 0) return undefined;
  // A zero in front only where the number would else look negative.
  if (length > 1 && first === 0 && ((signature[start + 3] ?? 0) & 0x80) === 0) return undefined;
  return start + 2 + length;
}

/** True for a signature in strict DER with a hash type byte at its end (BIP66). */
export function isStrictDer(signature: Uint8Array): boolean {
  const size = signature.length;
  if (size < 9 || size > 73 || signature[0] !== 0x30 || signature[1] !== size - 3) return false;
  const rLength = signature[3] ?? 0;
  if (5 + rLength >= size || rLength + (signature[5 + rLength] ?? 0) + 7 !== size) return false;
  const rEnd = strictIntegerEnd(signature, 2);
  return rEnd !== undefined && strictIntegerEnd(signature, rEnd) === size - 1;
}

/** True when the hash type byte of a signature before taproot is ALL, NONE or SINGLE, with or without ANYONECANPAY. */
export function hasDefinedHashType(signature: Uint8Array): boolean {
  const hashType = (signature.at(-1) ?? 0) & ~SIGHASH_ANYONECANPAY;
  return hashType >= SIGHASH_ALL && hashType <= SIGHASH_SINGLE;
}

/** What the flags have to say against the form of an ECDSA signature. An empty one is always well-formed. */
export function checkSignatureEncoding(signature: Uint8Array, flags: number): ScriptError | undefined {
  if (signature.length === 0) return undefined;
  const strict = scriptFlags.DERSIG | scriptFlags.LOW_S | scriptFlags.STRICTENC;
  if ((flags & strict) !== 0 && !isStrictDer(signature)) return 'SIG_DER';
  if ((flags & scriptFlags.LOW_S) !== 0 && !secp256k1.isLowS(signature.subarray(0, -1))) return 'SIG_HIGH_S';
  if ((flags & scriptFlags.STRICTENC) !== 0 && !hasDefinedHashType(signature)) return 'SIG_HASHTYPE';
  return undefined;
}

/** True for 33 bytes that start like a compressed key. */
export function isCompressedKeyForm(publicKey: Uint8Array): boolean {
  return publicKey.length === 33 && (publicKey[0] === 2 || publicKey[0] === 3);
}

/** What the flags have to say against the form of a key, in a script of witness v0 or before. */
export function checkPublicKeyEncoding(publicKey: Uint8Array, flags: number, witnessV0: boolean): ScriptError | undefined {
  const compressed = isCompressedKeyForm(publicKey);
  if ((flags & scriptFlags.STRICTENC) !== 0 && !compressed && (publicKey.length !== 65 || publicKey[0] !== 4)) return 'PUBKEYTYPE';
  if ((flags & scriptFlags.WITNESS_PUBKEYTYPE) !== 0 && witnessV0 && !compressed) return 'WITNESS_PUBKEYTYPE';
  return undefined;
}
