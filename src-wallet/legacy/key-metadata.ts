import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import type { KeyOrigin } from '../../src-bitcoin/descriptor/descriptor.js';
import { hardened } from '../../src-bitcoin/keys/path.js';
import { readText } from '../store/record-keys.js';

/** What a legacy wallet notes about a key or a watched script. */
export interface KeyMetadata {
  /** Seconds since 1970; 0 when unknown. */
  readonly creationTime: bigint;
  /** Path from the root as text, `s` or `m` for a seed itself; empty for keys that come from no seed. */
  readonly path: string;
  /** HASH160 of the seed's public key, hex; undefined for keys that come from no seed. */
  readonly seedId: string | undefined;
  /** Where it comes from, if that was noted apart from the path. */
  readonly origin: KeyOrigin | undefined;
}

/** Versions of the record from which on it has these fields. */
const versionWith = { seed: 10, origin: 12 } as const;
const zeroId = '00'.repeat(20);

export function readKeyMetadata(value: ByteReader): KeyMetadata {
  const version = value.i32();
  const creationTime = value.i64();
  let [path, seedId, origin]: [string, string, KeyOrigin | undefined] = ['', zeroId, undefined];
  if (version >= versionWith.seed) {
    path = readText(value);
    seedId = toHex(value.bytes(20));
  }
  if (version >= versionWith.origin) {
    const fingerprint = value.bytes(4);
    const steps: number[] = [];
    for (let left = value.compactSize(); left > 0; left--) steps.push(value.u32());
    if (value.u8() !== 0) origin = { fingerprint, path: steps };
  }
  return { creationTime: creationTime < 0n ? 0n : creationTime, path, seedId: seedId === zeroId ? undefined : seedId, origin };
}

/** Whether the key is a seed, from which other keys come. */
export function isSeed({ path }: KeyMetadata): boolean {
  return path === 's' || path === 'm';
}

/** The steps of a path such as `m/0'/1'/5'`; undefined for other texts. */
function parsePath(text: string): readonly number[] | undefined {
  const [root, ...steps] = text.split('/');
  if (root !== 'm') return undefined;
  const numbers = steps.map((step) => {
    const isHard = step.endsWith("'") || step.endsWith('h');
    const digits = isHard ? step.slice(0, -1) : step;
    const number = /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
    return isHard ? hardened(number) : number;
  });
  return numbers.every((number) => number <= 0xffffffff) ? numbers : undefined;
}

/** Path of a key from its root; undefined when what is noted is none. */
export function pathOf({ origin, path }: KeyMetadata): readonly number[] | undefined {
  return origin?.path ?? parsePath(path);
}
