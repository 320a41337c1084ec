import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { Endpoint } from './configuration.js';
import { ipAddress, type NetworkAddress } from './wire/network-address.js';

/**
 * Splits `host`, `host:port`, `[ipv6]:port` or a bare IPv6 address.
 * @returns undefined when there is no host or the port is none.
 */
export function parseEndpoint(text: string, defaultPort: number): Endpoint | undefined {
  if (isIPv6(text)) return { host: text, port: defaultPort };
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || (match?.[1] !== undefined && !isIPv6(host))) return undefined;
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  return port >= 1 && port <= 65535 ? { host, port } : undefined;
}

/** IP addresses of a host name, or the address itself when it is one. Empty when the name is unknown. */
export async function resolveHost(host: string, port: number): Promise<NetworkAddress[]> {
  const direct = ipAddress(host, port);
  if (direct !== undefined) return [direct];
  try {
    const found = await lookup(host, { all: true });
    return found.flatMap(({ address }) => ipAddress(address, port) ?? []);
  } catch {
    return [];
  }
}
