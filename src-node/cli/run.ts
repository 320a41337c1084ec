import { convertNamed, convertPositional } from '../../src-interfaces/rpc/client-arguments.js';
import { RpcErrorCode } from '../../src-interfaces/rpc/codes.js';
import { isJsonObject, writeJson, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';
import { cliOptionTable } from '../../src-interfaces/options/tables.js';
import { getInfo } from './get-info.js';
import { netInfo, netInfoHelp } from './net-info.js';
import { ipcEndpoint } from './ipc-endpoint.js';
import { call, ConnectionFailed, httpEndpoint, type Endpoint } from './rpc-client.js';
import { httpServerOf, type CliSettings } from './settings.js';
import type { StandardInput } from './standard-input.js';

/** What to print where, and the exit status. */
export interface Outcome {
  readonly output: string;
  readonly error: string;
  readonly status: number;
}

const printed = (output: string): Outcome => ({ output, error: '', status: 0 });

function failed(error: JsonValue): Outcome {
  if (!isJsonObject(error)) return { output: '', error: `error: ${writeJson(error)}`, status: 1 };
  const code = Number(String(error['code'] ?? 0));
  let text = `error code: ${code}\n`;
  if (typeof error['message'] === 'string') text += `error message:\n${error['message']}`;
  if (code === RpcErrorCode.walletNotSpecified) {
    text +=
      ' Or for the CLI, specify the "-rpcwallet=<walletname>" option before the command (run "bitcoin-cli -h" for help or "bitcoin-cli listwallets" to see which wallets are currently loaded).';
  }
  return { output: '', error: text, status: Math.abs(code) };
}

function formatResult(result: JsonValue): string {
  if (result === null) return '';
  return typeof result === 'string' ? result : writeJson(result, 2);
}

function outcomeOf(reply: JsonObject): Outcome {
  const error = reply['error'] ?? null;
  return error === null ? printed(formatResult(reply['result'] ?? null)) : failed(error);
}

/** Arguments that come from standard input: a passphrase, and with -stdin one a line. */
function completeArguments(options: OptionValues, rest: readonly string[], input: StandardInput): readonly string[] {
  let args = [...rest];
  if (options.flag('stdinwalletpassphrase') === true) {
    if (args[0]?.startsWith('walletpassphrase') !== true) {
      throw new Error('-stdinwalletpassphrase is only applicable for walletpassphrase(change)');
    }
    const passphrase = input.secret('Wallet passphrase> ');
    if (passphrase === undefined) {
      throw new Error('-stdinwalletpassphrase specified but failed to read from standard input');
    }
    args.splice(1, 0, passphrase);
  }
  if (options.flag('stdin') === true) {
    const lines: string[] = [];
    for (let line = input.line(); line !== undefined; line = input.line()) lines.push(line);
    args = [...args, ...lines];
  }
  return args;
}

function checkOneCommand(options: OptionValues): void {
  const given = [...cliOptionTable.all()].filter((spec) => spec.category === 'cliCommands' && options.isSet(spec.name));
  if (given.length > 1) {
    throw new Error(`Only one of ${given.map(({ name }) => `-${name}`).join(', ')} may be specified.`);
  }
}

/** Makes blocks to a new address of the wallet. */
async function generate(endpoint: Endpoint, args: readonly string[], wallet: string | undefined): Promise<Outcome> {
  const fresh = await call(endpoint, 'getnewaddress', [], wallet);
  if ((fresh['error'] ?? null) !== null) return outcomeOf(fresh);
  const address = String(fresh['result']);
  const [count = '1', maxTries, ...more] = args;
  if (more.length > 0) throw new Error('too many arguments (maximum 2 for nblocks and maxtries)');
  if (count === '0') {
    throw new Error('the first argument (number of blocks to generate, default: 1) must be an integer value greater than zero');
  }
  const params = convertPositional('generatetoaddress', [count, address, ...(maxTries === undefined ? [] : [maxTries])]);
  const reply = await call(endpoint, 'generatetoaddress', params, wallet);
  if ((reply['error'] ?? null) !== null) return outcomeOf(reply);
  return printed(writeJson({ address, blocks: reply['result'] ?? null }, 2));
}

async function addressInfo(endpoint: Endpoint): Promise<Outcome> {
  const reply = await call(endpoint, 'getaddrmaninfo', [], undefined);
  const result = reply['result'];
  if (!isJsonObject(result)) return outcomeOf(reply);
  const counts: Record<string, Jsonable> = {};
  for (const [network, numbers] of Object.entries(result)) {
    counts[network === 'all_networks' ? 'total' : network] = isJsonObject(numbers) ? (numbers['total'] ?? 0) : 0;
  }
  return printed(writeJson({ addresses_known: counts }, 2));
}

async function attempt(settings: CliSettings, endpoint: Endpoint, args: readonly string[]): Promise<Outcome> {
  const { options } = settings;
  const wallet = options.text('rpcwallet');
  if (options.flag('getinfo') === true) {
    const info = await getInfo(endpoint, wallet, options.text('color') ?? 'auto');
    return 'error' in info ? failed(info.error) : printed(info.text);
  }
  if (options.flag('netinfo') === true) {
    if (args[0] === 'help' || args[0] === 'h') return printed(netInfoHelp);
    const info = await netInfo(endpoint, args);
    return 'error' in info ? failed(info.error) : printed(info.text);
  }
  if (options.flag('generate') === true) return generate(endpoint, args, wallet);
  if (options.flag('addrinfo') === true) return addressInfo(endpoint);
  const [method, ...rest] = args;
  if (method === undefined) throw new Error('too few parameters (need at least command)');
  const params = options.flag('named') === true ? convertNamed(method, rest) : convertPositional(method, rest);
  const reply = await call(endpoint, method, params, wallet);
  const error = reply['error'];
  if (options.flag('rpcwait') === true && isJsonObject(error) && Number(String(error['code'])) === RpcErrorCode.inWarmup) {
    throw new ConnectionFailed('server in warmup');
  }
  return outcomeOf(reply);
}

/** Over the node's socket where there is one and the options allow it, else over HTTP. */
async function attemptSomehow(settings: CliSettings, http: Endpoint, args: readonly string[]): Promise<Outcome> {
  const ipc = await ipcEndpoint(settings);
  if (ipc === undefined) return attempt(settings, http, args);
  try {
    return await attempt(settings, ipc, args);
  } finally {
    await ipc.close();
  }
}

/** Runs the command the settings hold, with -rpcwait as often as it takes. */
export async function runCli(settings: CliSettings, input: StandardInput, warn: (text: string) => void): Promise<Outcome> {
  const { options } = settings;
  try {
    if (options.flag('stdinrpcpass') === true) {
      const password = input.secret('RPC password> ');
      if (password === undefined) throw new Error('-stdinrpcpass specified but failed to read from standard input');
      options.force('rpcpassword', password);
    }
    const args = completeArguments(options, settings.rest, input);
    checkOneCommand(options);
    const http = httpEndpoint(httpServerOf(settings, warn));
    const wait = options.flag('rpcwait') === true;
    const limit = (options.integer('rpcwaittimeout') ?? 0) * 1000;
    const start = Date.now();
    for (;;) {
      try {
        return await attemptSomehow(settings, http, args);
      } catch (error) {
        if (!(error instanceof ConnectionFailed)) throw error;
        const timeLeft = limit <= 0 || Date.now() - start < limit;
        if (!wait || !timeLeft) throw new Error(`timeout on transient error: ${error.message}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  } catch (error) {
    return { output: '', error: `error: ${error instanceof Error ? error.message : String(error)}`, status: 1 };
  }
}
