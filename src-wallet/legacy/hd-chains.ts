import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { hardened, hardenedOffset, isHardened } from '../../src-bitcoin/keys/path.js';
import { isSeed, pathOf, type KeyMetadata } from './key-metadata.js';

/** The keys that come from a seed: `m/0h/0h/n` for receiving and, in split chains, `m/0h/1h/n` for change. */
export interface HdChain {
  /** HASH160 of the seed's public key, hex. */
  readonly seedId: string;
  readonly split: boolean;
  /** How many keys for receiving were made. */
  readonly externalCount: number;
  /** How many keys for change were made. */
  readonly internalCount: number;
}

/** Version of the record from which on change has a chain of its own. */
const splitVersion = 2;
const zeroId = '00'.repeat(20);

/** Undefined when the record names no seed. */
export function readHdChain(value: ByteReader): HdChain | undefined {
  const version = value.i32();
  const externalCount = value.u32();
  const seedId = toHex(value.bytes(20));
  const split = version >= splitVersion;
  const internalCount = split ? value.u32() : 0;
  return seedId === zeroId ? undefined : { seedId, split, externalCount, internalCount };
}

interface Place {
  readonly internal: boolean;
  readonly index: number;
}

/** Where in a chain a key is by its path; undefined for paths of another form. */
function placeOf(metadata: KeyMetadata): Place | undefined {
  const [account, chain, index, ...deeper] = pathOf(metadata) ?? [];
  if (account !== hardened(0) || chain === undefined || index === undefined || deeper.length > 0) return undefined;
  if ((chain !== hardened(0) && chain !== hardened(1)) || !isHardened(index)) return undefined;
  return { internal: chain === hardened(1), index: index - hardenedOffset };
}

/**
 * The chains of seeds that were replaced: no record counts their keys, but each key says where it comes from.
 * @param active seed that is in use, which is left out
 */
export function inactiveChains(metadata: Iterable<KeyMetadata>, active: string | undefined): readonly HdChain[] {
  const chains = new Map<string, HdChain>();
  for (const each of metadata) {
    if (each.seedId === undefined || each.seedId === active || each.path === '') continue;
    const place = isSeed(each) ? { internal: false, index: 0 } : placeOf(each);
    if (place === undefined) continue;
    const known = chains.get(each.seedId) ?? { seedId: each.seedId, split: false, externalCount: 0, internalCount: 0 };
    const count = place.index + 1;
    chains.set(
      each.seedId,
      place.internal
        ? { ...known, split: true, internalCount: Math.max(known.internalCount, count) }
        : { ...known, externalCount: Math.max(known.externalCount, count) },
    );
  }
  return [...chains.values()];
}
