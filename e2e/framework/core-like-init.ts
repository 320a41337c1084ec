/** Our node as a current Bitcoin Core node shows itself: an Init that gives Mining and Rpc, and knows no Node. */
import { CallFailure } from '../../src-interfaces/errors.js';
import { NodeInit } from '../../src-node/init/node-init.js';
import type { NodeProcess } from '../../src-node/init/node-process.js';

const unknown = (): Promise<never> => Promise.reject(new CallFailure('unimplemented', 'Method not implemented.'));

/** What such a node serves: Rpc since version 31. */
export type CoreGeneration = 'mining-and-rpc' | 'mining';

export class CoreLikeInit extends NodeInit {
  readonly #generation: CoreGeneration;

  constructor(node: NodeProcess, generation: CoreGeneration = 'mining-and-rpc') {
    super(node);
    this.#generation = generation;
  }

  override makeNode(): Promise<never> {
    return unknown();
  }

  override makeChain(): Promise<never> {
    return unknown();
  }

  override makeWalletLoader(): Promise<never> {
    return unknown();
  }

  override makeTracing(): Promise<never> {
    return unknown();
  }

  override makeRpc(): ReturnType<NodeInit['makeRpc']> {
    return this.#generation === 'mining' ? unknown() : super.makeRpc();
  }
}
