/** Network addresses as text and as the bytes that cross processes (BIP155 address, then a big-endian port). */
import { sha3_256 } from '@noble/hashes/sha3.js';
import { base32nopad } from '@scure/base';
import { concatBytes, equalBytes } from '../bytes/bytes.js';
import { ByteReader, DecodeError } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';

const ipv4 = 1;
const ipv6 = 2;
const onion = 4;
const i2p = 5;
const cjdns = 6;

const onionSuffix = '.onion';
const i2pSuffix = '.b32.i2p';
const onionVersion = Uint8Array.of(3);
const onionLabel = Uint8Array.from('.onion checksum', (letter) => letter.charCodeAt(0));

/** Host and port of `host:port` or `[host]:port`; port 0 when there is none. */
export function splitHostPort(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text);
  if (match === null) return { host: text, port: 0 };
  return { host: match[1] ?? match[2] ?? '', port: Number(match[3] ?? 0) };
}

/** `host:port`; hosts with colons in brackets. */
export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function ipv4Bytes(host: string): Uint8Array | undefined {
  const parts = host.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return Uint8Array.from(parts, Number);
}

function ipv6Bytes(host: string): Uint8Array | undefined {
  const halves = host.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string): number[] => (half === '' ? [] : half.split(':').map((group) => (/^[0-9a-fA-F]{1,4}$/.test(group) ? Number.parseInt(group, 16) : -1)));
  const head = groups(halves[0] ?? '');
  const tail = groups(halves[1] ?? '');
  const missing = 8 - head.length - tail.length;
  if (missing < 0 || (halves.length === 1 && missing !== 0)) return undefined;
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail];
  if (all.includes(-1)) return undefined;
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** What stands before `suffix` in base 32; undefined for anything else. */
function base32Bytes(host: string, suffix: string): Uint8Array | undefined {
  const text = host.toLowerCase();
  if (!text.endsWith(suffix)) return undefined;
  try {
    return base32nopad.decode(text.slice(0, -suffix.length).toUpperCase());
  } catch {
    return undefined;
  }
}

const base32Text = (bytes: Uint8Array): string => base32nopad.encode(bytes).toLowerCase();

/** The name of a version 3 onion service: key, checksum, version. */
function onionName(key: Uint8Array): Uint8Array {
  const checksum = sha3_256(concatBytes(onionLabel, key, onionVersion)).subarray(0, 2);
  return concatBytes(key, checksum, onionVersion);
}

function onionKey(host: string): Uint8Array | undefined {
  const name = base32Bytes(host, onionSuffix);
  const key = name?.subarray(0, 32);
  return name !== undefined && key?.length === 32 && equalBytes(onionName(key), name) ? key : undefined;
}

/** The BIP155 bytes of an address: IPv4, IPv6, `.onion` (version 3) or `.b32.i2p`. Undefined when the text is none. */
export function netAddressOf(host: string): Uint8Array | undefined {
  const i2pHash = base32Bytes(host, i2pSuffix);
  const found: readonly (readonly [number, Uint8Array | undefined])[] = [
    [ipv4, ipv4Bytes(host)],
    [ipv6, ipv6Bytes(host)],
    [onion, onionKey(host)],
    [i2p, i2pHash?.length === 32 ? i2pHash : undefined],
  ];
  for (const [network, bytes] of found) if (bytes !== undefined) return Uint8Array.of(network, bytes.length, ...bytes);
  return undefined;
}

/** The BIP155 bytes of an address; an unset IPv6 address when the text is none. */
export function serializeNetAddress(host: string): Uint8Array {
  return netAddressOf(host) ?? Uint8Array.of(ipv6, 16, ...new Uint8Array(16));
}

/** Whether a text names no address, or the unset one: `::` or `0.0.0.0`. */
export function isUnsetAddress(host: string): boolean {
  const bytes = netAddressOf(host)?.subarray(2);
  return bytes === undefined || bytes.every((byte) => byte === 0);
}

/** Address and port of `host:port`. */
export function serializeService(text: string): Uint8Array {
  const { host, port } = splitHostPort(text);
  return new ByteWriter(24).bytes(serializeNetAddress(host)).u16be(port).finish();
}

/**
 * The text of BIP155 address bytes. Addresses of CJDNS look like those of IPv6.
 * @throws DecodeError for other networks than IPv4, IPv6, Tor (version 3), I2P and CJDNS
 */
export function parseNetAddress(bytes: Uint8Array): string {
  const reader = new ByteReader(bytes);
  const network = reader.u8();
  const address = reader.varBytes();
  if (network === ipv4 && address.length === 4) return address.join('.');
  if (network === onion && address.length === 32) return base32Text(onionName(address)) + onionSuffix;
  if (network === i2p && address.length === 32) return base32Text(address) + i2pSuffix;
  if ((network === ipv6 || network === cjdns) && address.length === 16) {
    const groups = Array.from({ length: 8 }, (_, i) => (((address[2 * i] ?? 0) << 8) | (address[2 * i + 1] ?? 0)).toString(16));
    return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
  }
  throw new DecodeError(`an address of ${address.length} bytes in network ${network}`);
}
