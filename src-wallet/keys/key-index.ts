import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { derivePubkey } from '../../src-bitcoin/descriptor/derive-key.js';
import { keyExpressions } from '../../src-bitcoin/descriptor/descriptor.js';
import { addPrivateKeys } from '../../src-bitcoin/descriptor/expand.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { Vault } from './vault.js';
import type { WalletDescriptor } from './wallet-descriptor.js';

/** Which descriptor a public key comes from, and at which index. */
interface KeyPlace {
  readonly descriptor: WalletDescriptor;
  readonly index: number;
}

/**
 * The public keys of descriptors that have private ones, for scripts of others that such keys are in.
 * Most wallets are never asked: keys are derived when the first question comes.
 */
export class KeyIndex {
  readonly #places = new Map<string, KeyPlace>();
  /** The indexes taken in so far. */
  readonly #covered = new Map<WalletDescriptor, { readonly start: number; readonly end: number }>();

  #cover(descriptor: WalletDescriptor, start: number, end: number): void {
    const expressions = keyExpressions(descriptor.descriptor);
    for (let index = start; index < end; index++) {
      for (const expression of expressions) {
        const pubkey = derivePubkey(expression, index, { cache: descriptor.cache });
        if (pubkey !== undefined) this.#places.set(toHex(pubkey), { descriptor, index });
      }
    }
  }

  #find(pubkey: Uint8Array, descriptors: Iterable<WalletDescriptor>): KeyPlace | undefined {
    for (const descriptor of descriptors) {
      if (!descriptor.hasPrivateKeys) continue;
      const { rangeStart, rangeEnd } = descriptor;
      const covered = this.#covered.get(descriptor) ?? { start: rangeStart, end: rangeStart };
      this.#cover(descriptor, rangeStart, covered.start);
      this.#cover(descriptor, covered.end, rangeEnd);
      this.#covered.set(descriptor, { start: Math.min(rangeStart, covered.start), end: Math.max(rangeEnd, covered.end) });
    }
    return this.#places.get(toHex(pubkey));
  }

  /**
   * What is known about a public key whose private key is at hand, in whatever script it is; undefined
   * for other keys, and while the wallet is locked. With `secrets` the private key, too.
   */
  solve(pubkey: Uint8Array, descriptors: Iterable<WalletDescriptor>, vault: Vault, options: { readonly secrets: boolean }): SolvingData | undefined {
    const place = this.#find(pubkey, descriptors);
    const secrets = place && vault.secretsOf(place.descriptor);
    if (place === undefined || secrets === undefined) return undefined;
    const keys = new SolvingData();
    addPrivateKeys(place.descriptor.descriptor, place.index, secrets, keys);
    if (keys.secret(pubkey) === undefined) return undefined;
    const solving = new SolvingData();
    place.descriptor.scripts(place.index, solving);
    if (options.secrets) solving.merge(keys);
    return solving;
  }
}
