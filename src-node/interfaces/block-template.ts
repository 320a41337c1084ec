import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { blockMerkleRoot } from '../../src-bitcoin/consensus/merkle.js';
import { serializeBlock, serializeHeader, type Block } from '../../src-bitcoin/primitives/block.js';
import { parseTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { maxDouble, maxMoney, type BlockTemplate, type BlockWaitOptions, type CoinbaseTx } from '../../src-interfaces/generated/mining.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';
import { coinbaseFields, coinbaseMerklePath } from '../mining/coinbase-fields.js';
import { InterruptibleWaits } from '../mining/interruptible-wait.js';
import type { BlockTemplate as AssembledBlock, NodeMiner, TemplateOptions } from '../mining/miner.js';
import { submitBlock, type Submission } from '../mining/submission.js';
import { testedTemplate } from '../mining/tested-template.js';
import { decoded } from './decoded.js';

/** Milliseconds between looks at the mempool: each takes the making of a block. */
const feeCheckInterval = 1000;
/** Seconds after which test networks take a block of least difficulty. */
const minDifficultyAge = 20 * 60;

/** What block making over another process's calls works with. */
export interface MiningSurroundings {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  readonly miner: NodeMiner;
  /** Seconds since 1970. */
  now(): number;
  /** Aborted when the node ends. */
  readonly stopping: AbortSignal;
}

/** Waits for the tip of a chain. */
export function tipWaits({ chainstate, stopping }: MiningSurroundings): InterruptibleWaits {
  return new InterruptibleWaits((changed) => chainstate.subscribe({ tipChanged: changed }), stopping);
}

/** A block to be solved, as it was when it was made. */
export class NodeBlockTemplate implements BlockTemplate {
  readonly #node: MiningSurroundings;
  readonly #options: TemplateOptions;
  readonly #assembled: AssembledBlock;
  readonly #waits: InterruptibleWaits;
  readonly #ended = new AbortController();

  /** @param options what a template that follows this one is made with */
  constructor(node: MiningSurroundings, options: TemplateOptions, assembled: AssembledBlock) {
    this.#node = node;
    this.#options = options;
    this.#assembled = assembled;
    this.#waits = tipWaits(node);
  }

  get #block(): Block {
    return this.#assembled.block;
  }

  async destroy(): Promise<void> {
    this.#ended.abort();
  }

  async getBlockHeader(): Promise<Uint8Array> {
    return serializeHeader(this.#block.header);
  }

  async getBlock(): Promise<Uint8Array> {
    return serializeBlock(this.#block);
  }

  async getTxFees(): Promise<readonly bigint[]> {
    return this.#assembled.selection.entries.map(({ fee }) => fee);
  }

  async getTxSigops(): Promise<readonly bigint[]> {
    return this.#assembled.selection.entries.map(({ sigopCost }) => BigInt(sigopCost));
  }

  async getCoinbaseTx(): Promise<CoinbaseTx> {
    return coinbaseFields(this.#block, this.#assembled.height);
  }

  async getCoinbaseMerklePath(): Promise<readonly Uint8Array[]> {
    return coinbaseMerklePath(this.#block);
  }

  async submitSolution(version: number, timestamp: number, nonce: number, coinbase: Uint8Array): Promise<Submission> {
    if (coinbase.length === 0) return { reason: 'bad-cb-missing', debug: 'no coinbase was given', result: false };
    const transactions = [decoded('coinbase', () => parseTransaction(coinbase)), ...this.#block.transactions.slice(1)];
    // The version is a signed number in blocks, an unsigned one in calls.
    const open = { ...this.#block.header, version: version | 0, time: timestamp, nonce };
    const merkleRoot = blockMerkleRoot({ header: open, transactions }).root;
    return submitBlock(this.#node.chainstate, { header: { ...open, merkleRoot }, transactions });
  }

  async submitSolutionOld7(version: number, timestamp: number, nonce: number, coinbase: Uint8Array): Promise<boolean> {
    const { result, reason } = await this.submitSolution(version, timestamp, nonce, coinbase);
    // Taken, if not as a new tip.
    return result || reason === 'duplicate' || reason === 'inconclusive';
  }

  async waitNext(options: BlockWaitOptions, signal?: AbortSignal): Promise<BlockTemplate | undefined> {
    const { timeout = maxDouble, feeThreshold = maxMoney } = options;
    const { chainstate, mempool } = this.#node;
    const deadline = performance.now() + Math.max(timeout, 0);
    const ending = signal === undefined ? this.#ended.signal : AbortSignal.any([signal, this.#ended.signal]);
    const hasNewTip = (): boolean => !equalBytes(chainstate.tip.hash, this.#block.header.prevHash);
    let looked: bigint | undefined;
    for (;;) {
      const patience = Math.min(feeCheckInterval, deadline - performance.now());
      const end = await this.#waits.wait({ isDone: hasNewTip, timeout: patience, signal: ending });
      if (end === 'interrupted') return undefined;
      const isDue = end === 'done' || this.#isEasyNow();
      if (isDue || (feeThreshold < maxMoney && mempool.sequence !== looked)) {
        looked = mempool.sequence;
        const next = await testedTemplate(this.#node.miner, chainstate, this.#options);
        const wanted = this.#assembled.selection.fees + feeThreshold;
        if (isDue || next.selection.fees >= wanted) return new NodeBlockTemplate(this.#node, this.#options, next);
      }
      if (!(performance.now() < deadline)) return undefined;
    }
  }

  /** Whether a test network would take a block of least difficulty. */
  #isEasyNow(): boolean {
    const { params, tip } = this.#node.chainstate;
    return params.consensus.powAllowMinDifficultyBlocks && this.#node.now() > tip.header.time + minDifficultyAge;
  }

  async interruptWait(): Promise<void> {
    this.#waits.interrupt();
  }
}
