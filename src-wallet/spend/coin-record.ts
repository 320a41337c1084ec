import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { DecodeError, type ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import type { TxOut } from '../../src-bitcoin/primitives/transaction.js';

/** Satoshis from the form without trailing zeros that coin records use. */
function decompressAmount(compressed: bigint): bigint {
  if (compressed === 0n) return 0n;
  let rest = compressed - 1n;
  const exponent = rest % 10n;
  rest /= 10n;
  const digits = exponent < 9n ? (rest / 9n) * 10n + (rest % 9n) + 1n : rest + 1n;
  return digits * 10n ** exponent;
}

function readScript(reader: ByteReader): Uint8Array {
  const kind = Number(reader.varInt());
  switch (kind) {
    case 0:
      return scriptPubKeyOf({ kind: 'pubkeyhash', hash: reader.bytes(20) });
    case 1:
      return scriptPubKeyOf({ kind: 'scripthash', hash: reader.bytes(20) });
    case 2:
    case 3:
      return scriptPubKeyOf({ kind: 'pubkey', pubkey: concatBytes(Uint8Array.of(kind), reader.bytes(32)) });
    case 4:
    case 5: {
      const pubkey = secp256k1.convertPublicKey(concatBytes(Uint8Array.of(kind - 2), reader.bytes(32)), false);
      if (pubkey === undefined) throw new DecodeError('a compressed public key is not valid');
      return scriptPubKeyOf({ kind: 'pubkey', pubkey });
    }
    default:
      return reader.bytes(kind - 6);
  }
}

/** The output in a serialized coin: height and coinbase flag, amount, script. */
export function readCoin(reader: ByteReader): TxOut {
  reader.varInt();
  const value = decompressAmount(reader.varInt());
  return { value, scriptPubKey: readScript(reader) };
}
