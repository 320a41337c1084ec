import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { decodeU64, encodeU64 } from './wire/messages.js';
import { randomNonce, type NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';

/** Pings peers, measures how long they take, and gives up those that fall silent. */
export class KeepAlive {
  readonly #context: NetworkContext;
  readonly #nextPing = new WeakMap<Peer, number>();

  constructor(context: NetworkContext) {
    this.#context = context;
  }

  ping(peer: Peer): void {
    const sentAt = this.#context.monotonic();
    peer.ping = { nonce: randomNonce(this.#context) || 1n, sentAt };
    this.#nextPing.set(peer, sentAt + this.#context.timing.ping);
    peer.send('ping', encodeU64(peer.ping.nonce));
  }

  /** Answers with the same nonce. Very old peers send none and expect nothing. */
  pinged(peer: Peer, payload: Uint8Array): void {
    if (payload.length >= 8) peer.send('pong', new ByteWriter(8).bytes(payload.slice(0, 8)).finish());
  }

  /** @throws DecodeError */
  ponged(peer: Peer, payload: Uint8Array): void {
    const nonce = decodeU64(payload);
    if (peer.ping === undefined || peer.ping.nonce !== nonce) return;
    const time = Math.max(0, this.#context.monotonic() - peer.ping.sentAt);
    peer.ping = undefined;
    peer.pingTime = time;
    peer.minPing = Math.min(peer.minPing ?? time, time);
  }

  tick(peers: Iterable<Peer>): void {
    const now = this.#context.monotonic();
    const { timing } = this.#context;
    for (const peer of [...peers]) {
      if (!peer.ready) {
        if (now - peer.openedAt > timing.handshake) peer.disconnect('the handshake took too long');
      } else if (peer.ping !== undefined) {
        if (now - peer.ping.sentAt > timing.inactivity) peer.disconnect('no answer to ping');
      } else if (now >= (this.#nextPing.get(peer) ?? 0)) {
        this.ping(peer);
      }
    }
  }
}
