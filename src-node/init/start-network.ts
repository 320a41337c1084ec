import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { productName, productVersion } from '../../src-interfaces/product.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';
import type { BanList } from '../interfaces/node-program.js';
import type { BanList as StoredBans } from '../net/ban-list.js';
import type { Endpoint } from '../net/configuration.js';
import { parseEndpoint, resolveHost } from '../net/endpoint.js';
import { BindError } from '../net/listener.js';
import { NodePeerNetwork } from '../net/peer-network.js';
import { PeersFileError } from '../net/peers-file.js';
import { systemGateways } from '../net/port-mapping/default-gateway.js';
import { PortMapper } from '../net/port-mapping/port-mapper.js';
import type { ProxyServer } from '../net/proxy.js';
import type { NetworkAddress } from '../net/wire/network-address.js';
import type { BootSurroundings } from './boot-surroundings.js';
import { InitFailure } from './init-failure.js';
import { minimumChainWorkOf, type NodeServices } from './node-services.js';

const maxUserAgentLength = 256;
const defaultBanTime = 24 * 60 * 60;
const defaultProxyPort = 9050;

/** The peer-to-peer network of a node. */
export interface StartedNetwork {
  readonly network: NodePeerNetwork;
  readonly bans: BanList;
  readonly portMapper: PortMapper;
}

/** What peers see of this program: `/Bulkhead:0.1.0(comment)/`. @throws InitFailure */
export function userAgentOf(options: OptionValues): string {
  const comments = options.list('uacomment');
  for (const comment of comments) {
    if (/[^A-Za-z0-9 .,;_?@-]/.test(comment)) {
      throw new InitFailure(`User Agent comment (${comment}) contains unsafe characters.`);
    }
  }
  const shown = comments.length === 0 ? '' : `(${comments.join('; ')})`;
  const userAgent = `/${productName}:${productVersion}${shown}/`;
  if (userAgent.length > maxUserAgentLength) {
    throw new InitFailure(
      `Total length of network version string (${userAgent.length}) exceeds maximum length (${maxUserAgentLength}). Reduce the number or size of uacomments.`,
    );
  }
  return userAgent;
}

/** Where to listen: what -bind names, or every address. @throws InitFailure */
function listenEndpoints(options: OptionValues, defaultPort: number): { readonly named: boolean; readonly endpoints: readonly Endpoint[] } {
  if (options.flag('listen') === false) return { named: true, endpoints: [] };
  const port = options.integer('port') ?? defaultPort;
  const bound = options.list('bind');
  if (bound.length === 0) {
    return {
      named: false,
      endpoints: [
        { host: '0.0.0.0', port },
        { host: '::', port },
      ],
    };
  }
  const endpoints = bound.map((text) => {
    const endpoint = parseEndpoint(text.replace(/=onion$/, ''), port);
    if (endpoint === undefined) throw new InitFailure(`Cannot resolve -bind address: '${text}'`);
    return endpoint;
  });
  return { named: true, endpoints };
}

/** -connect: undefined to find peers, a list (perhaps empty) to connect to these only. */
function connectList(options: OptionValues): readonly string[] | undefined {
  if (options.isNegated('connect')) return [];
  const listed = options.list('connect');
  if (listed.length === 0) return undefined;
  return listed.length === 1 && listed[0] === '0' ? [] : listed;
}

/** -proxy, as far as it is about the internet. @throws InitFailure */
function proxyOf(options: OptionValues): ProxyServer | undefined {
  const text = options.text('proxy');
  if (text === undefined || text === '' || text === '0') return undefined;
  if (text.startsWith('unix:')) throw new InitFailure(`-proxy=${text}: proxies behind a unix socket are not supported`);
  const [address = '', network] = text.split('=');
  if (network !== undefined && network !== 'ipv4' && network !== 'ipv6') return undefined;
  const endpoint = parseEndpoint(address, defaultProxyPort);
  if (endpoint === undefined) throw new InitFailure(`Invalid -proxy address or hostname: '${text}'`);
  return { ...endpoint, randomCredentials: options.flag('proxyrandomize') ?? true };
}

/** -externalip: own addresses, each with the port this node listens at unless it has another. @throws InitFailure */
async function externalAddresses(options: OptionValues, port: number): Promise<readonly NetworkAddress[]> {
  const found = options.list('externalip').map(async (text) => {
    const endpoint = parseEndpoint(text, port);
    const [address] = endpoint === undefined ? [] : await resolveHost(endpoint.host, endpoint.port);
    if (address === undefined) throw new InitFailure(`Cannot resolve -externalip address: '${text}'`);
    return address;
  });
  return Promise.all(found);
}

function banListOf(stored: StoredBans, now: () => number, banTime: number): BanList {
  const listeners = new Set<() => void>();
  const tell = (changed: boolean): boolean => {
    if (changed) for (const listener of listeners) listener();
    return changed;
  };
  return {
    list: () => stored.list(),
    ban: (address, seconds) => tell(stored.ban(address, now() + (seconds === 0 ? banTime : seconds))),
    unban: (subnet) => tell(stored.unban(subnet)),
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

/**
 * Starts the network, without letting anybody in or out until it is switched on.
 * @throws InitFailure when it cannot listen.
 */
export async function startNetwork(boot: BootSurroundings, { chainstate, mempool }: NodeServices): Promise<StartedNetwork> {
  const { configuration, log, clock, steps } = boot;
  const { options, params, netDirectory } = configuration;
  const connect = connectList(options);
  const { named, endpoints } = listenEndpoints(options, params.defaultPort);
  const external = await externalAddresses(options, endpoints[0]?.port ?? params.defaultPort);
  const maxConnections = options.integer('maxconnections');
  const timeout = options.integer('timeout');
  const peerTimeout = options.integer('peertimeout');
  const minimumChainWork = minimumChainWorkOf(options);
  const proxy = proxyOf(options);
  const start = (listen: readonly Endpoint[]): Promise<NodePeerNetwork> =>
    NodePeerNetwork.start({
      chainstate,
      mempool,
      now: clock.now,
      log,
      logAddresses: options.flag('logips') ?? false,
      userAgent: userAgentOf(options),
      listen,
      discover: options.flag('discover') ?? true,
      externalAddresses: external,
      ...(connect === undefined ? {} : { connect }),
      ...(proxy === undefined ? {} : { proxy }),
      addNodes: options.list('addnode'),
      ...(maxConnections === undefined ? {} : { maxConnections }),
      dnsSeed: options.flag('dnsseed') ?? connect === undefined,
      ...(minimumChainWork === undefined ? {} : { minimumChainWork }),
      blocksOnly: options.flag('blocksonly') ?? false,
      active: false,
      banListPath: join(netDirectory, 'banlist.json'),
      peersPath: join(netDirectory, 'peers.dat'),
      timing: {
        ...(timeout === undefined || timeout <= 0 ? {} : { connect: timeout }),
        ...(peerTimeout === undefined ? {} : { handshake: peerTimeout * 1000 }),
      },
    });
  let network: NodePeerNetwork;
  try {
    network = await start(endpoints);
  } catch (error) {
    if (error instanceof PeersFileError) throw new InitFailure(error.message, { cause: error });
    if (!(error instanceof BindError)) throw error;
    // A machine without IPv6 still listens where it can.
    if (named || error.endpoint.host !== '::') throw new InitFailure(error.message, { cause: error });
    network = await start(endpoints.filter(({ host }) => host !== '::'));
  }
  steps.add('network', () => network.close());
  const { ownAddresses } = network;
  const portMapper = new PortMapper({
    log,
    gateways: boot.dependencies.gateways ?? systemGateways(log),
    randomBytes,
    listening: () => network.listening,
    mapped: (address) => ownAddresses.add(address, 'mapped'),
    unmapped: (address) => ownAddresses.remove(address, 'mapped'),
  });
  steps.add('port mapping', () => portMapper.setEnabled(false));
  return { network, portMapper, bans: banListOf(network.bans, clock.now, options.integer('bantime') ?? defaultBanTime) };
}
