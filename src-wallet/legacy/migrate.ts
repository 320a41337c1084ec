import { existsSync } from 'node:fs';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { WalletContext } from '../context.js';
import { checkKnownFlags, closeWallet, newRootKey, openWallet, recordFailure, type OpenedWallet } from '../init/open-wallet.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import { DatabaseFailure, type StoredRecord } from '../store/database.js';
import { RecordType, splitKey } from '../store/record-keys.js';
import { dataFileOf, isLegacyWallet, unusablePath, walletPathOf } from '../store/wallet-files.js';
import { WalletRecordFault } from '../store/wallet-records.js';
import { BerkeleyFault } from './berkeley-page.js';
import { readBerkeleyFile } from './berkeley-file.js';
import { distributeRecords, MigrationFault } from './distribute.js';
import { LegacyRecordFault, readLegacyRecords, type LegacyRecords } from './legacy-records.js';
import { MigratedWallet } from './migrated-wallet.js';
import { MigrationFiles, type NewFile } from './migration-files.js';
import { Pauses } from './pauses.js';
import { planMigration, type MigrationPlan, type PlannedDescriptor } from './migration-plan.js';

export type Migrated =
  | {
      readonly ok: true;
      /** The new wallets, open and in step with the chain, the main one first. */
      readonly wallets: readonly [OpenedWallet, ...OpenedWallet[]];
      readonly watchonly: string | undefined;
      readonly solvables: string | undefined;
      /** Path of the copy of the old file. */
      readonly backup: string;
    }
  | { readonly ok: false; /** For people, in Bitcoin Core's words where it has any. */ readonly error: string };

/** The files that were made, under their temporary names. */
interface Prepared {
  /** Undefined when nothing of the old wallet could be spent: it has become the others. */
  readonly main: string | undefined;
  readonly watchonly: string | undefined;
  readonly solvables: string | undefined;
}

const alreadyMigrated = 'Error: This wallet is already a descriptor wallet';

function passphraseFailure(passphrase: string): string {
  const start = 'Error: Wallet decryption failed, the wallet passphrase';
  if (!passphrase.includes('\0')) return `${start} was not provided or was incorrect.`;
  return `${start} entered was incorrect. The passphrase contains a null character (ie - a zero byte). If this passphrase was set with a version of this software prior to 25.0, please try again with only the characters up to — but not including — the first null character.`;
}

/** What the new wallet has from the old one. A wallet without private keys needs no key that encrypts them. */
function sharedRecords({ shared, flags, cryptedSecrets }: LegacyRecords): readonly StoredRecord[] {
  const isEncrypted = (flags & WalletFlag.disablePrivateKeys) === 0n || cryptedSecrets.size > 0;
  return isEncrypted ? shared : shared.filter(({ key }) => splitKey(key).type !== RecordType.masterKey);
}

/** Makes the new wallets of an old one, without touching it. */
class Preparation {
  readonly #context: WalletContext;
  readonly #files: MigrationFiles;
  readonly #records: LegacyRecords;
  readonly #open: MigratedWallet[] = [];
  readonly #pauses: Pauses;

  /** @throws BerkeleyFault, LegacyRecordFault, WalletRecordFault or MigrationFault */
  constructor(context: WalletContext, files: MigrationFiles) {
    this.#context = context;
    this.#files = files;
    this.#pauses = new Pauses(context.ending);
    this.#records = readLegacyRecords(readBerkeleyFile(files.legacy));
    const { flags, unknown } = this.#records;
    checkKnownFlags(flags);
    if ((flags & WalletFlag.descriptors) !== 0n) throw new MigrationFault(alreadyMigrated);
    for (const [type, count] of unknown) context.logger.info(`[${files.main.walletName}] Migration leaves out ${count} records of the unknown type ${JSON.stringify(type)}`);
  }

  #make({ temporary }: NewFile, flags: bigint, shared?: readonly StoredRecord[]): MigratedWallet {
    const { params, settings } = this.#context;
    const made = new MigratedWallet({ file: temporary, params, unsafeSync: settings.unsafeSync }, flags, shared);
    this.#open.push(made);
    return made;
  }

  /** A wallet without private keys beside the main one; none if there is nothing for it. */
  async #makeSide(suffix: string, descriptors: readonly PlannedDescriptor[]): Promise<{ readonly name: string; readonly wallet: MigratedWallet } | undefined> {
    if (descriptors.length === 0) return undefined;
    const place = this.#files.side(suffix);
    const inherited = this.#records.flags & (WalletFlag.avoidReuse | WalletFlag.keyOriginMetadata);
    const wallet = this.#make(place, WalletFlag.disablePrivateKeys | WalletFlag.blank | inherited);
    await wallet.add(descriptors, this.#pauses);
    return { name: place.walletName, wallet };
  }

  async #fillMain(main: MigratedWallet, { root, owned }: MigrationPlan): Promise<void> {
    const { keyring } = main;
    await main.add(owned, this.#pauses);
    if (owned.length === 0 || (this.#records.flags & WalletFlag.disablePrivateKeys) !== 0n) return;
    keyring.setUpDefaults(root ?? newRootKey(), BigInt(this.#context.clock.now()));
    for (const descriptor of keyring.activeDescriptors) {
      await this.#pauses.take();
      keyring.topUp(descriptor, this.#context.settings.keypoolSize);
    }
  }

  async run(passphrase: string): Promise<Prepared> {
    const { params } = this.#context;
    const main = this.#make(this.#files.main, this.#records.flags, sharedRecords(this.#records));
    const { vault } = main.keyring;
    if (vault.locked && !vault.unlock(new TextEncoder().encode(passphrase), [this.#records])) throw new MigrationFault(passphraseFailure(passphrase));
    const plan = await planMigration(this.#records, vault.secretsOf(this.#records) ?? new Map(), params, this.#pauses);
    await this.#fillMain(main, plan);
    const watchonly = await this.#makeSide('watchonly', plan.watched);
    const solvables = await this.#makeSide('solvables', plan.solvable);
    distributeRecords({ main, watchonly: watchonly?.wallet, solvables: solvables?.wallet }, plan.unusable, params);
    const keepsMain = plan.owned.length > 0 || (watchonly === undefined && solvables === undefined);
    return { main: keepsMain ? this.#files.main.walletName : undefined, watchonly: watchonly?.name, solvables: solvables?.name };
  }

  close(): void {
    for (const wallet of this.#open) wallet.close();
  }
}

async function prepare(context: WalletContext, files: MigrationFiles, passphrase: string): Promise<Prepared> {
  const preparation = new Preparation(context, files);
  try {
    return await preparation.run(passphrase);
  } finally {
    preparation.close();
  }
}

/** Opens the new wallets. @throws MigrationFault when one cannot be opened; none is open then */
async function openAll(context: WalletContext, [first, ...others]: readonly string[]): Promise<readonly [OpenedWallet, ...OpenedWallet[]]> {
  const open = async (name: string): Promise<OpenedWallet> => {
    const outcome = await openWallet(context, name);
    if (!outcome.ok) throw new MigrationFault(outcome.failure.message);
    return outcome;
  };
  if (first === undefined) throw new Error('a migration has made no wallet');
  const opened: [OpenedWallet, ...OpenedWallet[]] = [await open(first)];
  try {
    for (const name of others) opened.push(await open(name));
    return opened;
  } catch (fault) {
    for (const each of opened) await closeWallet(each);
    throw fault;
  }
}

/** What a person is told about a failure that is not a fault of this program. */
function explain(fault: unknown, file: string): string | undefined {
  if (fault instanceof BerkeleyFault) return `Wallet file verification failed. ${fault.message}`;
  if (fault instanceof LegacyRecordFault) return `Wallet loading failed. Error loading ${file}: ${fault.message}`;
  if (fault instanceof WalletRecordFault) return recordFailure(fault, file).message;
  if (fault instanceof MigrationFault || fault instanceof DatabaseFailure || fault instanceof CallFailure) return fault.message;
  // What the file system refuses names the file.
  return fault instanceof Error && 'syscall' in fault ? `Error: ${fault.message}` : undefined;
}

function findLegacy(context: WalletContext, name: string): { readonly path: string } | { readonly error: string } {
  const { walletDirectory } = context.settings;
  const path = walletPathOf(walletDirectory, name);
  if (path === undefined) return { error: unusablePath(walletDirectory, name) };
  if (!existsSync(path)) return { error: 'Error: Wallet does not exist' };
  return isLegacyWallet(dataFileOf(path)) ? { path } : { error: alreadyMigrated };
}

/**
 * Makes descriptor wallets of a legacy wallet and opens them: what it can spend, what it watches, and what
 * it can help to sign go to one wallet each. A copy of the old file stays. When anything fails, all files
 * are as they were.
 */
export async function migrateWallet(context: WalletContext, name: string, passphrase: string): Promise<Migrated> {
  const found = findLegacy(context, name);
  if ('error' in found) return { ok: false, error: found.error };
  const files = new MigrationFiles(context, name, found.path);
  try {
    const { main, watchonly, solvables } = await prepare(context, files, passphrase);
    files.install(main !== undefined);
    files.discard();
    const wallets = await openAll(context, [main, watchonly, solvables].filter((each) => each !== undefined));
    return { ok: true, wallets, watchonly, solvables, backup: files.backup };
  } catch (fault) {
    const error = explain(fault, files.legacy);
    try {
      files.undo();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { ok: false, error: `${error ?? String(fault)}\nUnable to restore backup of wallet. (${reason}) The backup is ${files.backup}` };
    }
    if (error === undefined) throw fault;
    return { ok: false, error };
  }
}
