import { compareBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { privateRoot } from '../../src-bitcoin/descriptor/derive-key.js';
import { keyExpressions } from '../../src-bitcoin/descriptor/descriptor.js';
import type { ExtendedPrivateKey, ExtendedPublicKey } from '../../src-bitcoin/keys/bip32.js';
import type { Keyring } from './keyring.js';
import type { WalletDescriptor } from './wallet-descriptor.js';

/** A BIP32 node that descriptors of a wallet derive their keys from. */
export interface HdKey {
  readonly node: ExtendedPublicKey;
  readonly descriptors: ReadonlySet<WalletDescriptor>;
}

const nodeName = ({ pubkey, chainCode }: ExtendedPublicKey): string => toHex(pubkey) + toHex(chainCode);

/** The nodes that descriptors name, each once, in the order of their public keys and chain codes. */
export function hdKeysOf(descriptors: Iterable<WalletDescriptor>): readonly HdKey[] {
  const keys = new Map<string, { readonly node: ExtendedPublicKey; readonly descriptors: Set<WalletDescriptor> }>();
  for (const descriptor of descriptors) {
    for (const { key } of keyExpressions(descriptor.descriptor)) {
      if (key.kind !== 'extended') continue;
      const known = keys.get(nodeName(key.root));
      if (known === undefined) keys.set(nodeName(key.root), { node: key.root, descriptors: new Set([descriptor]) });
      else known.descriptors.add(descriptor);
    }
  }
  return [...keys.values()].sort(({ node: a }, { node: b }) => compareBytes(a.pubkey, b.pubkey) || compareBytes(a.chainCode, b.chainCode));
}

/** Whether a descriptor came with the private key of a node, locked or not. */
export function holdsKeyOf(descriptor: WalletDescriptor, { pubkey }: ExtendedPublicKey): boolean {
  const name = toHex(pubkey);
  return descriptor.secrets.has(name) || descriptor.cryptedSecrets.has(name);
}

/** A node with its private key; undefined when the wallet has none for it, or is locked. */
export function privateNode(keyring: Keyring, node: ExtendedPublicKey): ExtendedPrivateKey | undefined {
  for (const descriptor of keyring.descriptors) {
    const secrets = holdsKeyOf(descriptor, node) ? keyring.vault.secretsOf(descriptor) : undefined;
    const found = secrets && privateRoot({ root: node }, secrets);
    if (found !== undefined) return found;
  }
  return undefined;
}
