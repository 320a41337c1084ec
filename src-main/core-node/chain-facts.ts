/** The chain as `getblockchaininfo` and `getblockheader` tell it. */
import { hashFromHex } from '../../src-bitcoin/bytes/hex.js';
import { SynchronizationState } from '../../src-interfaces/enums.js';
import type { BlockTip } from '../../src-interfaces/generated/node.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { asDouble, asHash, asInteger, asObject, asString } from '../../src-interfaces/rpc/values.js';
import type { RpcCaller } from './rpc-caller.js';

export interface ChainFacts {
  /** Height of the tip. */
  readonly height: number;
  /** 32 bytes, internal byte order. */
  readonly tipHash: Uint8Array;
  /** Seconds since 1970. */
  readonly tipTime: number;
  /** Height of the best header. */
  readonly headers: number;
  /** 0 to 1. */
  readonly progress: number;
  readonly initialDownload: boolean;
}

/** A member; null, which no reader of a value takes, when it is not there. */
export function member(object: JsonObject, name: string): JsonValue {
  return object[name] ?? null;
}

/** Warnings joined with "<hr />", from a list or from the one text that older versions have. */
export function warningsOf(value: JsonValue): string {
  if (isJsonArray(value)) return value.map(asString).join('<hr />');
  return typeof value === 'string' ? value : '';
}

export async function chainFacts(rpc: RpcCaller): Promise<ChainFacts> {
  const info = await rpc.ask('getblockchaininfo');
  return {
    height: asInteger(member(info, 'blocks')),
    tipHash: asHash(member(info, 'bestblockhash'), 'bestblockhash'),
    tipTime: asInteger(member(info, 'time'), 0, 0xffff_ffff),
    headers: asInteger(member(info, 'headers')),
    progress: asDouble(member(info, 'verificationprogress')),
    initialDownload: info['initialblockdownload'] === true,
  };
}

/** How far the node is, as a SynchronizationState. */
export function syncState(initialDownload: boolean): number {
  return initialDownload ? SynchronizationState.initDownload : SynchronizationState.postInit;
}

interface KnownBlock extends BlockTip {
  readonly previous: string | undefined;
}

async function blockTip(rpc: RpcCaller, hash: string): Promise<KnownBlock> {
  const header = asObject(await rpc.call('getblockheader', hash));
  const previous = member(header, 'previousblockhash');
  return {
    blockHeight: asInteger(member(header, 'height')),
    blockTime: BigInt(asInteger(member(header, 'time'), 0, 0xffff_ffff)),
    blockHash: hashFromHex(hash),
    previous: typeof previous === 'string' ? previous : undefined,
  };
}

/**
 * The blocks from a height up to the tip, oldest first; only the newest `most` of them.
 * @param tip hex in display order
 */
export async function blocksUpTo(rpc: RpcCaller, tip: string, fromHeight: number, most: number): Promise<BlockTip[]> {
  const blocks: BlockTip[] = [];
  let hash: string | undefined = tip;
  while (hash !== undefined && blocks.length < most) {
    const { previous, ...block }: KnownBlock = await blockTip(rpc, hash);
    blocks.unshift(block);
    hash = block.blockHeight > fromHeight ? previous : undefined;
  }
  return blocks;
}
