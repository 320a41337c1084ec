import { formatOptionHelp } from '../../src-interfaces/options/help.js';
import { OptionError } from '../../src-interfaces/options/option-values.js';
import { cliOptionTable } from '../../src-interfaces/options/tables.js';
import { productName, productVersion } from '../../src-interfaces/product.js';
import { runCli } from './run.js';
import { completeCliSettings, parseCliCommandLine } from './settings.js';
import { StandardInput } from './standard-input.js';

const usage = `
Sends commands to a ${productName} or Bitcoin Core node: questions about the network, wallets, payments, control.

Use the command "help" to list all commands, "help <command>" to learn about one.

Usage: bitcoin-cli [options] <command> [params]
or:    bitcoin-cli [options] -named <command> [name=value]...
or:    bitcoin-cli [options] help
or:    bitcoin-cli [options] help <command>


`;

async function main(args: readonly string[]): Promise<number> {
  const { options, rest } = parseCliCommandLine(args);
  const wantsHelp = ['help', 'h', '?', 'help-debug'].some((name) => options.isSet(name));
  const wantsVersion = options.flag('version') === true;
  if (args.length === 0 || wantsHelp || wantsVersion) {
    const head = `${productName} RPC client version v${productVersion}\n`;
    process.stdout.write(wantsVersion ? head : head + usage + formatOptionHelp(cliOptionTable, options.flag('help-debug') === true));
    if (args.length > 0) return 0;
    process.stderr.write('Error: too few parameters\n');
    return 1;
  }
  const settings = completeCliSettings(options, rest);
  const outcome = await runCli(settings, new StandardInput(), (text) => process.stderr.write(`${text}\n`));
  if (outcome.output !== '') process.stdout.write(`${outcome.output}\n`);
  if (outcome.error !== '') process.stderr.write(`${outcome.error}\n`);
  return outcome.status;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
