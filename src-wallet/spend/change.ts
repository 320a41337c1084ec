import { destinationOf } from '../../src-bitcoin/address/destination.js';
import type { OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import type { LoadedWallet } from '../wallet.js';
import type { CoinControl, Recipient } from './coin-control.js';

/** Where change would go. `keep` counts the address as used, once there is change. */
export type ChangeDestination =
  | { readonly ok: true; readonly script: Uint8Array; readonly keep: () => void }
  | { readonly ok: false; readonly error: string };

/** The kind of change address that stands out least among the recipients. */
export function changeTypeFor(wallet: LoadedWallet, recipients: readonly Recipient[], control: CoinControl): OutputType {
  const { settings } = wallet.context;
  const chosen = control.changeType ?? settings.changeType;
  if (chosen !== undefined) return chosen;
  if (settings.addressType === 'legacy') return 'legacy';
  const kinds = new Set(recipients.map(({ script }) => destinationOf(script)?.kind));
  const has = (type: OutputType): boolean => wallet.keyring.active(type, true) !== undefined;
  if (has('bech32m') && kinds.has('witness_v1_taproot')) return 'bech32m';
  if (has('bech32') && (kinds.has('witness_v0_keyhash') || kinds.has('witness_v0_scripthash'))) return 'bech32';
  // What a script hash stands for is not to be seen; nested segwit is the likeliest.
  if (has('p2sh-segwit') && kinds.has('scripthash')) return 'p2sh-segwit';
  if (has('legacy') && kinds.has('pubkeyhash')) return 'legacy';
  if (has('bech32m')) return 'bech32m';
  return has('bech32') ? 'bech32' : settings.addressType;
}

/** The script for change: a given one, or the next change address, which is not used up yet. */
export function changeDestination(wallet: LoadedWallet, recipients: readonly Recipient[], control: CoinControl): ChangeDestination {
  if (control.changeScript !== undefined) return { ok: true, script: control.changeScript, keep: () => undefined };
  const type = changeTypeFor(wallet, recipients, control);
  const descriptor = wallet.keyring.active(type, true);
  if (descriptor === undefined) return { ok: false, error: `Error: No ${type} addresses available.` };
  const next = wallet.change(() => wallet.keyring.peek(descriptor));
  if (next === undefined) return { ok: false, error: 'Error: Keypool ran out, please call keypoolrefill first' };
  return { ok: true, script: next.script, keep: () => wallet.keyring.handOut(descriptor, next.index) };
}
