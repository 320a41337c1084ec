import type { Logger } from '../../src-interfaces/logging.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';
import type { NetworkTiming } from './configuration.js';
import type { LocalAddresses } from './local-addresses.js';
import type { Peer } from './peer.js';

/** What the parts of the peer-to-peer network share. */
export interface NetworkContext {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  readonly timing: NetworkTiming;
  readonly log: Logger | undefined;
  readonly blocksOnly: boolean;
  readonly localServices: bigint;
  /** Where peers may reach this node. */
  readonly localAddresses: LocalAddresses;
  readonly userAgent: string;
  /** Chains with less total work are not worth syncing. */
  readonly minimumChainWork: bigint;
  /** Seconds since 1970. */
  now(): number;
  /** Milliseconds that only ever grow. */
  monotonic(): number;
  randomBytes(length: number): Uint8Array;
  /** Where connections are accepted; undefined for nowhere. */
  listeningPort(): number | undefined;
  /** Peers with a finished handshake. */
  readyPeers(): Iterable<Peer>;
  /** A peer broke the rules: it is disconnected and not welcome for a while. */
  misbehaved(peer: Peer, what: string): void;
}

/** A random number from 0 up to 1. */
export function randomFraction(context: Pick<NetworkContext, 'randomBytes'>): number {
  const bytes = context.randomBytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32;
}

/** A random waiting time with the given average, as between rare events. */
export function randomDelay(context: Pick<NetworkContext, 'randomBytes'>, average: number): number {
  return -Math.log(1 - randomFraction(context)) * average;
}

/** 64 random bits. */
export function randomNonce(context: Pick<NetworkContext, 'randomBytes'>): bigint {
  const bytes = context.randomBytes(8);
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
}
