import type { AddressBook } from './address-book.js';
import { addressScores } from './local-addresses.js';
import { randomDelay, randomFraction, type NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import { decodeAddresses, encodeAddresses } from './wire/messages.js';
import { formatAddress, type AnnouncedAddress, type NetworkAddress } from './wire/network-address.js';

/** Addresses a peer may send per second, and at once. */
const addressesPerSecond = 0.1;
const addressBurst = 1000;
/** Only small batches of fresh addresses are passed on, each to a few peers. */
const maxForwarded = 10;
const fresh = 10 * 60;
const forwardTo = 2;
/** A peer's view of our address is told back to it in one of so many cases: less often when ours is certain. */
const viewShare = 2;
const viewShareWhenCertain = 8;

/** Exchanges addresses of nodes with peers. */
export class AddressRelay {
  readonly #context: NetworkContext;
  readonly #book: AddressBook;

  constructor(context: NetworkContext, book: AddressBook) {
    this.#context = context;
    this.#book = book;
  }

  /** After the handshake: peers we chose are asked for what they know. */
  start(peer: Peer): void {
    const { relay } = peer;
    relay.addressTokensAt = this.#context.monotonic();
    if (peer.inbound || peer.connectionType === 'block-relay-only') return;
    relay.addressRelay = true;
    relay.addressTokens += addressBurst;
    peer.send('getaddr');
    if (peer.version !== undefined) this.#book.connected(peer.address, peer.version.services, this.#context.now());
  }

  /** Answers once, and only who connected to us: others could learn whom we know. */
  requested(peer: Peer): void {
    if (!peer.inbound || peer.relay.addressesSent) return;
    peer.relay.addressRelay = true;
    peer.relay.addressesSent = true;
    const addresses = this.#book.sample(this.#context.now());
    if (addresses.length > 0) this.#send(peer, addresses);
  }

  /** Tells peers where this node is reached, once and then about daily, as soon as it is of use to anybody. */
  tick(peers: Iterable<Peer>): void {
    const { chainstate, listeningPort, monotonic, now, localServices, timing, log } = this.#context;
    if (listeningPort() === undefined || chainstate.initialDownload) return;
    for (const peer of peers) {
      if (!peer.relay.addressRelay || monotonic() < peer.relay.nextSelfAnnouncement) continue;
      peer.relay.nextSelfAnnouncement = monotonic() + randomDelay(this.#context, timing.selfAnnouncement);
      const address = this.#ownAddressFor(peer);
      if (address === undefined) continue;
      log?.debug('net', `Advertising address ${formatAddress(address)} to peer=${peer.id}`);
      this.#send(peer, [{ address, services: localServices, time: now() }]);
    }
  }

  #ownAddressFor(peer: Peer): NetworkAddress | undefined {
    const { localAddresses } = this.#context;
    const own = localAddresses.bestFor(peer.address);
    const view = peer.version?.receiver;
    if (localAddresses.trusts(peer.address, view)) {
      const share = own !== undefined && own.score > addressScores.manual ? viewShareWhenCertain : viewShare;
      const isTold = own === undefined || Math.floor(randomFraction(this.#context) * share) === 0;
      const port = peer.inbound ? view.port : (own?.address.port ?? this.#context.listeningPort());
      if (isTold && port !== undefined && port !== 0) return { ...view, port };
    }
    return own?.address;
  }

  #send(peer: Peer, addresses: readonly AnnouncedAddress[]): void {
    const { addressV2 } = peer.relay;
    peer.send(addressV2 ? 'addrv2' : 'addr', encodeAddresses(addresses, addressV2));
  }

  /** @throws DecodeError */
  received(peer: Peer, payload: Uint8Array, v2: boolean): void {
    const addresses = decodeAddresses(payload, v2);
    if (peer.connectionType === 'block-relay-only') return;
    const { relay } = peer;
    relay.addressRelay = true;
    this.#refill(peer);
    const now = this.#context.now();
    const accepted: AnnouncedAddress[] = [];
    for (const announced of addresses) {
      if (relay.addressTokens < 1) {
        relay.addressesLimited++;
        continue;
      }
      relay.addressTokens--;
      relay.addressesProcessed++;
      if (this.#book.add(announced, peer.address, now) && announced.time > now - fresh) accepted.push(announced);
    }
    if (addresses.length <= maxForwarded && accepted.length > 0) this.#forward(peer, accepted);
    if (peer.connectionType === 'addr-fetch' && addresses.length > 1) peer.disconnect('it sent its addresses');
  }

  #refill(peer: Peer): void {
    const { relay } = peer;
    const now = this.#context.monotonic();
    const grown = relay.addressTokens + ((now - relay.addressTokensAt) / 1000) * addressesPerSecond;
    if (relay.addressTokens < addressBurst) relay.addressTokens = Math.min(grown, addressBurst);
    relay.addressTokensAt = now;
  }

  #forward(from: Peer, addresses: readonly AnnouncedAddress[]): void {
    const others = [...this.#context.readyPeers()].filter((peer) => peer !== from && peer.relay.addressRelay);
    for (let i = 0; i < forwardTo && others.length > 0; i++) {
      const [peer] = others.splice(Math.floor(randomFraction(this.#context) * others.length), 1);
      if (peer !== undefined) this.#send(peer, addresses);
    }
  }
}
