import { scriptPubKeyOf } from '../address/destination.js';
import { compareBytes } from '../bytes/bytes.js';
import { ByteWriter } from '../bytes/writer.js';
import { hash160, sha256 } from '../crypto/hash.js';
import { taprootOutput, type TapTree } from '../keys/taproot.js';
import { tapscriptLeafVersion } from '../script/taproot.js';
import { cacheKey, derivePubkey, deriveSecret, originOf, type DescriptorCache, type KeySource } from './derive-key.js';
import { keyExpressions, type Descriptor, type DescriptorTree, type KeyExpression } from './descriptor.js';
import type { SecretKeys } from './parse-key.js';
import type { SolvingData } from './solving.js';

const opCheckSig = 0xac;
const opCheckSigAdd = 0xba;
const opNumEqual = 0x9c;
const opCheckMultisig = 0xae;
const op1 = 0x51;

/** Thrown inside an expansion when a key cannot be derived from the source. */
class MissingKey extends Error {
  override readonly name = 'MissingKey';
}

/** Pushes a number from 1 to 999 as script does: an opcode up to 16, else its little-endian bytes. */
function pushNumber(writer: ByteWriter, value: number): void {
  if (value <= 16) writer.u8(op1 + value - 1);
  else if (value < 0x80) writer.u8(1).u8(value);
  else writer.u8(2).u16(value);
}

/** `OP_k key… OP_n OP_CHECKMULTISIG`: so many of the public keys unlock it together (BIP11). */
export function multisigScript(threshold: number, pubkeys: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(34 * pubkeys.length + 5);
  pushNumber(writer, threshold);
  for (const pubkey of pubkeys) writer.u8(pubkey.length).bytes(pubkey);
  pushNumber(writer, pubkeys.length);
  return writer.u8(opCheckMultisig).finish();
}

/** BIP387: `key OP_CHECKSIG key OP_CHECKSIGADD … k OP_NUMEQUAL` with x-only keys. */
function multiAScript(threshold: number, xOnlyKeys: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(34 * xOnlyKeys.length + 5);
  xOnlyKeys.forEach((key, i) => writer.u8(32).bytes(key).u8(i === 0 ? opCheckSig : opCheckSigAdd));
  pushNumber(writer, threshold);
  return writer.u8(opNumEqual).finish();
}

const xOnly = (pubkey: Uint8Array): Uint8Array => (pubkey.length === 32 ? pubkey : pubkey.slice(1, 33));

/** Turns one index of a descriptor into scripts, and notes on the way what solves them. */
class Expander {
  readonly #index: number;
  readonly #source: KeySource;
  readonly #solving: SolvingData | undefined;

  constructor(index: number, source: KeySource, solving: SolvingData | undefined) {
    this.#index = index;
    this.#source = source;
    this.#solving = solving;
  }

  #key(expression: KeyExpression): Uint8Array {
    const pubkey = derivePubkey(expression, this.#index, this.#source);
    if (pubkey === undefined) throw new MissingKey('a public key cannot be derived');
    this.#solving?.addPubkey(pubkey, originOf(expression, this.#index));
    return pubkey;
  }

  #hashed(kind: 'scripthash' | 'witness_v0_scripthash', script: Uint8Array): Uint8Array {
    this.#solving?.addScript(script);
    return scriptPubKeyOf({ kind, hash: kind === 'scripthash' ? hash160(script) : sha256(script) });
  }

  #tree(tree: DescriptorTree): TapTree {
    if ('leaf' in tree) return { leaf: this.#single(tree.leaf, true), version: tapscriptLeafVersion };
    return { left: this.#tree(tree.left), right: this.#tree(tree.right) };
  }

  #combo(pubkey: Uint8Array): Uint8Array[] {
    const hash = hash160(pubkey);
    const scripts = [scriptPubKeyOf({ kind: 'pubkey', pubkey }), scriptPubKeyOf({ kind: 'pubkeyhash', hash })];
    if (pubkey.length !== 33) return scripts;
    const segwit = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash });
    return [...scripts, segwit, this.#hashed('scripthash', segwit)];
  }

  #multi(threshold: number, keys: readonly KeyExpression[], sort: boolean, tapscript: boolean): Uint8Array {
    const pubkeys = keys.map((key) => (tapscript ? xOnly(this.#key(key)) : this.#key(key)));
    if (sort) pubkeys.sort(compareBytes);
    return tapscript ? multiAScript(threshold, pubkeys) : multisigScript(threshold, pubkeys);
  }

  #taproot(expression: KeyExpression, tree: DescriptorTree | undefined): Uint8Array {
    const output = taprootOutput(xOnly(this.#key(expression)), tree && this.#tree(tree));
    if (output === undefined) throw new MissingKey('the taproot output key is not valid');
    this.#solving?.addTaproot(output);
    return scriptPubKeyOf({ kind: 'witness_v1_taproot', outputKey: output.outputKey });
  }

  #single(descriptor: Descriptor, tapscript = false): Uint8Array {
    const [script] = this.scripts(descriptor, tapscript);
    if (script === undefined) throw new MissingKey('the descriptor has no script');
    return script;
  }

  scripts(descriptor: Descriptor, tapscript = false): readonly Uint8Array[] {
    switch (descriptor.kind) {
      case 'pk': {
        const pubkey = this.#key(descriptor.key);
        return [scriptPubKeyOf({ kind: 'pubkey', pubkey: tapscript ? xOnly(pubkey) : pubkey })];
      }
      case 'pkh':
        return [scriptPubKeyOf({ kind: 'pubkeyhash', hash: hash160(this.#key(descriptor.key)) })];
      case 'wpkh':
        return [scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: hash160(this.#key(descriptor.key)) })];
      case 'combo':
        return this.#combo(this.#key(descriptor.key));
      case 'rawtr':
        return [scriptPubKeyOf({ kind: 'witness_v1_taproot', outputKey: xOnly(this.#key(descriptor.key)) })];
      case 'multi':
      case 'sortedmulti':
        return [this.#multi(descriptor.threshold, descriptor.keys, descriptor.kind === 'sortedmulti', false)];
      case 'multi_a':
      case 'sortedmulti_a':
        return [this.#multi(descriptor.threshold, descriptor.keys, descriptor.kind === 'sortedmulti_a', true)];
      case 'sh':
        return [this.#hashed('scripthash', this.#single(descriptor.inner))];
      case 'wsh':
        return [this.#hashed('witness_v0_scripthash', this.#single(descriptor.inner))];
      case 'tr':
        return [this.#taproot(descriptor.key, descriptor.tree)];
      case 'addr':
        return [scriptPubKeyOf(descriptor.destination)];
      case 'raw':
        return [descriptor.script];
    }
  }
}

/**
 * The output scripts of a descriptor at an index (ignored by descriptors without wildcard).
 * @param solving takes the public keys, scripts and trees that spending them needs.
 * @returns undefined when a hardened step needs keys that the source does not hold.
 */
export function expandDescriptor(
  descriptor: Descriptor,
  index: number,
  source: KeySource,
  solving?: SolvingData,
): readonly Uint8Array[] | undefined {
  try {
    return new Expander(index, source, solving).scripts(descriptor);
  } catch (fault) {
    if (fault instanceof MissingKey) return undefined;
    throw fault;
  }
}

/** Adds the private keys of an index that the secrets give. */
export function addPrivateKeys(descriptor: Descriptor, index: number, secrets: SecretKeys, solving: SolvingData): void {
  for (const expression of keyExpressions(descriptor)) {
    const key = deriveSecret(expression, index, secrets);
    if (key !== undefined) solving.addSecret(key);
  }
}

/**
 * Puts into `cache` the public nodes that expanding `index` later without private keys will need.
 * @returns false when the source does not suffice.
 */
export function cacheDescriptor(descriptor: Descriptor, index: number, source: KeySource, cache: DescriptorCache): boolean {
  return keyExpressions(descriptor).every((expression) => cacheKey(expression, index, source, cache));
}
