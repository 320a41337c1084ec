import { toHex } from '../bytes/hex.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import {
  deriveChildPubkey,
  derivePrivateChild,
  derivePrivatePath,
  derivePublicPath,
  fingerprintOf,
  neuter,
  type ExtendedPrivateKey,
  type ExtendedPublicKey,
} from '../keys/bip32.js';
import { hardened, isHardened } from '../keys/path.js';
import type { ExtendedKey, KeyExpression, KeyOrigin } from './descriptor.js';
import type { SecretKeys } from './parse-key.js';

/**
 * Public nodes that cannot be derived without private keys, kept so that a locked or watching wallet
 * can go on giving addresses. All maps are by the key's place in the descriptor.
 */
export class DescriptorCache {
  /** The node above the wildcard. */
  readonly parents = new Map<number, ExtendedPublicKey>();
  /** For hardened wildcards: the node of each index. */
  readonly derived = new Map<number, Map<number, ExtendedPublicKey>>();
  /** The node after the last hardened step. */
  readonly lastHardened = new Map<number, ExtendedPublicKey>();
}

/** Where public keys are derived from. Without either, only paths without hardened steps can be. */
export interface KeySource {
  readonly cache?: DescriptorCache;
  readonly secrets?: SecretKeys;
}

function needsSecret(key: ExtendedKey): boolean {
  return key.wildcard === 'hardened' || key.path.some(isHardened);
}

/** The root of an extended key with its private key, if that is known. */
export function privateRoot(key: Pick<ExtendedKey, 'root'>, secrets: SecretKeys): ExtendedPrivateKey | undefined {
  const secret = secrets.get(toHex(key.root.pubkey));
  if (secret === undefined) return undefined;
  const { pubkey: _pubkey, ...rest } = key.root;
  return { ...rest, secret };
}

function privateChild(key: ExtendedKey, index: number, secrets: SecretKeys): ExtendedPrivateKey | undefined {
  const root = privateRoot(key, secrets);
  const parent = root && derivePrivatePath(root, key.path);
  if (parent === undefined || key.wildcard === 'none') return parent;
  return derivePrivateChild(parent, key.wildcard === 'hardened' ? hardened(index) : index);
}

/** The node after the last hardened step of the path; undefined without such a step or without the secret. */
export function lastHardenedNode(key: ExtendedKey, source: KeySource, keyIndex: number): ExtendedPublicKey | undefined {
  const cached = source.cache?.lastHardened.get(keyIndex);
  if (cached !== undefined) return cached;
  const steps = key.path.findLastIndex(isHardened) + 1;
  const root = source.secrets && privateRoot(key, source.secrets);
  const node = root && steps > 0 ? derivePrivatePath(root, key.path.slice(0, steps)) : undefined;
  return node && neuter(node);
}

/** The node above the wildcard. */
function parentNode(key: ExtendedKey, source: KeySource, keyIndex: number): ExtendedPublicKey | undefined {
  const cached = source.cache?.parents.get(keyIndex);
  if (cached !== undefined) return cached;
  if (!needsSecret(key)) return derivePublicPath(key.root, key.path);
  const root = source.secrets && privateRoot(key, source.secrets);
  const node = root && derivePrivatePath(root, key.path);
  return node && neuter(node);
}

function hardenedNode(key: ExtendedKey, index: number, source: KeySource, keyIndex: number): ExtendedPublicKey | undefined {
  const cached = source.cache?.derived.get(keyIndex)?.get(index);
  if (cached !== undefined) return cached;
  const node = source.secrets && privateChild(key, index, source.secrets);
  return node && neuter(node);
}

/** The public key of an expression at an index. Undefined when the source does not suffice. */
export function derivePubkey({ key, index: keyIndex }: KeyExpression, index: number, source: KeySource): Uint8Array | undefined {
  if (key.kind === 'fixed') return key.pubkey;
  if (key.wildcard === 'hardened') return hardenedNode(key, index, source, keyIndex)?.pubkey;
  const parent = parentNode(key, source, keyIndex);
  return key.wildcard === 'none' ? parent?.pubkey : parent && deriveChildPubkey(parent, index);
}

/** Where the key of an expression at an index comes from. */
export function originOf(expression: KeyExpression, index: number): KeyOrigin {
  const { key, origin } = expression;
  if (key.kind === 'fixed') return origin ?? { fingerprint: fingerprintOf(key.pubkey), path: [] };
  const steps = [...key.path];
  if (key.wildcard !== 'none') steps.push(key.wildcard === 'hardened' ? hardened(index) : index);
  if (origin !== undefined) return { fingerprint: origin.fingerprint, path: [...origin.path, ...steps] };
  return { fingerprint: fingerprintOf(key.root.pubkey), path: steps };
}

/** The private key of an expression at an index, if the secrets hold what it takes. */
export function deriveSecret(
  expression: KeyExpression,
  index: number,
  secrets: SecretKeys,
): { readonly pubkey: Uint8Array; readonly secret: Uint8Array } | undefined {
  const { key } = expression;
  if (key.kind === 'extended') {
    const node = privateChild(key, index, secrets);
    return node && { pubkey: secp256k1.createPublicKey(node.secret), secret: node.secret };
  }
  const secret = secrets.get(toHex(key.pubkey)) ?? (key.xOnly ? secrets.get(`03${toHex(key.pubkey.subarray(1))}`) : undefined);
  return secret && { pubkey: secp256k1.createPublicKey(secret, key.pubkey.length === 33), secret };
}

/**
 * Fills a cache with the nodes that index `index` needs and that cannot be derived from the text alone.
 * @returns false when the secrets do not suffice.
 */
export function cacheKey(expression: KeyExpression, index: number, source: KeySource, cache: DescriptorCache): boolean {
  const { key } = expression;
  if (key.kind === 'fixed') return true;
  if (key.wildcard === 'hardened') {
    const node = hardenedNode(key, index, source, expression.index);
    if (node === undefined) return false;
    const nodes = cache.derived.get(expression.index) ?? new Map<number, ExtendedPublicKey>();
    cache.derived.set(expression.index, nodes.set(index, node));
    return true;
  }
  const parent = parentNode(key, source, expression.index);
  if (parent === undefined) return false;
  cache.parents.set(expression.index, parent);
  const last = lastHardenedNode(key, source, expression.index);
  if (last !== undefined) cache.lastHardened.set(expression.index, last);
  return true;
}
