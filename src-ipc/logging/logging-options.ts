import { isAbsolute, join } from 'node:path';
import { findLogCategory, logCategories, type LogLevel } from '../../src-interfaces/logging.js';
import { OptionError, type OptionValues } from '../../src-interfaces/options/option-values.js';
import type { FileLog, LogDestination } from './file-log.js';

/** Whether node and wallet copy their logs to the console when -printtoconsole says nothing: unless they run in the background. */
export function logsToConsole(options: OptionValues): boolean {
  return options.flag('daemon') !== true && options.flag('daemonwait') !== true;
}

/**
 * Where a program's log goes, as its options say.
 * @param directory the network's data directory
 * @param suffix put after the file name, so that processes of one data directory do not share a file
 */
export function logDestination(options: OptionValues, directory: string, suffix: string, console: boolean): LogDestination {
  const name = options.isNegated('debuglogfile') ? undefined : options.text('debuglogfile') || 'debug.log';
  const path = name === undefined ? undefined : isAbsolute(name) ? name : join(directory, name);
  return {
    path: path === undefined || path === '/dev/null' ? path : path + suffix,
    console: options.flag('printtoconsole') ?? console,
    timestamps: options.flag('logtimestamps') ?? true,
    microseconds: options.flag('logtimemicros') ?? false,
    threadNames: options.flag('logthreadnames') ?? false,
    sourceLocations: options.flag('logsourcelocations') ?? false,
    alwaysLevel: options.flag('loglevelalways') ?? false,
    rateLimit: options.flag('logratelimit') ?? true,
    shrink: options.flag('shrinkdebugfile') ?? wantedCategories(options).length === 0,
  };
}

/** What -debug switches on: 0 and none take back what stands before them. */
function wantedCategories(options: OptionValues): readonly string[] {
  const categories = options.list('debug');
  const off = Math.max(categories.lastIndexOf('0'), categories.lastIndexOf('none'));
  return categories.slice(off + 1);
}

const settableLevels: readonly LogLevel[] = ['info', 'debug', 'trace'];

function settableLevel(text: string | undefined): LogLevel | undefined {
  return settableLevels.find((level) => level === text);
}

/**
 * Switches categories and levels as -debug, -debugexclude and -loglevel say.
 * @throws OptionError naming what is unknown.
 */
export function applyLogLevels(log: FileLog, options: OptionValues): void {
  for (const category of wantedCategories(options)) {
    if (!log.enableCategory(category)) throw new OptionError(`Unsupported logging category -debug=${category}.`);
  }
  for (const category of options.list('debugexclude')) {
    if (!log.disableCategory(category)) throw new OptionError(`Unsupported logging category -debugexclude=${category}.`);
  }
  for (const text of options.list('loglevel')) {
    const [first = '', second, ...more] = text.split(':');
    if (second === undefined) {
      const level = settableLevel(first);
      if (level === undefined) {
        throw new OptionError(
          `Unsupported global logging level -loglevel=${text}. Valid values: ${settableLevels.join(', ')}.`,
        );
      }
      log.setLevel(level);
      continue;
    }
    const category = findLogCategory(first);
    const level = settableLevel(second);
    if (category === undefined || level === undefined || more.length > 0) {
      throw new OptionError(
        `Unsupported category-specific logging level -loglevel=${text}. Expected -loglevel=<category>:<loglevel>. Valid categories: ${logCategories.join(', ')}. Valid loglevels: ${settableLevels.join(', ')}.`,
      );
    }
    log.setCategoryLevel(category, level);
  }
}
