import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { OptionError } from '../../src-interfaces/options/option-values.js';

/** How many leading bits a netmask sets; undefined when they are not all at its start. */
function prefixOfMask(mask: string): number | undefined {
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

/** Adds an address or network to a list. False when it is neither. */
function addSubnet(list: BlockList, text: string): boolean {
  const slash = text.indexOf('/');
  const address = (slash < 0 ? text : text.slice(0, slash)).replace(/^\[(.*)\]$/, '$1');
  const kind = isIP(address);
  if (kind === 0) return false;
  const family = kind === 4 ? 'ipv4' : 'ipv6';
  if (slash < 0) {
    list.addAddress(address, family);
    return true;
  }
  const suffix = text.slice(slash + 1);
  const prefix = /^\d{1,3}$/.test(suffix) ? Number(suffix) : kind === 4 && isIPv4(suffix) ? prefixOfMask(suffix) : undefined;
  if (prefix === undefined || prefix > (kind === 4 ? 32 : 128)) return false;
  list.addSubnet(address, prefix, family);
  return true;
}

/** Addresses that may talk to the JSON-RPC server: this machine, and what -rpcallowip names. */
export class AccessList {
  readonly #list = new BlockList();

  /** @throws OptionError naming what is neither address nor network. */
  constructor(allowed: readonly string[]) {
    this.#list.addSubnet('127.0.0.0', 8, 'ipv4');
    this.#list.addAddress('::1', 'ipv6');
    for (const text of allowed) {
      if (addSubnet(this.#list, text)) continue;
      throw new OptionError(
        `Invalid -rpcallowip subnet specification: ${text}. Valid values are a single IP (e.g. 1.2.3.4), a network/netmask (e.g. 1.2.3.4/255.255.255.0), a network/CIDR (e.g. 1.2.3.4/24), all ipv4 (0.0.0.0/0), or all ipv6 (::/0). RFC4193 is allowed only if -cjdnsreachable=0.`,
      );
    }
  }

  allows(address: string): boolean {
    const plain = plainAddress(address);
    return this.#list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }
}

/** IPv4 addresses that arrive at an IPv6 socket, as IPv4. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}
