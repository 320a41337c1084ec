import { isAbsolute, join } from 'node:path';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { parseCommandLine } from '../../src-interfaces/options/command-line.js';
import { loadConfiguration } from '../../src-interfaces/options/load-configuration.js';
import { OptionError, OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { cliOptionTable } from '../../src-interfaces/options/tables.js';
import { dataDirectory, fileAccess } from '../../src-ipc/process/data-directory.js';
import type { HttpServer } from './rpc-client.js';

/** What the command line and bitcoin.conf ask of the client. */
export interface CliSettings {
  readonly options: OptionValues;
  /** Command and arguments. */
  readonly rest: readonly string[];
  readonly configPath: string;
  /** The network's own directory. */
  readonly netDirectory: string;
  /** Its name below the data directory; empty for the main network. */
  readonly networkFolder: string;
  readonly defaultPort: number;
}

/** Options of the command line alone: enough for -help and -version. @throws OptionError */
export function parseCliCommandLine(args: readonly string[]): { options: OptionValues; rest: readonly string[] } {
  const parsed = parseCommandLine(args, cliOptionTable);
  if (!parsed.ok) throw new OptionError(`Error parsing command line arguments: ${parsed.error}`);
  const options = new OptionValues({ ...emptySettings(), commandLine: parsed.options }, cliOptionTable);
  return { options, rest: parsed.rest };
}

/** Adds bitcoin.conf and chooses the network. @throws OptionError */
export function completeCliSettings(options: OptionValues, rest: readonly string[]): CliSettings {
  try {
    const before = dataDirectory(options);
    let configPath: string;
    try {
      configPath = loadConfiguration(options, before, fileAccess, true).configPath;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      throw new OptionError(`reading configuration file: ${error.message}`);
    }
    const chain = options.chain();
    options.selectNetwork(chain);
    const { directory, rpcPort } = chainParams(chain);
    const netDirectory = join(dataDirectory(options), directory);
    return { options, rest, configPath, netDirectory, networkFolder: directory, defaultPort: rpcPort };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const text = error.message;
    throw new OptionError(text.startsWith('reading ') ? `Error ${text}` : `Error: ${text}`);
  }
}

/** Host and port of -rpcconnect; the port is undefined when it names none. */
function splitConnect(text: string): { readonly host: string; readonly port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const plain = text.indexOf(':') === text.lastIndexOf(':') ? /^([^:]*)(?::(.*))?$/.exec(text) : null;
  const [, host = text, portText] = bracketed ?? plain ?? [];
  if (portText === undefined) return { host, port: undefined };
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65535) {
    throw new Error(`Invalid port provided in -rpcconnect: ${text}`);
  }
  return { host, port };
}

/** Where to send commands. @throws Error naming a port that is none. */
export function httpServerOf(settings: CliSettings, warn: (text: string) => void): HttpServer {
  const { options, netDirectory, configPath } = settings;
  const connect = splitConnect(options.text('rpcconnect') ?? '127.0.0.1');
  let port = connect.port ?? settings.defaultPort;
  const portText = options.text('rpcport');
  if (portText !== undefined) {
    port = Number(portText);
    if (!/^\d+$/.test(portText) || port < 1 || port > 65535) {
      throw new Error(`Invalid port provided in -rpcport: ${portText}`);
    }
    if (connect.port !== undefined) {
      warn(`Warning: Port specified in both -rpcconnect and -rpcport. Using -rpcport ${port}`);
    }
  }
  const password = options.text('rpcpassword') ?? '';
  const cookieName = options.text('rpccookiefile') || '.cookie';
  return {
    host: connect.host,
    port,
    timeout: options.integer('rpcclienttimeout') ?? 900,
    credentials: password === '' ? undefined : `${options.text('rpcuser') ?? ''}:${password}`,
    cookieFile: options.isNegated('rpccookiefile')
      ? undefined
      : isAbsolute(cookieName)
        ? cookieName
        : join(netDirectory, cookieName),
    configPath,
  };
}
