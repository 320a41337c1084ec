import { closeSync, constants, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { dataFileOf, locateWallet } from '../store/wallet-files.js';
import type { WalletContext } from '../context.js';
import { MigrationFault } from './distribute.js';

/** A wallet file that is made under another name first. */
export interface NewFile {
  readonly walletName: string;
  readonly temporary: string;
  readonly file: string;
}

/** What is done to files in a migration, with what undoes each step. */
class UndoableSteps {
  readonly #undo: (() => void)[] = [];

  /** Does something; `undo` is for when a later step fails. */
  do(step: () => void, undo: () => void): void {
    step();
    this.#undo.push(undo);
  }

  /** Undoes all steps, the last one first. Stops at what cannot be undone, which leaves the backup in place. */
  undo(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) undo();
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Names of wallets and backups that come out of a wallet start with this. */
const prefixOf = (name: string): string => (name === '' ? 'default_wallet' : name);

/** The files of a migration: the old one, its backup, and new ones, which appear under their names all at once. */
export class MigrationFiles {
  /** The Berkeley DB file. */
  readonly legacy: string;
  readonly backup: string;
  readonly main: NewFile;
  readonly #walletPath: string;
  readonly #context: WalletContext;
  readonly #sides: NewFile[] = [];
  readonly #steps = new UndoableSteps();

  /** @param walletPath of the old wallet: its directory or, for some of old, its file */
  constructor(context: WalletContext, name: string, walletPath: string) {
    const { walletDirectory } = context.settings;
    this.#context = context;
    this.#walletPath = walletPath;
    this.legacy = dataFileOf(walletPath);
    // A wallet that was a plain file becomes a directory of the same name.
    this.main = { walletName: name, temporary: `${this.legacy}.migrating`, file: this.#isPlainFile ? join(walletPath, 'wallet.dat') : this.legacy };
    const prefix = name === '' ? prefixOf(name) : basename(resolve(walletDirectory, name));
    this.backup = join(walletDirectory, `${prefix}_${context.clock.now()}.legacy.bak`);
  }

  get #isPlainFile(): boolean {
    return this.legacy === this.#walletPath;
  }

  /**
   * A place for a further wallet.
   * @param suffix of its name
   * @throws MigrationFault when there is such a wallet
   */
  side(suffix: string): NewFile {
    const { params, settings } = this.#context;
    const walletName = `${prefixOf(this.main.walletName)}_${suffix}`;
    const directory = resolve(settings.walletDirectory, walletName);
    const isNew = !existsSync(directory);
    const located = locateWallet(settings.walletDirectory, walletName, params.magic, 'create');
    if (!located.ok) throw new MigrationFault(`Wallet file creation failed: ${located.failure.message}`);
    const side = { walletName, temporary: `${located.file}.migrating`, file: located.file };
    this.#steps.do(
      () => void this.#sides.push(side),
      () => {
        rmSync(side.temporary, { force: true });
        if (isNew) rmdirSync(dirname(side.file));
      },
    );
    return side;
  }

  #copyBackup(): void {
    try {
      if (existsSync(this.backup)) throw new Error(`${this.backup} is there already`);
      this.#steps.do(
        () => undefined,
        () => rmSync(this.backup, { force: true }),
      );
      copyFileSync(this.legacy, this.backup, constants.COPYFILE_EXCL);
      syncFile(this.backup);
    } catch (cause) {
      throw new MigrationFault(`Error: Unable to make a backup of your wallet (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
    }
  }

  #restoreLegacy(): void {
    copyFileSync(this.backup, this.main.temporary);
    syncFile(this.main.temporary);
    renameSync(this.main.temporary, this.legacy);
  }

  #place({ temporary, file }: NewFile): void {
    this.#steps.do(
      () => renameSync(temporary, file),
      () => rmSync(file),
    );
  }

  #replaceLegacy(): void {
    const restore = (): void => this.#restoreLegacy();
    if (!this.#isPlainFile) {
      this.#steps.do(() => renameSync(this.main.temporary, this.legacy), restore);
      return;
    }
    this.#steps.do(() => rmSync(this.legacy), restore);
    this.#steps.do(
      () => void mkdirSync(this.#walletPath),
      () => rmdirSync(this.#walletPath),
    );
    this.#place(this.main);
  }

  /**
   * Copies the old file to the backup and puts the new ones in place, in the end that of the old one.
   * @param keepsMain false when nothing is left for it: the old file goes, and none comes
   */
  install(keepsMain: boolean): void {
    this.#copyBackup();
    for (const side of this.#sides) this.#place(side);
    if (keepsMain) this.#replaceLegacy();
    else this.#steps.do(() => rmSync(this.legacy), () => this.#restoreLegacy());
  }

  /** Removes what was made on the way to the new files and did not become one of them. */
  discard(): void {
    rmSync(this.main.temporary, { force: true });
  }

  /** Makes everything as it was before. */
  undo(): void {
    this.discard();
    this.#steps.undo();
  }
}
