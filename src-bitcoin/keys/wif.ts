import { decodeBase58Check, encodeBase58Check } from '../bytes/base58.js';
import { concatBytes } from '../bytes/bytes.js';
import type { ChainParams } from '../params/chain-params.js';

/** A private key as wallets export it. */
export interface PrivateKey {
  /** 32 bytes, big endian. */
  readonly secret: Uint8Array;
  /** Whether its public key is written in 33 bytes rather than 65. */
  readonly compressed: boolean;
}

type WifParams = Pick<ChainParams, 'secretKeyPrefix'>;

/** Wallet import format of a private key. */
export function encodeWif(key: PrivateKey, params: WifParams): string {
  const tail = key.compressed ? Uint8Array.of(1) : new Uint8Array(0);
  return encodeBase58Check(concatBytes(Uint8Array.of(params.secretKeyPrefix), key.secret, tail));
}

/** The key in a wallet import format text; undefined when malformed or for another network. Does not check the range of the secret. */
export function decodeWif(text: string, params: WifParams): PrivateKey | undefined {
  const payload = decodeBase58Check(text, 34);
  if (payload === undefined || payload[0] !== params.secretKeyPrefix) return undefined;
  const compressed = payload.length === 34 && payload[33] === 1;
  if (!compressed && payload.length !== 33) return undefined;
  return { secret: payload.slice(1, 33), compressed };
}
