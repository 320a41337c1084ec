import { decodeAddress, encodeAddress, type DecodedAddress } from '../src-bitcoin/address/address.js';
import type { OutputType } from '../src-bitcoin/descriptor/descriptor.js';
import { outpointKey, type Outpoint } from '../src-bitcoin/primitives/transaction.js';
import { AddressBook } from './coins/address-book.js';
import { computeBalances, type Balances } from './coins/balances.js';
import { TransactionHistory } from './coins/history.js';
import type { CoinContext } from './coins/trust.js';
import type { WalletContext } from './context.js';
import { Keyring } from './keys/keyring.js';
import { WalletFlag } from './keys/wallet-flags.js';
import type { WalletDescriptor } from './keys/wallet-descriptor.js';
import type { WalletDatabase } from './store/database.js';
import type { WalletRecords } from './store/wallet-records.js';
import { WalletWriter } from './store/wallet-writer.js';
import { Turns } from './sync/turns.js';
import { WalletEvents } from './wallet-events.js';

/** A block the wallet has seen. */
export interface SeenBlock {
  /** Internal byte order. */
  readonly hash: Uint8Array;
  /** -1 before any. */
  readonly height: number;
}

export type NewAddress = { readonly ok: true; readonly script: Uint8Array; readonly address: string } | { readonly ok: false; readonly error: string };

/** A scan of old blocks under way. */
export interface ScanProgress {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Share done, 0 to 1. */
  progress: number;
  abort: boolean;
}

/**
 * A loaded wallet: its file, keys, transactions and address book, and what happens to them. Changes are
 * made through `change`, which puts them on disk before anybody hears of them.
 */
export class LoadedWallet {
  readonly events = new WalletEvents();
  readonly writer: WalletWriter;
  readonly keyring: Keyring;
  readonly history: TransactionHistory;
  readonly addressBook: AddressBook;
  /** Blocks and mempool events, one after another. */
  readonly chainTurns = new Turns();
  /** Payments under construction: a coin must not be chosen for two. */
  readonly spendTurns = new Turns();
  lastBlock: SeenBlock = { hash: new Uint8Array(32), height: -1 };
  scan: ScanProgress | undefined;
  /** Blocks before `lastBlock` are still being scanned after loading. */
  catchingUp = false;
  /** Until when a passphrase given over RPC holds, seconds since 1970; 0 for none. */
  unlockedUntil = 0;
  readonly #database: WalletDatabase;
  readonly #lockedOutputs = new Map<string, { readonly outpoint: Outpoint; persistent: boolean }>();
  #flags: bigint;
  #pending: (() => void)[] | undefined;
  #balances: { readonly key: string; readonly balances: Balances } | undefined;

  constructor(
    readonly context: WalletContext,
    readonly name: string,
    database: WalletDatabase,
    records: WalletRecords,
  ) {
    this.#database = database;
    this.#flags = records.flags ?? 0n;
    this.writer = new WalletWriter(database);
    const { writer } = this;
    this.keyring = new Keyring({ params: context.params, writer, keypoolSize: context.settings.keypoolSize }, records);
    this.addressBook = new AddressBook(
      { writer, changed: (...entry) => this.announce(() => this.events.addressBook.emit(...entry)) },
      records.addressBook,
    );
    this.history = new TransactionHistory(
      {
        writer,
        isMine: (script) => this.keyring.isMine(script),
        changed: ({ txid }, change) => this.announce(() => this.events.transaction.emit(txid, change)),
      },
      records.orderPositionNext,
    );
    for (const outpoint of records.lockedOutputs) this.#lockedOutputs.set(outpointKey(outpoint), { outpoint, persistent: true });
  }

  get displayName(): string {
    return this.name === '' ? 'default wallet' : this.name;
  }

  log(text: string): void {
    this.context.logger.info(`[${this.displayName}] ${text}`);
  }

  /** The file. */
  get path(): string {
    return this.#database.path;
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** Makes changes as one: on disk entirely or not at all, and announced after that. */
  change<T>(work: () => T): T {
    if (this.#pending !== undefined) return work();
    const pending: (() => void)[] = [];
    this.#pending = pending;
    let result: T;
    try {
      result = this.writer.transaction(work);
    } finally {
      this.#pending = undefined;
    }
    for (const announce of pending) announce();
    return result;
  }

  /** Tells something now, or when the change under way is on disk. */
  announce(emit: () => void): void {
    if (this.#pending === undefined) emit();
    else this.#pending.push(emit);
  }

  get flags(): bigint {
    return this.#flags;
  }

  hasFlag(flag: bigint): boolean {
    return (this.#flags & flag) !== 0n;
  }

  setFlag(flag: bigint, on: boolean): void {
    const flags = on ? this.#flags | flag : this.#flags & ~flag;
    if (flags === this.#flags) return;
    this.writer.flags(flags);
    this.#flags = flags;
  }

  get canSign(): boolean {
    return !this.hasFlag(WalletFlag.disablePrivateKeys);
  }

  /** The address of an output script; undefined for scripts without one. */
  addressOf(script: Uint8Array): string | undefined {
    return encodeAddress(script, this.context.params);
  }

  /** Reads an address of the wallet's network. */
  decode(address: string): DecodedAddress {
    return decodeAddress(address, this.context.params);
  }

  /** Whether a script of the wallet is change: nobody put it in the address book. */
  isChangeScript(script: Uint8Array): boolean {
    const address = this.addressOf(script);
    return address === undefined || this.addressBook.get(address) === undefined;
  }

  /** Whether coins of this script were spent before, in a wallet that avoids reuse. */
  isUsedScript(script: Uint8Array): boolean {
    const address = this.addressOf(script);
    return address !== undefined && this.addressBook.isUsed(address);
  }

  get coinContext(): CoinContext {
    return {
      history: this.history,
      isMine: (script) => this.keyring.isMine(script),
      tipHeight: this.lastBlock.height,
      spendZeroConfChange: this.context.settings.spendZeroConfChange,
    };
  }

  /** @param avoidUsed leave out coins of addresses that were spent from. */
  balances(options: { readonly minDepth?: number; readonly avoidUsed?: boolean } = {}): Balances {
    const avoidUsed = options.avoidUsed === true && this.hasFlag(WalletFlag.avoidReuse);
    const key = `${this.history.revision} ${this.lastBlock.height} ${options.minDepth ?? 0} ${avoidUsed}`;
    if (this.#balances?.key === key) return this.#balances.balances;
    const skip = avoidUsed ? { skip: (owned: { output: { scriptPubKey: Uint8Array } }) => this.isUsedScript(owned.output.scriptPubKey) } : {};
    const balances = computeBalances(this.coinContext, { minDepth: options.minDepth ?? 0, ...skip });
    this.#balances = { key, balances };
    return balances;
  }

  /** Whether new addresses can be had, of one kind or of any. */
  canGetAddresses(internal = false): boolean {
    for (const type of ['legacy', 'p2sh-segwit', 'bech32', 'bech32m'] as const) {
      const descriptor = this.keyring.active(type, internal);
      if (descriptor !== undefined && (descriptor.ranged || descriptor.available > 0)) return true;
    }
    return false;
  }

  /** Hands out the next receive address and puts it in the address book. */
  newReceiveAddress(type: OutputType, label: string): NewAddress {
    return this.change(() => {
      const descriptor = this.keyring.active(type, false);
      const found = this.#handOutNext(type, descriptor);
      if (found.ok) this.addressBook.set(found.address, label, 'receive');
      return found;
    });
  }

  /** Hands out the next change address. */
  newChangeAddress(type: OutputType): NewAddress {
    return this.change(() => this.#handOutNext(type, this.keyring.active(type, true)));
  }

  #handOutNext(type: OutputType, descriptor: WalletDescriptor | undefined): NewAddress {
    if (descriptor === undefined) return { ok: false, error: `Error: No ${type} addresses available.` };
    const next = this.keyring.peek(descriptor);
    const address = next && this.addressOf(next.script);
    if (next === undefined || address === undefined) return { ok: false, error: 'Error: Keypool ran out, please call keypoolrefill first' };
    this.keyring.handOut(descriptor, next.index);
    return { ok: true, script: next.script, address };
  }

  lockOutput(outpoint: Outpoint, persistent: boolean): void {
    this.change(() => {
      this.#lockedOutputs.set(outpointKey(outpoint), { outpoint, persistent });
      if (persistent) this.writer.lockedOutput(outpoint, true);
    });
  }

  /** @returns false when it was not locked. */
  unlockOutput(outpoint: Outpoint): boolean {
    const key = outpointKey(outpoint);
    const locked = this.#lockedOutputs.get(key);
    if (locked === undefined) return false;
    this.change(() => {
      if (locked.persistent) this.writer.lockedOutput(outpoint, false);
      this.#lockedOutputs.delete(key);
    });
    return true;
  }

  isLockedOutput(outpoint: Outpoint): boolean {
    return this.#lockedOutputs.has(outpointKey(outpoint));
  }

  get lockedOutputs(): readonly Outpoint[] {
    return [...this.#lockedOutputs.values()].map(({ outpoint }) => outpoint);
  }

  get lockedOutputKeys(): ReadonlySet<string> {
    return new Set(this.#lockedOutputs.keys());
  }

  /** When the wallet can first have been paid, seconds since 1970; undefined for an empty one. */
  get birthTime(): bigint | undefined {
    let birth = this.keyring.birthTime;
    for (const transaction of this.history.all()) {
      const time = BigInt(transaction.timeSmart === 0 ? transaction.timeReceived : transaction.timeSmart);
      if (birth === undefined || time < birth) birth = time;
    }
    return birth;
  }

  async backup(path: string): Promise<void> {
    await this.#database.backup(path);
  }

  /** Writes the file anew, so that no erased private key stays behind in it. */
  rewriteFile(): void {
    this.#database.rewrite();
  }

  /** Closes the file. Nothing may be asked of the wallet after that. */
  close(): void {
    this.keyring.vault.lock();
    this.#database.close();
    this.log(`Releasing wallet ${this.name}`);
  }
}
