/** NAT Port Mapping Protocol (RFC 6886): requests and responses, for IPv4 alone. Numbers are big-endian. */
import type { Reading } from './mapping.js';

const version = 0;
const addressOperation = 0;
const mapTcpOperation = 2;
const responseBit = 0x80;
const addressResponseSize = 12;
const mapResponseSize = 16;

/** Section 3.5. */
export const natPmpResults = ['SUCCESS', 'UNSUPP_VERSION', 'NOT_AUTHORIZED', 'NETWORK_FAILURE', 'NO_RESOURCES', 'UNSUPP_OPCODE'] as const;

export interface NatPmpAddress {
  readonly code: number;
  /** The router's own address, in dotted text. */
  readonly host: string;
}

export interface NatPmpMapping {
  readonly code: number;
  readonly externalPort: number;
  /** Seconds. */
  readonly lifetime: number;
}

/** Section 3.2: asks for the router's own address. */
export function encodeAddressRequest(): Uint8Array {
  return Uint8Array.of(version, addressOperation);
}

/**
 * Section 3.3: asks for a TCP port.
 * @param lifetime seconds; 0 ends the mapping, for which no port may be wished (section 3.4).
 */
export function encodeMapRequest(port: number, lifetime: number): Uint8Array {
  const message = new Uint8Array(12);
  const view = new DataView(message.buffer);
  message[0] = version;
  message[1] = mapTcpOperation;
  view.setUint16(4, port);
  view.setUint16(6, lifetime === 0 ? 0 : port);
  view.setUint32(8, lifetime);
  return message;
}

function isResponse(response: Uint8Array, operation: number): boolean {
  return response[0] === version && response[1] === (responseBit | operation);
}

export function readAddressResponse(response: Uint8Array): Reading<NatPmpAddress> {
  if (response.length < addressResponseSize) return { kind: 'other', reason: 'Response too small' };
  if (!isResponse(response, addressOperation)) return { kind: 'other', reason: 'Response to wrong command' };
  const view = new DataView(response.buffer, response.byteOffset, response.byteLength);
  return { kind: 'answer', answer: { code: view.getUint16(2), host: response.subarray(8, addressResponseSize).join('.') } };
}

/** @param port the one asked for */
export function readMapResponse(response: Uint8Array, port: number): Reading<NatPmpMapping> {
  if (response.length < mapResponseSize) return { kind: 'other', reason: 'Response too small' };
  if (!isResponse(response, mapTcpOperation)) return { kind: 'other', reason: 'Response to wrong command' };
  const view = new DataView(response.buffer, response.byteOffset, response.byteLength);
  if (view.getUint16(8) !== port) return { kind: 'other', reason: 'Response port doesn’t match request' };
  return { kind: 'answer', answer: { code: view.getUint16(2), externalPort: view.getUint16(10), lifetime: view.getUint32(12) } };
}
