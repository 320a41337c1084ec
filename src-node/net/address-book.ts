import { formatAddress, isInternet, isRoutable, type AnnouncedAddress, type NetworkAddress } from './wire/network-address.js';

const maxAddresses = 20_000;
/** Share of what is known that one answer gives away, and its limit. */
const answerShare = 0.23;
const maxAnswer = 1000;
/** Seconds without a sign of life after which an address is forgotten, and after a failure tried again. */
const horizon = 30 * 24 * 60 * 60;
const retryAfter = 10 * 60;

/** What is kept of an address. Times in seconds since 1970, 0 for never. */
export interface KnownAddress {
  announced: AnnouncedAddress;
  /** Who told of it. */
  readonly source: NetworkAddress;
  lastTry: number;
  lastSuccess: number;
  failures: number;
}

/** Addresses of other nodes, to connect to and to pass on. Times in seconds since 1970. */
export class AddressBook {
  readonly #known = new Map<string, KnownAddress>();
  readonly #random: () => number;

  /** @param random a number from 0 up to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  get size(): number {
    return this.#known.size;
  }

  entries(): Iterable<KnownAddress> {
    return this.#known.values();
  }

  /** Takes back what was kept in a file. */
  restore(known: KnownAddress): void {
    if (this.#known.size < maxAddresses) this.#known.set(formatAddress(known.announced.address), known);
  }

  /** Remembers an address that `source` told of. False when it was known, or nobody could reach it. */
  add(announced: AnnouncedAddress, source: NetworkAddress, now: number): boolean {
    if (!isRoutable(announced.address) || announced.address.port === 0) return false;
    // Times in the future or long past say nothing.
    const time = announced.time > now + 600 || announced.time < 100_000_000 ? now - 5 * 24 * 60 * 60 : announced.time;
    if (time < now - horizon) return false;
    const key = formatAddress(announced.address);
    const known = this.#known.get(key);
    if (known !== undefined) {
      if (time > known.announced.time) known.announced = { ...announced, time };
      return false;
    }
    if (this.#known.size >= maxAddresses) this.#forgetOne();
    this.#known.set(key, { announced: { ...announced, time }, source, lastTry: 0, lastSuccess: 0, failures: 0 });
    return true;
  }

  #forgetOne(): void {
    const keys = [...this.#known.keys()];
    const victim = keys[Math.floor(this.#random() * keys.length)];
    if (victim !== undefined) this.#known.delete(victim);
  }

  tried(address: NetworkAddress, now: number): void {
    const known = this.#known.get(formatAddress(address));
    if (known === undefined) return;
    known.lastTry = now;
    known.failures++;
  }

  connected(address: NetworkAddress, services: bigint, now: number): void {
    const known = this.#known.get(formatAddress(address));
    if (known === undefined) return;
    known.failures = 0;
    known.lastSuccess = now;
    known.announced = { address, services, time: now };
  }

  /** A random address worth a try. */
  choose(now: number, acceptable: (address: NetworkAddress) => boolean): NetworkAddress | undefined {
    const candidates = [...this.#known.values()].filter(
      ({ announced, lastTry, failures }) => isInternet(announced.address) && lastTry + retryAfter * 2 ** Math.min(failures, 6) <= now && acceptable(announced.address),
    );
    return candidates[Math.floor(this.#random() * candidates.length)]?.announced.address;
  }

  /** A random part of what is known, as an answer to `getaddr`. */
  sample(now: number): AnnouncedAddress[] {
    const all = [...this.#known.values()].map(({ announced }) => announced).filter(({ time }) => time > now - horizon);
    const count = Math.min(maxAnswer, Math.ceil(all.length * answerShare));
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(this.#random() * (all.length - i));
      const [a, b] = [all[i], all[j]];
      if (a !== undefined && b !== undefined) [all[i], all[j]] = [b, a];
    }
    return all.slice(0, count);
  }
}
