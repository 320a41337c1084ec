import { setImmediate as nextTurn } from 'node:timers/promises';
import { blockHash, type Block, type BlockHeader } from '../../src-bitcoin/primitives/block.js';
import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import { acceptBlock, acceptHeader, type AcceptOptions } from './acceptance.js';
import { activateBestChain, invalidateBlock, reconsiderBlock, type BlockAtHand } from './activation.js';
import type { BlockEntry } from './block-entry.js';
import { importBlockFile, type ImportContext } from './block-import.js';
import type { ChainState } from './chain-state.js';
import { ChainstateView } from './chainstate-view.js';
import { describeFailure } from './failure.js';
import type { FlushSchedule } from './flush-schedule.js';
import { reindexBlockFiles, type BlockFilesPlace } from './reindex.js';
import { TaskQueue } from './task-queue.js';
import { testBlock } from './test-block.js';
import { summarizeCoins, type UtxoHashType } from './utxo-statistics.js';
import type { BlockIndex, BlockOutcome, Chainstate, Coin, OpenBlockChecks, UtxoSetStatistics, ValidationFailure } from './types.js';

/** Milliseconds of work after which others get their turn. */
const turnLength = 25;
/** Coins looked at in one turn. */
const coinsBetweenPauses = 500;

/** What `openChainstate` puts together. */
export interface NodeChainstateParts {
  readonly state: ChainState;
  readonly flushes: FlushSchedule;
  readonly blockFiles: BlockFilesPlace;
  readonly onFault: (error: unknown) => void;
  /** Closes files and databases and gives up locks. */
  readonly release: () => Promise<void>;
}

/** The chain state as the rest of the node sees it: whatever changes it is queued. */
export class NodeChainstate extends ChainstateView implements Chainstate {
  readonly #queue = new TaskQueue();
  readonly #flushes: FlushSchedule;
  readonly #parts: NodeChainstateParts;
  #turnStart = 0;
  #announcedHeader: BlockEntry;
  #closing = false;
  /** Until it is settled, new blocks must wait: they would be written over those still to be found. */
  #reindexed: Promise<void> | undefined;

  constructor(parts: NodeChainstateParts) {
    super(parts.state);
    this.#parts = parts;
    this.#flushes = parts.flushes;
    this.#announcedHeader = parts.state.bestHeader;
    parts.flushes.start(() => this.flush());
  }

  /** Queues work on the state; what it throws means that the state cannot be trusted any more. */
  #change<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      this.#turnStart = performance.now();
      try {
        return await task();
      } catch (error) {
        this.state.settings.logger.error(`A fatal internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        this.#parts.onFault(error);
        throw error;
      }
    });
  }

  /** Lets events be handled and the disk be written; true when work should stop. */
  readonly #afterStep = async (): Promise<boolean> => {
    if (performance.now() - this.#turnStart > turnLength) {
      await nextTurn();
      this.#turnStart = performance.now();
    }
    await this.#flushes.afterStep();
    return this.#closing;
  };

  async #activate(atHand?: BlockAtHand): Promise<ReadonlyMap<BlockEntry, ValidationFailure>> {
    this.#announceHeader();
    const options = { afterStep: this.#afterStep, ...(atHand === undefined ? {} : { atHand }) };
    const found = await activateBestChain(this.state, options);
    this.#announceHeader();
    await this.#flushes.afterStep();
    return found;
  }

  #announceHeader(): void {
    const { bestHeader: header, initialDownload, events } = this.state;
    if (header === this.#announcedHeader) return;
    this.#announcedHeader = header;
    events.emit((to) => to.headerTipChanged?.({ header, initialDownload }));
  }

  acceptHeaders(headers: readonly BlockHeader[]): ReturnType<Chainstate['acceptHeaders']> {
    return this.#change(async () => {
      let last: BlockEntry | undefined;
      for (const header of headers) {
        const outcome = acceptHeader(this.state, header);
        if (!outcome.accepted) {
          this.#announceHeader();
          return { accepted: false, last, failure: outcome.failure };
        }
        last = outcome.entry;
      }
      this.#announceHeader();
      return { accepted: true, last };
    });
  }

  processBlock(block: Block, options: { force?: boolean } = {}): Promise<BlockOutcome> {
    const process = (): Promise<BlockOutcome> => this.#change(() => this.#process(block, options));
    return this.#reindexed === undefined ? process() : this.#reindexed.then(process);
  }

  async #process(block: Block, options: AcceptOptions): Promise<BlockOutcome> {
    const stored = acceptBlock(this.state, block, options);
    if (!stored.accepted) {
      const text = `AcceptBlock FAILED (${describeFailure(stored.failure)})`;
      // An import says itself what it could not use.
      if (options.raw === undefined) this.state.settings.logger.error(`ProcessNewBlock: ${text}`);
      this.state.events.emit((to) => to.blockChecked?.({ hash: blockHash(block.header), failure: stored.failure }));
      return { accepted: false, failure: stored.failure };
    }
    const { entry } = stored;
    const found = await this.#activate({ entry, block });
    const bad = found.get(entry);
    if (bad !== undefined) return { accepted: false, failure: bad };
    return { accepted: true, index: entry, isNew: stored.isNew };
  }

  testBlock(block: Block, checks: OpenBlockChecks = {}): Promise<ValidationFailure | undefined> {
    return this.#change(() => testBlock(this.state, block, checks));
  }

  invalidateBlock(index: BlockIndex): Promise<void> {
    const entry = this.entry(index);
    if (entry.prev === undefined) return Promise.reject(new RangeError('the genesis block cannot be invalidated'));
    return this.#change(async () => {
      await invalidateBlock(this.state, entry);
      await this.#activate();
    });
  }

  reconsiderBlock(index: BlockIndex): Promise<void> {
    return this.#change(async () => {
      reconsiderBlock(this.state, this.entry(index));
      await this.#activate();
    });
  }

  /**
   * Finishes a rebuild of the block index where one is due, and connects blocks that are on disk
   * but not in the active chain. To be called once.
   */
  async start(): Promise<void> {
    if (this.state.store.treeDb.reindexing) {
      const work = this.#import((context) => reindexBlockFiles(this.#parts.blockFiles, context));
      this.#reindexed = work.then(
        () => undefined,
        () => undefined,
      );
      await work;
      this.#reindexed = undefined;
    }
    await this.#change(() => this.#activate());
  }

  async importBlockFile(path: string, signal?: AbortSignal): Promise<number> {
    await this.#reindexed;
    return this.#import((context) => importBlockFile(path, context), signal);
  }

  async #import<T>(work: (context: ImportContext) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.state.importing++;
    try {
      return await work({
        state: this.state,
        process: (block, options) => this.#change(() => this.#process(block, options)),
        stopped: () => this.#closing || signal?.aborted === true,
      });
    } finally {
      this.state.importing--;
      this.state.updateInitialDownload();
    }
  }

  /** The coins as they are after a flush: what comes later does not disturb those who read them. */
  #settledCoins(): Promise<{ readonly tip: BlockIndex; readonly coins: AsyncIterable<{ readonly outpoint: Outpoint; readonly coin: Coin }> }> {
    return this.#change(async () => {
      await this.#flushes.flush();
      return { tip: this.state.tip, coins: this.state.store.coinsDb.coins() };
    });
  }

  /** Lets others work in the middle of something long. */
  async #pause(): Promise<void> {
    if (this.#closing) throw new Error('the chain state is being closed');
    await nextTurn();
  }

  async scanCoins(look: (outpoint: Outpoint, coin: Coin) => boolean): Promise<BlockIndex> {
    const { tip, coins } = await this.#settledCoins();
    let seen = 0;
    for await (const { outpoint, coin } of coins) {
      if (!look(outpoint, coin)) break;
      if (++seen % coinsBetweenPauses === 0) await this.#pause();
    }
    return tip;
  }

  async utxoSetStatistics(hashType: UtxoHashType): Promise<UtxoSetStatistics> {
    const { tip, coins } = await this.#settledCoins();
    const sums = await summarizeCoins(coins, hashType, () => this.#pause());
    const diskSize = BigInt(await this.state.store.coinsDb.approximateSize());
    return { height: tip.height, bestBlock: tip.hash, diskSize, ...sums };
  }

  flush(): Promise<void> {
    return this.#change(() => this.#flushes.flush());
  }

  close(): Promise<void> {
    this.#closing = true;
    return this.#queue.close(async () => {
      try {
        await this.#flushes.stop();
      } finally {
        await this.#parts.release();
      }
    });
  }
}
