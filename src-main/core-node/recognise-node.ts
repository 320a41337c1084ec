/** Which kind of node a program is, by what its Init answers, and that node as the Node interface. */
import { CallFailure, ifImplemented, isUnimplemented } from '../../src-interfaces/errors.js';
import type { NodeOffers } from '../../src-interfaces/facade.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { answersJsonRpc } from '../../src-ipc/answers-json-rpc.js';
import { makeFirstMining } from '../../src-ipc/first-mining.js';
import { CoreNode } from './core-node.js';
import { MiningNode } from './mining-node.js';
import { ShutdownNotice, startingWords } from './multiprocess-node.js';
import { RpcCaller } from './rpc-caller.js';
import type { TipSource } from './tip-watch.js';

export interface RecognisedNode {
  readonly node: Node;
  /** What it does while it starts, '' if it does not say; undefined once it has started. Before, ask nothing else. */
  starting(): Promise<string | undefined>;
  /** What it lets this window do. To be asked once it has started. */
  offers(): Promise<NodeOffers>;
  /** Aborted when the node begins to end, if it tells. */
  readonly stopping?: AbortSignal;
  /** Of a node that must be let go of before it ends. */
  readonly shutdownNotice?: ShutdownNotice;
}

async function withoutBlocks(node: Node): Promise<string | undefined> {
  return (await node.getNumBlocks()) < 0 ? '' : undefined;
}

/** A node with wallets in a process, unless it was started without. */
async function offersOf(node: Node): Promise<NodeOffers> {
  const commands = new Set(await node.listRpcCommands());
  const restartsWallet = commands.has('restartwallet');
  return { wallets: restartsWallet || commands.has('listwallets'), restartsWallet, commands: true };
}

function adapted(makeNode: (stopping: () => void) => Node, commands: boolean): RecognisedNode {
  const stopping = new AbortController();
  const node = makeNode(() => stopping.abort());
  return { node, stopping: stopping.signal, starting: () => withoutBlocks(node), offers: async () => ({ wallets: false, restartsWallet: false, commands }) };
}

/** A node of ours, or of Bitcoin Core's multiprocess branch. */
async function withNode(node: Node, init: Init): Promise<RecognisedNode> {
  const offers = (): Promise<NodeOffers> => offersOf(node);
  if (await answersJsonRpc(init)) return { node, starting: () => withoutBlocks(node), offers };
  return { node, starting: () => startingWords(node), offers, shutdownNotice: new ShutdownNotice(node, () => miningOf(init)) };
}

/** Resolves once the node has loaded its chain. @throws CallFailure when it has no Mining */
async function miningOf(init: Init): Promise<TipSource> {
  const mining = await ifImplemented(init.makeMining());
  if (mining === undefined) throw new CallFailure('unimplemented', 'The attached node tells of no new blocks.');
  return mining;
}

/** Mining of a node without commands, wherever its Init has it. */
async function earlyMining(init: Init): Promise<TipSource | undefined> {
  try {
    return await init.makeMining();
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
    return ifImplemented(makeFirstMining(init));
  }
}

/**
 * Init's fourth slot makes a Chain in one generation and an Rpc in the other, and both answer it: what tells
 * them apart is that only one has a Node to give.
 * @returns undefined for a program that is no node
 */
export async function recogniseNode(init: Init): Promise<RecognisedNode | undefined> {
  const node = await ifImplemented(init.makeNode());
  if (node !== undefined) return withNode(node, init);
  const rpc = await ifImplemented(init.makeRpc());
  // Not waited for: a node that is starting gives it only when its chain is loaded, and can say meanwhile how far it is.
  if (rpc !== undefined) return adapted((stopping) => new CoreNode((warmingUp) => new RpcCaller(rpc, warmingUp), miningOf(init), stopping), true);
  const mining = await earlyMining(init);
  return mining === undefined ? undefined : adapted((stopping) => new MiningNode(mining, stopping), false);
}
