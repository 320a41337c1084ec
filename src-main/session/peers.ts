/** Peers and bans as the window shows them. */
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { parseNetAddress } from '../../src-bitcoin/address/net-address.js';
import type { Ban, Peer } from '../../src-interfaces/facade.js';
import type { NodeStats } from '../../src-interfaces/generated/node.js';

export const connectionTypes: readonly string[] = ['inbound', 'outbound-full-relay', 'manual', 'feeler', 'block-relay-only', 'addr-fetch', 'private-broadcast'];
export const networks: readonly string[] = ['not_publicly_routable', 'ipv4', 'ipv6', 'onion', 'i2p', 'cjdns', 'internal'];
const serviceNames: readonly (readonly [bigint, string])[] = [
  [0n, 'NETWORK'],
  [2n, 'BLOOM'],
  [3n, 'WITNESS'],
  [6n, 'COMPACT_FILTERS'],
  [10n, 'NETWORK_LIMITED'],
  [11n, 'P2P_V2'],
];

function servicesOf(stats: NodeStats): bigint {
  if (stats.stateStats !== undefined) return stats.stateStats.theirServices;
  try {
    const reader = new ByteReader(stats.addr);
    reader.u32();
    return reader.compactSize64();
  } catch {
    return 0n;
  }
}

export function shownPeer(stats: NodeStats): Peer {
  const services = servicesOf(stats);
  return {
    id: Number(stats.nodeid),
    address: stats.addrName,
    direction: stats.inbound ? 'inbound' : 'outbound',
    connectionType: connectionTypes[stats.connType] ?? 'unknown',
    transport: stats.transportType === 1 ? 'v1' : stats.transportType === 2 ? 'v2' : 'detecting',
    network: networks[stats.network] ?? 'unknown',
    userAgent: stats.cleanSubVer,
    version: stats.version,
    services: serviceNames.filter(([bit]) => ((services >> bit) & 1n) === 1n).map(([, name]) => name),
    connectedAt: Number(stats.timeConnected),
    pingMilliseconds: stats.pingTime > 0n ? Number(stats.pingTime) / 1000 : null,
    receivedBytes: Number(stats.recvBytes),
    sentBytes: Number(stats.sendBytes),
    startingHeight: stats.startingHeight,
    syncedBlocks: stats.stateStats?.commonHeight ?? -1,
    relaysTransactions: connectionTypes[stats.connType] !== 'block-relay-only',
  };
}

/** The ban list from the node's JSON; entries that make no sense are left out. */
export function shownBans(json: string): Ban[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): Ban[] => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { address, banned_until: until } = entry as Readonly<Record<string, unknown>>;
    return typeof address === 'string' && typeof until === 'number' ? [{ subnet: address, until }] : [];
  });
}

/** An address of our own as `host:port`; none for networks this window has no text for. */
export function shownLocalAddress(address: Uint8Array, port: number): string[] {
  try {
    const host = parseNetAddress(address);
    return [host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`];
  } catch {
    return [];
  }
}
