/** Commands that several wallet processes offer: the one the node starts, and those that attach to it. */
import { isJsonArray, JsonText, parseJson, type Jsonable, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { RequestMode, type RpcRequest } from '../../src-interfaces/rpc/command.js';

/** Commands that do not mean the loaded wallet, or name it among their arguments. */
const WITHOUT_WALLET: ReadonlySet<string> = new Set(['createwallet', 'listwalletdir', 'listwallets', 'loadwallet', 'migratewallet', 'restorewallet', 'unloadwallet']);

/**
 * Whether a request leaves it to the one wallet that is loaded. Each process can only tell whether it has more
 * than one itself.
 */
export function leavesOutWallet({ method, uri, mode }: Pick<RpcRequest, 'method' | 'uri' | 'mode'>): boolean {
  return mode === RequestMode.execute && !uri.startsWith('/wallet/') && !WITHOUT_WALLET.has(method);
}

/** Throws what a wallet process throws that has several wallets itself. @throws RpcFailure always */
export function refuseAmbiguousWallet(): never {
  throw rpcError(
    'walletNotSpecified',
    'Multiple wallets are loaded. Please select which wallet to use by requesting the RPC through the /wallet/<walletname> URI path.',
  );
}

/** The elements of several lists one after another; what is no list is left out. */
export function joinedLists(results: readonly Jsonable[]): readonly JsonValue[] {
  return results.flatMap((result) => {
    const list = result instanceof JsonText ? parseJson(result.text) : null;
    return isJsonArray(list) ? list : [];
  });
}
