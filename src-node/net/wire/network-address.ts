import { isIPv4, isIPv6 } from 'node:net';
import { fromHex, toHex } from '../../../src-bitcoin/bytes/hex.js';
import { type ByteReader, DecodeError } from '../../../src-bitcoin/bytes/reader.js';
import type { ByteWriter } from '../../../src-bitcoin/bytes/writer.js';
import type { NetworkName } from '../../rpc/context.js';

/** Where a node can be reached. `host` is an IP address in text; other networks carry their bytes in hex. */
export interface NetworkAddress {
  readonly network: NetworkName;
  readonly host: string;
  readonly port: number;
}

/** An address with what was said about it. */
export interface AnnouncedAddress {
  readonly address: NetworkAddress;
  readonly services: bigint;
  /** Seconds since 1970 when it was last seen. */
  readonly time: number;
}

const mappedPrefix = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);
/** BIP155 network numbers, and the sizes of their addresses in bytes. */
const networks: ReadonlyMap<number, { readonly name: NetworkName; readonly size: number }> = new Map([
  [1, { name: 'ipv4', size: 4 }],
  [2, { name: 'ipv6', size: 16 }],
  [4, { name: 'onion', size: 32 }],
  [5, { name: 'i2p', size: 32 }],
  [6, { name: 'cjdns', size: 16 }],
]);
/** Tor's former addresses, which nobody answers to any more. */
const torV2 = { number: 3, size: 10 };
const maxAddressSize = 512;

function ipv4Bytes(host: string): Uint8Array {
  return Uint8Array.from(host.split('.'), Number);
}

function ipv6Bytes(host: string): Uint8Array {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  const text = dotted === null ? host : `${dotted[1]}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`;
  const [head = '', tail] = text.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

const pair = (high: string | undefined, low: string | undefined): string => (Number(high) * 256 + Number(low)).toString(16);

/** RFC 5952: lower case, the longest run of zero groups left out. */
function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

/** The address of 16 bytes as they stand in `version` and `addr`, where IPv4 is mapped into IPv6. */
export function addressOf16(bytes: Uint8Array, port: number): NetworkAddress {
  const mapped = mappedPrefix.every((byte, i) => bytes[i] === byte);
  return mapped
    ? { network: 'ipv4', host: bytes.subarray(12).join('.'), port }
    : { network: 'ipv6', host: ipv6Text(bytes), port };
}

/** 16 bytes as they stand in `version` and `addr`: IPv4 mapped into IPv6, zero for other networks. */
export function bytes16(address: NetworkAddress | undefined): Uint8Array {
  if (address?.network === 'ipv6') return ipv6Bytes(address.host);
  if (address?.network !== 'ipv4') return new Uint8Array(16);
  return Uint8Array.of(...mappedPrefix, ...ipv4Bytes(address.host));
}

/** An IP address and port; undefined when the text is no IP address. Mapped IPv4 becomes IPv4. */
export function ipAddress(host: string, port: number): NetworkAddress | undefined {
  if (isIPv4(host)) return { network: 'ipv4', host, port };
  const bare = host.replace(/%.*$/, '');
  return isIPv6(bare) ? addressOf16(ipv6Bytes(bare), port) : undefined;
}

/** `host:port`, IPv6 hosts in brackets. */
export function formatAddress({ network, host, port }: NetworkAddress): string {
  return network === 'ipv6' ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Addresses of this machine or its own network: never relayed and not discouraged. */
export function isLocalAddress({ network, host }: NetworkAddress): boolean {
  return network === 'ipv4' ? host.startsWith('127.') || host.startsWith('0.') : host === '::1';
}

/** Addresses that everybody can reach. */
export function isRoutable(address: NetworkAddress): boolean {
  const { network, host } = address;
  if (network === 'not_publicly_routable' || isLocalAddress(address)) return false;
  if (network === 'ipv6') return !/^(fe[89ab]|f[cd]|2001:db8:|::$)/.test(host);
  if (network !== 'ipv4') return true;
  const [a = 0, b = 0] = host.split('.').map(Number);
  return !(a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b <= 127) || a >= 224);
}

/** Services, 16 address bytes, port: as `version` and `addr` carry it. */
export function writeAddressV1(writer: ByteWriter, address: NetworkAddress | undefined, services: bigint): void {
  writer.u64(services).bytes(bytes16(address)).u16be(address?.port ?? 0);
}

export function readAddressV1(reader: ByteReader): { readonly address: NetworkAddress; readonly services: bigint } {
  const services = reader.u64();
  const bytes = reader.bytes(16);
  return { services, address: addressOf16(bytes, reader.u16be()) };
}

/** The bytes of a host in its own network. */
export function hostBytes({ network, host }: NetworkAddress): Uint8Array {
  if (network === 'ipv4') return ipv4Bytes(host);
  return network === 'ipv6' ? ipv6Bytes(host) : fromHex(host);
}

/** BIP155: network, length and bytes of a host. */
export function writeHostV2(writer: ByteWriter, address: NetworkAddress): void {
  const [number = 2] = [...networks].find(([, { name }]) => name === address.network) ?? [];
  writer.u8(number).varBytes(hostBytes(address));
}

/** BIP155. */
export function writeAddressV2(writer: ByteWriter, { address, services, time }: AnnouncedAddress): void {
  writer.u32(time).compactSize(services);
  writeHostV2(writer, address);
  writer.u16be(address.port);
}

/** BIP155; undefined for networks that are unknown or gone. @throws DecodeError */
export function readAddressV2(reader: ByteReader): AnnouncedAddress | undefined {
  const time = reader.u32();
  const services = reader.compactSize64();
  const found = readHostV2(reader);
  const port = reader.u16be();
  return found === undefined ? undefined : { time, services, address: { ...found, port } };
}

/** The host of an address, with port 0; undefined for networks that are unknown or gone. @throws DecodeError */
export function readHostV2(reader: ByteReader): NetworkAddress | undefined {
  const number = reader.u8();
  const bytes = reader.varBytes();
  const network = networks.get(number);
  const size = number === torV2.number ? torV2.size : network?.size;
  if (bytes.length > maxAddressSize || (size !== undefined && bytes.length !== size)) {
    throw new DecodeError(`an address of ${bytes.length} bytes in network ${number}`);
  }
  if (network === undefined) return undefined;
  if (network.name === 'ipv4') return { network: 'ipv4', host: bytes.join('.'), port: 0 };
  if (network.name !== 'ipv6') return { network: network.name, host: toHex(bytes), port: 0 };
  const address = addressOf16(bytes, 0);
  // BIP155: IPv4 has its own number.
  return address.network === 'ipv6' ? address : undefined;
}

/** Whether the address has a place in `addr` and `version`, and this node can connect to it. */
export function isInternet({ network }: NetworkAddress): boolean {
  return network === 'ipv4' || network === 'ipv6';
}
