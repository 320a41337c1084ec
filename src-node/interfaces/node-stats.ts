/** A peer's statistics in the form of the Node interface. */
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import type { NodeStats } from '../../src-interfaces/generated/node.js';
import { ConnectionType, Network, TransportProtocolType } from '../../src-interfaces/enums.js';
import type { NetworkName, PeerStatistics } from '../rpc/context.js';
import { serializeService } from '../../src-bitcoin/address/net-address.js';

const connectionTypes: Readonly<Record<PeerStatistics['connectionType'], number>> = {
  inbound: ConnectionType.inbound,
  'outbound-full-relay': ConnectionType.outboundFullRelay,
  manual: ConnectionType.manual,
  feeler: ConnectionType.feeler,
  'block-relay-only': ConnectionType.blockRelay,
  'addr-fetch': ConnectionType.addrFetch,
  'private-broadcast': ConnectionType.privateBroadcast,
};
const networks: Readonly<Record<NetworkName, number>> = {
  not_publicly_routable: Network.unroutable,
  ipv4: Network.ipv4,
  ipv6: Network.ipv6,
  onion: Network.onion,
  i2p: Network.i2p,
  cjdns: Network.cjdns,
};

/** Marks a ping time that was never measured. */
const never = 0x7fffffffffffffffn;
const microseconds = (seconds: number): bigint => BigInt(Math.round(seconds * 1_000_000));
const perType = (counts: ReadonlyMap<string, number>): NodeStats['sendBytesPerMsgType'] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value: BigInt(value) }));

export function nodeStats(peer: PeerStatistics): NodeStats {
  const address = new ByteWriter(40).u32(0).compactSize(peer.services).bytes(serializeService(peer.address)).finish();
  return {
    nodeid: BigInt(peer.id),
    lastSend: BigInt(peer.lastSend),
    lastRecv: BigInt(peer.lastReceive),
    lastTXTime: BigInt(peer.lastTransaction),
    lastBlockTime: BigInt(peer.lastBlock),
    timeConnected: BigInt(peer.connectedAt),
    addrName: peer.address,
    version: peer.version,
    cleanSubVer: peer.userAgent,
    inbound: peer.inbound,
    bip152HighbandwidthTo: peer.highBandwidthTo,
    bip152HighbandwidthFrom: peer.highBandwidthFrom,
    startingHeight: peer.startingHeight,
    sendBytes: BigInt(peer.bytesSent),
    sendBytesPerMsgType: perType(peer.bytesSentPerMessage),
    recvBytes: BigInt(peer.bytesReceived),
    recvBytesPerMsgType: perType(peer.bytesReceivedPerMessage),
    permissionFlags: 0,
    pingTime: peer.pingTime === undefined ? 0n : microseconds(peer.pingTime),
    minPingTime: peer.minPing === undefined ? never : microseconds(peer.minPing),
    addrLocal: peer.localAddress ?? '',
    addr: address,
    addrBind: serializeService(peer.bindAddress ?? ''),
    network: networks[peer.network],
    mappedAs: 0,
    connType: connectionTypes[peer.connectionType],
    transportType: TransportProtocolType[peer.transport],
    sessionId: peer.sessionId,
    stateStats: {
      syncHeight: peer.syncedHeaders,
      commonHeight: peer.syncedBlocks,
      startingHeight: peer.startingHeight,
      pingWait: peer.pingWait === undefined ? 0n : microseconds(peer.pingWait),
      heightInFlight: peer.inflight,
      addressesProcessed: BigInt(peer.addrProcessed),
      addressesRateLimited: BigInt(peer.addrRateLimited),
      addressRelayEnabled: peer.addrRelayEnabled,
      theirServices: peer.services,
      presyncHeight: BigInt(peer.presyncedHeaders),
      timeOffset: BigInt(peer.timeOffset),
    },
  };
}
