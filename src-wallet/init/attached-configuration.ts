import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommandLine } from '../../src-interfaces/options/command-line.js';
import { loadConfiguration } from '../../src-interfaces/options/load-configuration.js';
import { OptionError, OptionValues } from '../../src-interfaces/options/option-values.js';
import { selectNetwork } from '../../src-interfaces/options/select-network.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { walletOptionTable } from '../../src-interfaces/options/tables.js';
import { dataDirectory, fileAccess } from '../../src-ipc/process/data-directory.js';
import { parseConnectAddress, type ConnectAddress } from '../../src-ipc/process/index.js';
import type { AdoptedOptions } from './adopt-options.js';

/** What a wallet process that attaches to a node by itself is to do. */
export interface AttachedConfiguration extends AdoptedOptions {
  readonly address: ConnectAddress;
  /** Names of the wallets to load. */
  readonly walletNames: readonly string[];
}

/** Whether a command line asks for attaching to a node. */
export function isAttaching(args: readonly string[]): boolean {
  const parsed = parseCommandLine(args, walletOptionTable);
  return parsed.ok && parsed.options.has('ipcconnect') && !['help', 'h', '?', 'version'].some((name) => parsed.options.has(name));
}

/**
 * Reads command line and bitcoin.conf, and makes the directories that are missing, for this user alone.
 * @throws OptionError, or IpcError for an address that makes no sense
 */
export function readAttachedConfiguration(args: readonly string[]): AttachedConfiguration {
  const parsed = parseCommandLine(args, walletOptionTable);
  if (!parsed.ok) throw new OptionError(`Error parsing command line arguments: ${parsed.error}`);
  const [stray] = parsed.rest;
  if (stray !== undefined) throw new OptionError(`Invalid command: ${stray}`);
  const options = new OptionValues({ ...emptySettings(), commandLine: parsed.options }, walletOptionTable);
  loadConfiguration(options, dataDirectory(options), fileAccess, true);
  const params = selectNetwork(options);
  const base = dataDirectory(options);
  const netDirectory = join(base, params.directory);
  const text = options.isNegated('ipcconnect') ? '0' : (options.text('ipcconnect') ?? '');
  const address = parseConnectAddress(text, netDirectory, params.directory);
  if (address === null) throw new OptionError('-ipcconnect names no node to attach to. Without -ipcconnect, bitcoin-node starts this program.');
  for (const directory of [base, netDirectory]) {
    if (!existsSync(directory)) mkdirSync(join(directory, 'wallets'), { recursive: true, mode: 0o700 });
  }
  return { options, params, netDirectory, address, walletNames: [...new Set(options.list('wallet'))] };
}
