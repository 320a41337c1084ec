import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { Mining } from '../../src-interfaces/generated/mining.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import type { Rpc } from '../../src-interfaces/generated/rpc.js';
import type { Tracing } from '../../src-interfaces/generated/tracing.js';
import { NodeInterface } from '../interfaces/node.js';
import { NodeRpc } from '../interfaces/rpc.js';
import type { Caller } from '../interfaces/attached-loaders.js';
import type { NodeProcess } from './node-process.js';

/** What this process offers to those that connect to it. */
export class NodeInit implements Init {
  readonly #program: NodeProcess;
  readonly #caller: Caller | undefined;

  /** @param caller undefined for the process that started this one */
  constructor(program: NodeProcess, caller?: Caller) {
    this.#program = program;
    this.#caller = caller;
  }

  async makeEcho(): Promise<Echo> {
    return { echo: async (text) => text, destroy: async () => undefined };
  }

  async makeNode(): Promise<Node> {
    return new NodeInterface(this.#program);
  }

  /** A wallet may come before the node has started: it waits. */
  async makeChain(): Promise<Chain> {
    return this.#program.makeChain(this.#caller);
  }

  /** Answers at once: before the node has started, that it is starting. */
  async makeRpc(): Promise<Rpc> {
    return new NodeRpc(this.#program);
  }

  /** Waits like makeChain. */
  async makeMining(): Promise<Mining> {
    return this.#program.makeMining();
  }

  async makeWalletLoader(): Promise<undefined> {
    return undefined;
  }

  /** Waits like makeChain. */
  async makeTracing(): Promise<Tracing> {
    return this.#program.makeTracing();
  }
}
