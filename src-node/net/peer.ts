import type { Socket } from 'node:net';
import { joinHostPort } from '../../src-bitcoin/address/net-address.js';
import { DecodeError } from '../../src-bitcoin/bytes/reader.js';
import type { ConnectionType } from '../rpc/context.js';
import { PeerRelayState } from './peer-relay-state.js';
import { PeerSyncState } from './peer-sync-state.js';
import { FramingError, frameMessage, MessageDecoder, type RawMessage } from './wire/framing.js';
import type { VersionMessage } from './wire/messages.js';
import { formatAddress, type NetworkAddress } from './wire/network-address.js';

/** Bytes of received messages that may wait before reading stops (-maxreceivebuffer). */
const maxReceiveQueue = 5_000_000;
/** Bytes that may wait in the socket before `drained` waits (-maxsendbuffer). */
const maxSendQueue = 1_000_000;

export interface PeerOptions {
  readonly id: number;
  readonly socket: Socket;
  readonly address: NetworkAddress;
  /** What it is called in lists: the name it was added under, or its address. */
  readonly name: string;
  readonly connectionType: ConnectionType;
  readonly magic: Uint8Array;
  /** Its address is shown in the log (-logips). */
  readonly isAddressLogged: boolean;
  now(): number;
  monotonic(): number;
}

export interface PeerOwner {
  /** One message at a time, in order. Errors other than of decoding are faults of this node. */
  received(peer: Peer, command: string, payload: Uint8Array): Promise<void>;
  /** A message that could not be read, or a fault while working on it. */
  trouble(peer: Peer, what: string, cause: unknown): void;
  closed(peer: Peer, reason: string): void;
}

/** One connection: framing, queues and counters. What messages mean is up to its owner. */
export class Peer {
  readonly id: number;
  readonly address: NetworkAddress;
  readonly name: string;
  readonly connectionType: ConnectionType;
  readonly connectedAt: number;
  readonly sync = new PeerSyncState();
  readonly relay = new PeerRelayState();
  readonly bytesSentPerMessage = new Map<string, number>();
  readonly bytesReceivedPerMessage = new Map<string, number>();
  bytesSent = 0;
  bytesReceived = 0;
  /** Seconds since 1970; 0 for never. */
  lastSend = 0;
  lastReceive = 0;
  /** The other side's `version`, once it came. */
  version: VersionMessage | undefined;
  /** Seconds the peer's clock is ahead of ours. */
  timeOffset = 0;
  /** Both sides have sent `verack`. */
  ready = false;
  /** The nonce of our own `version`. */
  nonce = 0n;
  ping: { nonce: bigint; sentAt: number } | undefined;
  /** Milliseconds. */
  pingTime: number | undefined;
  minPing: number | undefined;
  /** Monotonic milliseconds. */
  readonly openedAt: number;
  lastHeard: number;
  readonly #socket: Socket;
  readonly #owner: PeerOwner;
  readonly #options: PeerOptions;
  readonly #decoder: MessageDecoder;
  #queue: RawMessage[] = [];
  #queuedBytes = 0;
  #working = false;
  #closed = false;
  readonly localAddress: string;
  /** What the log calls it: `peer=7`. */
  readonly label: string;

  constructor(options: PeerOptions, owner: PeerOwner) {
    const { socket } = options;
    this.#options = options;
    this.#owner = owner;
    this.#socket = socket;
    this.#decoder = new MessageDecoder(options.magic);
    this.id = options.id;
    this.address = options.address;
    this.name = options.name;
    this.connectionType = options.connectionType;
    this.label = options.isAddressLogged ? `peer=${options.id}, peeraddr=${formatAddress(options.address)}` : `peer=${options.id}`;
    this.connectedAt = options.now();
    this.openedAt = options.monotonic();
    this.lastHeard = this.openedAt;
    const host = socket.localAddress ?? '';
    this.localAddress = joinHostPort(host, socket.localPort ?? 0);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (error) => this.disconnect(error.message));
    socket.on('close', () => this.disconnect('the peer closed the connection'));
    socket.on('end', () => this.disconnect('the peer closed the connection'));
    // Whoever negotiated with a proxy left it paused.
    socket.resume();
  }

  get inbound(): boolean {
    return this.connectionType === 'inbound';
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** True for peers the operator chose. */
  get manual(): boolean {
    return this.connectionType === 'manual';
  }

  send(command: string, payload: Uint8Array = new Uint8Array(0)): void {
    if (this.#closed) return;
    const message = frameMessage(this.#options.magic, command, payload);
    this.bytesSent += message.length;
    this.lastSend = this.#options.now();
    this.bytesSentPerMessage.set(command, (this.bytesSentPerMessage.get(command) ?? 0) + message.length);
    this.#socket.write(message);
  }

  /** Resolves when what waits to be sent is little enough for more, or the connection is closed. */
  async drained(): Promise<void> {
    while (!this.#closed && this.#socket.writableLength > maxSendQueue) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#socket.off('drain', go).off('close', go);
          resolve();
        };
        this.#socket.on('drain', go).on('close', go);
      });
    }
  }

  /** Closes the connection; the owner is told once. */
  disconnect(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue = [];
    this.#socket.destroy();
    this.#owner.closed(this, reason);
  }

  #onData(chunk: Buffer): void {
    if (this.#closed) return;
    this.bytesReceived += chunk.length;
    this.lastReceive = this.#options.now();
    this.lastHeard = this.#options.monotonic();
    let messages: RawMessage[];
    try {
      messages = this.#decoder.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    } catch (cause) {
      if (!(cause instanceof FramingError)) throw cause;
      this.disconnect(cause.message);
      return;
    }
    for (const message of messages) {
      this.#queue.push(message);
      this.#queuedBytes += message.size;
    }
    if (this.#queuedBytes > maxReceiveQueue) this.#socket.pause();
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let message = this.#queue.shift(); message !== undefined; message = this.#queue.shift()) {
      this.#queuedBytes -= message.size;
      if (this.#socket.isPaused() && this.#queuedBytes <= maxReceiveQueue && !this.#closed) this.#socket.resume();
      const counted = message.payload === undefined ? '*other*' : message.command;
      await this.#process(message);
      this.#count(counted, message.size);
      if (this.#closed) break;
    }
    this.#working = false;
  }

  /** Names that peers make up must not fill the table. */
  #count(command: string, size: number): void {
    const key = knownCommands.has(command) ? command : '*other*';
    this.bytesReceivedPerMessage.set(key, (this.bytesReceivedPerMessage.get(key) ?? 0) + size);
  }

  async #process({ command, payload }: RawMessage): Promise<void> {
    if (payload === undefined) {
      this.#owner.trouble(this, 'a message with a wrong checksum or command', undefined);
      return;
    }
    try {
      await this.#owner.received(this, command, payload);
    } catch (cause) {
      const what = cause instanceof DecodeError ? `malformed ${command}` : `working on ${command} failed`;
      this.#owner.trouble(this, what, cause);
    }
  }
}

const knownCommands: ReadonlySet<string> = new Set([
  ...['version', 'verack', 'addr', 'addrv2', 'sendaddrv2', 'inv', 'getdata', 'merkleblock', 'getblocks', 'getheaders', 'tx'],
  ...['headers', 'block', 'getaddr', 'mempool', 'ping', 'pong', 'notfound', 'filterload', 'filteradd', 'filterclear'],
  ...['sendheaders', 'feefilter', 'sendcmpct', 'cmpctblock', 'getblocktxn', 'blocktxn', 'getcfilters', 'cfilter'],
  ...['getcfheaders', 'cfheaders', 'getcfcheckpt', 'cfcheckpt', 'wtxidrelay', 'sendtxrcncl'],
]);
