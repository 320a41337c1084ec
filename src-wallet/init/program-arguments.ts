import { parseCommandLine } from '../../src-interfaces/options/command-line.js';
import { formatOptionHelp } from '../../src-interfaces/options/help.js';
import { walletOptionTable } from '../../src-interfaces/options/tables.js';
import { productName, productVersion } from '../../src-interfaces/product.js';

/** What a program that was not started by a node has to say, and its exit status. */
export interface Answer {
  readonly status: number;
  readonly output: string;
  readonly error: string;
}

const failure = (text: string): Answer => ({ status: 1, output: '', error: `Error: ${text}\n` });

/**
 * The answer to a command line other than `-ipcfd <n>`.
 * @param args without the program's own name
 */
export function answerArguments(program: string, args: readonly string[]): Answer {
  const parsed = parseCommandLine(args, walletOptionTable);
  if (!parsed.ok) return failure(`Error parsing command line arguments: ${parsed.error}`);
  const head = `${productName} ${program} version v${productVersion}\n`;
  if (parsed.options.has('version')) return { status: 0, output: head, error: '' };
  if (['help', 'h', '?', 'help-debug'].some((name) => parsed.options.has(name))) {
    const text = `${head}
Holds the wallets of a node: keys, coins and payments. bitcoin-node starts it with the two arguments
-ipcfd <n>, <n> being the descriptor of a socket to the node, and ends it by closing that socket. Options
of wallets are then given to the node.

With -ipcconnect it attaches to a node that runs already, here or on another computer: the keys stay here,
the chain is there.

Usage: ${program} [options]

${formatOptionHelp(walletOptionTable, parsed.options.has('help-debug'))}`;
    return { status: 0, output: text, error: '' };
  }
  const [command] = parsed.rest;
  if (command !== undefined) return failure(`Invalid command: ${command}`);
  return failure(`${program} is started by bitcoin-node. To attach to a node that runs already, use -ipcconnect=<address>. Run ${program} -help for more.`);
}
