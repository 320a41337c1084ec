import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { decodeAddress } from '../../src-bitcoin/address/address.js';
import type { Destination } from '../../src-bitcoin/address/destination.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { RpcRequest } from '../../src-interfaces/rpc/command.js';
import { asString } from '../../src-interfaces/rpc/values.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';

const walletEndpoint = '/wallet/';

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The wallet a request names in its path; undefined when it names none. */
export function walletNameOf(request: RpcRequest): string | undefined {
  return request.uri.startsWith(walletEndpoint) ? decodeName(request.uri.slice(walletEndpoint.length)) : undefined;
}

/**
 * The wallet a request is for: the one its path names, or the only one that is loaded.
 * @throws RpcFailure
 */
export function walletOf(registry: WalletRegistry, request: RpcRequest): LoadedWallet {
  const name = walletNameOf(request);
  if (name !== undefined) {
    const named = registry.get(name);
    if (named === undefined) throw rpcError('walletNotFound', 'Requested wallet does not exist or is not loaded');
    return named;
  }
  const [first, ...others] = registry.list();
  if (first === undefined) {
    throw rpcError(
      'walletNotFound',
      'No wallet is loaded. Load a wallet using loadwallet or create a new one with createwallet. (Note: A default wallet is no longer automatically created)',
    );
  }
  if (others.length > 0) {
    throw rpcError(
      'walletNotSpecified',
      'Multiple wallets are loaded. Please select which wallet to use by requesting the RPC through the /wallet/<walletname> URI path.',
    );
  }
  return first;
}

/** @throws RpcFailure while a passphrase is needed */
export function requireUnlocked(wallet: LoadedWallet): void {
  if (wallet.keyring.vault.locked) {
    throw rpcError('walletUnlockNeeded', 'Error: Please enter the wallet passphrase with walletpassphrase first.');
  }
}

/** @throws RpcFailure for the one name that is no label */
export function labelOf(value: JsonValue): string {
  const label = value === null ? '' : asString(value);
  if (label === '*') throw rpcError('walletInvalidLabelName', 'Invalid label name');
  return label;
}

/** An address of the wallet's network. @throws RpcFailure */
export function addressOf(wallet: LoadedWallet, text: string, message = 'Invalid Bitcoin address'): { readonly destination: Destination; readonly scriptPubKey: Uint8Array } {
  const decoded = decodeAddress(text, wallet.context.params);
  if (!decoded.ok) throw rpcError('invalidAddressOrKey', message);
  return decoded;
}

/** Whether to leave out coins of used addresses. @throws RpcFailure when asked for in a wallet without that feature */
export function avoidReuseOf(wallet: LoadedWallet, value: JsonValue): boolean {
  const canAvoid = wallet.hasFlag(WalletFlag.avoidReuse);
  if (value === null) return canAvoid;
  if (value === true && !canAvoid) throw rpcError('wallet', 'wallet does not have the "avoid reuse" feature enabled');
  return value === true;
}

/** The last block the wallet has seen, as results end with it. */
export function lastProcessedBlock(wallet: LoadedWallet): Jsonable {
  return { hash: hashToHex(wallet.lastBlock.hash), height: wallet.lastBlock.height };
}

/** Texts of the descriptors a script comes from, in the order of their ids. */
export function parentDescriptors(wallet: LoadedWallet, script: Uint8Array): readonly string[] {
  return wallet.keyring.owners(script).flatMap(({ descriptor }) => wallet.publicDescriptor(descriptor) ?? []);
}
