/** Peers and bans through `getpeerinfo`, `disconnectnode`, `listbanned` and `setban`. */
import { parseNetAddress, serializeNetAddress, serializeService, splitHostPort } from '../../src-bitcoin/address/net-address.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { TransportProtocolType } from '../../src-interfaces/enums.js';
import type { PairUInt64 } from '../../src-interfaces/generated/common.js';
import type { NodeStats } from '../../src-interfaces/generated/node.js';
import { isJsonObject, JsonNumber, writeJson, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { RpcErrorCode } from '../../src-interfaces/rpc/codes.js';
import { asArray, asBigInt, asDouble, asInteger, asObject } from '../../src-interfaces/rpc/values.js';
import { connectionTypes, networks } from '../session/peers.js';
import { isRpcFailure, type RpcCaller } from './rpc-caller.js';

/** Marks a ping time that was never measured. */
const never = 0x7fff_ffff_ffff_ffffn;

/** Readers of the members of a peer: what a version of the node does not tell is none. */
class Members {
  readonly #peer: JsonObject;

  constructor(peer: JsonObject) {
    this.#peer = peer;
  }

  #number(name: string): JsonNumber | undefined {
    const value = this.#peer[name];
    return value instanceof JsonNumber ? value : undefined;
  }

  whole(name: string): bigint {
    const value = this.#number(name);
    return value === undefined ? 0n : asBigInt(value);
  }

  integer(name: string, otherwise = 0): number {
    const value = this.#number(name);
    return value === undefined ? otherwise : asInteger(value);
  }

  /** Seconds with decimals, in microseconds. */
  microseconds(name: string, otherwise = 0n): bigint {
    const value = this.#number(name);
    return value === undefined ? otherwise : BigInt(Math.round(asDouble(value) * 1_000_000));
  }

  text(name: string): string {
    const value = this.#peer[name];
    return typeof value === 'string' ? value : '';
  }

  flag(name: string): boolean {
    return this.#peer[name] === true;
  }

  heights(name: string): number[] {
    const value = this.#peer[name];
    return value === undefined ? [] : asArray(value).map((height) => asInteger(height));
  }

  counts(name: string): PairUInt64<string>[] {
    const value = this.#peer[name];
    return isJsonObject(value) ? Object.entries(value).map(([key, count]) => ({ key, value: asBigInt(count) })) : [];
  }
}

const transports: Readonly<Record<string, number>> = TransportProtocolType;

function nodeStats(value: JsonValue): NodeStats {
  const peer = new Members(asObject(value));
  const services = BigInt(`0x${peer.text('services') || '0'}`);
  const pingTime = peer.microseconds('pingtime');
  const startingHeight = peer.integer('startingheight', -1);
  return {
    nodeid: peer.whole('id'),
    lastSend: peer.whole('lastsend'),
    lastRecv: peer.whole('lastrecv'),
    lastTXTime: peer.whole('last_transaction'),
    lastBlockTime: peer.whole('last_block'),
    timeConnected: peer.whole('conntime'),
    addrName: peer.text('addr'),
    version: peer.integer('version'),
    cleanSubVer: peer.text('subver'),
    inbound: peer.flag('inbound'),
    bip152HighbandwidthTo: peer.flag('bip152_hb_to'),
    bip152HighbandwidthFrom: peer.flag('bip152_hb_from'),
    startingHeight,
    sendBytes: peer.whole('bytessent'),
    sendBytesPerMsgType: peer.counts('bytessent_per_msg'),
    recvBytes: peer.whole('bytesrecv'),
    recvBytesPerMsgType: peer.counts('bytesrecv_per_msg'),
    permissionFlags: 0,
    pingTime,
    minPingTime: peer.microseconds('minping', never),
    addrLocal: peer.text('addrlocal'),
    addr: new ByteWriter(40).u32(0).compactSize(services).bytes(serializeService(peer.text('addr'))).finish(),
    addrBind: serializeService(peer.text('addrbind')),
    network: Math.max(0, networks.indexOf(peer.text('network'))),
    mappedAs: peer.integer('mapped_as'),
    connType: Math.max(0, connectionTypes.indexOf(peer.text('connection_type'))),
    transportType: transports[peer.text('transport_protocol_type')] ?? TransportProtocolType.detecting,
    sessionId: peer.text('session_id'),
    stateStats: {
      syncHeight: peer.integer('synced_headers', -1),
      commonHeight: peer.integer('synced_blocks', -1),
      startingHeight,
      pingWait: peer.microseconds('pingwait'),
      heightInFlight: peer.heights('inflight'),
      addressesProcessed: peer.whole('addr_processed'),
      addressesRateLimited: peer.whole('addr_rate_limited'),
      addressRelayEnabled: peer.flag('addr_relay_enabled'),
      theirServices: services,
      presyncHeight: BigInt(peer.integer('presynced_headers', -1)),
      timeOffset: peer.whole('timeoffset'),
    },
  };
}

export async function peerStats(rpc: RpcCaller): Promise<NodeStats[]> {
  return asArray(await rpc.call('getpeerinfo')).map(nodeStats);
}

/** @returns false when there is no such peer */
export async function disconnectPeer(rpc: RpcCaller, id: bigint): Promise<boolean> {
  try {
    await rpc.call('disconnectnode', '', id);
    return true;
  } catch (error) {
    if (isRpcFailure(error, RpcErrorCode.clientNodeNotConnected)) return false;
    throw error;
  }
}

/** Disconnects every peer at a network address (BIP155 serialization), whatever its port. */
export async function disconnectHost(rpc: RpcCaller, address: Uint8Array): Promise<boolean> {
  // An address that is none, as of a peer on another kind of network, is nobody's.
  if (equalBytes(address, serializeNetAddress(''))) return false;
  const there = (await peerStats(rpc)).filter((peer) => equalBytes(serializeNetAddress(splitHostPort(peer.addrName).host), address));
  const outcomes = await Promise.all(there.map((peer) => disconnectPeer(rpc, peer.nodeid)));
  return outcomes.includes(true);
}

/** The ban list as the Node interface has it. */
export async function banList(rpc: RpcCaller): Promise<string> {
  const bans = asArray(await rpc.call('listbanned')).map(asObject);
  return writeJson(bans.map(({ ban_created, banned_until, address }) => ({ version: 1, ban_created, banned_until, address })));
}

/** @param seconds 0 is the node's default. @returns false when the node refuses */
export async function banHost(rpc: RpcCaller, address: Uint8Array, seconds: bigint): Promise<boolean> {
  try {
    await rpc.call('setban', parseNetAddress(address), 'add', seconds);
    return true;
  } catch (error) {
    if (isRpcFailure(error, RpcErrorCode.clientNodeAlreadyAdded)) return true;
    if (isRpcFailure(error, RpcErrorCode.clientInvalidIpOrSubnet)) return false;
    throw error;
  }
}

/** @returns false when it was not banned */
export async function liftBan(rpc: RpcCaller, subnet: string): Promise<boolean> {
  try {
    await rpc.call('setban', subnet, 'remove');
    return true;
  } catch (error) {
    if (isRpcFailure(error, RpcErrorCode.clientInvalidIpOrSubnet)) return false;
    throw error;
  }
}
