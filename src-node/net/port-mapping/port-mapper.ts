import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../../src-interfaces/logging.js';
import type { Endpoint } from '../configuration.js';
import { randomFraction } from '../network-context.js';
import type { NetworkAddress } from '../wire/network-address.js';
import { GatewaySocket, type GatewaySurroundings, type Patience } from './gateway-socket.js';
import { formatMapping, type MappingFailure, type PortMapping } from './mapping.js';
import { nonceSize } from './pcp.js';
import { endMapping, refusalLog, requestMapping, type TellRefusal } from './request-mapping.js';

/** Where the routers are. */
export interface Gateways {
  /** Undefined when there is none, or nobody can tell. */
  find(network: 'ipv4' | 'ipv6'): Promise<Endpoint | undefined>;
  /** The addresses of this machine that everybody can reach when routers let them: IPv6 needs no other address. */
  ownIpv6Addresses(): readonly string[];
}

export interface PortMapperTiming {
  /** Seconds a mapping is asked for; it is renewed halfway. */
  readonly lifetime: number;
  /** Seconds; nothing useful lasts less long. */
  readonly shortest: number;
  /** Milliseconds until the next attempt when there is no mapping. */
  readonly retry: number;
  readonly patience: Patience;
}

export const defaultPortMapperTiming: PortMapperTiming = {
  lifetime: 40 * 60,
  shortest: 30,
  retry: 5 * 60_000,
  patience: { tries: 3, timeout: 1000 },
};

/** What a {@link PortMapper} works with. */
export interface PortMapperSurroundings {
  readonly log: Logger;
  readonly gateways: Gateways;
  readonly timing?: Partial<PortMapperTiming>;
  /** Cryptographically random bytes. */
  randomBytes(length: number): Uint8Array;
  /** Where peers are accepted. */
  listening(): readonly Endpoint[];
  /** Peers reach this node at an address of the router, or do no more. */
  mapped(external: NetworkAddress): void;
  unmapped(external: NetworkAddress): void;
}

interface HeldMapping {
  readonly mapping: PortMapping;
  readonly gateway: Endpoint;
  /** Monotonic milliseconds. */
  readonly endsAt: number;
}

/**
 * Asks the routers of this network to let peers in at the port this node listens at, for as long as it is switched on.
 * What goes wrong is logged and tried again.
 */
export class PortMapper {
  readonly #surroundings: PortMapperSurroundings;
  readonly #timing: PortMapperTiming;
  /** One for all mappings: the router takes their renewal from nobody who does not know it. */
  readonly #nonce: Uint8Array;
  readonly #tell: TellRefusal;
  readonly #held = new Map<string, HeldMapping>();
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(surroundings: PortMapperSurroundings) {
    this.#surroundings = surroundings;
    this.#timing = { ...defaultPortMapperTiming, ...surroundings.timing };
    this.#nonce = surroundings.randomBytes(nonceSize);
    this.#tell = refusalLog(surroundings.log);
  }

  /** Resolves when it works, or has stopped and routers have been asked to forget. Later calls wait for earlier ones. */
  setEnabled(enabled: boolean): Promise<void> {
    this.#turn = this.#turn.then(() => (enabled ? this.#start() : this.#stop()));
    return this.#turn;
  }

  #start(): void {
    if (this.#running !== undefined) return;
    const abort = new AbortController();
    this.#running = { abort, ended: this.#run(abort.signal) };
  }

  async #stop(): Promise<void> {
    if (this.#running === undefined) return;
    this.#running.abort.abort();
    await this.#running.ended;
    this.#running = undefined;
    await Promise.all([...this.#held.values()].map((held) => this.#end(held)));
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let pause = this.#timing.retry;
      try {
        pause = (await this.#round(signal)) ?? pause;
      } catch (cause) {
        this.#surroundings.log.error(`portmap: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      }
      // Rejects when it is switched off meanwhile.
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Asks for all mappings, new ones and those to be renewed. @returns milliseconds until the next time; undefined when there are none */
  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { log, gateways } = this.#surroundings;
    const lifetimes: number[] = [];
    const failures: MappingFailure[] = [];
    for (const network of ['ipv4', 'ipv6'] as const) {
      const name = network === 'ipv4' ? 'IPv4' : 'IPv6';
      const gateway = await gateways.find(network);
      if (signal.aborted) return undefined;
      if (gateway === undefined) {
        log.debug('net', `portmap: Could not determine ${name} default gateway`);
        continue;
      }
      log.debug('net', `portmap: gateway [${name}]: ${gateway.host}`);
      for (const from of network === 'ipv4' ? [undefined] : gateways.ownIpv6Addresses()) {
        const outcome = await this.#map(gateway, from, signal);
        if (outcome === undefined) continue;
        if ('failure' in outcome) failures.push(outcome.failure);
        else lifetimes.push(outcome.mapping.lifetime);
      }
    }
    this.#forgetEnded();
    if (failures.includes('no-resources')) {
      log.warning(
        'portmap: At least one mapping failed because of a NO_RESOURCES error. This usually indicates that the port is already used on the router. If this is the only node on the network, this will resolve itself. Otherwise choose a different port with -port.',
      );
    }
    if (lifetimes.length === 0) return undefined;
    const shortest = Math.min(this.#timing.lifetime, ...lifetimes);
    if (shortest < this.#timing.shortest) {
      log.warning(`portmap: Got impossibly short mapping lifetime of ${shortest} seconds`);
      return undefined;
    }
    // RFC 6887, 11.2.1: at a random time between 1/2 and 5/8 of the lifetime.
    return shortest * 1000 * (1 / 2 + randomFraction(this.#surroundings) / 8);
  }

  /** @returns undefined when there is nothing to ask for */
  async #map(gateway: Endpoint, from: string | undefined, signal: AbortSignal): Promise<{ readonly mapping: PortMapping } | { readonly failure: MappingFailure } | undefined> {
    const { log, mapped, unmapped } = this.#surroundings;
    const outcome = await this.#converse(gateway, from, { log, patience: this.#timing.patience, signal }, (socket) => {
      const { network, host } = socket.local;
      log.debug('net', `portmap: Internal address toward the gateway: ${host}`);
      const port = this.#portAt(host);
      if (port === undefined) {
        log.debug('net', `portmap: No port is mapped to ${host}, where this node does not listen`);
        return Promise.resolve(undefined);
      }
      const request = { nonce: this.#nonce, internal: { network, host, port }, lifetime: this.#timing.lifetime };
      return requestMapping(socket, request, log, this.#tell);
    });
    if (outcome === undefined || 'failure' in outcome) return outcome;
    const { mapping } = outcome;
    log.info(`portmap: Added mapping ${formatMapping(mapping)}`);
    const before = this.#held.get(mapping.internal.host)?.mapping.external;
    if (before !== undefined && before.host !== mapping.external.host) unmapped(before);
    this.#held.set(mapping.internal.host, { mapping, gateway, endsAt: performance.now() + mapping.lifetime * 1000 });
    mapped(mapping.external);
    return outcome;
  }

  async #converse<T>(gateway: Endpoint, from: string | undefined, surroundings: GatewaySurroundings, talk: (socket: GatewaySocket) => Promise<T>): Promise<T | { readonly failure: 'no-answer' }> {
    const socket = await GatewaySocket.open(gateway, from, surroundings);
    if (socket === undefined) return { failure: 'no-answer' };
    try {
      return await talk(socket);
    } finally {
      socket.close();
    }
  }

  /** The port at which peers who come to an address of ours are accepted. */
  #portAt(host: string): number | undefined {
    const any = host.includes(':') ? '::' : '0.0.0.0';
    return this.#surroundings.listening().find((endpoint) => endpoint.host === host || endpoint.host === any)?.port;
  }

  /** What could not be renewed in time leads nowhere any more. */
  #forgetEnded(): void {
    for (const [host, { mapping, endsAt }] of this.#held) {
      if (endsAt > performance.now()) continue;
      this.#held.delete(host);
      this.#surroundings.unmapped(mapping.external);
    }
  }

  /** Has the router forget a mapping. It ends by itself when the router does not listen, so that is asked once. */
  async #end({ mapping, gateway }: HeldMapping): Promise<void> {
    const { log, unmapped } = this.#surroundings;
    this.#held.delete(mapping.internal.host);
    unmapped(mapping.external);
    const patience = { ...this.#timing.patience, tries: 1 };
    const from = mapping.internal.network === 'ipv6' ? mapping.internal.host : undefined;
    await this.#converse(gateway, from, { log, patience, signal: new AbortController().signal }, (socket) => endMapping(socket, mapping, this.#nonce, this.#tell));
    log.debug('net', `portmap: Ended mapping ${formatMapping(mapping)}`);
  }
}
