import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import { parseCommandLine } from '../../src-interfaces/options/command-line.js';
import { fromGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { loadConfiguration } from '../../src-interfaces/options/load-configuration.js';
import { selectNetwork } from '../../src-interfaces/options/select-network.js';
import { OptionError, OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { dataDirectory, fileAccess, isDirectory } from '../../src-ipc/process/data-directory.js';
import { InitFailure } from './init-failure.js';

/** Everything that is settled before the node starts: options, network, directories. */
export interface NodeConfiguration {
  readonly options: OptionValues;
  readonly params: ChainParams;
  /** bitcoin.conf, absolute; empty when there is none to read. */
  readonly configPath: string;
  /** -datadir or the default. */
  readonly dataDirectory: string;
  /** The network's own directory below it. */
  readonly netDirectory: string;
  /** Where blk and rev files are. */
  readonly blocksDirectory: string;
  /** For the log, once it is open. */
  readonly warnings: readonly string[];
}

/** Options of a command line, before any file is read. @throws InitFailure */
export function parseNodeCommandLine(args: readonly string[]): OptionValues {
  const parsed = parseCommandLine(args, nodeOptionTable);
  if (!parsed.ok) throw new InitFailure(`Error parsing command line arguments: ${parsed.error}`);
  const [stray] = parsed.rest;
  if (stray !== undefined) {
    throw new InitFailure(`Command line contains unexpected token '${stray}', see bitcoind -h for a list of options.`);
  }
  return new OptionValues({ ...emptySettings(), commandLine: parsed.options }, nodeOptionTable);
}

/** Turns what options and files get wrong into the failure to start. */
function checked<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new InitFailure(prefix + error.message, { cause: error });
  }
}

function complete(options: OptionValues, configPath: string, warnings: readonly string[]): NodeConfiguration {
  const params = checked('', () => selectNetwork(options));
  const base = checked('', () => dataDirectory(options));
  const netDirectory = join(base, params.directory);
  const chosenBlocks = options.text('blocksdir') ?? '';
  if (chosenBlocks !== '' && !isDirectory(resolve(chosenBlocks))) {
    throw new InitFailure(`Specified blocks directory "${chosenBlocks}" does not exist.`);
  }
  const blocksBase = chosenBlocks === '' ? base : resolve(chosenBlocks);
  const blocksDirectory = join(blocksBase, params.directory, 'blocks');
  return { options, params, configPath, dataDirectory: base, netDirectory, blocksDirectory, warnings };
}

/**
 * A bitcoin.conf in the data directory that is not read would surprise people.
 * @throws InitFailure unless -allowignoredconf
 */
function checkIgnoredConfig(options: OptionValues, before: string, after: string, configPath: string): readonly string[] {
  const ignored = join(after, 'bitcoin.conf');
  if (!existsSync(ignored) || configPath === '') return [];
  const used = existsSync(configPath) ? realpathSync(configPath) : configPath;
  if (used === realpathSync(ignored)) return [];
  const named = options.text('conf') ?? '';
  const source = named === '' ? `data directory "${before}"` : `command line argument "-conf=${named}"`;
  const text =
    `Data directory "${after}" contains a "bitcoin.conf" file which is ignored, because a different configuration file ` +
    `"${configPath}" from ${source} is being used instead. Delete or rename it, or name one configuration file only and use includeconf= for others.`;
  if (options.flag('allowignoredconf') === true) return [text];
  throw new InitFailure(`${text} Set allowignoredconf=1 to treat this as a warning.`);
}

/** Reads bitcoin.conf and settles network and directories. @throws InitFailure */
export function readConfiguration(options: OptionValues): NodeConfiguration {
  const before = checked('', () => dataDirectory(options));
  const loaded = checked('Error reading configuration file: ', () => loadConfiguration(options, before, fileAccess, true));
  const configuration = complete(options, loaded.configPath, loaded.warnings);
  const ignored = checkIgnoredConfig(options, before, configuration.dataDirectory, loaded.configPath);
  return { ...configuration, warnings: [...loaded.warnings, ...ignored] };
}

/** The configuration that another process sends to one it started. @throws InitFailure */
export function adoptConfiguration(globalArgs: GlobalArgs): NodeConfiguration {
  const options = new OptionValues(fromGlobalArgs(globalArgs), nodeOptionTable);
  return complete(options, globalArgs.configPath, []);
}

/** A path of an option, relative ones below the network's directory. Undefined when negated. */
export function pathOption(configuration: NodeConfiguration, name: string, byDefault: string): string | undefined {
  const { options, netDirectory } = configuration;
  if (options.isNegated(name)) return undefined;
  const text = options.text(name) || byDefault;
  return isAbsolute(text) ? text : join(netDirectory, text);
}
