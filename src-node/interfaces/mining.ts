import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { parseBlock } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import type { BlockRef } from '../../src-interfaces/generated/common.js';
import type { BlockCheckOptions, BlockCreateOptions, BlockTemplate, Mining } from '../../src-interfaces/generated/mining.js';
import type { MempoolEntry } from '../mempool/types.js';
import type { InterruptibleWaits } from '../mining/interruptible-wait.js';
import { submitBlock, type Submission } from '../mining/submission.js';
import { templateOptions } from '../mining/template-options.js';
import { testedTemplate } from '../mining/tested-template.js';
import { NodeBlockTemplate, tipWaits, type MiningSurroundings } from './block-template.js';
import { decoded } from './decoded.js';

/** Milliseconds between looks at whether the node has caught up, which it may do without a new tip. */
const catchUpInterval = 1000;
/** Seconds without a new tip after which headers of blocks that nobody sends are no longer waited for. */
const minHeaderPatience = 3;
const maxHeaderPatience = 20;

/** Block making for other processes. */
export class NodeMining implements Mining {
  readonly #node: MiningSurroundings;
  readonly #waits: InterruptibleWaits;

  constructor(node: MiningSurroundings) {
    this.#node = node;
    this.#waits = tipWaits(node);
  }

  async isTestChain(): Promise<boolean> {
    return this.#node.chainstate.params.isTestChain;
  }

  async isInitialBlockDownload(): Promise<boolean> {
    return this.#node.chainstate.initialDownload;
  }

  async getTip(): Promise<BlockRef> {
    const { hash, height } = this.#node.chainstate.tip;
    return { hash, height };
  }

  async waitTipChanged(currentTip: Uint8Array, timeout: number, signal?: AbortSignal): Promise<BlockRef | undefined> {
    return (await this.#waitForTip(currentTip, timeout, signal)) === 'interrupted' ? undefined : this.getTip();
  }

  #waitForTip(known: Uint8Array, timeout: number, signal: AbortSignal | undefined): ReturnType<InterruptibleWaits['wait']> {
    const { chainstate } = this.#node;
    return this.#waits.wait({ isDone: () => !equalBytes(chainstate.tip.hash, known), timeout, signal });
  }

  async createNewBlock(options: BlockCreateOptions, cooldown: boolean | undefined, signal?: AbortSignal): Promise<BlockTemplate | undefined> {
    const { miner, chainstate, stopping } = this.#node;
    const checked = templateOptions(options, miner.maxWeight);
    if (!(await this.#isReady(cooldown === true, signal))) return undefined;
    try {
      return new NodeBlockTemplate(this.#node, checked, await testedTemplate(miner, chainstate, checked));
    } catch (error) {
      if (stopping.aborted) return undefined;
      throw error;
    }
  }

  /** Waits until a template is worth making; false when interrupted. */
  async #isReady(cooldown: boolean, signal: AbortSignal | undefined): Promise<boolean> {
    const { chainstate } = this.#node;
    if (!cooldown) return (await this.#waits.wait({ isDone: () => true, timeout: 0, signal })) !== 'interrupted';
    const isCurrent = (): boolean => !chainstate.initialDownload;
    let end = await this.#waits.wait({ isDone: isCurrent, timeout: 0, signal });
    while (end === 'timeout') end = await this.#waits.wait({ isDone: isCurrent, timeout: catchUpInterval, signal });
    while (end !== 'interrupted' && this.#blocksAhead() > 0) {
      const patience = Math.min(Math.max(this.#blocksAhead(), minHeaderPatience), maxHeaderPatience);
      end = await this.#waitForTip(chainstate.tip.hash, patience * 1000, signal);
      if (end === 'timeout') return true;
    }
    return end !== 'interrupted';
  }

  /** Blocks on the tip whose headers are known. */
  #blocksAhead(): number {
    const { tip, bestHeader } = this.#node.chainstate;
    const isOnTip = bestHeader.chainWork > tip.chainWork && bestHeader.ancestor(tip.height) === tip;
    return isOnTip ? bestHeader.height - tip.height : 0;
  }

  async checkBlock(block: Uint8Array, options: BlockCheckOptions): Promise<Submission> {
    const { checkMerkleRoot: merkleRoot = true, checkPow: proofOfWork = true } = options;
    const parsed = decoded('block', () => parseBlock(block));
    const failure = await this.#node.chainstate.testBlock(parsed, { merkleRoot, proofOfWork });
    return failure === undefined ? { reason: '', debug: '', result: true } : { reason: failure.reason, debug: failure.debug, result: false };
  }

  async interrupt(): Promise<void> {
    this.#waits.interrupt();
  }

  async submitBlock(block: Uint8Array): Promise<Submission> {
    return submitBlock(this.#node.chainstate, decoded('block', () => parseBlock(block)));
  }

  async getTransactionsByTxID(txids: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const { mempool } = this.#node;
    return txids.map((txid) => serialized(mempool.get(txid)));
  }

  async getTransactionsByWitnessID(wtxids: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const { mempool } = this.#node;
    return wtxids.map((wtxid) => serialized(mempool.getByWtxid(wtxid)));
  }
}

function serialized(entry: MempoolEntry | undefined): Uint8Array {
  return entry === undefined ? new Uint8Array() : serializeTransaction(entry.tx);
}
