import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { Logger } from '../../src-interfaces/logging.js';
import { OptionError, type OptionValues } from '../../src-interfaces/options/option-values.js';
import { AccessList, plainAddress } from './access-list.js';
import { RpcAuthorization } from './auth.js';
import type { JsonRpc } from './json-rpc.js';
import { CommandWhitelist } from './whitelist.js';
import { WorkQueue } from './work-queue.js';

/** Longest request body taken, bytes; as in Bitcoin Core. */
const maxBodySize = 0x02000000;
const maxHeaderSize = 8192;
/** Wrong passwords are answered late, to slow down guessing. */
const wrongPasswordDelay = 250;
/** Milliseconds that requests get to be answered when the server stops. */
const pendingPatience = 10_000;

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The default port of a network's JSON-RPC server is passed in; -rpcport and -rpcbind override it. */
export interface HttpServerSettings {
  readonly options: OptionValues;
  readonly netDirectory: string;
  readonly defaultPort: number;
  readonly log: Logger;
}

/** Port of JSON-RPC. @throws OptionError */
export function rpcPort(options: OptionValues, defaultPort: number): number {
  const text = options.text('rpcport');
  if (text === undefined) return defaultPort;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new OptionError(`Invalid port specified in -rpcport: '${text}'`);
  }
  return port;
}

/** Takes `host`, `host:port`, `[v6]` or `[v6]:port` apart; undefined when the port is none. */
export function splitHostPort(text: string, defaultPort: number): Endpoint | undefined {
  const bracketed = /^\[([^\]]*)\](?::(\d*))?$/.exec(text);
  if (bracketed === null && text.indexOf(':') !== text.lastIndexOf(':')) return { host: text, port: defaultPort };
  const [, host = '', portText] = bracketed ?? /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  if (portText === undefined) return { host, port: defaultPort };
  const port = Number(portText);
  return /^\d+$/.test(portText) && port > 0 && port <= 65535 ? { host, port } : undefined;
}

function endpointsOf({ options, defaultPort, log }: HttpServerSettings): readonly Endpoint[] {
  const port = rpcPort(options, defaultPort);
  const allowed = options.list('rpcallowip');
  const bound = options.list('rpcbind');
  // Both must be given, so that nobody opens the node to the world by one of them.
  if (allowed.length > 0 && bound.length > 0) {
    return bound.map((text) => {
      const endpoint = splitHostPort(text, port);
      if (endpoint === undefined) throw new OptionError(`Invalid port specified in -rpcbind: '${text}'`);
      return endpoint;
    });
  }
  if (allowed.length > 0) log.warning("Option -rpcallowip was specified without -rpcbind; this doesn't usually make sense");
  if (bound.length > 0) {
    log.warning('Option -rpcbind was ignored because -rpcallowip was not specified, refusing to allow everyone to connect');
  }
  return [
    { host: '::1', port },
    { host: '127.0.0.1', port },
  ];
}

function peerAddress(request: IncomingMessage): string {
  const host = plainAddress(request.socket.remoteAddress ?? '');
  return `${isIPv6(host) ? `[${host}]` : host}:${request.socket.remotePort ?? 0}`;
}

/** The JSON-RPC server. Answers from the moment it has started; commands themselves may still be warming up. */
export class RpcHttpServer {
  readonly #settings: HttpServerSettings;
  readonly #rpc: JsonRpc;
  readonly #queue: WorkQueue;
  readonly #servers: Server[] = [];
  readonly #access: AccessList;
  readonly #authorization: RpcAuthorization;
  readonly #whitelist: CommandWhitelist;
  readonly #pending = new Set<Promise<void>>();
  #closing = false;

  /** @throws OptionError, or Error when the cookie cannot be written. */
  constructor(settings: HttpServerSettings, rpc: JsonRpc) {
    const { options, netDirectory, log } = settings;
    this.#settings = settings;
    this.#rpc = rpc;
    this.#access = new AccessList(options.list('rpcallowip'));
    const workers = Math.max(options.integer('rpcthreads') ?? 16, 1);
    this.#queue = new WorkQueue(workers, Math.max(options.integer('rpcworkqueue') ?? 64, 1));
    endpointsOf(settings);
    this.#whitelist = new CommandWhitelist(options, log);
    this.#authorization = new RpcAuthorization(options, netDirectory, log);
  }

  /** Listens. @throws Error when no address could be bound. */
  async start(): Promise<void> {
    const { log } = this.#settings;
    const failures: unknown[] = [];
    for (const { host, port } of endpointsOf(this.#settings)) {
      log.info(`Binding RPC on address ${host} port ${port}`);
      try {
        this.#servers.push(await this.#listen(host, port));
      } catch (error) {
        failures.push(error);
        log.warning(`Binding RPC on address ${host} port ${port} failed. ${error instanceof Error ? error.message : ''}`);
      }
    }
    if (this.#servers.length > 0) return;
    log.error('Unable to bind any endpoint for RPC server');
    this.#authorization.removeCookie();
    throw new AggregateError(failures, 'Unable to start HTTP server. See debug log for details.');
  }

  /** Addresses listened at. */
  addresses(): readonly AddressInfo[] {
    return this.#servers.flatMap((server) => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address : [];
    });
  }

  /** Takes no more requests, finishes those that are being answered, and removes the cookie. */
  async stop(): Promise<void> {
    this.#closing = true;
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    await this.#finishPending();
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
    this.#authorization.removeCookie();
  }

  /** Waits for the requests being answered, but not for ever: a long rescan must not keep the node from ending. */
  async #finishPending(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, pendingPatience);
    });
    await Promise.race([Promise.allSettled(this.#pending), enough]);
    clearTimeout(timer);
  }

  #listen(host: string, port: number): Promise<Server> {
    const timeout = Math.max(this.#settings.options.integer('rpcservertimeout') ?? 30, 1) * 1000;
    const limits = { maxHeaderSize, requestTimeout: timeout, headersTimeout: timeout, keepAliveTimeout: timeout, noDelay: true };
    const server = createServer(limits, (request, response) => {
      const work = this.#receive(request, response).catch((error: unknown) => this.#fail(request, response, error));
      this.#pending.add(work);
      void work.finally(() => this.#pending.delete(work));
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: host === '' ? '::' : host, port, ipv6Only: host === '::1' }, () => {
        server.off('error', reject);
        server.on('error', (error) => this.#settings.log.error(`JSON-RPC server: ${error.message}`));
        resolve(server);
      });
    });
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#settings.log.warning(`Unexpected error while processing request for '${request.url ?? ''}'. Error msg: '${text}'`);
    send(response, 500, text, { Connection: 'close' });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { log } = this.#settings;
    const peer = peerAddress(request);
    const path = request.url ?? '';
    if (!this.#access.allows(request.socket.remoteAddress ?? '')) {
      log.debug('http', `HTTP request from ${peer} rejected: Client network is not allowed RPC access`);
      return send(response, 403, '');
    }
    if (!['GET', 'POST', 'HEAD', 'PUT'].includes(request.method ?? '')) return send(response, 405, '');
    log.debug('http', () => `Received a ${request.method ?? ''} request for ${path.slice(0, 100)} from ${peer}`);
    if (path !== '/' && !path.startsWith('/wallet/')) return send(response, 404, '');
    if (this.#closing) return send(response, 503, 'Request rejected during server shutdown');
    const body = await readBody(request);
    if (body === undefined) return send(response, 413, '', { Connection: 'close' });
    const job = this.#queue.submit(() => this.#answer(request, response, path, peer, body));
    if (job === undefined) {
      log.warning('Request rejected because http work queue depth exceeded, it can be increased with the -rpcworkqueue= setting');
      return send(response, 503, 'Work queue depth exceeded');
    }
    await job;
  }

  async #answer(request: IncomingMessage, response: ServerResponse, uri: string, peer: string, body: string): Promise<void> {
    const { log } = this.#settings;
    if (request.method !== 'POST') return send(response, 405, 'JSONRPC server handles only POST requests');
    const header = request.headers.authorization;
    const challenge = { 'WWW-Authenticate': 'Basic realm="jsonrpc"' };
    if (header === undefined) return send(response, 401, '', challenge);
    const user = this.#authorization.authenticate(header);
    if (user === undefined) {
      log.warning(`ThreadRPCServer incorrect password attempt from ${peer}`);
      await new Promise((resolve) => setTimeout(resolve, wrongPasswordDelay));
      return send(response, 401, '', challenge);
    }
    if (!this.#whitelist.mayCallAnything(user)) return send(response, 403, '');
    const mayCall = (method: string): boolean => this.#whitelist.mayCall(user, method);
    const reply = await this.#rpc.handle(body, { uri, authUser: user, peerAddress: peer, mayCall, abandoned: whenAbandoned(response) });
    send(response, reply.status, reply.body, reply.body === '' ? {} : { 'Content-Type': 'application/json' });
  }
}

/** Tells when a caller leaves without the answer. */
function whenAbandoned(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  if (response.destroyed) left.abort();
  response.once('close', () => {
    if (!response.writableFinished) left.abort();
  });
  return left.signal;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > maxBodySize) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
