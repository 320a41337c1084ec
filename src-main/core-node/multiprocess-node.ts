/** What is different with a node of Bitcoin Core's multiprocess branch: a Node as ours is, but one that some things end. */
import type { Node } from '../../src-interfaces/generated/node.js';
import { RpcErrorCode } from '../../src-interfaces/rpc/codes.js';
import { isRpcFailure } from './rpc-caller.js';
import type { TipSource } from './tip-watch.js';

/** Milliseconds that one call waits. It cannot be ended from here, and a window that leaves waits for it. */
const wait = 500;

const noHash = new Uint8Array(32);

/**
 * What the node does while it starts; undefined once it has. Only commands tell: until then, questions about the
 * chain end the node.
 */
export async function startingWords(node: Node): Promise<string | undefined> {
  try {
    await node.executeRpc('uptime', '[]', '');
    return undefined;
  } catch (error) {
    if (isRpcFailure(error, RpcErrorCode.inWarmup)) return error.message;
    throw error;
  }
}

/**
 * Tells when such a node begins to end: it aborts when it still has a callback of a program whose connection it
 * closes, so whoever has subscribed to something must let go before.
 */
export class ShutdownNotice {
  readonly #node: Node;
  readonly #makeMining: () => Promise<TipSource>;
  #ended = false;
  #watching: Promise<void> | undefined;

  /** @param makeMining made only when it is watched for */
  constructor(node: Node, makeMining: () => Promise<TipSource>) {
    this.#node = node;
    this.#makeMining = makeMining;
  }

  /** Whether it has begun. */
  isGiven(): Promise<boolean> {
    return this.#node.shutdownRequested();
  }

  /** @param given called once, when the end begins and nobody has stopped watching */
  watch(given: () => void): void {
    this.#watching ??= this.#watch(given).catch(() => undefined);
  }

  /** Waits for blocks find no tip when the node ends, and only then. */
  async #watch(given: () => void): Promise<void> {
    const mining = await this.#makeMining();
    let known = (await mining.getTip())?.hash ?? noHash;
    while (!this.#ended) {
      const tip = await mining.waitTipChanged(known, wait);
      if (this.#ended) return;
      if (tip === undefined) {
        given();
        return;
      }
      known = tip.hash;
    }
  }

  /** Stops watching; fulfilled when no call is under way. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#watching;
  }
}
