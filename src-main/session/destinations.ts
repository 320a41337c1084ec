/** Addresses as people read them, and destinations as the wallet interface carries them. */
import { encodeDestination, decodeAddress } from '../../src-bitcoin/address/address.js';
import { destinationOf, type Destination } from '../../src-bitcoin/address/destination.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { TxDestination } from '../../src-interfaces/generated/wallet.js';
import { FacadeFailure } from '../bridge/facade-failure.js';

function toWire(destination: Destination): TxDestination | undefined {
  switch (destination.kind) {
    case 'pubkey':
      return { pubKey: destination.pubkey };
    case 'pubkeyhash':
      return { pkHash: destination.hash };
    case 'scripthash':
      return { scriptHash: destination.hash };
    case 'witness_v0_keyhash':
      return { witnessV0KeyHash: destination.hash };
    case 'witness_v0_scripthash':
      return { witnessV0ScriptHash: destination.hash };
    case 'witness_v1_taproot':
      return { witnessV1Taproot: destination.outputKey };
    case 'witness_unknown':
      return { witnessUnknown: { version: destination.version, program: destination.program } };
    case 'anchor':
      // The wire has no form for pay-to-anchor.
      return undefined;
  }
}

function fromWire(destination: TxDestination): Destination | undefined {
  if (destination.pubKey !== undefined) return { kind: 'pubkey', pubkey: destination.pubKey };
  if (destination.pkHash !== undefined) return { kind: 'pubkeyhash', hash: destination.pkHash };
  if (destination.scriptHash !== undefined) return { kind: 'scripthash', hash: destination.scriptHash };
  if (destination.witnessV0ScriptHash !== undefined) return { kind: 'witness_v0_scripthash', hash: destination.witnessV0ScriptHash };
  if (destination.witnessV0KeyHash !== undefined) return { kind: 'witness_v0_keyhash', hash: destination.witnessV0KeyHash };
  if (destination.witnessV1Taproot !== undefined) return { kind: 'witness_v1_taproot', outputKey: destination.witnessV1Taproot };
  if (destination.witnessUnknown !== undefined) return { kind: 'witness_unknown', ...destination.witnessUnknown };
  return undefined;
}

/** Address of a destination; '' when it has none. */
export function addressText(destination: TxDestination, params: ChainParams): string {
  const known = fromWire(destination);
  return known === undefined ? '' : (encodeDestination(known, params) ?? '');
}

/** Address of an output script; '' when it has none. */
export function scriptAddress(scriptPubKey: Uint8Array, params: ChainParams): string {
  const destination = destinationOf(scriptPubKey);
  return destination === undefined ? '' : (encodeDestination(destination, params) ?? '');
}

/**
 * The destination an address stands for.
 * @param field argument to blame when it is not an address of this network
 */
export function destinationOfAddress(address: string, params: ChainParams, field: string): TxDestination {
  const decoded = decodeAddress(address.trim(), params);
  if (!decoded.ok) throw new FacadeFailure('invalid-address', `This is not an address on this network: ${decoded.error}`, { field });
  const destination = toWire(decoded.destination);
  if (destination === undefined) throw new FacadeFailure('invalid-address', 'This wallet cannot pay to this kind of address.', { field });
  return destination;
}
