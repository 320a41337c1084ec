import type { AddedNode, PeerStatistics } from '../rpc/context.js';
import type { Peer } from './peer.js';
import { statisticsOf } from './peer-statistics.js';
import { formatAddress } from './wire/network-address.js';

/** Clocks of this many peers say what the difference to ours is; fewer say nothing. */
const minOffsets = 5;

/** The connected peers, and totals over all there ever were. */
export class PeerTable {
  readonly #peers = new Map<number, Peer>();
  #nextId = 0;
  #bytesSent = 0;
  #bytesReceived = 0;

  nextId(): number {
    return this.#nextId++;
  }

  add(peer: Peer): void {
    this.#peers.set(peer.id, peer);
  }

  /** False when it was removed before. */
  remove(peer: Peer): boolean {
    if (!this.#peers.delete(peer.id)) return false;
    this.#bytesSent += peer.bytesSent;
    this.#bytesReceived += peer.bytesReceived;
    return true;
  }

  get(id: number): Peer | undefined {
    return this.#peers.get(id);
  }

  /** By the name it was connected under, or its address. */
  find(name: string): Peer | undefined {
    return this.all().find((peer) => peer.name === name || formatAddress(peer.address) === name);
  }

  all(): Peer[] {
    return [...this.#peers.values()];
  }

  /** Peers with a finished handshake. */
  ready(): Peer[] {
    return this.all().filter((peer) => peer.ready && !peer.closed);
  }

  count(direction?: 'in' | 'out'): number {
    return direction === undefined ? this.#peers.size : this.all().filter((peer) => peer.inbound === (direction === 'in')).length;
  }

  totals(): { readonly bytesReceived: number; readonly bytesSent: number } {
    let [bytesReceived, bytesSent] = [this.#bytesReceived, this.#bytesSent];
    for (const peer of this.#peers.values()) {
      bytesReceived += peer.bytesReceived;
      bytesSent += peer.bytesSent;
    }
    return { bytesReceived, bytesSent };
  }

  /** Median difference of the clocks of peers we chose to ours, seconds; 0 while there are few. */
  get timeOffset(): number {
    const sorted = this.ready()
      .filter((peer) => !peer.inbound)
      .map((peer) => peer.timeOffset)
      .sort((a, b) => a - b);
    return sorted.length < minOffsets ? 0 : (sorted[sorted.length >> 1] ?? 0);
  }

  /** @param monotonic milliseconds */
  statistics(monotonic: number): PeerStatistics[] {
    return this.all().map((peer) => statisticsOf(peer, monotonic));
  }

  /** Which of some nodes are connected. */
  added(nodes: readonly string[]): AddedNode[] {
    return nodes.map((node) => {
      const peer = this.find(node);
      return { node, connected: peer === undefined ? undefined : { address: formatAddress(peer.address), inbound: peer.inbound } };
    });
  }
}
