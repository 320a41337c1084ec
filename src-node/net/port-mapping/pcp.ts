/** Port Control Protocol (RFC 6887): the MAP request and its response. Numbers are big-endian. */
import { equalBytes } from '../../../src-bitcoin/bytes/bytes.js';
import { addressOf16, bytes16, type NetworkAddress } from '../wire/network-address.js';
import type { Reading } from './mapping.js';

const version = 2;
const natPmpVersion = 0;
const mapOperation = 1;
const responseBit = 0x80;
const tcp = 6;
/** Section 7.1 and 11.1: both parts of the message have a fixed size. */
const headerSize = 24;
const messageSize = headerSize + 36;
const unsupportedVersion = 1;

/** Bytes of the number that proves a later request to come from who made the mapping. */
export const nonceSize = 12;

/** Section 7.4. */
export const pcpResults = [
  'SUCCESS',
  'UNSUPP_VERSION',
  'NOT_AUTHORIZED',
  'MALFORMED_REQUEST',
  'UNSUPP_OPCODE',
  'UNSUPP_OPTION',
  'MALFORMED_OPTION',
  'NETWORK_FAILURE',
  'NO_RESOURCES',
  'UNSUPP_PROTOCOL',
  'USER_EX_QUOTA',
  'CANNOT_PROVIDE_EXTERNAL',
  'ADDRESS_MISMATCH',
  'EXCESSIVE_REMOTE_PEER',
] as const;

/** Which port is to be mapped. */
export interface PcpRequest {
  readonly nonce: Uint8Array;
  /** Where we are reached, and the port of the router that is wished for. */
  readonly internal: NetworkAddress;
  /** The address of the router that is wished for; 0.0.0.0 for any. */
  readonly wished: NetworkAddress;
  /** Seconds; 0 ends the mapping. */
  readonly lifetime: number;
}

export type PcpAnswer =
  /** The router speaks NAT-PMP alone. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'result'; readonly code: number; readonly lifetime: number; readonly external: NetworkAddress };

/** The MAP request for a TCP port. */
export function encodePcpRequest({ nonce, internal, wished, lifetime }: PcpRequest): Uint8Array {
  const message = new Uint8Array(messageSize);
  const view = new DataView(message.buffer);
  message[0] = version;
  message[1] = mapOperation;
  view.setUint32(4, lifetime);
  message.set(bytes16(internal), 8);
  message.set(nonce, headerSize);
  message[headerSize + 12] = tcp;
  view.setUint16(headerSize + 16, internal.port);
  view.setUint16(headerSize + 18, internal.port);
  message.set(bytes16(wished), headerSize + 20);
  return message;
}

/** What a datagram from the router means for a request. */
export function readPcpResponse(response: Uint8Array, { nonce, internal }: PcpRequest): Reading<PcpAnswer> {
  const other = (reason: string): Reading<PcpAnswer> => ({ kind: 'other', reason });
  const view = new DataView(response.buffer, response.byteOffset, response.byteLength);
  // RFC 6886, 3.5: a router of the older protocol answers so to what it does not know.
  if (response.length === 8 && response[0] === natPmpVersion && view.getUint16(2) === unsupportedVersion) {
    return { kind: 'answer', answer: { kind: 'unsupported' } };
  }
  if (response.length < messageSize) return other('Response too small');
  if (response[0] !== version || response[1] !== (responseBit | mapOperation)) return other('Response to wrong command');
  if (!equalBytes(response.subarray(headerSize, headerSize + nonceSize), nonce)) return other('Mapping nonce mismatch');
  if (response[headerSize + 12] !== tcp || view.getUint16(headerSize + 16) !== internal.port) {
    return other('Response protocol or port doesn’t match request');
  }
  const external = addressOf16(response.slice(headerSize + 20, messageSize), view.getUint16(headerSize + 18));
  return { kind: 'answer', answer: { kind: 'result', code: view.getUint8(3), lifetime: view.getUint32(4), external } };
}
