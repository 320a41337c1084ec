/** Which kind of node a program is, by what its Init answers, and that node as the Node interface. */
import { CallFailure } from '../../src-interfaces/errors.js';
import type { NodeOffers } from '../../src-interfaces/facade.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { makeFirstMining } from '../../src-ipc/first-mining.js';
import { CoreNode } from './core-node.js';
import { MiningNode } from './mining-node.js';
import { RpcCaller } from './rpc-caller.js';
import type { TipSource } from './tip-watch.js';

export interface RecognisedNode {
  readonly node: Node;
  readonly offers: NodeOffers;
}

/** A node of ours, or of Bitcoin Core's multiprocess branch: all this window can use. */
export const everything: NodeOffers = { wallets: true, commands: true };

function isUnimplemented(error: unknown): boolean {
  return error instanceof CallFailure && error.code === 'unimplemented';
}

/** The object that a method of Init makes; undefined when the program has no such method or no such part. */
async function part<T>(made: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await made;
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
    return undefined;
  }
}

/** Resolves once the node has loaded its chain. @throws CallFailure when it has no Mining */
async function miningOf(init: Init): Promise<TipSource> {
  const mining = await part(init.makeMining());
  if (mining === undefined) throw new CallFailure('unimplemented', 'The attached node tells of no new blocks.');
  return mining;
}

/** Mining of a node without commands, wherever its Init has it. */
async function earlyMining(init: Init): Promise<TipSource | undefined> {
  try {
    return await init.makeMining();
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
    return part(makeFirstMining(init));
  }
}

/**
 * Init's fourth slot makes a Chain in one generation and an Rpc in the other, and both answer it: what tells
 * them apart is that only one has a Node to give.
 * @returns undefined for a program that is no node
 */
export async function recogniseNode(init: Init): Promise<RecognisedNode | undefined> {
  const node = await part(init.makeNode());
  if (node !== undefined) return { node, offers: everything };
  const rpc = await part(init.makeRpc());
  // Not waited for: a node that is starting gives it only when its chain is loaded, and can say meanwhile how far it is.
  if (rpc !== undefined) return { node: new CoreNode((warmingUp) => new RpcCaller(rpc, warmingUp), miningOf(init)), offers: { wallets: false, commands: true } };
  const mining = await earlyMining(init);
  return mining === undefined ? undefined : { node: new MiningNode(mining), offers: { wallets: false, commands: false } };
}
