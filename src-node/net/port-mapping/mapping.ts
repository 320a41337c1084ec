import { formatAddress, type NetworkAddress } from '../wire/network-address.js';

/** UDP port at which routers take requests of both protocols. */
export const gatewayPort = 5351;

/** A port of the router that leads to one of ours. */
export interface PortMapping {
  readonly protocol: 'pcp' | 'natpmp';
  /** Address and port of this machine. */
  readonly internal: NetworkAddress;
  /** Address and port at which the world reaches it. */
  readonly external: NetworkAddress;
  /** Seconds until it ends, from when it was granted. */
  readonly lifetime: number;
}

/**
 * Why there is no mapping: `no-answer`, also for a network that does not work; `unsupported` for a router that does
 * not speak the protocol; `no-resources`, mostly because the port leads elsewhere already; `refused` for the rest.
 */
export type MappingFailure = 'no-answer' | 'unsupported' | 'no-resources' | 'refused';

export type MappingOutcome = { readonly mapping: PortMapping } | { readonly failure: MappingFailure };

/** What a response says, as far as it is one to the request. `other` has the reason it is none. */
export type Reading<T> = { readonly kind: 'answer'; readonly answer: T } | { readonly kind: 'other'; readonly reason: string };

/** A router's result: 0 for success. */
export function resultText(names: readonly string[], code: number): string {
  return `${names[code] ?? '(unknown)'} (code ${code})`;
}

/** For example `pcp:203.0.113.7:8333 -> 192.168.0.5:8333 (for 2400s)`. */
export function formatMapping({ protocol, internal, external, lifetime }: PortMapping): string {
  return `${protocol}:${formatAddress(external)} -> ${formatAddress(internal)} (for ${lifetime}s)`;
}
