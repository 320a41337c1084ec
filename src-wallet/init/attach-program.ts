import { CallFailure } from '../../src-interfaces/errors.js';
import { OptionError } from '../../src-interfaces/options/option-values.js';
import { productName, productVersion } from '../../src-interfaces/product.js';
import { FileLog } from '../../src-ipc/logging/file-log.js';
import { applyLogLevels, logDestination } from '../../src-ipc/logging/logging-options.js';
import { IpcError } from '../../src-ipc/process/index.js';
import { isAttaching, readAttachedConfiguration, type AttachedConfiguration } from './attached-configuration.js';
import { AttachedWallets, NotLoaded } from './attached-wallets.js';

export { isAttaching };

/** What to do about a node that is not there. */
function advice(error: unknown, { options, address }: AttachedConfiguration): string {
  const isNobodyThere = error instanceof IpcError && (error.code === 'refused' || error.code === 'missing');
  if (!isNobodyThere || address.kind !== 'unix') return '';
  return `\nProbably bitcoin-node is not running or not listening on a unix socket. Can be started with:\n\n    bitcoin-node -chain=${options.chain()} -ipcbind=unix\n`;
}

/**
 * Runs wallets that are attached to a node somebody else started, until that ends or somebody ends this process.
 * @returns the exit status
 */
export async function runAttached(args: readonly string[]): Promise<number> {
  // Wallets and logs are for this user only.
  process.umask(0o077);
  const complain = (text: string): void => void process.stderr.write(`${text}\n`);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  let configuration: AttachedConfiguration;
  try {
    configuration = readAttachedConfiguration(args);
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof IpcError)) throw error;
    complain(`Error: ${error.message}`);
    return 1;
  }
  const log = new FileLog({ mockTime: () => 0, threadName: 'main' });
  applyLogLevels(log, configuration.options);
  log.info(`${productName} wallet version v${productVersion}`);
  log.open(logDestination(configuration.options, configuration.netDirectory, '.wallet', configuration.options.flag('printtoconsole') === true));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  process.on('SIGHUP', () => log.reopen());
  try {
    await new AttachedWallets(configuration, log, { say, complain }, stopping.signal).run();
    return 0;
  } catch (error) {
    // By whoever ends this process, or by the end of the node.
    if (error instanceof IpcError && error.code === 'cancelled') return 0;
    if (!(error instanceof NotLoaded || error instanceof OptionError)) {
      if (!(error instanceof IpcError || error instanceof CallFailure)) throw error;
      complain(`Error: ${error.message}${advice(error, configuration)}`);
    }
    return 1;
  } finally {
    log.info('Shutdown: done');
    log.close();
  }
}
