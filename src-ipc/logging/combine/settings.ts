/** What the command line of bitcoin-logs asks for. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chainParams } from '../../../src-bitcoin/params/networks.js';
import { parseCommandLine } from '../../../src-interfaces/options/command-line.js';
import { chainOptions, commonOptions, loggingOptions } from '../../../src-interfaces/options/general-options.js';
import { loadConfiguration } from '../../../src-interfaces/options/load-configuration.js';
import { option, OptionTable } from '../../../src-interfaces/options/option-spec.js';
import { OptionError, OptionValues } from '../../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../../src-interfaces/options/settings.js';
import { dataDirectory, fileAccess } from '../../process/data-directory.js';
import { logDestination } from '../logging-options.js';
import { isTopic } from './log-line.js';
import { LogSource } from './log-source.js';
import { processLabels } from './presentation.js';
import { sinceTime } from './since.js';

export const logsOptionTable = new OptionTable([
  ...commonOptions,
  ...chainOptions,
  ...loggingOptions.filter((spec) => spec.name === 'debuglogfile'),
  option('options', 'category=<category>', 'text', 'Show only lines of this category (ipc, net, ...) or level (warning, error, ...); may be repeated'),
  option('options', 'color=<when>', 'text', 'Colours: auto (default: when the output is a terminal and NO_COLOR is not set), always or never'),
  option('options', 'f', 'switch', 'Go on with what the programs write, until interrupted'),
  option('options', 'since=<time>', 'text', 'Begin at this time, UTC (2026-01-31T23:59), or so long ago (30s, 10m, 2h, 1d)', 'needs-value'),
]);

export interface LogsSettings {
  readonly sources: readonly LogSource[];
  readonly isFollowing: boolean;
  /** Some of the files need not be there. */
  readonly mayBeMissing: boolean;
  readonly isColoured: boolean;
  /** Microseconds since 1970. */
  readonly since: number | undefined;
  /** Empty: all lines. */
  readonly topics: readonly string[];
}

/** Options and file names. @throws OptionError */
export function parseLogsCommandLine(args: readonly string[]): { readonly options: OptionValues; readonly files: readonly string[] } {
  const parsed = parseCommandLine(args, logsOptionTable);
  if (!parsed.ok) throw new OptionError(`Error parsing command line arguments: ${parsed.error}`);
  const stray = parsed.rest.find((word) => /^-./.test(word));
  if (stray !== undefined) throw new OptionError(`Options come before file names: ${stray}`);
  return { options: new OptionValues({ ...emptySettings(), commandLine: parsed.options }, logsOptionTable), files: parsed.rest };
}

/**
 * Settles what is read and shown.
 * @param surroundings whether the output is a terminal, the environment's variables, and milliseconds since 1970
 * @throws OptionError naming what is wrong
 */
export function logsSettings(
  options: OptionValues,
  files: readonly string[],
  surroundings: { readonly isTerminal: boolean; readonly noColour: string | undefined; readonly now: number },
): LogsSettings {
  const isFollowing = options.flag('f') === true;
  const topics = options.list('category').flatMap((text) => text.split(','));
  const unknown = topics.find((topic) => !isTopic(topic));
  if (unknown !== undefined) throw new OptionError(`Unknown category -category=${unknown}.`);
  const since = options.text('since');
  const sinceMicroseconds = since === undefined ? undefined : sinceTime(since, surroundings.now);
  return {
    sources: files.length > 0 ? files.map(namedSource) : directorySources(options, isFollowing),
    isFollowing,
    mayBeMissing: files.length === 0 || isFollowing,
    isColoured: isColoured(options.text('color') ?? 'auto', surroundings.isTerminal, surroundings.noColour),
    since: sinceMicroseconds,
    topics,
  };
}

function isColoured(when: string, isTerminal: boolean, noColour: string | undefined): boolean {
  if (when === 'always' || when === 'never') return when === 'always';
  if (when !== 'auto') throw new OptionError(`Invalid value for -color option. Valid values: always, auto, never. Given: ${when}`);
  return isTerminal && (noColour ?? '') === '';
}

/** `label=path`, or a path whose end tells the process. */
function namedSource(text: string): LogSource {
  const [, label, path] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  if (label !== undefined && path !== undefined) return new LogSource(label, resolve(path));
  const process = text.endsWith('.wallet') ? 'wallet' : text.endsWith('.gui') ? 'gui' : 'node';
  return new LogSource(processLabels[process], resolve(text));
}

/** The three logs of the data directory. */
function directorySources(options: OptionValues, isFollowing: boolean): readonly LogSource[] {
  loadConfiguration(options, dataDirectory(options), fileAccess, true);
  const chain = options.chain();
  options.selectNetwork(chain);
  const directory = join(dataDirectory(options), chainParams(chain).directory);
  const sources = (['node', 'wallet', 'gui'] as const).map((process) => {
    const { path } = logDestination(options, directory, process === 'node' ? '' : `.${process}`, false);
    if (path === undefined || path === '/dev/null') throw new OptionError('No log file is written: see -debuglogfile.');
    return new LogSource(processLabels[process], path);
  });
  if (!isFollowing && !sources.some(({ path }) => existsSync(path))) {
    throw new OptionError(`There is no log in ${directory}: neither ${sources.map(({ path }) => path).join(' nor ')}.`);
  }
  return sources;
}
