import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { signMessage } from '../../src-bitcoin/sign/signed-message.js';
import type { LoadedWallet } from '../wallet.js';

/**
 * Signs a text with the key behind a pay-to-pubkey-hash address.
 * @param hash HASH160 of the public key
 * @returns base64; undefined when the wallet has no such key, or is locked
 */
export function signWithKeyOf(wallet: LoadedWallet, hash: Uint8Array, message: string): string | undefined {
  const known = wallet.keyring.solve(scriptPubKeyOf({ kind: 'pubkeyhash', hash }), { secrets: true });
  const pubkey = known.pubkey(hash);
  const secret = pubkey === undefined ? undefined : known.secret(pubkey);
  if (pubkey === undefined || secret === undefined) return undefined;
  return Buffer.from(signMessage(Buffer.from(message), secret, pubkey.length === 33)).toString('base64');
}
