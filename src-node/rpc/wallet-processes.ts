/** Commands that several wallet processes offer: the one the node starts, and those that attach to it. */
import { isJsonArray, JsonText, parseJson, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { RpcErrorCode, rpcError } from '../../src-interfaces/rpc/codes.js';
import { RequestMode, type RpcRequest } from '../../src-interfaces/rpc/command.js';
import { RpcFailure } from '../../src-interfaces/errors.js';
import { shownWalletName, type WalletProcess } from '../interfaces/wallet-process.js';

/** A request as it comes in: arguments by position or by name. */
export type IncomingRequest = Omit<RpcRequest, 'params'> & { readonly params: readonly JsonValue[] | JsonObject };

/** Commands that are the first process's, whatever wallets there are. */
const FIRST_PROCESS: ReadonlySet<string> = new Set(['createwallet', 'listwalletdir', 'restorewallet']);
/** Commands about a wallet that is not loaded, which one process after another looks for. */
const LOOKED_FOR: ReadonlySet<string> = new Set(['loadwallet', 'migratewallet']);
const endpoint = '/wallet/';

/** Whether it matters which process has which wallets. */
export function dependsOnWallets({ method, mode }: IncomingRequest): boolean {
  return mode === RequestMode.execute && !FIRST_PROCESS.has(method);
}

/** Name of the loaded wallet that a request is about; undefined when it leaves it to the one that is loaded. */
function walletNameOf({ method, uri, params }: IncomingRequest): string | undefined {
  if (uri.startsWith(endpoint)) {
    try {
      return decodeURIComponent(uri.slice(endpoint.length));
    } catch {
      // No name that a process could tell; they say so.
      return uri.slice(endpoint.length);
    }
  }
  if (method !== 'unloadwallet') return undefined;
  const name = isJsonArray(params) ? params[0] : params['wallet_name'];
  return typeof name === 'string' ? name : undefined;
}

/** A request, and whom it is put to, one after another. */
interface Turns<E> {
  readonly request: IncomingRequest;
  readonly entries: readonly E[];
}

interface Offer {
  readonly process: WalletProcess | undefined;
}

/**
 * Whom a request is put to, once each process has been asked for its wallets. One that does not answer is left out
 * unless the wallet is there, as far as it is known.
 * @throws RpcFailure for a request that leaves the wallet open while several are loaded: each process can only tell
 * whether it has more than one itself
 */
export function inTurn<E extends Offer>(request: IncomingRequest, entries: readonly E[]): Turns<E> {
  const answering = entries.filter(({ process }, at) => process?.isSilent !== true || (at === 0 && LOOKED_FOR.has(request.method)));
  if (LOOKED_FOR.has(request.method)) return { request, entries: answering };
  const name = walletNameOf(request);
  const isMeant = (wallet: string): boolean => name === undefined || wallet === name;
  const loaded = entries.filter(({ process }) => process?.wallets.some(isMeant) === true);
  if (name === undefined && request.method !== 'unloadwallet' && entries.flatMap(({ process }) => process?.wallets ?? []).length > 1) refuseAmbiguousWallet();
  if (loaded.length > 0) return { request, entries: loaded };
  return asWindowsCallIt(request, entries) ?? { request, entries: answering.length > 0 ? answering : entries };
}

/** For a path that names one of several wallets of one name as windows do: by its place as well. */
function asWindowsCallIt<E extends Offer>(request: IncomingRequest, entries: readonly E[]): Turns<E> | undefined {
  const name = request.uri.startsWith(endpoint) ? walletNameOf(request) : undefined;
  const processes = entries.flatMap(({ process }) => process ?? []);
  for (const entry of entries) {
    const { process } = entry;
    const wallet = process?.wallets.find((one) => shownWalletName(one, process, processes) === name);
    if (wallet !== undefined) return { request: { ...request, uri: `${endpoint}${encodeURIComponent(wallet)}` }, entries: [entry] };
  }
  return undefined;
}

/** Throws what a wallet process throws that has several wallets itself. @throws RpcFailure always */
function refuseAmbiguousWallet(): never {
  throw rpcError(
    'walletNotSpecified',
    'Multiple wallets are loaded. Please select which wallet to use by requesting the RPC through the /wallet/<walletname> URI path.',
  );
}

/** What to say of a wallet that was not found where one could ask, while a process that may have it was left out. */
export function notFoundWhereAsked(error: unknown): unknown {
  if (!(error instanceof RpcFailure) || error.code !== RpcErrorCode.walletNotFound) return error;
  return rpcError('walletNotFound', `${error.message}. A wallet process that does not answer was not asked`);
}

/** The texts of a list; what is no list has none. */
export function namesIn(result: Jsonable): readonly string[] {
  const list = result instanceof JsonText ? parseJson(result.text) : null;
  return isJsonArray(list) ? list.filter((name) => typeof name === 'string') : [];
}
