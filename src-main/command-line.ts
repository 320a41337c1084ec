/** What the command line of bitcoin-gui means for the window, and what is passed on to the node. */
import path from 'node:path';
import { emptySettings } from '../src-interfaces/options/settings.js';
import { OptionError, OptionValues } from '../src-interfaces/options/option-values.js';
import { parseCommandLine } from '../src-interfaces/options/command-line.js';
import { guiOptionTable } from '../src-interfaces/options/tables.js';
import { applyLogLevels } from '../src-ipc/logging/logging-options.js';
import { FileLog } from '../src-ipc/logging/file-log.js';
import type { Network } from '../src-interfaces/facade.js';

export interface GuiCommandLine {
  readonly network?: Network;
  readonly datadir?: string;
  readonly attachAddress?: string;
  /** All options as they were given; those of logging are for the window as well as for the node. */
  readonly options: OptionValues;
  /** Options that are the node's business, as they were given. */
  readonly passedOn: readonly string[];
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
  /** A `bitcoin:` link to open. */
  readonly uri?: string;
}

/** Options the window settles itself. */
const ownOptions = new Set(['regtest', 'signet', 'testnet4', 'testnet', 'chain', 'datadir', 'ipcconnect', 'help', 'h', '?', 'version']);
/** Switches of Chromium and Electron, which share the command line. */
const chromium = /^--(no-sandbox|disable-gpu|inspect|remote-debugging|user-data-dir|enable-|disable-|force-|ozone-|lang|original-process|no-zygote|type)/;

const optionName = (arg: string): string => arg.replace(/^--?/, '').replace(/=.*$/s, '');

/**
 * Reads the arguments after the program (and, in development, the application folder).
 * @throws OptionError that names the argument that is wrong.
 */
export function parseGuiCommandLine(args: readonly string[]): GuiCommandLine {
  const uri = args.find((arg) => /^bitcoin:/i.test(arg));
  const options = args.filter((arg) => !/^bitcoin:/i.test(arg) && !chromium.test(arg));
  const parsed = parseCommandLine(options, guiOptionTable);
  if (!parsed.ok) throw new OptionError(`Error parsing command line arguments: ${parsed.error}`);
  const [stray] = parsed.rest;
  if (stray !== undefined) throw new OptionError(`Command line contains unexpected token '${stray}', see bitcoin-gui -h for a list of options.`);
  const values = new OptionValues({ ...emptySettings(), commandLine: parsed.options }, guiOptionTable);
  // Said here, and not only by the node that gets the same words.
  applyLogLevels(new FileLog(), values);
  const namesNetwork = [...ownOptions].slice(0, 5).some((name) => parsed.options.has(name));
  const chain = values.chain();
  if (chain === 'test') throw new OptionError('The window supports -regtest, -signet, -testnet4 and the main network; testnet3 is for bitcoin-node only.');
  const datadir = values.text('datadir');
  const attach = values.text('ipcconnect');
  return {
    // A data directory without a network means the main one, as for bitcoin-node.
    ...(namesNetwork || datadir !== undefined ? { network: chain } : {}),
    ...(datadir === undefined ? {} : { datadir: path.resolve(datadir) }),
    ...(attach === undefined || attach === 'auto' || attach === '0' || attach === '' ? {} : { attachAddress: attach }),
    options: values,
    passedOn: options.filter((arg) => !ownOptions.has(optionName(arg))),
    wantsHelp: ['help', 'h', '?'].some((name) => parsed.options.has(name)),
    wantsVersion: parsed.options.has('version'),
    ...(uri === undefined ? {} : { uri }),
  };
}
