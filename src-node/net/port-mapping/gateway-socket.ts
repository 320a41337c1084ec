import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Logger } from '../../../src-interfaces/logging.js';
import type { Endpoint } from '../configuration.js';
import { ipAddress, type NetworkAddress } from '../wire/network-address.js';
import type { Reading } from './mapping.js';

/** How long to wait for a router. */
export interface Patience {
  readonly tries: number;
  /** Milliseconds for each. */
  readonly timeout: number;
}

/** What a conversation with a router needs of its surroundings. */
export interface GatewaySurroundings {
  readonly log: Logger;
  readonly patience: Patience;
  /** Gives up at once when aborted. */
  readonly signal: AbortSignal;
}

type Attempt<T> = { readonly kind: 'answer'; readonly answer: T } | { readonly kind: 'failed' | 'silent'; readonly reason: string };

/** A UDP socket that hears one router alone. */
export class GatewaySocket {
  readonly #socket: Socket;
  readonly #surroundings: GatewaySurroundings;
  /** Our address toward the router, with the port of this conversation. */
  readonly local: NetworkAddress;
  #received: (response: Uint8Array) => void = () => undefined;
  #failed: (cause: Error) => void = () => undefined;

  private constructor(socket: Socket, local: NetworkAddress, surroundings: GatewaySurroundings) {
    this.#socket = socket;
    this.local = local;
    this.#surroundings = surroundings;
    socket.on('message', (response) => this.#received(response));
    socket.on('error', (cause) => this.#failed(cause));
  }

  /**
   * @param host the router's address; a link-local one with its zone
   * @param from our own address to speak from; undefined takes that which leads to the router
   * @returns undefined when there is no way to the router, which is logged.
   */
  static async open({ host, port }: Endpoint, from: string | undefined, surroundings: GatewaySurroundings): Promise<GatewaySocket | undefined> {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(from === undefined ? {} : { address: from }, () => socket.connect(port, host));
        socket.once('connect', resolve);
      });
      socket.removeAllListeners('error');
      const bound = socket.address();
      const local = ipAddress(bound.address, bound.port);
      if (local !== undefined) return new GatewaySocket(socket, local, surroundings);
      socket.close();
    } catch (cause) {
      socket.close();
      surroundings.log.warning(`portmap: Could not connect to gateway: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
    return undefined;
  }

  /**
   * Sends a request until it is answered. Datagrams may get lost, and others may come in between.
   * @param protocol begins the log lines
   * @returns undefined when no answer came.
   */
  async ask<T>(protocol: string, request: Uint8Array, read: (response: Uint8Array) => Reading<T>): Promise<T | undefined> {
    const { log, patience, signal } = this.#surroundings;
    for (let attempt = 0; attempt < patience.tries; attempt++) {
      if (signal.aborted) return undefined;
      if (attempt > 0) log.debug('net', `${protocol}: Retrying (${attempt})`);
      const outcome = await this.#attempt(protocol, request, read);
      if (outcome.kind === 'answer') return outcome.answer;
      log.debug('net', `${protocol}: ${outcome.reason}`);
      // The network has said that it does not work: asking again does not help.
      if (outcome.kind === 'failed') return undefined;
    }
    log.debug('net', `${protocol}: Giving up after ${patience.tries} tries`);
    return undefined;
  }

  #attempt<T>(protocol: string, request: Uint8Array, read: (response: Uint8Array) => Reading<T>): Promise<Attempt<T>> {
    const { log, patience, signal } = this.#surroundings;
    return new Promise((resolve) => {
      const finish = (outcome: Attempt<T>): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.#received = () => undefined;
        this.#failed = () => undefined;
        resolve(outcome);
      };
      const stop = (): void => finish({ kind: 'failed', reason: 'Interrupted' });
      const timer = setTimeout(() => finish({ kind: 'silent', reason: 'Timeout' }), patience.timeout);
      signal.addEventListener('abort', stop);
      this.#received = (response) => {
        log.debug('net', () => `${protocol}: Received response of ${response.length} bytes: ${Buffer.from(response).toString('hex')}`);
        const reading = read(response);
        if (reading.kind === 'answer') finish(reading);
        else log.warning(`${protocol}: ${reading.reason}`);
      };
      this.#failed = (cause) => finish({ kind: 'failed', reason: cause.message });
      this.#socket.send(request, (cause) => {
        if (cause !== null) this.#failed(cause);
      });
    });
  }

  close(): void {
    this.#socket.close();
  }
}
