/** Finds the routers that lead out of this network, as the operating system has them. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { endianness } from 'node:os';
import { promisify } from 'node:util';
import type { Logger } from '../../../src-interfaces/logging.js';
import { interfaceAddresses } from '../local-addresses.js';
import { addressOf16, isRoutable } from '../wire/network-address.js';
import { gatewayPort } from './mapping.js';
import type { Gateways } from './port-mapper.js';

/** Flags of a route of Linux: in use, and through a router. */
const routeUp = 1;
const routeThroughGateway = 2;
/** Milliseconds for a program that is asked for its routes. */
const programTimeout = 5000;

interface Route {
  readonly gateway: string;
  readonly metric: number;
}

function best(routes: readonly Route[]): string | undefined {
  return [...routes].sort((a, b) => a.metric - b.metric)[0]?.gateway;
}

const isDefaultFlags = (flags: number): boolean => (flags & (routeUp | routeThroughGateway)) === (routeUp | routeThroughGateway);

/**
 * The default gateway of /proc/net/route.
 * @param order of the bytes of this machine's numbers, in which Linux writes addresses there
 */
export function gatewayOfProcRoute(text: string, order: 'BE' | 'LE'): string | undefined {
  const routes = text.split('\n').slice(1).flatMap((line): Route[] => {
    const [, destination, gateway = '', flags = '', , , metric = '0', mask] = line.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000' || !isDefaultFlags(Number.parseInt(flags, 16))) return [];
    const bytes = Buffer.from(gateway, 'hex');
    return [{ gateway: (order === 'LE' ? bytes.reverse() : bytes).join('.'), metric: Number(metric) }];
  });
  return best(routes);
}

/** The default gateway of /proc/net/ipv6_route; with its interface when it is an address of this link alone. */
export function gatewayOfProcIpv6Route(text: string): string | undefined {
  const routes = text.split('\n').flatMap((line): Route[] => {
    const [destination, prefix, , , gateway = '', metric = '', , , flags = '', device = ''] = line.trim().split(/\s+/);
    if (!/^0{32}$/.test(destination ?? '') || prefix !== '00' || !isDefaultFlags(Number.parseInt(flags, 16))) return [];
    const { host } = addressOf16(Buffer.from(gateway, 'hex'), 0);
    return [{ gateway: host.startsWith('fe80:') ? `${host}%${device}` : host, metric: Number.parseInt(metric, 16) }];
  });
  return best(routes);
}

/** The gateway in what `route -n get default` of macOS and the BSDs says. */
export function gatewayOfRouteGet(text: string): string | undefined {
  return /^\s*gateway:\s*(\S+)\s*$/m.exec(text)?.[1];
}

/** The gateway in what {@link windowsCommand} says: address and number of the interface. */
export function gatewayOfNetRoute(text: string): string | undefined {
  const [gateway, device] = text.trim().split(/\s+/);
  return gateway?.startsWith('fe80:') === true ? `${gateway}%${device ?? ''}` : gateway;
}

function windowsCommand(network: 'ipv4' | 'ipv6'): string {
  const prefix = network === 'ipv4' ? '0.0.0.0/0' : '::/0';
  return `Get-NetRoute -DestinationPrefix '${prefix}' | Sort-Object { $_.RouteMetric + $_.InterfaceMetric } | Select-Object -First 1 | ForEach-Object { "$($_.NextHop) $($_.InterfaceIndex)" }`;
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { timeout: programTimeout, windowsHide: true });
  return stdout;
}

async function findGateway(network: 'ipv4' | 'ipv6'): Promise<string | undefined> {
  switch (process.platform) {
    case 'linux':
      return network === 'ipv4'
        ? gatewayOfProcRoute(await readFile('/proc/net/route', 'latin1'), endianness())
        : gatewayOfProcIpv6Route(await readFile('/proc/net/ipv6_route', 'latin1'));
    case 'win32':
      return gatewayOfNetRoute(await outputOf('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', windowsCommand(network)]));
    default:
      return gatewayOfRouteGet(await outputOf('/sbin/route', ['-n', 'get', ...(network === 'ipv4' ? [] : ['-inet6']), 'default']));
  }
}

/** The routers of the system this runs on. */
export function systemGateways(log: Logger): Gateways {
  return {
    find: async (network) => {
      try {
        const host = await findGateway(network);
        // On some systems a route without router has the address of nowhere.
        return host === undefined || isIP(host) === 0 || host === '0.0.0.0' || host === '::' ? undefined : { host, port: gatewayPort };
      } catch (cause) {
        log.debug('net', `portmap: Routes cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
        return undefined;
      }
    },
    ownIpv6Addresses: () => interfaceAddresses().flatMap((address) => (address.network === 'ipv6' && isRoutable(address) ? [address.host] : [])),
  };
}
