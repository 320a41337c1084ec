/** Network addresses as text and as the bytes that cross processes (BIP155 address, then a big-endian port). */
import { ByteReader, DecodeError } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';

const ipv4 = 1;
const ipv6 = 2;

/** Host and port of `host:port` or `[host]:port`; port 0 when there is none. */
export function splitHostPort(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text);
  if (match === null) return { host: text, port: 0 };
  return { host: match[1] ?? match[2] ?? '', port: Number(match[3] ?? 0) };
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

/** The BIP155 bytes of an IP address; an unset IPv6 address for anything else. */
export function serializeNetAddress(host: string): Uint8Array {
  const v4 = ipv4Bytes(host);
  if (v4 !== undefined) return Uint8Array.of(ipv4, 4, ...v4);
  return Uint8Array.of(ipv6, 16, ...(ipv6Bytes(host) ?? new Uint8Array(16)));
}

/** Address and port of `host:port`. */
export function serializeService(text: string): Uint8Array {
  const { host, port } = splitHostPort(text);
  return new ByteWriter(24).bytes(serializeNetAddress(host)).u16be(port).finish();
}

/**
 * The text of BIP155 address bytes.
 * @throws DecodeError for networks that are not IP.
 */
export function parseNetAddress(bytes: Uint8Array): string {
  const reader = new ByteReader(bytes);
  const network = reader.u8();
  const address = reader.varBytes();
  if (network === ipv4 && address.length === 4) return address.join('.');
  if (network === ipv6 && address.length === 16) {
    const groups = Array.from({ length: 8 }, (_, i) => (((address[2 * i] ?? 0) << 8) | (address[2 * i + 1] ?? 0)).toString(16));
    return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
  }
  throw new DecodeError(`network ${network} is not an IP network`);
}
