import { connect, isIPv4, isIPv6, type Socket } from 'node:net';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { Endpoint } from './configuration.js';
import { hostBytes, ipAddress } from './wire/network-address.js';

const socksVersion = 5;
const noAuthentication = 0;
const passwordAuthentication = 2;
const connectCommand = 1;
const addressKinds = { ipv4: 1, name: 3, ipv6: 4 } as const;
const replies = [
  'success',
  'general failure',
  'connection not allowed',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'protocol error',
  'address type not supported',
];

/** A SOCKS5 proxy (RFC 1928). */
export interface ProxyServer extends Endpoint {
  /** New credentials for each connection, by which Tor keeps their paths apart. */
  readonly randomCredentials: boolean;
}

/** Takes bytes from a socket in the portions a protocol asks for. */
class SocketReader {
  #buffered = new Uint8Array(0);
  #wanted: { count: number; resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void } | undefined;
  readonly #socket: Socket;
  readonly #onData = (chunk: Buffer): void => {
    const joined = new Uint8Array(this.#buffered.length + chunk.length);
    joined.set(this.#buffered);
    joined.set(chunk, this.#buffered.length);
    this.#buffered = joined;
    this.#give();
  };
  readonly #onEnd = (): void => this.#wanted?.reject(new Error('the proxy closed the connection'));

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData).on('close', this.#onEnd);
  }

  read(count: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#wanted = { count, resolve, reject };
      this.#give();
    });
  }

  #give(): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#buffered.length < wanted.count) return;
    this.#wanted = undefined;
    const bytes = this.#buffered.slice(0, wanted.count);
    this.#buffered = this.#buffered.slice(wanted.count);
    wanted.resolve(bytes);
  }

  /** Leaves the socket to somebody else; what was read too far is given back to it. */
  release(): void {
    this.#socket.off('data', this.#onData).off('close', this.#onEnd);
    this.#socket.pause();
    if (this.#buffered.length > 0) this.#socket.unshift(this.#buffered);
  }
}

function requestFor({ host, port }: Endpoint): Uint8Array {
  const address = isIPv4(host) || isIPv6(host) ? ipAddress(host, port) : undefined;
  const name = Buffer.from(host, 'latin1');
  const target = address === undefined ? [addressKinds.name, name.length, ...name] : [address.network === 'ipv4' ? addressKinds.ipv4 : addressKinds.ipv6, ...hostBytes(address)];
  return Uint8Array.of(socksVersion, connectCommand, 0, ...target, port >> 8, port & 0xff);
}

async function authenticate(socket: Socket, reader: SocketReader, randomBytes: (length: number) => Uint8Array): Promise<void> {
  const word = (): Uint8Array => Buffer.from(toHex(randomBytes(8)), 'latin1');
  const [user, password] = [word(), word()];
  socket.write(Uint8Array.of(1, user.length, ...user, password.length, ...password));
  const [, status] = await reader.read(2);
  if (status !== 0) throw new Error('the proxy refused the credentials');
}

async function negotiate(socket: Socket, proxy: ProxyServer, target: Endpoint, randomBytes: (length: number) => Uint8Array): Promise<void> {
  const reader = new SocketReader(socket);
  const methods = proxy.randomCredentials ? [noAuthentication, passwordAuthentication] : [noAuthentication];
  socket.write(Uint8Array.of(socksVersion, methods.length, ...methods));
  const [version, method = 0xff] = await reader.read(2);
  if (version !== socksVersion || !methods.includes(method)) throw new Error('the proxy speaks another protocol');
  if (method === passwordAuthentication) await authenticate(socket, reader, randomBytes);
  socket.write(requestFor(target));
  const [, reply = 1, , kind] = await reader.read(4);
  if (reply !== 0) throw new Error(`the proxy cannot connect: ${replies[reply] ?? `error ${reply}`}`);
  const length = kind === addressKinds.ipv4 ? 4 : kind === addressKinds.ipv6 ? 16 : ((await reader.read(1))[0] ?? 0);
  await reader.read(length + 2);
  reader.release();
}

/**
 * Opens a connection to a host, by name or address, through a proxy.
 * @param timeout milliseconds
 * @throws Error that says why there is none.
 */
export async function connectThroughProxy(
  proxy: ProxyServer,
  target: Endpoint,
  timeout: number,
  randomBytes: (length: number) => Uint8Array,
): Promise<Socket> {
  const socket = connect({ host: proxy.host, port: proxy.port });
  const timer = setTimeout(() => socket.destroy(new Error('the proxy took too long')), timeout);
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  try {
    await Promise.race([negotiate(socket, proxy, target, randomBytes), failed]);
    socket.removeAllListeners('error');
    return socket;
  } catch (cause) {
    socket.on('error', () => undefined).destroy();
    throw cause;
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
  }
}
