import { concatBytes, equalBytes } from '../bytes/bytes.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { controlBaseSize, controlNodeSize, leafVersionMask, tapbranchHash, tapleafHash, taptweakHash } from '../script/taproot.js';

/** A script tree of BIP341. */
export type TapTree = { readonly leaf: Uint8Array; readonly version: number } | { readonly left: TapTree; readonly right: TapTree };

/** One way to spend by script: the script and what proves that it is in the tree. */
export interface TapLeafPath {
  readonly script: Uint8Array;
  readonly version: number;
  readonly leafHash: Uint8Array;
  /** Sibling hashes from the leaf up to the root, 32 bytes each. */
  readonly merklePath: readonly Uint8Array[];
}

/** What is needed to spend a taproot output. */
export interface TaprootOutput {
  readonly internalKey: Uint8Array;
  /** Undefined without scripts. */
  readonly merkleRoot: Uint8Array | undefined;
  readonly outputKey: Uint8Array;
  /** Whether the output key's point has odd y (1) or even (0). */
  readonly parity: 0 | 1;
  /** Leaves from left to right. */
  readonly leaves: readonly TapLeafPath[];
}

function walk(tree: TapTree): { hash: Uint8Array; leaves: TapLeafPath[] } {
  if ('leaf' in tree) {
    const hash = tapleafHash(tree.version, tree.leaf);
    return { hash, leaves: [{ script: tree.leaf, version: tree.version, leafHash: hash, merklePath: [] }] };
  }
  const left = walk(tree.left);
  const right = walk(tree.right);
  const under = (leaves: TapLeafPath[], sibling: Uint8Array): TapLeafPath[] =>
    leaves.map((leaf) => ({ ...leaf, merklePath: [...leaf.merklePath, sibling] }));
  return {
    hash: tapbranchHash(left.hash, right.hash),
    leaves: [...under(left.leaves, right.hash), ...under(right.leaves, left.hash)],
  };
}

/** The output of an x-only internal key and a script tree; undefined when the key is not valid. */
export function taprootOutput(internalKey: Uint8Array, tree: TapTree | undefined): TaprootOutput | undefined {
  const walked = tree && walk(tree);
  const tweaked = secp256k1.tweakXOnlyPublicKey(internalKey, taptweakHash(internalKey, walked?.hash));
  if (tweaked === undefined) return undefined;
  return { internalKey, merkleRoot: walked?.hash, outputKey: tweaked.key, parity: tweaked.parity, leaves: walked?.leaves ?? [] };
}

/** The control block that spends `leaf` of an output: last item of the witness. */
export function controlBlock(output: TaprootOutput, leaf: TapLeafPath): Uint8Array {
  return concatBytes(Uint8Array.of(leaf.version | output.parity), output.internalKey, ...leaf.merklePath);
}

/** What two know of the same output; where they differ, the first is right. */
export function mergeTaproot(a: TaprootOutput, b: TaprootOutput): TaprootOutput {
  const others = b.leaves.filter(({ leafHash }) => !a.leaves.some((leaf) => equalBytes(leaf.leafHash, leafHash)));
  const { parity } = a.leaves.length > 0 ? a : b;
  return { ...a, parity, merkleRoot: a.merkleRoot ?? b.merkleRoot, leaves: [...a.leaves, ...others] };
}

/** The output and the leaf that a control block and the script it goes with belong to. The control block has a valid size. */
export function readControlBlock(control: Uint8Array, script: Uint8Array): { readonly internalKey: Uint8Array; readonly parity: 0 | 1; readonly leaf: TapLeafPath } {
  const head = control[0] ?? 0;
  const version = head & leafVersionMask;
  const merklePath: Uint8Array[] = [];
  for (let start = controlBaseSize; start < control.length; start += controlNodeSize) merklePath.push(control.subarray(start, start + controlNodeSize));
  return {
    internalKey: control.subarray(1, controlBaseSize),
    parity: (head & 1) === 0 ? 0 : 1,
    leaf: { script, version, leafHash: tapleafHash(version, script), merklePath },
  };
}
