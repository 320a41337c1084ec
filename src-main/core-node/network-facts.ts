/** The peer-to-peer network as `getnetworkinfo` and `getnettotals` tell it. */
import { serializeNetAddress, serializeService } from '../../src-bitcoin/address/net-address.js';
import { Network } from '../../src-interfaces/enums.js';
import type { LocalServiceInfo, ProxyInfo } from '../../src-interfaces/generated/node.js';
import type { Pair } from '../../src-interfaces/generated/common.js';
import { asArray, asBigInt, asInteger, asObject, asString } from '../../src-interfaces/rpc/values.js';
import { member, warningsOf } from './chain-facts.js';
import type { RpcCaller } from './rpc-caller.js';

export interface NetworkFacts {
  readonly active: boolean;
  readonly inbound: number;
  readonly outbound: number;
  /** Joined with "<hr />", as the Node interface has them. */
  readonly warnings: string;
}

export async function networkFacts(rpc: RpcCaller): Promise<NetworkFacts> {
  const info = await rpc.ask('getnetworkinfo');
  return {
    active: info['networkactive'] === true,
    inbound: asInteger(member(info, 'connections_in')),
    outbound: asInteger(member(info, 'connections_out')),
    warnings: warningsOf(member(info, 'warnings')),
  };
}

export async function localAddresses(rpc: RpcCaller): Promise<Pair<Uint8Array, LocalServiceInfo>[]> {
  const info = await rpc.ask('getnetworkinfo');
  return asArray(member(info, 'localaddresses')).map((value) => {
    const local = asObject(value);
    return {
      key: serializeNetAddress(asString(member(local, 'address'))),
      value: { score: asInteger(member(local, 'score')), port: asInteger(member(local, 'port')) },
    };
  });
}

/** The proxy for a Network. */
export async function proxyOf(rpc: RpcCaller, network: number): Promise<{ readonly proxyInfo: ProxyInfo; readonly result: boolean }> {
  const name = Object.entries(Network).find(([, number]) => number === network)?.[0];
  const networks = asArray(member(await rpc.ask('getnetworkinfo'), 'networks')).map(asObject);
  const found = networks.find((one) => one['name'] === name);
  const proxy = found?.['proxy'];
  if (typeof proxy !== 'string' || proxy === '') return { proxyInfo: { proxy: serializeService(''), torStreamIsolation: false }, result: false };
  return { proxyInfo: { proxy: serializeService(proxy), torStreamIsolation: found?.['proxy_randomize_credentials'] === true }, result: true };
}

/** Bytes since the start. */
export async function trafficTotals(rpc: RpcCaller): Promise<{ readonly received: bigint; readonly sent: bigint }> {
  const totals = await rpc.ask('getnettotals');
  return { received: asBigInt(member(totals, 'totalbytesrecv')), sent: asBigInt(member(totals, 'totalbytessent')) };
}
