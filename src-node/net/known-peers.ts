import type { AddressBook } from './address-book.js';
import type { BanList } from './ban-list.js';
import type { NetworkContext } from './network-context.js';
import { loadPeers, savePeers } from './peers-file.js';

/** Milliseconds between writes. */
const saveInterval = 15 * 60_000;

/** Keeps the address book and the bans on disk. */
export class KnownPeers {
  readonly #context: NetworkContext;
  readonly #book: AddressBook;
  readonly #bans: BanList;
  readonly #path: string | undefined;
  #key: Uint8Array;
  #loaded = false;
  #nextSave = Number.POSITIVE_INFINITY;

  /** @param path where peers.dat is; undefined keeps addresses in memory only. */
  constructor(context: NetworkContext, book: AddressBook, bans: BanList, path: string | undefined) {
    this.#context = context;
    this.#book = book;
    this.#bans = bans;
    this.#path = path;
    this.#key = context.randomBytes(32);
  }

  /** @throws PeersFileError when peers.dat is damaged. */
  async load(): Promise<void> {
    await this.#bans.load(this.#context.log);
    const saved = this.#path === undefined ? undefined : await loadPeers(this.#path, this.#context.chainstate.params.magic);
    if (saved !== undefined) {
      this.#key = saved.key;
      for (const known of saved.addresses) this.#book.restore(known);
      this.#context.log?.info(`Loaded ${this.#book.size} addresses from peers.dat`);
    }
    this.#loaded = true;
    this.#nextSave = this.#context.monotonic() + saveInterval;
  }

  /** Writes when it is time. */
  tick(): void {
    const now = this.#context.monotonic();
    if (now < this.#nextSave) return;
    this.#nextSave = now + saveInterval;
    this.save().catch((cause: unknown) => this.#context.log?.warning(`peers.dat or banlist.json cannot be written: ${String(cause)}`));
  }

  /** Does nothing to files that could not be read. */
  async save(): Promise<void> {
    if (!this.#loaded) return;
    await this.#bans.save();
    if (this.#path === undefined) return;
    const { chainstate, randomBytes } = this.#context;
    await savePeers(this.#path, { key: this.#key, addresses: [...this.#book.entries()] }, chainstate.params.magic, randomBytes(2));
  }
}
