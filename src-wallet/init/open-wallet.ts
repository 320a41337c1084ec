import { rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { CallFailure } from '../../src-interfaces/errors.js';
import { rootKeyOfSeed } from '../../src-bitcoin/keys/bip32.js';
import type { WalletContext } from '../context.js';
import { unknownMandatoryFlags, WalletFlag } from '../keys/wallet-flags.js';
import { DatabaseFailure, WalletDatabase } from '../store/database.js';
import { locateWallet } from '../store/wallet-files.js';
import { readWalletRecords, WalletRecordFault, type WalletRecords } from '../store/wallet-records.js';
import { WalletWriter } from '../store/wallet-writer.js';
import { AttachFailure, attachChain, loadTransactions, type Attachment } from '../sync/attach.js';
import { tipLocator } from '../sync/blocks.js';
import { LoadedWallet } from '../wallet.js';
import { walletFailure, type WalletFailure, type WalletFailureKind } from '../wallet-failure.js';

/** Written as the version of the program that used the file last; other programs read it. */
const fileVersion = 309900;

export interface OpenedWallet {
  readonly wallet: LoadedWallet;
  readonly attachment: Attachment;
}

export type OpenOutcome = ({ readonly ok: true } & OpenedWallet) | { readonly ok: false; readonly failure: WalletFailure };

const fail = (kind: WalletFailureKind, message: string): OpenOutcome => ({ ok: false, failure: walletFailure(kind, message) });

/** Root key for new descriptors, from fresh randomness. */
export function newRootKey(): ReturnType<typeof rootKeyOfSeed> {
  const seed = randomBytes(32);
  try {
    return rootKeyOfSeed(seed);
  } finally {
    seed.fill(0);
  }
}

/** What a person is told about a file with such records. */
export function recordFailure(fault: WalletRecordFault, file: string): WalletFailure {
  switch (fault.kind) {
    case 'legacy-entry':
      return walletFailure(
        'load',
        `Wallet loading failed. Unexpected legacy entry in descriptor wallet found. Loading wallet ${file}\n\nThe wallet might have been tampered with or created with malicious intent.\n`,
      );
    case 'unknown-flags':
      return walletFailure('load', `Wallet loading failed. Error loading ${file}: Wallet requires newer version of Bulkhead`);
    case 'not-descriptors':
      return walletFailure(
        'load',
        `Wallet loading failed. Error loading ${file}: Wallet is a legacy wallet. Please migrate to a descriptor wallet using the migration tool (migratewallet RPC).`,
      );
    case 'corrupt':
      return walletFailure('load', `Wallet loading failed. Error loading ${file}: Wallet corrupted (${fault.message})`);
  }
}

/** @throws WalletRecordFault for flags that must be understood and are not */
export function checkKnownFlags(flags: bigint): void {
  if (unknownMandatoryFlags(flags) !== 0n) throw new WalletRecordFault('unknown-flags', `unknown flags ${flags}`);
}

function checkFlags(records: WalletRecords): void {
  const flags = records.flags ?? 0n;
  checkKnownFlags(flags);
  if ((flags & WalletFlag.descriptors) === 0n) throw new WalletRecordFault('not-descriptors', 'no descriptor wallet');
}

/** Closes a wallet. What arrived before is still written; after that nothing arrives. */
export async function closeWallet({ wallet, attachment }: OpenedWallet): Promise<void> {
  // The node may be gone, and its answer with it.
  await attachment.handler.destroy().catch(() => undefined);
  await attachment.follower.leave().catch(() => undefined);
  if (wallet.isOpen) wallet.close();
}

function openDatabase(context: WalletContext, file: string, create: boolean): WalletDatabase {
  return WalletDatabase.open(file, { magic: context.params.magic, create, unsafeSync: context.settings.unsafeSync });
}

async function attach(context: WalletContext, name: string, database: WalletDatabase, records: WalletRecords): Promise<OpenOutcome> {
  const wallet = new LoadedWallet(context, name, database, records);
  if (records.version !== fileVersion) wallet.writer.version(fileVersion);
  await loadTransactions(wallet, records);
  // Another program may have left fewer addresses ahead. A locked wallet makes do with what it can derive.
  wallet.change(() => wallet.keyring.topUpAll());
  const attachment = await attachChain(wallet, records.bestBlock);
  wallet.log(`Wallet completed loading: setKeyPool.size() = ${[...wallet.keyring.descriptors].length}, mapWallet.size() = ${wallet.history.size}`);
  return { ok: true, wallet, attachment };
}

/** Opens an existing wallet and brings it in step with the chain. */
export async function openWallet(context: WalletContext, name: string): Promise<OpenOutcome> {
  const located = locateWallet(context.settings.walletDirectory, name, context.params.magic, 'existing');
  if (!located.ok) return fail(located.failure.kind, `Wallet file verification failed. ${located.failure.message}`);
  await context.chain.initMessage('Loading wallet…');
  let database: WalletDatabase | undefined;
  try {
    database = openDatabase(context, located.file, false);
    const records = readWalletRecords(database);
    checkFlags(records);
    return await attach(context, name, database, records);
  } catch (fault) {
    database?.close();
    if (fault instanceof WalletRecordFault) return { ok: false, failure: recordFailure(fault, located.file) };
    if (fault instanceof DatabaseFailure) {
      return fail(fault.kind === 'locked' ? 'load' : 'verify', `Wallet file verification failed. ${fault.message}`);
    }
    if (fault instanceof AttachFailure) return fail('load', `Wallet loading failed. ${fault.message}`);
    throw fault;
  }
}

export interface CreateOptions {
  readonly flags: bigint;
  /** Empty for none. */
  readonly passphrase: string;
}

function contradiction(flags: bigint, passphrase: string): string | undefined {
  const noKeys = (flags & WalletFlag.disablePrivateKeys) !== 0n;
  if ((flags & WalletFlag.externalSigner) !== 0n) {
    return noKeys ? 'External signers are not supported' : 'Private keys must be disabled when using an external signer';
  }
  if (passphrase !== '' && noKeys) {
    return 'Passphrase provided but private keys are disabled. A passphrase is only used to encrypt private keys, so cannot be used for wallets with private keys disabled.';
  }
  return undefined;
}

/** Fills a fresh file with what a new wallet starts with. Keys are never on disk unencrypted if there is a passphrase. */
function seedWallet(wallet: LoadedWallet, options: CreateOptions): void {
  const blank = (options.flags & (WalletFlag.blank | WalletFlag.disablePrivateKeys)) !== 0n;
  const passphrase = new TextEncoder().encode(options.passphrase);
  if (passphrase.length > 0) wallet.keyring.vault.encrypt(passphrase, wallet.keyring.descriptors);
  if (!blank) wallet.change(() => wallet.keyring.setUpDefaults(newRootKey(), BigInt(wallet.context.clock.now())));
  wallet.keyring.vault.lock();
}

/** Creates a wallet and opens it. */
export async function createWallet(context: WalletContext, name: string, options: CreateOptions): Promise<OpenOutcome> {
  if (name === '') return fail('unnamed', 'Wallet name cannot be empty');
  const problem = contradiction(options.flags, options.passphrase);
  if (problem !== undefined) return fail('create', problem);
  const located = locateWallet(context.settings.walletDirectory, name, context.params.magic, 'create');
  if (!located.ok) return fail(located.failure.kind === 'already-exists' ? 'already-exists' : 'verify', `Wallet file verification failed. ${located.failure.message}`);
  await context.chain.initMessage('Creating wallet…');
  let database: WalletDatabase | undefined;
  try {
    database = openDatabase(context, located.file, true);
    const writer = new WalletWriter(database);
    const flags = options.flags | WalletFlag.lastHardenedXpubCached | WalletFlag.descriptors;
    writer.transaction(() => {
      writer.version(fileVersion);
      writer.flags(flags);
    });
    const records = readWalletRecords(database);
    const wallet = new LoadedWallet(context, name, database, records);
    seedWallet(wallet, options);
    // Nobody can have paid to keys that are new.
    const attachment = await attachChain(wallet, await tipLocator(context.chain));
    return { ok: true, wallet, attachment };
  } catch (fault) {
    database?.close();
    // A wallet that was never announced holds nothing anybody could have been given.
    rmSync(located.file, { force: true });
    if (fault instanceof CallFailure) throw fault;
    if (fault instanceof DatabaseFailure || fault instanceof AttachFailure) return fail('create', `Wallet creation failed. ${fault.message}`);
    throw fault;
  }
}
