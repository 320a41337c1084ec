/** Where data is kept, and the configuration in it, as every program finds them. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { OptionError, type OptionValues } from '../../src-interfaces/options/option-values.js';
import type { FileAccess } from '../../src-interfaces/options/load-configuration.js';
import { defaultDirectoryName } from '../../src-interfaces/product.js';

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The file system, as reading a configuration sees it. */
export const fileAccess: FileAccess = {
  readText(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  isDirectory,
  resolve: (base, path) => (isAbsolute(path) ? path : join(base, path)),
};

/** Where data is kept when nothing else is asked for. Never Bitcoin Core's own directory. */
export function defaultDataDirectory(): string {
  return join(homedir(), defaultDirectoryName);
}

/**
 * The data directory: -datadir or the default, absolute.
 * @throws OptionError when -datadir does not exist.
 */
export function dataDirectory(options: OptionValues): string {
  const chosen = options.text('datadir') ?? '';
  if (chosen === '') return defaultDataDirectory();
  const path = resolve(chosen);
  if (!isDirectory(path)) throw new OptionError(`Specified data directory "${chosen}" does not exist.`);
  return path;
}
