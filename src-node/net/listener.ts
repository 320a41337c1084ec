import { createServer, type Server, type Socket } from 'node:net';
import { joinHostPort } from '../../src-bitcoin/address/net-address.js';
import type { Endpoint } from './configuration.js';

/** Thrown when an address to listen on cannot be had. */
export class BindError extends Error {
  override readonly name = 'BindError';
  readonly endpoint: Endpoint;

  constructor(endpoint: Endpoint, cause: Error) {
    const inUse = 'code' in cause && cause.code === 'EADDRINUSE';
    const { host, port } = endpoint;
    const where = joinHostPort(host, port);
    super(
      inUse
        ? `Unable to bind to ${where} on this computer. Another node is probably already running.`
        : `Unable to bind to ${where} on this computer (bind returned error ${cause.message})`,
      { cause },
    );
    this.endpoint = endpoint;
  }
}

/** Accepts connections on one address. */
export class Listener {
  readonly #server: Server;
  readonly endpoint: Endpoint;

  private constructor(server: Server, endpoint: Endpoint) {
    this.#server = server;
    this.endpoint = endpoint;
  }

  /**
   * @param endpoint port 0 picks a free one.
   * @throws BindError
   */
  static open(endpoint: Endpoint, accept: (socket: Socket) => void): Promise<Listener> {
    const server = createServer(accept);
    return new Promise((resolve, reject) => {
      const refuse = (cause: Error): void => reject(new BindError(endpoint, cause));
      server.once('error', refuse);
      server.listen({ host: endpoint.host, port: endpoint.port, ipv6Only: endpoint.host === '::' }, () => {
        server.off('error', refuse);
        // A single connection that cannot be accepted is no reason to stop listening.
        server.on('error', () => undefined);
        const bound = server.address();
        const port = bound !== null && typeof bound === 'object' ? bound.port : endpoint.port;
        resolve(new Listener(server, { host: endpoint.host, port }));
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
