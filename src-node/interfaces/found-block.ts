/** Answers to "tell me about this block", as much of it as was asked for. */
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import type { FoundBlockParam, FoundBlockResult } from '../../src-interfaces/generated/chain.js';
import type { BlockIndex, Chainstate } from '../kernel/types.js';
import { locatorOf } from '../net/locator.js';

/** Version number with which Bitcoin Core starts a serialized locator. */
const locatorVersion = 70016;
/** A null block (80 zero bytes and no transactions): what a pruned block is answered with. */
const nullBlock = new Uint8Array(81);

/** The serialized block locator of `index`: version, count, hashes newest first. */
export function serializeLocator(index: BlockIndex | undefined): Uint8Array {
  const hashes = index === undefined ? [] : locatorOf(index);
  const writer = new ByteWriter(8 + 32 * hashes.length).i32(locatorVersion).compactSize(hashes.length);
  for (const hash of hashes) writer.bytes(hash);
  return writer.finish();
}

/** What `wanted` asks about `index`; `found` is false, and nothing else set, without a block. */
export async function foundBlock(chainstate: Chainstate, index: BlockIndex | undefined, wanted: FoundBlockParam): Promise<FoundBlockResult> {
  if (index === undefined) return { found: false };
  const active = chainstate.isActive(index);
  const next = active ? chainstate.atHeight(index.height + 1) : undefined;
  return {
    found: true,
    ...(wanted.wantHash === true ? { hash: index.hash } : {}),
    ...(wanted.wantHeight === true ? { height: index.height } : {}),
    ...(wanted.wantTime === true ? { time: BigInt(index.header.time) } : {}),
    ...(wanted.wantMaxTime === true ? { maxTime: BigInt(index.timeMax) } : {}),
    ...(wanted.wantMtpTime === true ? { mtpTime: BigInt(index.medianTimePast()) } : {}),
    ...(wanted.wantInActiveChain === true ? { inActiveChain: active } : {}),
    ...(wanted.wantLocator === true ? { locator: serializeLocator(index) } : {}),
    ...(wanted.nextBlock === undefined ? {} : { nextBlock: await foundBlock(chainstate, next, wanted.nextBlock) }),
    ...(wanted.wantData === true ? { data: index.haveData ? await chainstate.readRawBlock(index) : nullBlock } : {}),
  };
}
