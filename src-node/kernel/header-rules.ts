import { maxFutureBlockTime, maxTimeWarp } from '../../src-bitcoin/consensus/limits.js';
import { nextBits, retargetInterval } from '../../src-bitcoin/consensus/retarget.js';
import type { ConsensusParams } from '../../src-bitcoin/params/chain-params.js';
import type { BlockHeader } from '../../src-bitcoin/primitives/block.js';
import type { BlockEntry } from './block-entry.js';
import { failure } from './failure.js';
import type { ValidationFailure } from './types.js';

/** Versions below these were outlawed as BIP34, BIP66 and BIP65 came into force. */
function checkVersion(version: number, height: number, params: ConsensusParams): ValidationFailure | undefined {
  const outdated =
    (version < 2 && height >= params.bip34Height) ||
    (version < 3 && height >= params.bip66Height) ||
    (version < 4 && height >= params.bip65Height);
  if (!outdated) return undefined;
  const hex = `0x${(version >>> 0).toString(16).padStart(8, '0')}`;
  return failure('invalid-header', `bad-version(${hex})`, `rejected nVersion=${hex} block`);
}

/**
 * Rules that depend on the headers before.
 * @param now seconds since 1970.
 */
export function checkHeaderInContext(
  header: BlockHeader,
  prev: BlockEntry,
  params: ConsensusParams,
  now: number,
): ValidationFailure | undefined {
  const height = prev.height + 1;
  if (header.bits !== nextBits(prev, header.time, params)) {
    return failure('invalid-header', 'bad-diffbits', 'incorrect proof of work');
  }
  if (header.time <= prev.medianTimePast()) {
    return failure('invalid-header', 'time-too-old', "block's timestamp is too early");
  }
  // BIP94: a period cannot start long before the one before it ended.
  if (params.enforceBip94 && height % retargetInterval(params) === 0 && header.time < prev.header.time - maxTimeWarp) {
    return failure('invalid-header', 'time-timewarp-attack', "block's timestamp is too early on diff adjustment block");
  }
  if (header.time > now + maxFutureBlockTime) {
    return failure('time-future', 'time-too-new', 'block timestamp too far in the future');
  }
  return checkVersion(header.version, height, params);
}
