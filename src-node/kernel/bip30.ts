import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { ConsensusParams } from '../../src-bitcoin/params/chain-params.js';
import type { BlockPlace } from './connect-block.js';

/** The two blocks of main whose coinbase repeats one that was not spent. */
const repeats: ReadonlyMap<number, string> = new Map([
  [91842, '00000000000a4d0a398161ffc163c503763b1f4360639393e0e4c8e300e0caec'],
  [91880, '00000000000743f190a18c5577a3c2d2a1f610ae9601ac046a38084ccb7cd721'],
]);

/** The two blocks of main whose coinbase was repeated. */
const repeated: ReadonlyMap<number, string> = new Map([
  [91722, '00000000000271a2dc26e7667f8419f2e15416dc6955e5a6c6cdf3f2574dd08e'],
  [91812, '00000000000af0aed4792b1acee3d966af36cf5def14935db8de83d6f9306f2f'],
]);

/** From here on a coinbase could repeat an old one that named a height to come. */
const bip34LimitHeight = 1_983_702;

function isListed(list: ReadonlyMap<number, string>, hash: Uint8Array, height: number): boolean {
  return list.has(height) && list.get(height) === hashToHex(hash);
}

/** Whether the coins of a block's coinbase may be those of a later block by now. */
export function isRepeatedLater(hash: Uint8Array, height: number): boolean {
  return isListed(repeated, hash, height);
}

/**
 * Whether a block must be checked not to overwrite coins (BIP30). On main that cannot happen between
 * the height where BIP34 put heights into coinbases and the first height an older coinbase foretold.
 */
export function enforcesBip30(place: BlockPlace, params: ConsensusParams): boolean {
  if (place.height >= bip34LimitHeight) return true;
  if (isListed(repeats, place.hash, place.height)) return false;
  const { bip34Hash } = params;
  const block = place.prev.ancestor(params.bip34Height);
  return bip34Hash === undefined || block === undefined || !equalBytes(block.hash, bip34Hash);
}
