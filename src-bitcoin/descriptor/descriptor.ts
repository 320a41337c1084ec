import { destinationOf, type Destination } from '../address/destination.js';
import type { ExtendedPublicKey } from '../keys/bip32.js';

/** Where a key comes from: the root's fingerprint (4 bytes) and the path from the root. */
export interface KeyOrigin {
  readonly fingerprint: Uint8Array;
  readonly path: readonly number[];
}

/** Whether the last step of a path stands for all children (`/*` or `/*h`). */
export type Wildcard = 'none' | 'unhardened' | 'hardened';

/** A fixed public key. */
export interface FixedKey {
  readonly kind: 'fixed';
  /** 33 or 65 bytes; for `xOnly` 33 with even y. */
  readonly pubkey: Uint8Array;
  /** Written with 32 bytes, as taproot does. */
  readonly xOnly: boolean;
}

/** Keys below a BIP32 node. */
export interface ExtendedKey {
  readonly kind: 'extended';
  readonly root: ExtendedPublicKey;
  readonly path: readonly number[];
  readonly wildcard: Wildcard;
}

/** One key of a descriptor. */
export interface KeyExpression {
  /** Place among the keys of the text, from 0: names the key in caches. */
  readonly index: number;
  readonly origin: KeyOrigin | undefined;
  /** Hardened steps are written with `'` rather than `h`. */
  readonly apostrophe: boolean;
  readonly key: FixedKey | ExtendedKey;
}

/** Script tree of `tr()`. */
export type DescriptorTree = { readonly leaf: Descriptor } | { readonly left: DescriptorTree; readonly right: DescriptorTree };

/** An output descriptor (BIP380 to BIP386): a recipe for output scripts and what is needed to spend them. */
export type Descriptor =
  | { readonly kind: 'pk' | 'pkh' | 'wpkh' | 'combo' | 'rawtr'; readonly key: KeyExpression }
  | {
      readonly kind: 'multi' | 'sortedmulti' | 'multi_a' | 'sortedmulti_a';
      readonly threshold: number;
      readonly keys: readonly KeyExpression[];
    }
  | { readonly kind: 'sh' | 'wsh'; readonly inner: Descriptor }
  | { readonly kind: 'tr'; readonly key: KeyExpression; readonly tree: DescriptorTree | undefined }
  | { readonly kind: 'addr'; readonly destination: Destination }
  | { readonly kind: 'raw'; readonly script: Uint8Array };

/** Kinds of addresses, in the numbers and names of Bitcoin Core. */
export type OutputType = 'legacy' | 'p2sh-segwit' | 'bech32' | 'bech32m';

function treeDescriptors(tree: DescriptorTree | undefined): Descriptor[] {
  if (tree === undefined) return [];
  return 'leaf' in tree ? [tree.leaf] : [...treeDescriptors(tree.left), ...treeDescriptors(tree.right)];
}

/** Descriptors directly inside another. */
export function innerDescriptors(descriptor: Descriptor): readonly Descriptor[] {
  switch (descriptor.kind) {
    case 'sh':
    case 'wsh':
      return [descriptor.inner];
    case 'tr':
      return treeDescriptors(descriptor.tree);
    default:
      return [];
  }
}

/** All keys of a descriptor, in the order of its text. */
export function keyExpressions(descriptor: Descriptor): readonly KeyExpression[] {
  const own = 'key' in descriptor ? [descriptor.key] : 'keys' in descriptor ? descriptor.keys : [];
  return [...own, ...innerDescriptors(descriptor).flatMap(keyExpressions)];
}

/** Whether the descriptor stands for a range of scripts, told apart by an index. */
export function isRanged(descriptor: Descriptor): boolean {
  return keyExpressions(descriptor).some(({ key }) => key.kind === 'extended' && key.wildcard !== 'none');
}

/** Whether what is needed to spend (all but private keys) is known. */
export function isSolvable(descriptor: Descriptor): boolean {
  if (descriptor.kind === 'addr' || descriptor.kind === 'raw') return false;
  return innerDescriptors(descriptor).every(isSolvable);
}

/** Whether it stands for one script per index. `combo()` stands for several. */
export function isSingleType(descriptor: Descriptor): boolean {
  return descriptor.kind !== 'combo';
}

function outputTypeOfDestination(destination: Destination | undefined): OutputType | undefined {
  switch (destination?.kind) {
    case 'pubkeyhash':
    case 'scripthash':
      return 'legacy';
    case 'witness_v0_keyhash':
    case 'witness_v0_scripthash':
      return 'bech32';
    case 'witness_v1_taproot':
    case 'witness_unknown':
      return 'bech32m';
    default:
      return undefined;
  }
}

/** The address type of the outputs, as far as they have one. */
export function outputTypeOf(descriptor: Descriptor): OutputType | undefined {
  switch (descriptor.kind) {
    case 'pkh':
      return 'legacy';
    case 'wpkh':
    case 'wsh':
      return 'bech32';
    case 'tr':
    case 'rawtr':
      return 'bech32m';
    case 'sh':
      return outputTypeOf(descriptor.inner) === 'bech32' ? 'p2sh-segwit' : 'legacy';
    case 'addr':
      return outputTypeOfDestination(descriptor.destination);
    case 'raw':
      return outputTypeOfDestination(destinationOf(descriptor.script));
    default:
      return undefined;
  }
}
