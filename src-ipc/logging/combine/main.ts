/** bitcoin-logs: the logs of node, wallet and window as one. */
import { formatOptionHelp } from '../../../src-interfaces/options/help.js';
import { OptionError } from '../../../src-interfaces/options/option-values.js';
import { productName, productVersion } from '../../../src-interfaces/product.js';
import { LogFileError } from './log-source.js';
import { showLogs } from './run.js';
import { logsOptionTable, logsSettings, parseLogsCommandLine } from './settings.js';

const usage = `
Merges the logs of the three processes of a data directory by time: debug.log (node), debug.log.wallet (wall) and
debug.log.gui (gui). Each line begins with the process it is of. Lines without a time stay with the line before them.

Usage: bitcoin-logs [options]
or:    bitcoin-logs [options] [<label>=]<file>...

Examples:
  bitcoin-logs -regtest -f                          follow the practice network's logs
  bitcoin-logs -category=ipc -since=10m             what the processes said to each other in the last ten minutes
  bitcoin-logs -category=warning,error              what went wrong
  bitcoin-logs one=a/debug.log two=b/debug.log      two nodes side by side

`;

async function main(args: readonly string[]): Promise<number> {
  const { options, files } = parseLogsCommandLine(args);
  const head = `${productName} log viewer version v${productVersion}\n`;
  if (options.flag('version') === true || ['help', 'h', '?', 'help-debug'].some((name) => options.isSet(name))) {
    process.stdout.write(options.flag('version') === true ? head : head + usage + formatOptionHelp(logsOptionTable, options.flag('help-debug') === true));
    return 0;
  }
  const settings = logsSettings(options, files, {
    isTerminal: process.stdout.isTTY,
    noColour: process.env['NO_COLOR'],
    now: Date.now(),
  });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // Whoever read the output has seen enough.
  process.stdout.on('error', () => stop.abort());
  await showLogs(settings, process.stdout, stop.signal);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OptionError || error instanceof LogFileError)) throw error;
  process.stderr.write(`Error: ${error.message}\n`);
  process.exitCode = 1;
}
