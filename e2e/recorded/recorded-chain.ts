/** The chain of a recorded node, put together from what the node told. */
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { readHeader } from '../../src-bitcoin/primitives/block.js';
import type { BlockInfo, FoundBlockParam, FoundBlockResult } from '../../src-interfaces/generated/chain.js';
import { parseLocator } from '../../src-wallet/store/locator.js';
import type { RecordedCall } from './recording.js';

/** A block of the recording. */
export interface RecordedBlock {
  /** Position at which the node told of it first; 0 for the one that was there before. */
  readonly at: number;
  readonly height: number;
  /** Internal byte order. */
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
  /** Seconds. */
  readonly time: number;
  /** Largest time up to here, seconds. */
  readonly maxTime: number;
}

interface FindBlock {
  readonly hash: Uint8Array;
  readonly block: FoundBlockParam;
}

/** Every block that the node told of or was asked for, by height. */
export function blocksOf(calls: readonly RecordedCall[]): RecordedBlock[] {
  const found: RecordedBlock[] = [];
  for (const { hash, data } of lookups(calls)) {
    if (data === undefined) continue;
    const { time, prevHash } = readHeader(new ByteReader(data));
    if (prevHash.every((byte) => byte === 0)) found[0] ??= { at: 0, height: 0, hash, bytes: data, time, maxTime: time };
  }
  for (const call of calls) {
    if (call.method.methodName !== 'blockConnected') continue;
    const { hash, height, data, chainTimeMax } = (call.params as { block: BlockInfo }).block;
    if (data === undefined) continue;
    found[height] ??= { at: call.at, height, hash, bytes: data, time: readHeader(new ByteReader(data)).time, maxTime: chainTimeMax };
  }
  return found;
}

function lookups(calls: readonly RecordedCall[]): (FoundBlockResult & { readonly hash: Uint8Array })[] {
  const findBlock = calls.filter(({ method, results }) => method.methodName === 'findBlock' && results !== undefined);
  return findBlock.map(({ params, results }) => ({ ...(results as { block: FoundBlockResult }).block, hash: (params as FindBlock).hash }));
}

/** Answers questions about the chain as it was at a position of the recording. */
export class RecordedChain {
  /** Blocks that were told of up to here are part of the chain. */
  position = 0;
  readonly blocks: readonly RecordedBlock[];
  readonly #locators = new Map<string, Uint8Array>();
  readonly #answers: Readonly<Record<string, (params: never) => unknown>> = {
    'Chain.getHeight': () => this.height,
    'Chain.getBlockHash': ({ height }: { height: number }) => this.#at(height).hash,
    'Chain.findBlock': ({ hash, block }: FindBlock) => this.#lookUp('block', this.#known(hash), block),
    'Chain.findFirstBlockWithTimeAndHeight': ({ minTime, minHeight, block }: { minTime: bigint; minHeight: number; block: FoundBlockParam }) =>
      this.#lookUp('block', this.#active().find(({ height, maxTime }) => height >= minHeight && maxTime >= minTime), block),
    'Chain.findAncestorByHeight': ({ blockHash, ancestorHeight, ancestor }: { blockHash: Uint8Array; ancestorHeight: number; ancestor: FoundBlockParam }) =>
      this.#lookUp('ancestor', (this.#known(blockHash)?.height ?? -1) < ancestorHeight ? undefined : this.#at(ancestorHeight), ancestor),
    'Chain.findLocatorFork': ({ locator }: { locator: Uint8Array }) => parseLocator(locator).flatMap((hash) => this.#known(hash)?.height ?? []).at(0),
    'Chain.hasBlocks': ({ blockHash }: { blockHash: Uint8Array }) => this.#known(blockHash) !== undefined,
  };

  constructor(calls: readonly RecordedCall[]) {
    this.blocks = blocksOf(calls);
    for (const { hash, locator } of lookups(calls)) if (locator !== undefined) this.#locators.set(toHex(hash), locator);
  }

  /** Height of the tip. */
  get height(): number {
    return this.#active().length - 1;
  }

  /** @returns undefined for questions about other things */
  answer(name: string, params: unknown): { readonly results: unknown } | undefined {
    const answer = this.#answers[name];
    return answer === undefined ? undefined : { results: answer(params as never) };
  }

  #active(): readonly RecordedBlock[] {
    return this.blocks.filter(({ at }) => at <= this.position);
  }

  #at(height: number): RecordedBlock {
    const block = this.#active()[height];
    if (block === undefined) throw new Error(`The recorded chain has no block ${height} yet.`);
    return block;
  }

  #known(hash: Uint8Array): RecordedBlock | undefined {
    return this.#active().find((block) => equalBytes(block.hash, hash));
  }

  #lookUp(field: string, block: RecordedBlock | undefined, want: FoundBlockParam): object {
    return { [field]: this.#facts(block, want), result: block !== undefined };
  }

  #facts(block: RecordedBlock | undefined, want: FoundBlockParam): FoundBlockResult {
    if (want.wantMtpTime === true) throw new Error('The recorded node was asked for no median time.');
    const wanted = <T>(wish: boolean | undefined, value: T | undefined): T | undefined => (wish === true ? value : undefined);
    return {
      hash: wanted(want.wantHash, block?.hash),
      height: wanted(want.wantHeight, block?.height) ?? 0,
      time: BigInt(wanted(want.wantTime, block?.time) ?? 0),
      maxTime: BigInt(wanted(want.wantMaxTime, block?.maxTime) ?? 0),
      mtpTime: 0n,
      inActiveChain: wanted(want.wantInActiveChain, block !== undefined) ?? false,
      locator: wanted(want.wantLocator, block && this.#locators.get(toHex(block.hash))),
      nextBlock: want.nextBlock && block && this.#facts(this.#active()[block.height + 1], want.nextBlock),
      data: wanted(want.wantData, block?.bytes),
      found: block !== undefined,
    };
  }
}
