import { nextBits } from '../../src-bitcoin/consensus/retarget.js';
import { maxBlockWeight } from '../../src-bitcoin/consensus/limits.js';
import { blockHash, type Block } from '../../src-bitcoin/primitives/block.js';
import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';
import type { Miner } from '../rpc/context.js';
import { assembleBlock, earliestBlockTime } from './block-assembly.js';
import { selectTransactions, type BlockSelection, type SelectionLimits } from './block-selection.js';
import { solveBlock } from './proof-of-work.js';

export interface MinerConfiguration {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  /** Seconds since 1970. */
  now(): number;
  readonly limits?: Partial<SelectionLimits>;
}

const defaultLimits: SelectionLimits = { maxWeight: maxBlockWeight, reservedWeight: 8000, reservedSigOps: 400, minFeeRate: 1n };

/** Nonces tried in one turn of the event loop. */
const triesPerTurn = 20_000;

/** A block that only lacks its nonce, and what it was made from. */
export interface BlockTemplate {
  readonly block: Block;
  readonly height: number;
  readonly selection: BlockSelection;
}

/** How a template differs from what the node is configured to make. */
export interface TemplateOptions extends Partial<Pick<SelectionLimits, 'reservedWeight' | 'reservedSigOps'>> {
  readonly useMempool?: boolean;
}

/** Makes blocks from the mempool on the chain's tip. */
export class NodeMiner implements Miner {
  readonly #chainstate: Chainstate;
  readonly #mempool: Mempool;
  readonly #now: () => number;
  readonly #limits: SelectionLimits;
  #lastTemplate: { weight: number; transactions: number } | undefined;

  constructor({ chainstate, mempool, now, limits }: MinerConfiguration) {
    this.#chainstate = chainstate;
    this.#mempool = mempool;
    this.#now = now;
    this.#limits = { ...defaultLimits, ...limits };
  }

  get lastTemplate(): { readonly weight: number; readonly transactions: number } | undefined {
    return this.#lastTemplate;
  }

  get minFeeRate(): bigint {
    return this.#limits.minFeeRate;
  }

  nextBits(): number {
    const { tip, params } = this.#chainstate;
    return nextBits(tip, Math.max(this.#now(), earliestBlockTime(tip, params.consensus)), params.consensus);
  }

  /** Weight units that a block may have, header and coinbase included. */
  get maxWeight(): number {
    return this.#limits.maxWeight;
  }

  /**
   * A block on the tip with what pays best in the mempool.
   * @param options what to keep free for the coinbase where not as configured; whether to leave the mempool out
   */
  async template(scriptPubKey: Uint8Array, options: TemplateOptions = {}): Promise<BlockTemplate> {
    await this.#mempool.settle();
    const { tip, params } = this.#chainstate;
    const height = tip.height + 1;
    const { useMempool = true, ...reserved } = options;
    const limits = { ...this.#limits, ...reserved };
    const chunks = useMempool ? this.#mempool.chunks() : [];
    const selection = selectTransactions(chunks, height, tip.medianTimePast(), limits);
    const transactions = selection.entries.map((entry) => entry.tx);
    const block = assembleBlock({ prev: tip, params, transactions, fees: selection.fees, scriptPubKey, now: this.#now() });
    this.#lastTemplate = { weight: selection.weight, transactions: transactions.length };
    return { block, height, selection };
  }

  async generate(scriptPubKey: Uint8Array, count: number, maxTries: number): Promise<readonly Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    let triesLeft = maxTries;
    while (hashes.length < count && triesLeft > 0) {
      const { block } = await this.template(scriptPubKey);
      const solved = await this.#solveInTurns(block, triesLeft);
      triesLeft -= solved.tries;
      if (solved.block === undefined) break;
      const outcome = await this.#chainstate.processBlock(solved.block, { force: true });
      if (!outcome.accepted) throw new Error(`the block was not accepted: ${outcome.failure.reason}`);
      hashes.push(blockHash(solved.block.header));
    }
    return hashes;
  }

  async #solveInTurns(block: Block, maxTries: number): Promise<{ block: Block | undefined; tries: number }> {
    let open = block;
    for (let tries = 0; ; ) {
      const slice = Math.min(triesPerTurn, maxTries - tries);
      const solved = solveBlock(open, this.#chainstate.params.consensus.powLimit, slice);
      tries += solved.tries;
      if (solved.block !== undefined || tries >= maxTries) return { block: solved.block, tries };
      const nonce = open.header.nonce + solved.tries;
      if (nonce > 0xffffffff) return { block: undefined, tries };
      open = { header: { ...open.header, nonce }, transactions: open.transactions };
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async assemble(scriptPubKey: Uint8Array, transactions: readonly Transaction[]): Promise<Block> {
    const { tip, params } = this.#chainstate;
    // The fees are not claimed: they are not known before the block has been checked.
    const block = assembleBlock({ prev: tip, params, transactions, fees: 0n, scriptPubKey, now: this.#now() });
    const failure = await this.#chainstate.testBlock(block);
    if (failure !== undefined) {
      const debug = failure.debug === '' ? '' : `, ${failure.debug}`;
      throw new Error(`TestBlockValidity failed: ${failure.reason}${debug}`);
    }
    return block;
  }

  solve(block: Block, maxTries: number): Block | undefined {
    return solveBlock(block, this.#chainstate.params.consensus.powLimit, maxTries).block;
  }
}
