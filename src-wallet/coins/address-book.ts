import type { AddressEntry } from '../store/wallet-records.js';
import type { WalletWriter } from '../store/wallet-writer.js';

export type AddressPurpose = 'receive' | 'send' | 'refund';

const purposes: readonly AddressPurpose[] = ['receive', 'send', 'refund'];

/** Undefined for a text that is no purpose. */
export function parseAddressPurpose(text: string | undefined): AddressPurpose | undefined {
  return purposes.find((purpose) => purpose === text);
}

export interface AddressBookOptions {
  readonly writer: WalletWriter;
  /** Told of each entry that came (`new`), changed or went (`deleted`). */
  readonly changed: (address: string, label: string, purpose: AddressPurpose | undefined, change: 'new' | 'updated' | 'deleted') => void;
}

/** Labels and purposes of addresses, payment requests, and which addresses were spent from. Addresses are texts. */
export class AddressBook {
  readonly #options: AddressBookOptions;
  readonly #entries: Map<string, AddressEntry>;

  constructor(options: AddressBookOptions, entries: ReadonlyMap<string, AddressEntry>) {
    this.#options = options;
    this.#entries = new Map(entries);
  }

  /** An entry that has a label. Entries without one are change addresses that only carry marks. */
  get(address: string): AddressEntry | undefined {
    const entry = this.#entries.get(address);
    return entry?.label === undefined ? undefined : entry;
  }

  /** All entries with a label, in the order of their addresses' bytes. */
  entries(): readonly (readonly [address: string, entry: AddressEntry])[] {
    return [...this.#entries].filter(([, entry]) => entry.label !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  label(address: string): string {
    return this.#entries.get(address)?.label ?? '';
  }

  #entry(address: string): AddressEntry {
    let entry = this.#entries.get(address);
    if (entry === undefined) {
      entry = { label: undefined, purpose: undefined, used: false, receiveRequests: new Map() };
      this.#entries.set(address, entry);
    }
    return entry;
  }

  /** Sets the label, and the purpose unless undefined. */
  set(address: string, label: string, purpose: AddressPurpose | undefined): void {
    const entry = this.#entry(address);
    const isNew = entry.label === undefined;
    this.#options.writer.transaction(() => {
      if (purpose !== undefined) this.#options.writer.purpose(address, purpose);
      this.#options.writer.label(address, label);
    });
    entry.label = label;
    if (purpose !== undefined) entry.purpose = purpose;
    this.#options.changed(address, label, parseAddressPurpose(entry.purpose), isNew ? 'new' : 'updated');
  }

  /** @returns false when there is no such entry. */
  delete(address: string): boolean {
    const entry = this.#entries.get(address);
    if (entry === undefined) return false;
    this.#options.writer.transaction(() => this.#options.writer.deleteAddress(address));
    this.#entries.delete(address);
    this.#options.changed(address, '', parseAddressPurpose(entry.purpose), 'deleted');
    return true;
  }

  isUsed(address: string): boolean {
    return this.#entries.get(address)?.used === true;
  }

  /** Marks an address as spent from. */
  setUsed(address: string, used: boolean): void {
    const entry = this.#entry(address);
    if (entry.used === used) return;
    this.#options.writer.addressUsed(address, used);
    entry.used = used;
  }

  /** All stored payment requests, serialized. */
  receiveRequests(): readonly Uint8Array[] {
    return [...this.#entries.values()].flatMap((entry) => [...entry.receiveRequests.values()]);
  }

  /** Stores a payment request, or forgets it when undefined. */
  setReceiveRequest(address: string, id: string, request: Uint8Array | undefined): void {
    this.#options.writer.receiveRequest(address, id, request);
    const { receiveRequests } = this.#entry(address);
    if (request === undefined) receiveRequests.delete(id);
    else receiveRequests.set(id, request);
  }
}
