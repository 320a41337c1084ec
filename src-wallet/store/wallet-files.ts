import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import type { WalletFailure } from '../wallet-failure.js';
import { walletFailure } from '../wallet-failure.js';

export type WalletFormat = 'bdb' | 'sqlite';

const dataFileName = 'wallet.dat';
const sqliteHead = 'SQLite format 3\0';
/** Magic number of Berkeley DB's btree files, in both byte orders. */
const btreeMagics: ReadonlySet<string> = new Set(['00053162', '62310500']);

function readHead(path: string, length: number): Buffer | undefined {
  let file: number;
  try {
    if (!statSync(path).isFile() || statSync(path).size < length) return undefined;
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const head = Buffer.alloc(length);
    return readSync(file, head, 0, length, 0) === length ? head : undefined;
  } finally {
    closeSync(file);
  }
}

/** Whether a file is a SQLite database marked as a wallet of this network. */
export function isSqliteWallet(path: string, magic: Uint8Array): boolean {
  const head = readHead(path, 512);
  return head !== undefined && head.toString('latin1', 0, sqliteHead.length) === sqliteHead && head.subarray(68, 72).equals(magic);
}

/** Whether a file is a legacy wallet (Berkeley DB). */
export function isLegacyWallet(path: string): boolean {
  const head = readHead(path, 4096);
  return head !== undefined && btreeMagics.has(head.toString('hex', 12, 16));
}

/** The data file of a wallet path, which may be the file itself or, usually, its directory. */
export function dataFileOf(walletPath: string): string {
  const isFile = existsSync(walletPath) && statSync(walletPath).isFile();
  return isFile ? walletPath : join(walletPath, dataFileName);
}

/**
 * The path of a wallet by its name: a directory below the wallet directory, or one elsewhere.
 * Undefined when the name stands for something that cannot hold a wallet.
 */
export function walletPathOf(walletDirectory: string, name: string): string | undefined {
  const path = resolve(walletDirectory, name);
  if (!existsSync(path)) return path;
  const status = lstatSync(path);
  if (status.isDirectory() || (status.isSymbolicLink() && statSync(path).isDirectory())) return path;
  const isPlainName = join(walletDirectory, name) === path && !name.includes('/');
  return status.isFile() && isPlainName ? path : undefined;
}

/** What is said about a name that stands for something that cannot hold a wallet. */
export function unusablePath(walletDirectory: string, name: string): string {
  return `Invalid -wallet path '${name}'. -wallet path should point to a directory where wallet.dat and database/log.?????????? files can be stored, a location where such a directory could be created, or (for backwards compatibility) the name of an existing data file in -walletdir (${walletDirectory})`;
}

export type FoundWallet = { readonly ok: true; readonly file: string } | { readonly ok: false; readonly failure: WalletFailure };

/** Looks for an existing wallet, or for a place for a new one. */
export function locateWallet(walletDirectory: string, name: string, magic: Uint8Array, mode: 'existing' | 'create'): FoundWallet {
  const fail = (...failure: Parameters<typeof walletFailure>): FoundWallet => ({ ok: false, failure: walletFailure(...failure) });
  const path = walletPathOf(walletDirectory, name);
  if (path === undefined) return fail('bad-path', unusablePath(walletDirectory, name));
  const file = dataFileOf(path);
  const legacy = existsSync(path) && isLegacyWallet(file);
  const sqlite = existsSync(path) && isSqliteWallet(file, magic);
  if (mode === 'existing') {
    if (!existsSync(path)) return fail('not-found', `Failed to load database path '${path}'. Path does not exist.`);
    if (!legacy && !sqlite) return fail('bad-format', `Failed to load database path '${path}'. Data is not in recognized format.`);
  } else if (legacy || sqlite) {
    return fail('already-exists', `Failed to create database path '${path}'. Database already exists.`);
  }
  if (legacy) {
    return fail(
      'legacy',
      `Failed to open database path '${path}'. The wallet appears to be a Legacy wallet, please use the wallet migration tool (migratewallet RPC or the GUI option).`,
    );
  }
  if (mode === 'create') mkdirSync(path, { recursive: true });
  return { ok: true, file: dataFileOf(path) };
}

/** Wallets below a directory: path relative to it, and format. The unnamed wallet has the path ''. */
export function listWallets(walletDirectory: string, magic: Uint8Array): readonly { readonly path: string; readonly format: WalletFormat }[] {
  const found: { path: string; format: WalletFormat }[] = [];
  const formatOf = (file: string): WalletFormat | undefined =>
    isLegacyWallet(file) ? 'bdb' : isSqliteWallet(file, magic) ? 'sqlite' : undefined;
  const visit = (directory: string, top: boolean): void => {
    let names: string[];
    try {
      names = readdirSync(directory).sort();
    } catch {
      // What cannot be listed holds no wallet that could be opened.
      return;
    }
    for (const name of names) {
      const path = join(directory, name);
      const status = lstatSync(path, { throwIfNoEntry: false });
      if (status?.isDirectory() === true) {
        const format = formatOf(join(path, dataFileName));
        if (format !== undefined) found.push({ path: relative(walletDirectory, path), format });
        visit(path, false);
      } else if (top && status?.isFile() === true && extname(name) !== '.bak') {
        const format = formatOf(path);
        if (name === dataFileName && format !== undefined) found.push({ path: '', format });
        else if (format === 'bdb') found.push({ path: name, format });
      }
    }
  };
  visit(walletDirectory, true);
  return found;
}
