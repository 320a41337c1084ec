import type { PeerStatistics } from '../rpc/context.js';
import type { Peer } from './peer.js';
import { formatAddress, isRoutable } from './wire/network-address.js';

const toSeconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : milliseconds / 1000;

/** What there is to tell about a peer. @param monotonic milliseconds. */
export function statisticsOf(peer: Peer, monotonic: number): PeerStatistics {
  const { sync, relay, version } = peer;
  // Peers that do not know our address send zeros.
  const receiver = version?.receiver;
  return {
    id: peer.id,
    address: peer.inbound ? formatAddress(peer.address) : peer.name,
    bindAddress: peer.localAddress,
    localAddress: receiver === undefined || receiver.port === 0 ? undefined : formatAddress(receiver),
    network: isRoutable(peer.address) ? peer.address.network : 'not_publicly_routable',
    services: version?.services ?? 0n,
    relaysTransactions: version !== undefined && relay.wantsTransactions,
    lastInvSequence: relay.lastSequence,
    invToSend: relay.queue.size,
    lastSend: peer.lastSend,
    lastReceive: peer.lastReceive,
    lastTransaction: relay.lastTransactionTime,
    lastBlock: sync.lastBlockTime,
    bytesSent: peer.bytesSent,
    bytesReceived: peer.bytesReceived,
    connectedAt: peer.connectedAt,
    timeOffset: peer.timeOffset,
    pingTime: toSeconds(peer.pingTime),
    minPing: toSeconds(peer.minPing),
    pingWait: peer.ping === undefined ? undefined : toSeconds(monotonic - peer.ping.sentAt),
    version: version?.version ?? 0,
    userAgent: version?.userAgent ?? '',
    inbound: peer.inbound,
    highBandwidthTo: false,
    highBandwidthFrom: sync.highBandwidthFrom,
    startingHeight: version?.startHeight ?? -1,
    presyncedHeaders: sync.lowWork?.presyncedHeight ?? -1,
    syncedHeaders: sync.bestKnown?.height ?? -1,
    syncedBlocks: sync.lastCommon?.height ?? -1,
    inflight: [...sync.inflight.values()].map(({ index }) => index.height),
    addrRelayEnabled: relay.addressRelay,
    addrProcessed: relay.addressesProcessed,
    addrRateLimited: relay.addressesLimited,
    permissions: [],
    minFeeFilter: relay.feeFilter,
    bytesSentPerMessage: peer.bytesSentPerMessage,
    bytesReceivedPerMessage: peer.bytesReceivedPerMessage,
    connectionType: peer.connectionType,
    transport: 'v1',
    sessionId: '',
  };
}
