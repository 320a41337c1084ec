import { ByteWriter } from '../bytes/writer.js';
import { compareBytes } from '../bytes/bytes.js';
import { taggedHash } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';

/** First byte of an annex (BIP341). */
export const annexTag = 0x50;
/** Leaf version of tapscript (BIP342). */
export const tapscriptLeafVersion = 0xc0;
/** Bits of a control block's first byte that hold the leaf version. */
export const leafVersionMask = 0xfe;
/** Control block: leaf version and parity, the internal key, then up to 128 hashes. */
export const controlBaseSize = 33;
export const controlNodeSize = 32;
export const controlMaxNodes = 128;

/** BIP341 hash of a leaf. */
export function tapleafHash(leafVersion: number, script: Uint8Array): Uint8Array {
  return taggedHash('TapLeaf', new ByteWriter(script.length + 6).u8(leafVersion).varBytes(script).finish());
}

/** BIP341 hash of a branch; the order of the two does not matter. */
export function tapbranchHash(a: Uint8Array, b: Uint8Array): Uint8Array {
  return compareBytes(a, b) < 0 ? taggedHash('TapBranch', a, b) : taggedHash('TapBranch', b, a);
}

/** BIP341 tweak of an internal x-only key; without a merkle root for outputs that have no scripts. */
export function taptweakHash(internalKey: Uint8Array, merkleRoot?: Uint8Array): Uint8Array {
  return merkleRoot === undefined
    ? taggedHash('TapTweak', internalKey)
    : taggedHash('TapTweak', internalKey, merkleRoot);
}

/** The root that a leaf and the path in its control block lead to. The control block has a valid size. */
export function taprootMerkleRoot(control: Uint8Array, leafHash: Uint8Array): Uint8Array {
  let hash = leafHash;
  for (let start = controlBaseSize; start < control.length; start += controlNodeSize) {
    hash = tapbranchHash(hash, control.subarray(start, start + controlNodeSize));
  }
  return hash;
}

/** True for a control block of a whole number of path hashes, at most 128. */
export function isControlBlockSize(size: number): boolean {
  return (
    size >= controlBaseSize &&
    size <= controlBaseSize + controlNodeSize * controlMaxNodes &&
    (size - controlBaseSize) % controlNodeSize === 0
  );
}

/** True when the output key commits to the leaf by the path in the control block, which has a valid size. */
export function isTaprootCommitment(control: Uint8Array, outputKey: Uint8Array, leafHash: Uint8Array): boolean {
  const internalKey = control.subarray(1, controlBaseSize);
  const tweak = taptweakHash(internalKey, taprootMerkleRoot(control, leafHash));
  return secp256k1.checkXOnlyTweak(outputKey, (control[0] ?? 0) & 1, internalKey, tweak);
}
