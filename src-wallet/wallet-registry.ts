import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseJson, writeJson, type JsonValue } from '../src-interfaces/json/json.js';
import { SettingsAction } from '../src-interfaces/enums.js';
import type { WalletContext } from './context.js';
import { closeWallet, createWallet, openWallet, type CreateOptions, type OpenedWallet, type OpenOutcome } from './init/open-wallet.js';
import { migrateWallet } from './legacy/migrate.js';
import { isLegacyWallet, isSqliteWallet, listWallets, locateWallet, type WalletFormat } from './store/wallet-files.js';
import { syncMempool } from './sync/attach.js';
import { Turns } from './sync/turns.js';
import type { LoadedWallet } from './wallet.js';
import { Signal } from './wallet-events.js';
import { walletFailure, type WalletFailure } from './wallet-failure.js';

/** A wallet that was loaded, or why not; and what the person should know either way. */
export type LoadOutcome =
  | { readonly ok: true; readonly wallet: LoadedWallet; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly failure: WalletFailure; readonly warnings: readonly string[] };

/** What became of a legacy wallet, or why it stayed as it was. */
export type MigrationOutcome =
  | {
      readonly ok: true;
      /** The wallet that took over; the one that watches if nothing of the old one could be spent. */
      readonly wallet: LoadedWallet;
      /** Name of the wallet with what was only watched. */
      readonly watchonly: string | undefined;
      /** Name of the wallet with what was not watched, but can be helped to sign. */
      readonly solvables: string | undefined;
      /** Path of the copy of the old file. */
      readonly backup: string;
    }
  | { readonly ok: false; readonly failure: WalletFailure };

/** Name of the setting that lists the wallets to load at start. The node keeps it. */
const loadOnStartSetting = 'wallet';

const settingsWarning = (written: boolean): readonly string[] =>
  written ? [] : ['Wallet load on startup setting could not be updated, so wallet may not be loaded next node startup.'];

/** The wallets of this process: which are loaded, and what loads, creates and unloads them. */
export class WalletRegistry {
  readonly context: WalletContext;
  /** A wallet has been loaded and can be used. */
  readonly loaded = new Signal<[LoadedWallet]>();
  readonly #wallets = new Map<string, OpenedWallet>();
  /** Loading and unloading happen one after another: the same file must not be opened twice. */
  readonly #turns = new Turns();

  constructor(context: WalletContext) {
    this.context = context;
  }

  get(name: string): LoadedWallet | undefined {
    return this.#wallets.get(name)?.wallet;
  }

  /** In the order in which they were loaded. */
  list(): readonly LoadedWallet[] {
    return [...this.#wallets.values()].map(({ wallet }) => wallet);
  }

  /** Wallets in the wallet directory, loaded or not. */
  directory(): readonly { readonly path: string; readonly format: WalletFormat }[] {
    return listWallets(this.context.settings.walletDirectory, this.context.params.magic);
  }

  /** @param loadOnStart whether the node is to load it at its next start; undefined leaves that as it is */
  create(name: string, options: CreateOptions, loadOnStart?: boolean): Promise<LoadOutcome> {
    return this.#turns.run(async () => this.#adopt(name, await createWallet(this.context, name, options), loadOnStart));
  }

  load(name: string, loadOnStart?: boolean): Promise<LoadOutcome> {
    return this.#turns.run(async () => {
      if (this.#wallets.has(name)) {
        return { ok: false, failure: walletFailure('already-loaded', `Wallet "${name}" is already loaded.`), warnings: [] };
      }
      return this.#adopt(name, await openWallet(this.context, name), loadOnStart);
    });
  }

  /** Copies a backup to a new wallet's place. @returns what removes it again, or why it was not copied */
  #place(backupFile: string, name: string): { readonly remove: () => void } | WalletFailure {
    const { params, settings } = this.context;
    if (!existsSync(backupFile)) return walletFailure('invalid-backup', 'Backup file does not exist');
    if (name === '') return walletFailure('unnamed', 'Wallet name cannot be empty');
    if (!isSqliteWallet(backupFile, params.magic) && !isLegacyWallet(backupFile)) {
      return walletFailure('invalid-backup', `Backup file ${backupFile} is not a wallet of this network`);
    }
    const isNew = !existsSync(resolve(settings.walletDirectory, name));
    const located = locateWallet(settings.walletDirectory, name, params.magic, 'create');
    if (!located.ok) {
      const exists = located.failure.kind === 'already-exists';
      return exists ? walletFailure('already-exists', `Failed to restore wallet. Database file exists in '${name}'.`) : located.failure;
    }
    mkdirSync(dirname(located.file), { recursive: true, mode: 0o700 });
    copyFileSync(backupFile, located.file);
    const remove = (): void => {
      rmSync(isNew ? dirname(located.file) : located.file, { recursive: isNew, force: true });
    };
    return { remove };
  }

  /** Copies a backup to a new wallet's place and loads it. Nothing is left behind when that fails. */
  restore(backupFile: string, name: string, loadOnStart?: boolean): Promise<LoadOutcome> {
    return this.#turns.run(async () => {
      const placed = this.#place(backupFile, name);
      if ('kind' in placed) return { ok: false, failure: placed, warnings: [] };
      const outcome = await this.#adopt(name, await openWallet(this.context, name), loadOnStart);
      if (!outcome.ok) placed.remove();
      return outcome;
    });
  }

  /** Copies a backup to a new wallet's place: a legacy one, to be migrated there. @returns why not, if not */
  restoreLegacy(backupFile: string, name: string): Promise<WalletFailure | undefined> {
    return this.#turns.run(() => {
      const placed = this.#place(backupFile, name);
      return 'kind' in placed ? placed : undefined;
    });
  }

  /** Makes descriptor wallets of a legacy wallet and loads them. When that fails, all is as it was. */
  migrate(name: string, passphrase: string): Promise<MigrationOutcome> {
    return this.#turns.run(async () => {
      const refuse = (message: string): MigrationOutcome => ({ ok: false, failure: walletFailure('migrate', message) });
      if (this.#wallets.has(name)) return refuse('Error: This wallet is already a descriptor wallet');
      const migrated = await migrateWallet(this.context, name, passphrase);
      if (!migrated.ok) return refuse(migrated.error);
      const [first, ...others] = migrated.wallets;
      await this.#adopt(first.wallet.name, { ok: true, ...first }, undefined);
      for (const opened of others) await this.#adopt(opened.wallet.name, { ok: true, ...opened }, undefined);
      for (const side of [migrated.watchonly, migrated.solvables]) if (side !== undefined) await this.setLoadOnStart(side, true);
      const named = (side: string | undefined): string | undefined => (side === first.wallet.name ? undefined : side);
      return { ok: true, wallet: first.wallet, watchonly: named(migrated.watchonly), solvables: named(migrated.solvables), backup: migrated.backup };
    });
  }

  async #adopt(name: string, opened: OpenOutcome, loadOnStart: boolean | undefined): Promise<LoadOutcome> {
    if (!opened.ok) return { ok: false, failure: opened.failure, warnings: [] };
    const { wallet, attachment } = opened;
    this.#wallets.set(name, { wallet, attachment });
    await syncMempool(wallet, attachment.follower);
    const warnings = loadOnStart === undefined ? [] : settingsWarning(await this.setLoadOnStart(name, loadOnStart));
    this.loaded.emit(wallet);
    return { ok: true, wallet, warnings };
  }

  /**
   * Unloads a wallet. Everybody who holds it is told before its file is closed.
   * @returns warnings; undefined when it is not loaded
   */
  unload(name: string, loadOnStart?: boolean): Promise<readonly string[] | undefined> {
    return this.#turns.run(async () => {
      const warnings = loadOnStart === undefined ? [] : settingsWarning(await this.setLoadOnStart(name, loadOnStart));
      return (await this.#close(name)) ? warnings : undefined;
    });
  }

  async #close(name: string): Promise<boolean> {
    const entry = this.#wallets.get(name);
    if (entry === undefined) return false;
    const { wallet } = entry;
    this.#wallets.delete(name);
    if (wallet.scan !== undefined) wallet.scan.abort = true;
    wallet.events.unload.emit();
    await closeWallet(entry);
    return true;
  }

  /** Unloads all; they stay in the list of wallets to load at start. */
  closeAll(): Promise<void> {
    return this.#turns.run(async () => {
      for (const name of [...this.#wallets.keys()]) await this.#close(name);
    });
  }

  /** Names of the wallets to load at start. */
  async loadOnStartNames(): Promise<readonly string[]> {
    const values = await this.context.chain.getSettingsList(loadOnStartSetting);
    const names = values.map((text) => parseJson(text)).filter((value): value is string => typeof value === 'string');
    return [...new Set(names)];
  }

  /** Adds or removes a name in the node's settings.json. False when that could not be written. */
  async setLoadOnStart(name: string, load: boolean): Promise<boolean> {
    return this.context.chain.updateRwSetting(loadOnStartSetting, async (text) => {
      const value = parseJson(text);
      const before: readonly JsonValue[] = Array.isArray(value) ? value : [];
      const has = before.includes(name);
      if (has === load) return { value: text, result: SettingsAction.skipWrite };
      const after = load ? [...before, name] : before.filter((other) => other !== name);
      return { value: writeJson(after), result: SettingsAction.write };
    });
  }
}
