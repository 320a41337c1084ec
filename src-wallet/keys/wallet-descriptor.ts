import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { DescriptorCache } from '../../src-bitcoin/descriptor/derive-key.js';
import { isRanged, keyExpressions, outputTypeOf, type Descriptor, type OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { cacheDescriptor, expandDescriptor } from '../../src-bitcoin/descriptor/expand.js';
import type { SecretKeys } from '../../src-bitcoin/descriptor/parse-key.js';
import type { ExtendedPublicKey } from '../../src-bitcoin/keys/bip32.js';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';

/** State of a descriptor that changes: what is written to its record. */
export interface DescriptorRange {
  /** Index of the next address to hand out. */
  nextIndex: number;
  /** First index whose scripts are watched. */
  rangeStart: number;
  /** One after the last. */
  rangeEnd: number;
}

export interface WalletDescriptorInit extends DescriptorRange {
  readonly id: Uint8Array;
  readonly descriptor: Descriptor;
  readonly text: string;
  readonly creationTime: bigint;
  readonly cache?: DescriptorCache;
}

/** One descriptor of a wallet with its range, caches and keys. Changes only memory; the keyring writes. */
export class WalletDescriptor implements DescriptorRange {
  /** SHA-256 of its public text. */
  readonly id: Uint8Array;
  readonly descriptor: Descriptor;
  /** Public text with checksum, as stored. */
  text: string;
  /** Seconds since 1970; no script of it was used before. */
  creationTime: bigint;
  nextIndex: number;
  rangeStart: number;
  rangeEnd: number;
  readonly ranged: boolean;
  readonly outputType: OutputType | undefined;
  readonly cache: DescriptorCache;
  /** Plain private keys by public key (hex); empty once encrypted. */
  readonly secrets = new Map<string, Uint8Array>();
  readonly cryptedSecrets = new Map<string, Uint8Array>();

  constructor(init: WalletDescriptorInit) {
    this.id = init.id;
    this.descriptor = init.descriptor;
    this.text = init.text;
    this.creationTime = init.creationTime;
    this.nextIndex = init.nextIndex;
    this.rangeStart = init.rangeStart;
    this.rangeEnd = init.rangeEnd;
    this.ranged = isRanged(init.descriptor);
    this.outputType = outputTypeOf(init.descriptor);
    this.cache = init.cache ?? new DescriptorCache();
  }

  get name(): string {
    return toHex(this.id);
  }

  get hasPrivateKeys(): boolean {
    return this.secrets.size > 0 || this.cryptedSecrets.size > 0;
  }

  /** Addresses made but not handed out yet. */
  get available(): number {
    return this.rangeEnd - this.nextIndex;
  }

  /** Scripts of an index that was made before; undefined when the cache lacks it. */
  scripts(index: number, solving?: SolvingData): readonly Uint8Array[] | undefined {
    return expandDescriptor(this.descriptor, index, { cache: this.cache }, solving);
  }

  #isCached(index: number): boolean {
    return keyExpressions(this.descriptor).every(
      ({ key, index: keyIndex }) =>
        key.kind === 'fixed' ||
        (key.wildcard === 'hardened' ? this.cache.derived.get(keyIndex)?.has(index) === true : this.cache.parents.has(keyIndex)),
    );
  }

  /**
   * Scripts of a new index, whose public nodes go into the cache.
   * @returns undefined when that takes private keys that are not there (locked).
   */
  makeScripts(index: number, secrets: SecretKeys | undefined, added: DescriptorCache): readonly Uint8Array[] | undefined {
    if (this.#isCached(index)) return this.scripts(index);
    const source = secrets === undefined ? { cache: this.cache } : { cache: this.cache, secrets };
    const fresh = new DescriptorCache();
    if (!cacheDescriptor(this.descriptor, index, source, fresh)) return undefined;
    for (const kind of ['parents', 'lastHardened'] as const) {
      for (const [key, node] of fresh[kind]) {
        if (!this.cache[kind].has(key)) added[kind].set(key, node);
        this.cache[kind].set(key, node);
      }
    }
    for (const [key, nodes] of fresh.derived) {
      for (const cache of [this.cache, added]) {
        const all = cache.derived.get(key) ?? new Map<number, ExtendedPublicKey>();
        for (const [child, node] of nodes) all.set(child, node);
        cache.derived.set(key, all);
      }
    }
    return this.scripts(index);
  }
}
