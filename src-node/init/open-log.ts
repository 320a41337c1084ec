import { existsSync } from 'node:fs';
import { writeJson } from '../../src-interfaces/json/json.js';
import { OptionError } from '../../src-interfaces/options/option-values.js';
import { productName, productVersion } from '../../src-interfaces/product.js';
import { defaultDataDirectory } from '../../src-ipc/process/data-directory.js';
import type { FileLog } from '../../src-ipc/logging/file-log.js';
import { applyLogLevels, logDestination, logsToConsole } from '../../src-ipc/logging/logging-options.js';
import type { NodeConfiguration } from './configuration.js';
import { InitFailure } from './init-failure.js';

function logArguments({ options }: NodeConfiguration, log: FileLog): void {
  const { config, readWrite, commandLine } = options.settings;
  const shown = (name: string, text: string): string => (options.table?.find(name)?.sensitive === true ? '****' : text);
  for (const [section, names] of config) {
    const where = section === '' ? '' : `[${section}] `;
    for (const [name, values] of names) {
      for (const value of values) log.info(`Config file arg: ${where}${name}=${shown(name, writeJson(value))}`, 'unlimited');
    }
  }
  for (const [name, value] of readWrite) log.info(`Setting file arg: ${name} = ${shown(name, writeJson(value))}`, 'unlimited');
  for (const [name, values] of [...commandLine].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const value of values) log.info(`Command-line arg: ${name}=${shown(name, writeJson(value))}`, 'unlimited');
  }
}

/** Warns about options that are given but do nothing yet. */
function warnAboutIdleOptions({ options }: NodeConfiguration, log: FileLog): void {
  for (const spec of options.table?.all() ?? []) {
    if (!spec.implemented && options.isSet(spec.name)) {
      // What the program set by itself is nobody's wish.
      const asked = !options.settings.forced.has(spec.name) && !options.isNegated(spec.name) && options.text(spec.name) !== '0';
      if (asked) log.warning(`Option -${spec.name} is accepted but has no effect yet`);
    }
  }
}

/** Opens the log and writes its head: version, directories, arguments. @throws InitFailure */
export function openLog(configuration: NodeConfiguration, log: FileLog): void {
  const { options, netDirectory, configPath } = configuration;
  const destination = logDestination(options, netDirectory, '', logsToConsole(options));
  try {
    applyLogLevels(log, options);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new InitFailure(error.message, { cause: error });
  }
  log.info(`${productName} version v${productVersion}`);
  try {
    log.open(destination);
  } catch (cause) {
    throw new InitFailure(`Could not open debug log file ${destination.path ?? ''}`, { cause });
  }
  if (!destination.rateLimit) log.info('Log rate limiting disabled');
  log.info(`Default data directory ${defaultDataDirectory()}`);
  log.info(`Using data directory ${netDirectory}`);
  if (configPath === '') log.info('Config file: <disabled>');
  else log.info(`Config file: ${configPath}${existsSync(configPath) ? '' : ' (not found, skipping)'}`);
  logArguments(configuration, log);
  for (const warning of configuration.warnings) log.warning(warning);
  warnAboutIdleOptions(configuration, log);
}
