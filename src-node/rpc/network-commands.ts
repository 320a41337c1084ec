import { joinHostPort } from '../../src-bitcoin/address/net-address.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { compatibleVersion, productName, productVersion } from '../../src-interfaces/product.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import type { PeerNetwork, PeerStatistics, RpcContext } from './context.js';

const category = 'network';
/** Seconds over which upload is counted. */
const uploadTimeframe = 86_400;

const serviceNames: ReadonlyMap<number, string> = new Map([
  [0, 'NETWORK'],
  [2, 'BLOOM'],
  [3, 'WITNESS'],
  [6, 'COMPACT_FILTERS'],
  [10, 'NETWORK_LIMITED'],
  [11, 'P2P_V2'],
]);

function servicesHex(services: bigint): string {
  return services.toString(16).padStart(16, '0');
}

function servicesNames(services: bigint): readonly string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if ((services >> BigInt(bit)) & 1n) names.push(serviceNames.get(bit) ?? `UNKNOWN[2^${bit}]`);
  }
  return names;
}

function messageCounts(counts: ReadonlyMap<string, number>): Jsonable {
  return Object.fromEntries([...counts].filter(([, bytes]) => bytes > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function peerJson(peer: PeerStatistics, showStartingHeight: boolean): Jsonable {
  return {
    id: peer.id,
    addr: peer.address,
    addrbind: peer.bindAddress,
    addrlocal: peer.localAddress,
    network: peer.network,
    services: servicesHex(peer.services),
    servicesnames: servicesNames(peer.services),
    relaytxes: peer.relaysTransactions,
    last_inv_sequence: peer.lastInvSequence,
    inv_to_send: peer.invToSend,
    lastsend: peer.lastSend,
    lastrecv: peer.lastReceive,
    last_transaction: peer.lastTransaction,
    last_block: peer.lastBlock,
    bytessent: peer.bytesSent,
    bytesrecv: peer.bytesReceived,
    conntime: peer.connectedAt,
    timeoffset: peer.timeOffset,
    pingtime: peer.pingTime,
    minping: peer.minPing,
    pingwait: peer.pingWait,
    version: peer.version,
    subver: peer.userAgent,
    inbound: peer.inbound,
    bip152_hb_to: peer.highBandwidthTo,
    bip152_hb_from: peer.highBandwidthFrom,
    startingheight: showStartingHeight ? peer.startingHeight : undefined,
    presynced_headers: peer.presyncedHeaders,
    synced_headers: peer.syncedHeaders,
    synced_blocks: peer.syncedBlocks,
    inflight: peer.inflight,
    addr_relay_enabled: peer.addrRelayEnabled,
    addr_processed: peer.addrProcessed,
    addr_rate_limited: peer.addrRateLimited,
    permissions: peer.permissions,
    minfeefilter: amountJson(peer.minFeeFilter),
    bytessent_per_msg: messageCounts(peer.bytesSentPerMessage),
    bytesrecv_per_msg: messageCounts(peer.bytesReceivedPerMessage),
    connection_type: peer.connectionType,
    transport_protocol_type: peer.transport,
    session_id: peer.sessionId,
  };
}

/** Networks that can be reached: IPv4 and IPv6, as far as -onlynet leaves them. */
function networksJson({ options, network }: RpcContext): Jsonable {
  const proxy = network?.proxy;
  const only = options.list('onlynet').map((name) => name.toLowerCase());
  return ['ipv4', 'ipv6', 'onion', 'i2p', 'cjdns'].map((name) => {
    const reachable = (name === 'ipv4' || name === 'ipv6') && (only.length === 0 || only.includes(name));
    const used = reachable ? proxy : undefined;
    const address = used === undefined ? '' : joinHostPort(used.host, used.port);
    return { name, limited: !reachable, reachable, proxy: address, proxy_randomize_credentials: used?.randomCredentials ?? false };
  });
}

function networkInfo(context: RpcContext): Jsonable {
  const { network, mempool } = context;
  return {
    version: compatibleVersion,
    subversion: network?.userAgent ?? `/${productName}:${productVersion}/`,
    protocolversion: network?.protocolVersion ?? 70016,
    ...(network === undefined
      ? {}
      : {
          localservices: servicesHex(network.localServices),
          localservicesnames: servicesNames(network.localServices),
          localrelay: network.relaysTransactions,
          timeoffset: network.timeOffset,
          networkactive: network.active,
          connections: network.connectionCount(),
          connections_in: network.connectionCount('in'),
          connections_out: network.connectionCount('out'),
        }),
    networks: networksJson(context),
    relayfee: amountJson(mempool.minRelayFeeRate),
    incrementalfee: amountJson(mempool.incrementalFeeRate),
    localaddresses: network?.localAddresses().map(({ address, port, score }) => ({ address, port, score })) ?? [],
    warnings: context.warnings(),
  };
}

function requireNetwork({ network }: RpcContext): PeerNetwork {
  if (network === undefined) {
    throw rpcError('clientP2pDisabled', 'Error: Peer-to-peer functionality missing or disabled');
  }
  return network;
}

function addNode(network: PeerNetwork, call: RpcCall): Jsonable {
  const node = call.string('node');
  switch (call.string('command')) {
    case 'onetry':
      network.connectOnce(node);
      return null;
    case 'add':
      if (!network.addNode(node)) throw rpcError('clientNodeAlreadyAdded', 'Error: Node already added');
      return null;
    case 'remove':
      if (network.removeNode(node)) return null;
      throw rpcError('clientNodeNotAdded', 'Error: Node could not be removed. It has not been added previously.');
    default:
      throw rpcError('misc', 'addnode "node" "command" ( v2transport )\n\nThe command is "onetry", "add" or "remove".');
  }
}

function disconnectNode(network: PeerNetwork, call: RpcCall): Jsonable {
  const address = call.has('address') ? call.string('address') : undefined;
  const id = call.has('nodeid') ? Number(call.bigint('nodeid')) : undefined;
  let found: boolean;
  if (address !== undefined && id === undefined) found = network.disconnectByAddress(address);
  else if (id !== undefined && (address === undefined || address === '')) found = network.disconnectById(id);
  else throw rpcError('invalidParams', 'Only one of address and nodeid should be provided.');
  if (!found) throw rpcError('clientNodeNotConnected', 'Node not found in connected nodes');
  return null;
}

function addedNodes(network: PeerNetwork, call: RpcCall): Jsonable {
  const wanted = call.has('node') ? call.string('node') : undefined;
  const nodes = network.addedNodes().filter(({ node }) => wanted === undefined || node === wanted);
  if (wanted !== undefined && nodes.length === 0) throw rpcError('clientNodeNotAdded', 'Error: Node has not been added.');
  return nodes.map(({ node, connected }) => ({
    addednode: node,
    connected: connected !== undefined,
    addresses:
      connected === undefined
        ? []
        : [{ address: connected.address, connected: connected.inbound ? 'inbound' : 'outbound' }],
  }));
}

/** Commands about the peer-to-peer network. */
export function networkCommands(context: RpcContext): readonly CommandSpec[] {
  return [
    {
      name: 'getnetworkinfo',
      category,
      description: 'Returns the state of the peer-to-peer network.',
      args: [],
      run: () => networkInfo(context),
    },
    {
      name: 'getpeerinfo',
      category,
      description: 'Returns what is known of each connected peer.',
      args: [],
      run: () => {
        const showStartingHeight = context.options.list('deprecatedrpc').includes('startingheight');
        return requireNetwork(context).peers().map((peer) => peerJson(peer, showStartingHeight));
      },
    },
    {
      name: 'getconnectioncount',
      category,
      description: 'Returns the number of connected peers.',
      args: [],
      run: () => requireNetwork(context).connectionCount(),
    },
    {
      name: 'getnettotals',
      category,
      description: 'Returns how much has been received and sent, and the time in milliseconds.',
      args: [],
      run: () => {
        const { bytesReceived, bytesSent } = requireNetwork(context).totals();
        return {
          totalbytesrecv: bytesReceived,
          totalbytessent: bytesSent,
          timemillis: Date.now(),
          uploadtarget: {
            timeframe: uploadTimeframe,
            target: 0,
            target_reached: false,
            serve_historical_blocks: true,
            bytes_left_in_cycle: 0,
            time_left_in_cycle: 0,
          },
        };
      },
    },
    {
      name: 'addnode',
      category,
      description: 'Adds a node to stay connected to, removes it again, or tries to connect once.',
      args: [
        { names: 'node', kind: 'string', required: true, help: 'The node, as host or host:port' },
        { names: 'command', kind: 'string', required: true, help: "'add', 'remove' or 'onetry'" },
        { names: 'v2transport', kind: 'boolean', defaultHint: 'set by -v2transport', help: 'Use the encrypted transport' },
      ],
      run: (call) => {
        const network = requireNetwork(context);
        if (call.has('v2transport') && call.boolean('v2transport') && (network.localServices & (1n << 11n)) === 0n) {
          throw rpcError('invalidParameter', 'Error: v2transport requested but not enabled (see -v2transport)');
        }
        return addNode(network, call);
      },
    },
    {
      name: 'disconnectnode',
      category,
      description: 'Ends the connection to a peer, named by its address or its id.',
      args: [
        { names: 'address', kind: 'string', defaultHint: 'fallback to nodeid', help: 'host:port of the peer' },
        { names: 'nodeid', kind: 'number', defaultHint: 'fallback to address', help: 'The id getpeerinfo shows' },
      ],
      run: (call) => disconnectNode(requireNetwork(context), call),
    },
    {
      name: 'getaddednodeinfo',
      category,
      description: 'Returns the nodes added with addnode, and whether they are connected.',
      args: [{ names: 'node', kind: 'string', defaultHint: 'all nodes', help: 'Show this one only' }],
      run: (call) => addedNodes(requireNetwork(context), call),
    },
    {
      name: 'setnetworkactive',
      category,
      description: 'Switches the peer-to-peer network on or off.',
      args: [{ names: 'state', kind: 'boolean', required: true, help: 'true for on' }],
      run: (call) => {
        const network = requireNetwork(context);
        network.setActive(call.boolean('state'));
        return network.active;
      },
    },
    {
      name: 'ping',
      category,
      description: 'Asks all peers to answer, to measure how long they take; getpeerinfo shows it.',
      args: [],
      run: () => {
        requireNetwork(context).pingAll();
        return null;
      },
    },
  ];
}
