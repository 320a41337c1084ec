import type { Destination } from '../../src-bitcoin/address/destination.js';
import type { OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { parseOutputType } from '../../src-bitcoin/descriptor/output-types.js';
import type { JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { asBoolean, asString } from '../../src-interfaces/rpc/values.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { LoadedWallet } from '../wallet.js';
import { checkedLabel } from './wallet-command.js';

/** A label; empty when left out. @throws RpcFailure for the one name that is no label */
export function labelOf(value: JsonValue): string {
  return value === null ? '' : checkedLabel(asString(value));
}

/** An address of the wallet's network. @throws RpcFailure */
export function addressOf(wallet: LoadedWallet, text: string, message = 'Invalid Bitcoin address'): { readonly destination: Destination; readonly scriptPubKey: Uint8Array } {
  const decoded = wallet.decode(text);
  if (!decoded.ok) throw rpcError('invalidAddressOrKey', message);
  return decoded;
}

/** Whether to leave out coins of used addresses. @throws RpcFailure when asked for in a wallet without that feature */
export function avoidReuseOf(wallet: LoadedWallet, value: JsonValue): boolean {
  const canAvoid = wallet.hasFlag(WalletFlag.avoidReuse);
  const asked = value === null ? canAvoid : asBoolean(value);
  if (asked && !canAvoid) throw rpcError('wallet', 'wallet does not have the "avoid reuse" feature enabled');
  return asked;
}

/** @throws RpcFailure for a text that names no kind of address */
export function outputTypeOf(name: string): OutputType {
  const type = parseOutputType(name);
  if (type === undefined) throw rpcError('invalidAddressOrKey', `Unknown address type '${name}'`);
  return type;
}
