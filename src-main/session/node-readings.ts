/** What the window reads from a node at once: when it attaches, and when the node says that something changed. */
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { BlockSummary, MempoolState, NetworkState, SyncState } from '../../src-interfaces/facade.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { shownLocalAddress } from './peers.js';
import { words } from './words.js';

/** Blocks fetched when the window attaches, and how far back in time; seconds. */
const blocksAtStart = 100;
const clockSpan = 12 * 3600;

/**
 * How far the node is.
 * @param practice a chain of one's own: that it has no block yet does not mean that others were not found yet
 * @returns with it, whether the node tells of headers
 */
export async function readSync(node: Node, practice: boolean): Promise<{ readonly sync: SyncState; readonly headersKnown: boolean }> {
  const [height, header, hash, time, progress, loading, initial] = await Promise.all([
    node.getNumBlocks(),
    node.getHeaderTip(),
    node.getBestBlockHash(),
    node.getLastBlockTime(),
    node.getVerificationProgress(),
    node.isLoadingBlocks(),
    node.isInitialBlockDownload(),
  ]);
  const nothingYet = header.result && header.height <= 0 && !practice;
  // Without headers, only the node knows whether there are blocks to come.
  const behind = header.result ? header.height > height : initial;
  const sync: SyncState = {
    phase: loading ? 'loading' : behind ? 'blocks' : nothingYet ? 'connecting' : 'synced',
    height,
    headers: Math.max(header.height, height),
    tipHash: hashToHex(hash),
    tipTime: Number(time),
    progress: height >= header.height && !initial ? 1 : progress,
    secondsLeft: null,
  };
  return { sync, headersKnown: header.result };
}

export async function readNetwork(node: Node): Promise<NetworkState> {
  const [active, inbound, outbound, local] = await Promise.all([node.getNetworkActive(), node.getNodeCount(1), node.getNodeCount(2), node.getNetLocalAddresses()]);
  const subversion = (await reply(node, 'getnetworkinfo'))?.['subversion'];
  return {
    active,
    inbound: Number(inbound),
    outbound: Number(outbound),
    localAddresses: local.flatMap(({ key, value }) => shownLocalAddress(key, value.port)),
    userAgent: typeof subversion === 'string' ? subversion : '',
  };
}

export async function readMempool(node: Node): Promise<MempoolState> {
  const [count, usage, most] = await Promise.all([node.getMempoolSize(), node.getMempoolDynamicUsage(), node.getMempoolMaxUsage()]);
  const info = await reply(node, 'getmempoolinfo');
  const number = (key: string): number => (typeof info?.[key] === 'number' ? info[key] : 0);
  return {
    count: Number(count),
    vsize: number('bytes'),
    usageBytes: Number(usage),
    maxUsageBytes: Number(most),
    // BTC/kvB to sat/vB.
    minFeeRate: number('mempoolminfee') * 100_000,
    bands: [],
  };
}

/** The last blocks before the window was there to see them, newest first. */
export async function readRecentBlocks(node: Node, sync: SyncState): Promise<BlockSummary[]> {
  const blocks: BlockSummary[] = [];
  let hash: unknown = sync.tipHash;
  while (blocks.length < blocksAtStart && typeof hash === 'string') {
    const header = await reply(node, 'getblockheader', [hash]);
    const { height, time, previousblockhash } = header ?? {};
    if (typeof height !== 'number' || typeof time !== 'number' || time < sync.tipTime - clockSpan) break;
    blocks.push({ height, hash, time });
    hash = previousblockhash;
  }
  return blocks;
}

export async function readWarnings(node: Node): Promise<readonly string[]> {
  const text = words(await node.getWarnings());
  return text === '' ? [] : text.split('<hr />');
}

/** The object a command answers with; undefined when it answers otherwise or not at all. */
async function reply(node: Node, method: string, params: readonly unknown[] = []): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value: unknown = JSON.parse(await node.executeRpc(method, JSON.stringify(params), ''));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
