import { addConfigText, type ConfigSection } from './config-file.js';
import { OptionError, type OptionValues } from './option-values.js';

/** What reading a configuration needs of the file system; each program passes its own. */
export interface FileAccess {
  /** The text of a file, undefined when it cannot be opened. */
  readText(path: string): string | undefined;
  isDirectory(path: string): boolean;
  /** The path itself when it is absolute, else the path below `base`. */
  resolve(base: string, path: string): string;
}

export interface LoadedConfiguration {
  /** Absolute; empty when there is none (`-noconf`). */
  readonly configPath: string;
  readonly sections: readonly ConfigSection[];
  readonly included: readonly string[];
  readonly warnings: readonly string[];
}

const sectionNames: readonly string[] = ['regtest', 'signet', 'test', 'testnet4', 'main'];

/**
 * Reads bitcoin.conf and the files it includes into the settings.
 * @param dataDirectory where relative paths start: -datadir or the default.
 * @param ignoreUnknown names unknown to this program are warned about, not refused.
 * @throws OptionError that says what is wrong with which file.
 */
export function loadConfiguration(
  options: OptionValues,
  dataDirectory: string,
  files: FileAccess,
  ignoreUnknown = false,
): LoadedConfiguration {
  const { settings, table } = options;
  if (table === undefined) throw new Error('a configuration file needs a table of options');
  settings.config.clear();
  const configName = options.isNegated('conf') ? '' : options.text('conf') || 'bitcoin.conf';
  if (configName === '') return { configPath: '', sections: [], included: [], warnings: [] };
  const configPath = files.resolve(dataDirectory, configName);
  if (files.isDirectory(configPath)) throw new OptionError(`Config file "${configPath}" is a directory.`);
  const text = files.readText(configPath);
  if (text === undefined) {
    if (options.isSet('conf')) throw new OptionError(`specified config file "${configPath}" could not be opened.`);
    return { configPath, sections: [], included: [], warnings: [] };
  }
  const sections: ConfigSection[] = [];
  const warnings: string[] = [];
  const add = (content: string, name: string): void => {
    const merged = addConfigText(settings, table, content, name, ignoreUnknown);
    if (!merged.ok) throw new OptionError(merged.error);
    sections.push(...merged.sections);
    warnings.push(...merged.warnings);
  };
  add(text, configPath);

  const included: string[] = [];
  // On the command line only `-noincludeconf` is allowed.
  if (!settings.commandLine.has('includeconf')) {
    const chain = options.chain();
    const inChain = includesIn(options, chain, 0);
    const inDefault = includesIn(options, '', 0);
    for (const name of [...inChain.names, ...inDefault.names]) {
      const path = files.resolve(dataDirectory, name);
      if (files.isDirectory(path)) throw new OptionError(`Included config file "${path}" is a directory.`);
      const content = files.readText(path);
      if (content === undefined) throw new OptionError(`Failed to include configuration file ${name}`);
      add(content, name);
      included.push(name);
    }
    const nested = [...includesIn(options, chain, inChain.count).names, ...includesIn(options, '', inDefault.count).names];
    const finalChain = options.chain();
    if (finalChain !== chain) nested.push(...includesIn(options, finalChain, 0).names);
    for (const name of nested) {
      warnings.push(`-includeconf cannot be used from included files; ignoring -includeconf=${name}`);
    }
  }
  for (const section of sections) {
    if (!sectionNames.includes(section.name)) {
      warnings.push(`${section.file}:${section.line} Section [${section.name}] is not recognized.`);
    }
  }
  return { configPath, sections, included, warnings };
}

/** The includes of a section after the first `skip`, and how many there are in all. */
function includesIn(options: OptionValues, section: string, skip: number): { names: readonly string[]; count: number } {
  const values = options.settings.config.get(section)?.get('includeconf') ?? [];
  const from = Math.max(skip, values.lastIndexOf(false) + 1);
  const names = values.slice(from).flatMap((value) => (typeof value === 'string' ? value : []));
  return { names, count: values.length };
}
