import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { printNormalizedDescriptor } from '../../src-bitcoin/descriptor/print.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall, RpcRequest } from '../../src-interfaces/rpc/command.js';
import type { WalletDescriptor } from '../keys/wallet-descriptor.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';

export const walletCategory = 'wallet';
const endpoint = '/wallet/';
const notLoaded = 'Requested wallet does not exist or is not loaded';

/** For descriptions of commands that need private keys. */
export const needsPassphrase = '\nAn encrypted wallet must have been unlocked with walletpassphrase.';

/** A command about one wallet, which the path of the request or, with a single loaded wallet, nothing chooses. */
export interface WalletCommandSpec extends Omit<CommandSpec, 'category' | 'run'> {
  /** That of the wallet's commands when left out. */
  readonly category?: string;
  /** Answer only after the wallet has taken in every block the caller can have heard of. */
  readonly synced?: boolean;
  run(wallet: LoadedWallet, call: RpcCall): Jsonable | Promise<Jsonable>;
}

function decodeUrl(text: string): string {
  const bytes: Buffer[] = [];
  for (const part of text.split(/(%[0-9a-fA-F]{2})/)) {
    bytes.push(/^%[0-9a-fA-F]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part));
  }
  return Buffer.concat(bytes).toString();
}

/** Name of the wallet that the path of the request asks for; undefined when it asks for none. */
export function requestedWalletName({ uri }: RpcRequest): string | undefined {
  return uri.startsWith(endpoint) ? decodeUrl(uri.slice(endpoint.length)) : undefined;
}

/** @throws RpcFailure when the request does not tell which wallet is meant */
export function requestedWallet(registry: WalletRegistry, request: RpcRequest): LoadedWallet {
  const name = requestedWalletName(request);
  if (name !== undefined) {
    const wallet = registry.get(name);
    if (wallet === undefined) throw rpcError('walletNotFound', notLoaded);
    return wallet;
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

/**
 * The name of a wallet that a request gives by its path or among its arguments; both must agree.
 * @throws RpcFailure
 */
export function givenWalletName(request: RpcRequest, argument: string | undefined): string {
  const name = requestedWalletName(request);
  if (name !== undefined && argument !== undefined && name !== argument) {
    throw rpcError('invalidParameter', 'The RPC endpoint wallet and the wallet name parameter specify different wallets');
  }
  const chosen = name ?? argument;
  if (chosen === undefined) {
    throw rpcError('invalidParameter', 'Either the RPC endpoint wallet or the wallet name parameter must be provided');
  }
  return chosen;
}

/** The wallet of that name. @throws RpcFailure */
export function namedWallet(registry: WalletRegistry, request: RpcRequest, argument: string | undefined): LoadedWallet {
  const wallet = registry.get(givenWalletName(request, argument));
  if (wallet === undefined) throw rpcError('walletNotFound', notLoaded);
  return wallet;
}

/** Waits until the wallet has taken in what the node announced so far. @throws RpcFailure when it was unloaded meanwhile */
async function waitForChain(wallet: LoadedWallet): Promise<void> {
  const { hash } = await wallet.chainTurns.run(() => wallet.lastBlock);
  await wallet.context.chain.waitForNotificationsIfTipChanged(hash);
  await wallet.chainTurns.run(() => undefined);
  if (!wallet.isOpen) throw rpcError('walletNotFound', notLoaded);
}

export function onWallet(registry: WalletRegistry, { synced, run, ...spec }: WalletCommandSpec): CommandSpec {
  return {
    category: walletCategory,
    ...spec,
    run: async (call) => {
      const wallet = requestedWallet(registry, call.request);
      if (synced === true) await waitForChain(wallet);
      return run(wallet, call);
    },
  };
}

/** @throws RpcFailure while the wallet is locked */
export function ensureUnlocked(wallet: LoadedWallet): void {
  if (wallet.keyring.vault.locked) {
    throw rpcError('walletUnlockNeeded', 'Error: Please enter the wallet passphrase with walletpassphrase first.');
  }
}

/** A label as commands take it. @throws RpcFailure for `*`, which stands for all */
export function checkedLabel(label: string): string {
  if (label === '*') throw rpcError('walletInvalidLabelName', 'Invalid label name');
  return label;
}

/** How far the wallet has followed the chain, the last member of many results. */
export function lastProcessedBlock({ lastBlock }: LoadedWallet): Jsonable {
  return { hash: hashToHex(lastBlock.hash), height: lastBlock.height };
}

/** The member `warnings`, left out when there are none. */
export function warningsJson(warnings: readonly string[]): { readonly warnings?: readonly string[] } {
  return warnings.length === 0 ? {} : { warnings };
}

/** Order of texts by their letters' codes: negative, 0 or positive. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const publicTexts = new WeakMap<WalletDescriptor, string>();

/** A descriptor as `listdescriptors` shows it: usable without private keys. */
export function publicText(wallet: LoadedWallet, descriptor: WalletDescriptor): string {
  const known = publicTexts.get(descriptor);
  if (known !== undefined) return known;
  const text = printNormalizedDescriptor(descriptor.descriptor, wallet.context.params, { cache: descriptor.cache });
  if (text !== undefined) publicTexts.set(descriptor, text);
  return text ?? descriptor.text;
}

/** The descriptors an output script belongs to. */
export function parentDescriptors(wallet: LoadedWallet, script: Uint8Array): readonly string[] {
  return wallet.keyring.owners(script).map(({ descriptor }) => publicText(wallet, descriptor));
}
