import { rmSync } from 'node:fs';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { Keyring } from '../keys/keyring.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import { WalletDatabase, type StoredRecord } from '../store/database.js';
import { readWalletRecords, type WalletRecords } from '../store/wallet-records.js';
import { WalletWriter } from '../store/wallet-writer.js';
import type { PlannedDescriptor } from './migration-plan.js';
import type { Pauses } from './pauses.js';

/** Descriptors, or indexes of one, that are added in one go. */
const batchSize = 100;

export interface MigratedWalletOptions {
  /** Where to make it. What is left there of an earlier attempt is removed. */
  readonly file: string;
  readonly params: ChainParams;
  readonly unsafeSync: boolean;
}

/** A descriptor wallet in the making, under a name that is not yet a wallet's. */
export class MigratedWallet {
  readonly records: WalletRecords;
  readonly writer: WalletWriter;
  readonly keyring: Keyring;
  readonly #database: WalletDatabase;

  /**
   * @param shared records to start with, as they are
   * @throws DatabaseFailure
   * @throws WalletRecordFault
   */
  constructor(options: MigratedWalletOptions, flags: bigint, shared: readonly StoredRecord[] = []) {
    rmSync(options.file, { force: true });
    this.#database = WalletDatabase.open(options.file, { magic: options.params.magic, create: true, unsafeSync: options.unsafeSync });
    try {
      this.writer = new WalletWriter(this.#database);
      this.writer.transaction(() => {
        for (const { key, value } of shared) this.#database.put(key, value);
        this.writer.flags(flags | WalletFlag.descriptors | WalletFlag.lastHardenedXpubCached);
      });
      this.records = readWalletRecords(this.#database);
      // No more addresses are made ahead for what takes over old keys than were in use.
      this.keyring = new Keyring({ params: options.params, writer: this.writer, keypoolSize: 0 }, this.records);
    } catch (fault) {
      this.#database.close();
      throw fault;
    }
  }

  async add(descriptors: readonly PlannedDescriptor[], pauses: Pauses): Promise<void> {
    for (let i = 0; i < descriptors.length; ) {
      // What is not under its name yet need not change all at once.
      const batch = descriptors.slice(i, (i += batchSize));
      this.writer.transaction(() => {
        for (const { descriptor, secrets, creationTime, count } of batch) {
          this.keyring.add(descriptor, secrets, creationTime, { nextIndex: 0, rangeStart: 0, rangeEnd: Math.min(count, batchSize) });
        }
      });
      for (const { descriptor, creationTime, count } of batch) {
        for (let end = 2 * batchSize; end < count + batchSize; end += batchSize) {
          await pauses.take();
          this.keyring.add(descriptor, new Map(), creationTime, { nextIndex: 0, rangeStart: 0, rangeEnd: Math.min(count, end) });
        }
      }
      await pauses.take();
    }
  }

  close(): void {
    this.keyring.vault.lock();
    this.#database.close();
  }
}
