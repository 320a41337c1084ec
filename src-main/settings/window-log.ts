/** The window's own log, `debug.log.gui`: written by the same options as the other two, and beside them. */
import fs from 'node:fs';
import path from 'node:path';
import type { Network } from '../../src-interfaces/facade.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { loadConfiguration } from '../../src-interfaces/options/load-configuration.js';
import { OptionError, OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { guiOptionTable } from '../../src-interfaces/options/tables.js';
import { productName } from '../../src-interfaces/product.js';
import { FileLog } from '../../src-ipc/logging/file-log.js';
import { applyLogLevels, logDestination } from '../../src-ipc/logging/logging-options.js';
import { fileAccess } from '../../src-ipc/process/data-directory.js';
import { networkFolder } from './first-run.js';

/** What the window works on. */
interface Place {
  readonly network: Network;
  readonly datadir: string;
  /** Empty: a node of this data directory. */
  readonly attachAddress: string;
}

const suffix = '.gui';
const networkOptions = ['regtest', 'signet', 'testnet', 'testnet4', 'chain'];

export class WindowLog {
  readonly #log = new FileLog();
  readonly #commandLine: OptionValues;
  readonly #folder: string;
  readonly #version: string;
  readonly #uncaught = (error: Error): void => this.#log.error(`Uncaught: ${error.stack ?? error.message}`);

  /** @param folder where the log is while there is no data directory */
  constructor(commandLine: OptionValues, folder: string, version: string) {
    this.#commandLine = commandLine;
    this.#folder = folder;
    this.#version = version;
    process.on('uncaughtExceptionMonitor', this.#uncaught);
  }

  get logger(): Logger {
    return this.#log;
  }

  /** The file; undefined when there is none. */
  get path(): string | undefined {
    return this.#log.path;
  }

  write(text: string): void {
    this.#log.info(text);
  }

  /** Writes from now on into the network's data directory, or while that is not known or not here, into the window's folder. */
  open(place: Place | undefined): void {
    const options = place === undefined ? this.#commandLine : this.#optionsFor(place);
    applyLogLevels(this.#log, options);
    const directory = place === undefined ? undefined : dataDirectoryOf(place);
    try {
      this.#openIn(directory ?? this.#folder, options);
    } catch (error) {
      this.#openIn(this.#folder, new OptionValues(emptySettings(), guiOptionTable));
      this.#log.warning(`The log cannot be written beside the node's: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#log.info(`${productName} window version v${this.#version}`);
  }

  close(): void {
    process.off('uncaughtExceptionMonitor', this.#uncaught);
    this.#log.close();
  }

  #openIn(directory: string, options: OptionValues): void {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#log.open(logDestination(options, directory, suffix, false));
  }

  /** The command line and the data directory's bitcoin.conf, as the node reads them. */
  #optionsFor({ network, datadir }: Place): OptionValues {
    const commandLine = new Map(this.#commandLine.settings.commandLine);
    for (const name of networkOptions) commandLine.delete(name);
    if (network !== 'main') commandLine.set(network, ['1']);
    const options = new OptionValues({ ...emptySettings(), commandLine }, guiOptionTable);
    try {
      loadConfiguration(options, datadir, fileAccess, true);
      options.selectNetwork(network);
      applyLogLevels(new FileLog(), options);
      return options;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      // The node says so, too, and does not start.
      this.#log.warning(error.message);
      return this.#commandLine;
    }
  }
}

/** The network's data directory; undefined when the window works on a node elsewhere and has none here. */
function dataDirectoryOf({ network, datadir, attachAddress }: Place): string | undefined {
  const directory = path.join(datadir, networkFolder[network]);
  return attachAddress === '' || fs.existsSync(directory) ? directory : undefined;
}
