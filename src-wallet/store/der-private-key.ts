import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { fromHex } from '../../src-bitcoin/bytes/hex.js';

/**
 * SEC1 ECPrivateKey with the curve's parameters spelled out, as wallet files keep private keys:
 * version 1, secret, [0] parameters (prime field, a = 0, b = 7, generator, order, cofactor 1), [1] public key.
 */
const parameters = (compressed: boolean): Uint8Array => {
  const generator = compressed
    ? '02 79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
    : '04 79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798 483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8';
  const field = `302c 0607 2a8648ce3d0101 0221 00${'ff'.repeat(27)}fefffffc2f`;
  const order = '0221 00fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
  const point = compressed ? `0421${generator}` : `0441${generator}`;
  const body = `020101 ${field} 3006 040100 040107 ${point} ${order} 020101`;
  const head = compressed ? 'a08185 308182' : 'a081a5 3081a2';
  return fromHex(`${head}${body}`.replaceAll(' ', ''));
};

const heads = { compressed: fromHex('3081d30201010420'), uncompressed: fromHex('308201130201010420') };
const keyHeads = { compressed: fromHex('a124032200'), uncompressed: fromHex('a144034200') };

/** The DER bytes of a secret and its public key (33 or 65 bytes): 214 or 279 bytes. */
export function encodeDerPrivateKey(secret: Uint8Array, pubkey: Uint8Array): Uint8Array {
  const form = pubkey.length === 33 ? 'compressed' : 'uncompressed';
  return concatBytes(heads[form], secret, parameters(form === 'compressed'), keyHeads[form], pubkey);
}

/** The 32 secret bytes; undefined when the bytes are not such a structure. */
export function decodeDerPrivateKey(der: Uint8Array): Uint8Array | undefined {
  if (der.length === 214) return der.slice(8, 40);
  if (der.length === 279) return der.slice(9, 41);
  return undefined;
}
