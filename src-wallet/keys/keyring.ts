import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { DescriptorCache } from '../../src-bitcoin/descriptor/derive-key.js';
import type { Descriptor, OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { addPrivateKeys } from '../../src-bitcoin/descriptor/expand.js';
import { outputTypeNumber, outputTypes } from '../../src-bitcoin/descriptor/output-types.js';
import type { SecretKeys } from '../../src-bitcoin/descriptor/parse-key.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import { descriptorId, printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { ExtendedPrivateKey } from '../../src-bitcoin/keys/bip32.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { WalletRecordFault, type StoredDescriptor, type WalletRecords } from '../store/wallet-records.js';
import type { WalletWriter } from '../store/wallet-writer.js';
import { defaultDescriptors, type DefaultDescriptor } from './default-descriptors.js';
import { KeyIndex } from './key-index.js';
import { Vault } from './vault.js';
import { WalletDescriptor, type DescriptorRange } from './wallet-descriptor.js';

/** Which descriptor an output script comes from, and at which index. */
export interface ScriptOwner {
  readonly descriptor: WalletDescriptor;
  readonly index: number;
}

export interface KeyringOptions {
  readonly params: ChainParams;
  readonly writer: WalletWriter;
  /** How many addresses to make ahead (`-keypool`). */
  readonly keypoolSize: number;
}

/**
 * The descriptors of a wallet: which scripts are its own, what new addresses come from, and the keys
 * behind them. What it changes is on disk when the enclosing transaction ends.
 */
export class Keyring {
  readonly vault: Vault;
  readonly #params: ChainParams;
  readonly #writer: WalletWriter;
  readonly #keypoolSize: number;
  readonly #descriptors = new Map<string, WalletDescriptor>();
  readonly #active = { external: new Map<OutputType, WalletDescriptor>(), internal: new Map<OutputType, WalletDescriptor>() };
  readonly #owners = new Map<string, ScriptOwner[]>();
  readonly #keys = new KeyIndex();

  constructor(options: KeyringOptions, records: Pick<WalletRecords, 'descriptors' | 'activeExternal' | 'activeInternal' | 'masterKeys'>) {
    this.#params = options.params;
    this.#writer = options.writer;
    this.#keypoolSize = options.keypoolSize;
    this.vault = new Vault(options.writer, records.masterKeys);
    for (const stored of records.descriptors) this.#load(stored);
    for (const internal of [false, true]) {
      for (const [number, id] of internal ? records.activeInternal : records.activeExternal) {
        const type = outputTypes[number];
        const descriptor = this.#descriptors.get(toHex(id));
        if (type !== undefined && descriptor !== undefined) this.#activeOf(internal).set(type, descriptor);
      }
    }
  }

  #load(stored: StoredDescriptor): void {
    const parsed = parseDescriptor(stored.text, this.#params, { requireChecksum: true });
    if (!parsed.ok) throw new WalletRecordFault('corrupt', `Unrecognized descriptor found: ${parsed.error}`);
    const [descriptor] = parsed.descriptors;
    if (toHex(descriptorId(descriptor, this.#params)) !== toHex(stored.id)) {
      throw new WalletRecordFault('corrupt', 'The descriptor ID calculated by the wallet differs from the one in DB');
    }
    const cache = Object.assign(new DescriptorCache(), {
      parents: stored.parents,
      derived: stored.derived,
      lastHardened: stored.lastHardened,
    });
    const loaded = new WalletDescriptor({ ...stored, descriptor, cache });
    for (const [pubkey, secret] of stored.secrets) loaded.secrets.set(pubkey, secret);
    for (const [pubkey, crypted] of stored.cryptedSecrets) loaded.cryptedSecrets.set(pubkey, crypted);
    this.#descriptors.set(loaded.name, loaded);
    for (let index = loaded.rangeStart; index < loaded.rangeEnd; index++) {
      const scripts = loaded.scripts(index);
      if (scripts === undefined) throw new WalletRecordFault('corrupt', 'a descriptor cannot be expanded from its cache');
      this.#own(loaded, index, scripts);
    }
  }

  #activeOf(internal: boolean): Map<OutputType, WalletDescriptor> {
    return internal ? this.#active.internal : this.#active.external;
  }

  #own(descriptor: WalletDescriptor, index: number, scripts: readonly Uint8Array[]): void {
    for (const script of scripts) {
      const key = toHex(script);
      const owners = this.#owners.get(key);
      if (owners === undefined) this.#owners.set(key, [{ descriptor, index }]);
      else if (!owners.some((owner) => owner.descriptor === descriptor)) owners.push({ descriptor, index });
    }
  }

  get descriptors(): Iterable<WalletDescriptor> {
    return this.#descriptors.values();
  }

  find(id: Uint8Array): WalletDescriptor | undefined {
    return this.#descriptors.get(toHex(id));
  }

  active(type: OutputType, internal: boolean): WalletDescriptor | undefined {
    return this.#activeOf(internal).get(type);
  }

  /** Whether new addresses come from it, and whether those are for change; undefined when it is not active. */
  activity(descriptor: WalletDescriptor): { readonly internal: boolean } | undefined {
    for (const internal of [false, true]) {
      for (const each of this.#activeOf(internal).values()) if (each === descriptor) return { internal };
    }
    return undefined;
  }

  get activeDescriptors(): ReadonlySet<WalletDescriptor> {
    return new Set([...this.#active.external.values(), ...this.#active.internal.values()]);
  }

  /** Descriptors an output script belongs to; none when it is not the wallet's. */
  owners(script: Uint8Array): readonly ScriptOwner[] {
    return this.#owners.get(toHex(script)) ?? [];
  }

  isMine(script: Uint8Array): boolean {
    return this.#owners.has(toHex(script));
  }

  /** Every output script of the wallet, as hex. */
  scripts(): Iterable<string> {
    return this.#owners.keys();
  }

  get scriptCount(): number {
    return this.#owners.size;
  }

  /** When the first key was made, seconds since 1970; undefined without keys. */
  get birthTime(): bigint | undefined {
    let birth: bigint | undefined;
    for (const { creationTime } of this.#descriptors.values()) if (birth === undefined || creationTime < birth) birth = creationTime;
    return birth;
  }

  #write(descriptor: WalletDescriptor): void {
    this.#writer.descriptor(descriptor);
  }

  /**
   * Makes scripts ahead of the next address.
   * @param size how many; the configured number when left out.
   * @returns false when that takes private keys and the wallet is locked.
   */
  topUp(descriptor: WalletDescriptor, size = this.#keypoolSize): boolean {
    const end = descriptor.ranged ? Math.max(descriptor.nextIndex + size, descriptor.rangeEnd) : 1;
    return this.#extend(descriptor, descriptor.ranged ? descriptor.rangeEnd : 0, end);
  }

  #extend(descriptor: WalletDescriptor, from: number, end: number): boolean {
    if (from >= end) return true;
    const secrets = this.vault.secretsOf(descriptor);
    return this.#writer.transaction(() => {
      const added = new DescriptorCache();
      for (let index = from; index < end; index++) {
        const scripts = descriptor.makeScripts(index, secrets, added);
        if (scripts === undefined) return false;
        this.#own(descriptor, index, scripts);
      }
      descriptor.rangeEnd = Math.max(end, descriptor.rangeEnd);
      this.#writer.descriptorCache(descriptor.id, added);
      this.#write(descriptor);
      return true;
    });
  }

  topUpAll(size?: number): boolean {
    let complete = true;
    for (const descriptor of this.activeDescriptors) complete = this.topUp(descriptor, size) && complete;
    return complete;
  }

  /**
   * Adds a descriptor, or brings the range and keys of a known one up to date.
   * @throws Error when it cannot be expanded with the keys at hand.
   */
  add(descriptor: Descriptor, secrets: SecretKeys, creationTime: bigint, range: DescriptorRange): WalletDescriptor {
    const id = descriptorId(descriptor, this.#params);
    const known = this.find(id);
    const entry = known ?? new WalletDescriptor({ id, descriptor, text: printDescriptor(descriptor, this.#params), creationTime, ...range, rangeEnd: range.rangeStart });
    return this.#writer.transaction(() => {
      this.#descriptors.set(entry.name, entry);
      if (secrets.size > 0) this.vault.addSecrets(entry, secrets);
      entry.creationTime = creationTime;
      entry.nextIndex = range.nextIndex;
      if (known !== undefined && range.rangeStart < known.rangeStart) {
        if (!this.#extend(entry, range.rangeStart, known.rangeStart)) throw new Error('Could not expand the descriptor');
      }
      entry.rangeStart = range.rangeStart;
      this.#write(entry);
      const end = entry.ranged ? Math.max(range.rangeEnd, range.nextIndex + this.#keypoolSize) : 1;
      if (!this.#extend(entry, entry.ranged ? entry.rangeEnd : 0, end)) {
        if (known === undefined) this.#descriptors.delete(entry.name);
        throw new Error('Could not expand the descriptor');
      }
      return entry;
    });
  }

  setActive(descriptor: WalletDescriptor, type: OutputType, internal: boolean): void {
    this.#writer.activeDescriptor(outputTypeNumber(type), internal, descriptor.id);
    this.#activeOf(internal).set(type, descriptor);
    const other = this.#activeOf(!internal);
    if (other.get(type) !== descriptor) return;
    this.#writer.activeDescriptor(outputTypeNumber(type), !internal, undefined);
    other.delete(type);
  }

  /** Stops taking new addresses from a descriptor. */
  deactivate(descriptor: WalletDescriptor, type: OutputType, internal: boolean): void {
    if (this.#activeOf(internal).get(type) !== descriptor) return;
    this.#writer.activeDescriptor(outputTypeNumber(type), internal, undefined);
    this.#activeOf(internal).delete(type);
  }

  /** Adds a descriptor of the default form and takes new addresses from it from now on. */
  setUpDefault({ type, internal, descriptor, secrets }: DefaultDescriptor, creationTime: bigint): WalletDescriptor {
    return this.#writer.transaction(() => {
      const added = this.add(descriptor, secrets, creationTime, { nextIndex: 0, rangeStart: 0, rangeEnd: 0 });
      this.setActive(added, type, internal);
      return added;
    });
  }

  /** Makes the eight default descriptors from a root key and takes new addresses from them from now on. */
  setUpDefaults(root: ExtendedPrivateKey, creationTime: bigint): void {
    this.#writer.transaction(() => {
      for (const each of defaultDescriptors(root, this.#params)) this.setUpDefault(each, creationTime);
    });
  }

  /** Output script of the next address, without handing it out; undefined when there is none. */
  peek(descriptor: WalletDescriptor): { readonly script: Uint8Array; readonly index: number } | undefined {
    const complete = this.topUp(descriptor);
    if (descriptor.nextIndex >= descriptor.rangeEnd && (!complete || !descriptor.ranged)) return undefined;
    const index = descriptor.nextIndex;
    const [script] = descriptor.scripts(index) ?? [];
    return script && { script, index };
  }

  /** Counts an index and all before it as handed out. */
  handOut(descriptor: WalletDescriptor, index: number): void {
    if (index < descriptor.nextIndex) return;
    descriptor.nextIndex = index + 1;
    this.#write(descriptor);
  }

  /**
   * Notes that a script was seen in a transaction, so that its index is never handed out again.
   * @returns scripts that were skipped by this, the seen one included, with where they come from.
   */
  markUsed(script: Uint8Array): readonly { readonly script: Uint8Array; readonly descriptor: WalletDescriptor }[] {
    const passed: { readonly script: Uint8Array; readonly descriptor: WalletDescriptor }[] = [];
    for (const { descriptor, index } of this.owners(script)) {
      if (index < descriptor.nextIndex) continue;
      for (let each = descriptor.nextIndex; each <= index; each++) {
        const [first] = descriptor.scripts(each) ?? [];
        if (first !== undefined) passed.push({ script: first, descriptor });
      }
      this.handOut(descriptor, index);
      if (descriptor.ranged) this.topUp(descriptor);
    }
    return passed;
  }

  /** What is known about spending a script. With `secrets`, private keys too, as far as unlocked. */
  solve(script: Uint8Array, options: { readonly secrets?: boolean } = {}): SolvingData {
    const solving = new SolvingData();
    for (const { descriptor, index } of this.owners(script)) {
      descriptor.scripts(index, solving);
      const secrets = options.secrets === true ? this.vault.secretsOf(descriptor) : undefined;
      if (secrets !== undefined) addPrivateKeys(descriptor.descriptor, index, secrets, solving);
    }
    return solving;
  }

  /** See `KeyIndex.solve`. */
  solveKey(pubkey: Uint8Array, options: { readonly secrets: boolean }): SolvingData | undefined {
    return this.#keys.solve(pubkey, this.#descriptors.values(), this.vault, options);
  }
}
