import { formatAddress } from './wire/network-address.js';
import {
  decodeVersion,
  encodeSendCompact,
  encodeVersion,
  minPeerVersion,
  protocolVersion,
  services,
  type VersionMessage,
} from './wire/messages.js';
import { randomNonce, type NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';

/** BIP339 and BIP155 messages exist from this version on; headers announcements and feefilter before it. */
const featureVersion = 70016;

/** The first messages of a connection, up to both `verack`s. */
export class Handshake {
  readonly #context: NetworkContext;
  /** Nonces of our own connections out: meeting one means talking to ourselves. */
  readonly #ownNonces = new Set<bigint>();
  readonly #onReady: (peer: Peer) => void;

  constructor(context: NetworkContext, onReady: (peer: Peer) => void) {
    this.#context = context;
    this.#onReady = onReady;
  }

  /** Who connected speaks first. */
  start(peer: Peer): void {
    if (!peer.inbound) this.#sendVersion(peer);
  }

  ended(peer: Peer): void {
    this.#ownNonces.delete(peer.nonce);
  }

  /**
   * Handles a message of the handshake.
   * @returns false when the message belongs to what comes after it.
   */
  received(peer: Peer, command: string, payload: Uint8Array): boolean {
    switch (command) {
      case 'version':
        this.#version(peer, payload);
        return true;
      case 'verack':
        this.#verack(peer);
        return true;
      case 'wtxidrelay':
      case 'sendaddrv2':
      case 'sendtxrcncl':
        this.#feature(peer, command);
        return true;
      default:
        return false;
    }
  }

  #sendVersion(peer: Peer): void {
    const { chainstate, localServices, userAgent, now, blocksOnly } = this.#context;
    peer.nonce = randomNonce(this.#context);
    if (!peer.inbound) this.#ownNonces.add(peer.nonce);
    const message: VersionMessage = {
      version: protocolVersion,
      services: localServices,
      time: now(),
      receiver: peer.address,
      nonce: peer.nonce,
      userAgent,
      startHeight: chainstate.tip.height,
      relay: !blocksOnly && peer.connectionType !== 'block-relay-only',
    };
    peer.send('version', encodeVersion(message));
  }

  #version(peer: Peer, payload: Uint8Array): void {
    if (peer.version !== undefined) return;
    const message = decodeVersion(payload);
    if (peer.inbound && this.#ownNonces.has(message.nonce)) {
      peer.disconnect('connected to itself');
      return;
    }
    if (message.version < minPeerVersion) {
      peer.disconnect(`version ${message.version} is too old`);
      return;
    }
    if (!peer.inbound && !peer.manual && peer.connectionType !== 'feeler' && !hasFullServices(message.services)) {
      peer.disconnect('it does not serve full blocks');
      return;
    }
    peer.version = message;
    peer.timeOffset = message.time - this.#context.now();
    peer.relay.wantsTransactions = message.relay && peer.connectionType !== 'block-relay-only';
    if (peer.inbound) {
      if (message.receiver !== undefined) this.#context.localAddresses.seen(message.receiver);
      this.#sendVersion(peer);
    }
    if (Math.min(message.version, protocolVersion) >= featureVersion) {
      peer.send('wtxidrelay');
      peer.send('sendaddrv2');
    }
    peer.send('verack');
    this.#context.log?.debug('net', () => {
      const { version, startHeight, userAgent, receiver } = message;
      const us = receiver === undefined ? '' : ` us=${formatAddress(receiver)},`;
      return `receive version message: ${userAgent}: version ${version}, blocks=${startHeight},${us} txrelay=${message.relay ? 1 : 0}, ${peer.label}`;
    });
  }

  #feature(peer: Peer, command: string): void {
    if (peer.ready) {
      peer.disconnect(`${command} after verack`);
      return;
    }
    if (peer.version === undefined) return;
    if (command === 'wtxidrelay' && peer.version.version >= featureVersion) peer.relay.byWtxid = true;
    if (command === 'sendaddrv2') peer.relay.addressV2 = true;
  }

  #verack(peer: Peer): void {
    if (peer.version === undefined || peer.ready) return;
    peer.ready = true;
    this.#ownNonces.delete(peer.nonce);
    // Blocks in compact form are understood (BIP152 version 2), but need not be sent unasked.
    peer.send('sendcmpct', encodeSendCompact(false, 2n));
    this.#onReady(peer);
  }
}

function hasFullServices(offered: bigint): boolean {
  const needed = services.network | services.witness;
  return (offered & needed) === needed;
}
