import { encodeDestination } from '../address/address.js';
import { toHex } from '../bytes/hex.js';
import { sha256 } from '../crypto/hash.js';
import { encodeExtendedPrivateKey, encodeExtendedPublicKey, fingerprintOf } from '../keys/bip32.js';
import { formatPath, isHardened } from '../keys/path.js';
import { encodeWif } from '../keys/wif.js';
import type { ChainParams } from '../params/chain-params.js';
import { withChecksum } from './checksum.js';
import { lastHardenedNode, privateRoot, type KeySource } from './derive-key.js';
import type { Descriptor, DescriptorTree, ExtendedKey, KeyExpression } from './descriptor.js';
import type { SecretKeys } from './parse-key.js';

type PrintKey = (expression: KeyExpression) => string;

function tree(node: DescriptorTree, params: ChainParams, key: PrintKey): string {
  if ('leaf' in node) return print(node.leaf, params, key);
  return `{${tree(node.left, params, key)},${tree(node.right, params, key)}}`;
}

function print(descriptor: Descriptor, params: ChainParams, key: PrintKey): string {
  const { kind } = descriptor;
  switch (kind) {
    case 'multi':
    case 'sortedmulti':
    case 'multi_a':
    case 'sortedmulti_a':
      return `${kind}(${[descriptor.threshold, ...descriptor.keys.map(key)].join(',')})`;
    case 'sh':
    case 'wsh':
      return `${kind}(${print(descriptor.inner, params, key)})`;
    case 'tr':
      return `tr(${key(descriptor.key)}${descriptor.tree === undefined ? '' : `,${tree(descriptor.tree, params, key)}`})`;
    case 'addr':
      return `addr(${encodeDestination(descriptor.destination, params) ?? ''})`;
    case 'raw':
      return `raw(${toHex(descriptor.script)})`;
    default:
      return `${kind}(${key(descriptor.key)})`;
  }
}

function withOrigin(expression: KeyExpression, apostrophe: boolean, text: string): string {
  const { origin } = expression;
  return origin === undefined ? text : `[${toHex(origin.fingerprint)}${formatPath(origin.path, apostrophe)}]${text}`;
}

function tail(key: ExtendedKey, path: readonly number[], apostrophe: boolean): string {
  const wildcard = key.wildcard === 'none' ? '' : key.wildcard === 'unhardened' ? '/*' : apostrophe ? "/*'" : '/*h';
  return formatPath(path, apostrophe) + wildcard;
}

function publicKeyText(expression: KeyExpression, params: ChainParams, apostrophe: boolean): string {
  const { key } = expression;
  if (key.kind === 'fixed') return toHex(key.xOnly ? key.pubkey.subarray(1) : key.pubkey);
  return encodeExtendedPublicKey(key.root, params) + tail(key, key.path, apostrophe);
}

/** The public text with checksum, hardened steps marked as they were written. */
export function printDescriptor(descriptor: Descriptor, params: ChainParams): string {
  const key: PrintKey = (each) => withOrigin(each, each.apostrophe, publicKeyText(each, params, each.apostrophe));
  return withChecksum(print(descriptor, params, key));
}

/** Name of a descriptor in wallet files: SHA-256 of its public text with `'` for hardened steps, in byte order. */
export function descriptorId(descriptor: Descriptor, params: ChainParams): Uint8Array {
  const key: PrintKey = (each) => withOrigin(each, true, publicKeyText(each, params, true));
  return sha256(Uint8Array.from(withChecksum(print(descriptor, params, key)), (letter) => letter.charCodeAt(0)));
}

/**
 * The text with private in place of public keys where they are known.
 * @returns undefined when none is known.
 */
export function printPrivateDescriptor(descriptor: Descriptor, params: ChainParams, secrets: SecretKeys): string | undefined {
  let found = false;
  const key: PrintKey = (each) => {
    const { key: inner } = each;
    let text: string | undefined;
    if (inner.kind === 'extended') {
      const root = privateRoot(inner, secrets);
      text = root && encodeExtendedPrivateKey(root, params) + tail(inner, inner.path, each.apostrophe);
    } else {
      const secret = secrets.get(toHex(inner.pubkey)) ?? (inner.xOnly ? secrets.get(`03${toHex(inner.pubkey.subarray(1))}`) : undefined);
      text = secret && encodeWif({ secret, compressed: inner.pubkey.length === 33 }, params);
    }
    if (text !== undefined) found = true;
    return withOrigin(each, each.apostrophe, text ?? publicKeyText(each, params, each.apostrophe));
  };
  const text = withChecksum(print(descriptor, params, key));
  return found ? text : undefined;
}

function normalizedExtended(expression: KeyExpression, key: ExtendedKey, params: ChainParams, source: KeySource): string | undefined {
  if (key.wildcard === 'hardened') return withOrigin(expression, false, publicKeyText(expression, params, false));
  const steps = key.path.findLastIndex(isHardened) + 1;
  if (steps === 0) return withOrigin(expression, false, publicKeyText(expression, params, expression.apostrophe));
  const node = lastHardenedNode(key, source, expression.index);
  if (node === undefined) return undefined;
  const origin = expression.origin ?? { fingerprint: fingerprintOf(key.root.pubkey), path: [] };
  const path = formatPath([...origin.path, ...key.path.slice(0, steps)]);
  return `[${toHex(origin.fingerprint)}${path}]${encodeExtendedPublicKey(node, params)}${tail(key, key.path.slice(steps), false)}`;
}

/**
 * The public text with each key as the node after its last hardened step, so that it can be used without
 * private keys: what `listdescriptors` shows.
 * @returns undefined when such a node is neither in the cache nor derivable.
 */
export function printNormalizedDescriptor(descriptor: Descriptor, params: ChainParams, source: KeySource): string | undefined {
  let complete = true;
  const key: PrintKey = (each) => {
    if (each.key.kind === 'fixed') return withOrigin(each, false, publicKeyText(each, params, false));
    const text = normalizedExtended(each, each.key, params, source);
    if (text === undefined) complete = false;
    return text ?? '';
  };
  const text = withChecksum(print(descriptor, params, key));
  return complete ? text : undefined;
}
