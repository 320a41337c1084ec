import { ByteWriter } from '../bytes/writer.js';
import { hash256 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';

/** What keeps a signed text from being a transaction. */
const magic = Uint8Array.from('Bitcoin Signed Message:\n', (letter) => letter.charCodeAt(0));

/** The hash that is signed for a text, which is given in UTF-8; 32 bytes. */
export function messageHash(message: Uint8Array): Uint8Array {
  const writer = new ByteWriter(64);
  for (const part of [magic, message]) writer.compactSize(part.length).bytes(part);
  return hash256(writer.finish());
}

/**
 * Signs a text, given in UTF-8, for the address of a public key.
 * @returns 65 bytes, from which the key can be recovered
 * @throws RangeError when the secret key is not valid
 */
export function signMessage(message: Uint8Array, secret: Uint8Array, isCompressed: boolean): Uint8Array {
  return secp256k1.signRecoverable(messageHash(message), secret, isCompressed);
}
