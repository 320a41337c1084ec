import { isRanged } from '../../src-bitcoin/descriptor/descriptor.js';
import { expandDescriptor } from '../../src-bitcoin/descriptor/expand.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';

/**
 * The one output script of a descriptor.
 * @throws RpcFailure for descriptors that stand for many scripts or need private keys.
 */
export function scriptFromDescriptor(
  text: string,
  params: ChainParams,
): { readonly ok: true; readonly script: Uint8Array } | { readonly ok: false; readonly error: string } {
  const parsed = parseDescriptor(text, params);
  if (!parsed.ok) return parsed;
  const [descriptor, another] = parsed.descriptors;
  if (another !== undefined) throw rpcError('invalidParameter', 'Multipath descriptor not accepted');
  if (isRanged(descriptor)) {
    throw rpcError('invalidParameter', 'Ranged descriptor not accepted. Maybe pass through deriveaddresses first?');
  }
  const scripts = expandDescriptor(descriptor, 0, { secrets: parsed.secrets }) ?? [];
  // combo() gives two scripts or four: P2PKH is the second, P2WPKH the third.
  const script = scripts.length === 4 ? scripts[2] : scripts.length === 2 ? scripts[1] : scripts[0];
  if (script === undefined) throw rpcError('invalidAddressOrKey', 'Cannot derive script without private keys');
  return { ok: true, script };
}
