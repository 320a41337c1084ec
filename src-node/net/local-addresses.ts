import { networkInterfaces } from 'node:os';
import type { Logger } from '../../src-interfaces/logging.js';
import type { Endpoint } from './configuration.js';
import { formatAddress, ipAddress, isInternet, isRoutable, type NetworkAddress } from './wire/network-address.js';

/** How sure it is that peers reach this node at an address, by where it is known from. */
export const addressScores = {
  /** An interface of this machine has it. */
  interface: 1,
  /** -bind names it. */
  bound: 2,
  /** A router said so. */
  mapped: 3,
  /** -externalip names it. */
  manual: 4,
} as const;

export interface LocalAddress {
  readonly address: NetworkAddress;
  readonly score: number;
}

type AddressSource = keyof typeof addressScores;

/** The addresses at which peers may reach this node. */
export class LocalAddresses {
  /** By host and by where it is known from. */
  readonly #known = new Map<string, Map<AddressSource, LocalAddress>>();
  readonly #discovers: boolean;
  readonly #log: Logger | undefined;

  /**
   * @param discovers false keeps to what -externalip names (-discover=0)
   * @param log told of every address that comes and goes
   */
  constructor(discovers: boolean, log?: Logger) {
    this.#discovers = discovers;
    this.#log = log;
  }

  list(): readonly LocalAddress[] {
    return [...this.#known.keys()].flatMap((host) => this.#surest(host) ?? []);
  }

  #surest(host: string): LocalAddress | undefined {
    return [...(this.#known.get(host)?.values() ?? [])].sort((a, b) => b.score - a.score)[0];
  }

  /** False for an address of no use. One that is found again counts for a little more. */
  add(address: NetworkAddress, source: AddressSource): boolean {
    if (!isRoutable(address) || (!this.#discovers && source !== 'manual')) return false;
    const score = addressScores[source];
    this.#log?.info(`AddLocal(${formatAddress(address)},${score})`);
    const known = this.#surest(address.host);
    if (known !== undefined && known.score > score) return true;
    const sources = this.#known.get(address.host) ?? new Map<AddressSource, LocalAddress>();
    this.#known.set(address.host, sources.set(source, { address, score: known === undefined ? score : score + 1 }));
    return true;
  }

  /** The source does not know it any more; others may. */
  remove(address: NetworkAddress, source: AddressSource): void {
    const sources = this.#known.get(address.host);
    if (sources?.delete(source) !== true) return;
    if (sources.size === 0) this.#known.delete(address.host);
    this.#log?.info(`RemoveLocal(${formatAddress(address)})`);
  }

  /** Somebody has reached this node at an address, or says so. */
  seen({ host }: NetworkAddress): void {
    const known = this.#surest(host);
    const sources = this.#known.get(host);
    for (const [source, each] of sources ?? []) if (each === known) sources?.set(source, { ...each, score: each.score + 1 });
  }

  /** The address to tell a peer: of its own network if possible, then the surest. */
  bestFor(peer: NetworkAddress): LocalAddress | undefined {
    // Who is met in an anonymous network is not told where this node is in another.
    const fitting = this.list().filter(({ address }) => address.network === peer.network || (isInternet(address) && isInternet(peer)));
    const rank = ({ address, score }: LocalAddress): readonly [number, number] => [address.network === peer.network ? 1 : 0, score];
    return fitting.reduce<LocalAddress | undefined>((best, each) => {
      if (best === undefined) return each;
      const [[a, b], [c, d]] = [rank(each), rank(best)];
      return a > c || (a === c && b > d) ? each : best;
    }, undefined);
  }

  /** Whether the peer's view of our address may be taken for one. */
  trusts(peer: NetworkAddress, view: NetworkAddress | undefined): view is NetworkAddress {
    return this.#discovers && view !== undefined && isRoutable(peer) && isRoutable(view);
  }
}

/** Addresses of this machine that are not for itself alone. */
export function interfaceAddresses(): readonly NetworkAddress[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.flatMap(({ address, internal }) => (internal ? [] : (ipAddress(address, 0) ?? [])));
}

/** An address that stands for all of the machine's. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The addresses behind one that is listened at, with its port: all of the machine's behind that of everything. */
export function addressesBehind({ host, port }: Endpoint, interfaces: readonly NetworkAddress[]): readonly NetworkAddress[] {
  const named = ipAddress(host, port);
  if (!isWildcard(host)) return named === undefined ? [] : [named];
  return interfaces.filter(({ network }) => network === named?.network).map((address) => ({ ...address, port }));
}
