import { decodeBase58, decodeBase58Check, encodeBase58Check } from '../bytes/base58.js';
import { decodeBech32, encodeBech32, findBech32Fault, fromFiveBits, toFiveBits } from '../bytes/bech32.js';
import { concatBytes } from '../bytes/bytes.js';
import type { ChainParams } from '../params/chain-params.js';
import { destinationOf, destinationOfWitness, scriptPubKeyOf, type Destination } from './destination.js';

/** What makes addresses of one network differ from those of another. */
export type AddressParams = Pick<ChainParams, 'bech32Prefix' | 'pubkeyHashPrefix' | 'scriptHashPrefix'>;

export type DecodedAddress =
  | { readonly ok: true; readonly destination: Destination; readonly scriptPubKey: Uint8Array }
  | {
      readonly ok: false;
      /** Bitcoin Core's words. */
      readonly error: string;
      /** Positions of wrong characters, from 0, as far as they can be told. */
      readonly locations: readonly number[];
    };

const maxProgramLength = 40;
const hashLength = 20;

const refuse = (error: string, locations: readonly number[] = []): DecodedAddress => ({ ok: false, error, locations });

const accept = (destination: Destination): DecodedAddress => ({
  ok: true,
  destination,
  scriptPubKey: scriptPubKeyOf(destination),
});

function decodeBase58Address(text: string, params: AddressParams): DecodedAddress {
  const payload = decodeBase58Check(text, hashLength + 1);
  if (payload === undefined) {
    return decodeBase58(text, 100) === undefined
      ? refuse('Invalid or unsupported Segwit (Bech32) or Base58 encoding.')
      : refuse('Invalid checksum or length of Base58 address (P2PKH or P2SH)');
  }
  const prefix = payload[0];
  const known = prefix === params.pubkeyHashPrefix || prefix === params.scriptHashPrefix;
  if (!known) return refuse('Invalid or unsupported Base58-encoded address.');
  if (payload.length !== hashLength + 1) return refuse('Invalid length for Base58 address (P2PKH or P2SH)');
  const hash = payload.slice(1);
  return accept({ kind: prefix === params.pubkeyHashPrefix ? 'pubkeyhash' : 'scripthash', hash });
}

function decodeWitnessAddress(text: string, params: AddressParams): DecodedAddress {
  const decoded = decodeBech32(text);
  if (decoded === undefined) {
    const fault = findBech32Fault(text);
    return refuse(fault.message, fault.locations);
  }
  const [version, ...rest] = decoded.data;
  if (version === undefined) return refuse('Empty Bech32 data section');
  if (decoded.prefix !== params.bech32Prefix) {
    return refuse(
      `Invalid or unsupported prefix for Segwit (Bech32) address (expected ${params.bech32Prefix}, got ${decoded.prefix}).`,
    );
  }
  if (version === 0 && decoded.encoding !== 'bech32') return refuse('Version 0 witness address must use Bech32 checksum');
  if (version !== 0 && decoded.encoding !== 'bech32m') return refuse('Version 1+ witness address must use Bech32m checksum');
  const program = fromFiveBits(rest);
  if (program === undefined) return refuse('Invalid padding in Bech32 data section');
  const size = `(${program.length} ${program.length === 1 ? 'byte' : 'bytes'})`;
  if (version > 16) return refuse('Invalid Bech32 address witness version');
  if (version > 0 && (program.length < 2 || program.length > maxProgramLength)) {
    return refuse(`Invalid Bech32 address program size ${size}`);
  }
  const destination = destinationOfWitness(version, program);
  if (destination === undefined) return refuse(`Invalid Bech32 v0 address program size ${size}, per BIP141`);
  return accept(destination);
}

/** Reads an address (Base58Check, Bech32 or Bech32m) of one network. */
export function decodeAddress(text: string, params: AddressParams): DecodedAddress {
  const prefix = text.slice(0, params.bech32Prefix.length).toLowerCase();
  return prefix === params.bech32Prefix ? decodeWitnessAddress(text, params) : decodeBase58Address(text, params);
}

/** The address of a destination; undefined for a bare public key, which has none. */
export function encodeDestination(destination: Destination, params: AddressParams): string | undefined {
  switch (destination.kind) {
    case 'pubkey':
      return undefined;
    case 'pubkeyhash':
      return encodeBase58Check(concatBytes(Uint8Array.of(params.pubkeyHashPrefix), destination.hash));
    case 'scripthash':
      return encodeBase58Check(concatBytes(Uint8Array.of(params.scriptHashPrefix), destination.hash));
    default: {
      const script = scriptPubKeyOf(destination);
      const version = script[0] === 0 ? 0 : (script[0] ?? 0) - 0x50;
      const data = [version, ...toFiveBits(script.subarray(2))];
      return encodeBech32(version === 0 ? 'bech32' : 'bech32m', params.bech32Prefix, data);
    }
  }
}

/** The address that stands for an output script, or undefined when there is none. */
export function encodeAddress(scriptPubKey: Uint8Array, params: AddressParams): string | undefined {
  const destination = destinationOf(scriptPubKey);
  return destination === undefined ? undefined : encodeDestination(destination, params);
}
