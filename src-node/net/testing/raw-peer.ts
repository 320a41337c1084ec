import { randomBytes } from 'node:crypto';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { chainParams } from '../../../src-bitcoin/params/networks.js';
import { encodeVersion, protocolVersion, type VersionMessage } from '../wire/messages.js';
import { frameMessage, MessageDecoder } from '../wire/framing.js';
import { waitFor, type TestNode } from './test-node.js';

const { magic } = chainParams('regtest');

/** A peer that says whatever a test wants it to say. */
export class RawPeer {
  readonly received: { readonly command: string; readonly payload: Uint8Array }[] = [];
  closed = false;
  readonly #socket: Socket;
  readonly #decoder = new MessageDecoder(magic);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      for (const { command, payload } of this.#decoder.push(new Uint8Array(chunk))) {
        assert.ok(payload !== undefined, 'the node sent a message with a wrong checksum');
        this.received.push({ command, payload });
      }
    });
    socket.on('close', () => (this.closed = true));
    socket.on('error', () => (this.closed = true));
  }

  static async connect(t: TestContext, node: TestNode): Promise<RawPeer> {
    const socket = connect({ host: '127.0.0.1', port: node.port });
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    return new RawPeer(socket);
  }

  /** Connects and finishes the handshake. */
  static async ready(t: TestContext, node: TestNode, version: Partial<VersionMessage> = {}): Promise<RawPeer> {
    const peer = await RawPeer.connect(t, node);
    peer.sendVersion(version);
    await peer.waitFor('version');
    peer.send('verack');
    await peer.waitFor('verack');
    await peer.waitFor('sendcmpct');
    return peer;
  }

  sendVersion(version: Partial<VersionMessage> = {}): void {
    const message: VersionMessage = {
      version: protocolVersion,
      services: 9n,
      time: Math.floor(Date.now() / 1000),
      receiver: undefined,
      nonce: 1n,
      userAgent: '/Raw:1/',
      startHeight: 0,
      relay: true,
      ...version,
    };
    this.send('version', encodeVersion(message));
  }

  send(command: string, payload: Uint8Array = new Uint8Array(0)): void {
    this.write(frameMessage(magic, command, payload));
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The payload of the first message with this command that came or will come. */
  async waitFor(command: string): Promise<Uint8Array> {
    const find = (): Uint8Array | undefined => this.received.find((message) => message.command === command)?.payload;
    await waitFor(() => find() !== undefined, command);
    const payload = find();
    assert.ok(payload !== undefined);
    return payload;
  }

  async waitForClose(): Promise<void> {
    await waitFor(() => this.closed, 'the node to close the connection');
  }

  /** Fails unless the node still answers. */
  async expectAlive(): Promise<void> {
    const nonce = new Uint8Array(randomBytes(8));
    this.send('ping', nonce);
    await waitFor(() => this.received.some(({ command, payload }) => command === 'pong' && payload.every((byte, i) => byte === nonce[i])), 'pong');
  }
}
