import { fromHex, isHex } from '../../src-bitcoin/bytes/hex.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { rpcError } from './codes.js';

/** A public key from hex. @throws RpcFailure that says what is wrong with it */
export function pubkeyOf(text: string): Uint8Array {
  const refuse = (problem: string): never => {
    throw rpcError('invalidAddressOrKey', `Pubkey "${text}" must ${problem}`);
  };
  if (text === '' || !isHex(text)) refuse('be a hex string');
  if (text.length !== 66 && text.length !== 130) refuse('have a length of either 33 or 65 bytes');
  const pubkey = fromHex(text);
  if (!secp256k1.isValidPublicKey(pubkey)) refuse('be cryptographically valid.');
  return pubkey;
}
