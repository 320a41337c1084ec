import { formatOptionHelp } from '../../src-interfaces/options/help.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import { productName, productVersion } from '../../src-interfaces/product.js';
import { inTime } from '../../src-ipc/process/index.js';
import { lockDirectory } from '../storage/directory-lock.js';
import { StorageError } from '../storage/storage-error.js';
import { parseNodeCommandLine, readConfiguration, type NodeConfiguration } from './configuration.js';
import { isBackgroundProcess, startInBackground, takeForeground, type Foreground } from './daemon.js';
import { InitFailure } from './init-failure.js';
import type { NodeProcess } from './node-process.js';
import { lastNews } from './patience.js';

function helpText(program: string, options: OptionValues): string | undefined {
  const wantsHelp = ['help', 'h', '?', 'help-debug'].some((name) => options.isSet(name));
  const wantsVersion = options.flag('version') === true;
  if (!wantsHelp && !wantsVersion) return undefined;
  const head = `${productName} daemon version v${productVersion} ${program}\n`;
  if (wantsVersion) return head;
  return `${head}
A headless program that connects to the Bitcoin network, validates and relays transactions and blocks, and answers
commands over JSON-RPC.

Usage: ${program} [options]

${formatOptionHelp(nodeOptionTable, options.flag('help-debug') === true)}`;
}

/** Shows what the node says to people on standard error, where there is no window. */
function showMessages(node: NodeProcess, foreground: Foreground): void {
  const errorIcon = 1;
  node.userInterface.messageBoxes.add(async (message, style) => {
    const line = `${(style & errorIcon) !== 0 ? 'Error' : 'Warning'}: ${message.original}\n`;
    process.stderr.write(line);
    foreground.say(line);
    return false;
  });
}

/** Writes what nobody caught to the log, before it ends the process. */
function logCrashes(node: NodeProcess): void {
  process.on('uncaughtExceptionMonitor', (error) => node.log.error(`Uncaught: ${error.stack ?? error.message}`));
}

/** Ends the node on SIGINT and SIGTERM; SIGHUP opens the log anew, after it was moved away. */
export function handleSignals(node: NodeProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => node.requestShutdown());
  process.on('SIGHUP', () => node.log.reopen());
}

/** Why the data directory cannot be had: better said here than in the log of a process in the background. */
function lockObstacle({ netDirectory }: NodeConfiguration): string | undefined {
  try {
    lockDirectory(netDirectory, productName).release();
    return undefined;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return error.message;
  }
}

/**
 * Runs a node from this program's command line until it has been shut down.
 * @returns the exit status.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  makeNode: (configuration: () => NodeConfiguration) => NodeProcess,
): Promise<number> {
  let configuration: NodeConfiguration;
  try {
    const options = parseNodeCommandLine(args);
    const help = helpText(program, options);
    if (help !== undefined) {
      process.stdout.write(help);
      return 0;
    }
    configuration = readConfiguration(options);
    // Without a window JSON-RPC is the way in.
    options.softSet('server', true);
  } catch (error) {
    if (!(error instanceof InitFailure)) throw error;
    process.stderr.write(`Error: ${error.message}\n`);
    return 1;
  }
  const { options } = configuration;
  const wait = options.flag('daemonwait') === true;
  // Files made from here on are for this user only.
  process.umask(0o077);
  if ((wait || options.flag('daemon') === true) && !isBackgroundProcess()) {
    const obstacle = lockObstacle(configuration);
    if (obstacle === undefined) return startInBackground(wait);
    process.stderr.write(`Error: ${obstacle}\n`);
    return 1;
  }
  const foreground = takeForeground();
  const node = makeNode(() => configuration);
  showMessages(node, foreground);
  handleSignals(node);
  logCrashes(node);
  let [configured, started] = [false, false];
  try {
    node.configure(configuration);
    configured = true;
    started = await node.start();
  } catch (error) {
    if (!(error instanceof InitFailure)) throw error;
    node.userInterface.error({ original: error.message, translated: error.message });
  }
  // A window may show something until somebody has seen it.
  await inTime(lastNews, node.userInterface.messageBoxes.told());
  foreground.release(started);
  if (started) await new Promise<void>((resolve) => {
    if (node.stopping.aborted) resolve();
    node.stopping.addEventListener('abort', () => resolve());
  });
  await node.shutdown();
  // Whoever ends a node that is not up yet gets what they want, too.
  return configured ? node.exitStatus : 1;
}
