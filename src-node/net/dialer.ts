import { connect, type Socket } from 'node:net';
import type { Endpoint } from './configuration.js';
import type { NetworkContext } from './network-context.js';
import { connectThroughProxy, type ProxyServer } from './proxy.js';

/** Opens connections, directly or through a proxy. */
export class Dialer {
  readonly proxy: ProxyServer | undefined;
  readonly #context: NetworkContext;
  readonly #opening = new Set<Socket>();
  #closed = false;

  constructor(context: NetworkContext, proxy: ProxyServer | undefined) {
    this.#context = context;
    this.proxy = proxy;
  }

  /**
   * @param target a host name only with a proxy, which looks it up itself.
   * @throws Error that says why there is no connection.
   */
  async open(target: Endpoint): Promise<Socket> {
    const { timing, randomBytes } = this.#context;
    const socket = await (this.proxy === undefined
      ? this.#direct(target, timing.connect)
      : connectThroughProxy(this.proxy, target, 4 * timing.connect, randomBytes));
    if (!this.#closed) return socket;
    socket.destroy();
    throw new Error('the node is stopping');
  }

  #direct(target: Endpoint, timeout: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: target.host, port: target.port });
      this.#opening.add(socket);
      const timer = setTimeout(() => socket.destroy(new Error('timed out')), timeout);
      const done = (): void => {
        clearTimeout(timer);
        this.#opening.delete(socket);
        socket.removeAllListeners();
      };
      socket.once('error', (error) => {
        done();
        socket.on('error', () => undefined).destroy();
        reject(error);
      });
      socket.once('connect', () => {
        done();
        resolve(socket);
      });
    });
  }

  /** Gives up what is being opened. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#opening) socket.destroy(new Error('the node is stopping'));
  }
}
