/** Addresses as people read them, and destinations as the wallet interface carries them. */
import { encodeDestination, decodeAddress } from '../../src-bitcoin/address/address.js';
import { destinationOf } from '../../src-bitcoin/address/destination.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { fromTxDestination, toTxDestination } from '../../src-interfaces/destination.js';
import type { TxDestination } from '../../src-interfaces/generated/wallet.js';
import { FacadeFailure } from '../bridge/facade-failure.js';

/** Address of a destination; '' when it has none. */
export function addressText(destination: TxDestination, params: ChainParams): string {
  const known = fromTxDestination(destination);
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
  const destination = toTxDestination(decoded.destination);
  if (destination === undefined) throw new FacadeFailure('invalid-address', 'This wallet cannot pay to this kind of address.', { field });
  return destination;
}
