/**
 * Forwards what happens to chain and mempool to a wallet's ChainNotifications. A wallet that does not take it in must
 * not fill the node's memory: what waits for it are places of blocks and transactions that the mempool has anyhow.
 */
import { serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { BlockInfo, ChainNotifications, ChainstateRole } from '../../src-interfaces/generated/chain.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Logger } from '../../src-interfaces/logging.js';
import type { Block, BlockIndex, Chainstate } from '../kernel/types.js';
import type { Mempool, RemovalReason } from '../mempool/types.js';
import { serializeLocator } from './found-block.js';
import { Deliveries, handlerOf, type TakeBack } from './subscription.js';

const removalReasonNumber: Readonly<Record<RemovalReason, number>> = { expiry: 0, sizelimit: 1, reorg: 2, block: 3, conflict: 4, replaced: 5 };

/** Blocks are kept for a wallet that is no further behind than this; for others they are read from disk again. */
const blocksAtHand = 8;

const mainChainstate: ChainstateRole = { validated: true, historical: false };

function blockInfo(block: Block, index: BlockIndex): BlockInfo {
  return {
    hash: index.hash,
    ...(index.prev === undefined ? {} : { prevHash: index.prev.hash }),
    height: index.height,
    fileNumber: index.file,
    dataPos: index.dataPos,
    data: serializeBlock(block),
    chainTimeMax: index.timeMax,
  };
}

/** What one subscriber is told. */
export interface WalletSubscription extends Handler {
  /** Resolves when it has been told all that has happened so far. */
  drained(): Promise<void>;
}

/** All subscriptions of wallets, so that one can wait until they have heard everything. */
export class WalletNotifications {
  readonly #active = new Set<Deliveries>();
  readonly #isInTime: (work: Promise<void>) => Promise<boolean>;
  readonly #chainstate: Chainstate;
  readonly #mempool: Mempool;
  readonly #log: Logger;
  readonly #littleBehind: number;

  /**
   * @param isInTime whether a subscriber takes something in before one's patience with it ends
   * @param littleBehind how much may wait for a subscriber that is told all as it happened; one further behind is told
   * what has come of it
   */
  constructor(chainstate: Chainstate, mempool: Mempool, log: Logger, isInTime: (work: Promise<void>) => Promise<boolean>, littleBehind = 1000) {
    this.#littleBehind = littleBehind;
    this.#chainstate = chainstate;
    this.#mempool = mempool;
    this.#log = log;
    this.#isInTime = isInTime;
  }

  subscribe(listener: ChainNotifications): WalletSubscription {
    const deliveries = new Deliveries((error) => {
      this.#log.info(`Wallet notifications ended: ${error instanceof Error ? error.message : String(error)}`);
      stop();
    });
    const isFarBehind = (): boolean => deliveries.waiting >= this.#littleBehind;
    const arrivals = new Map<Transaction, TakeBack>();
    const endMempool = this.#mempool.subscribe({
      added: ({ entry }) => {
        const { tx } = entry;
        const takeBack = deliveries.push(() => {
          arrivals.delete(tx);
          return listener.transactionAddedToMempool(serializeTransaction(tx));
        });
        arrivals.set(tx, takeBack);
      },
      removed: ({ tx, reason }) => {
        const takeBack = arrivals.get(tx);
        arrivals.delete(tx);
        if (takeBack !== undefined && isFarBehind()) takeBack();
        // A transaction that went into a block is told with the block.
        else if (reason !== 'block') deliveries.push(() => listener.transactionRemovedFromMempool(serializeTransaction(tx), removalReasonNumber[reason]));
      },
    });
    const tellOfBlock = (block: Block, index: BlockIndex, tell: (info: BlockInfo) => Promise<void>): void => {
      const atHand = deliveries.waiting < blocksAtHand ? block : undefined;
      deliveries.push(async () => tell(blockInfo(atHand ?? (await this.#chainstate.readBlock(index)), index)));
    };
    let tipNews: TakeBack | undefined;
    let flushNews: TakeBack | undefined;
    const endChain = this.#chainstate.subscribe({
      blockConnected: ({ block, index }) => tellOfBlock(block, index, (info) => listener.blockConnected(mainChainstate, info)),
      blockDisconnected: ({ block, index }) => tellOfBlock(block, index, (info) => listener.blockDisconnected(info)),
      tipChanged: () => {
        if (isFarBehind()) tipNews?.();
        tipNews = deliveries.push(() => listener.updatedBlockTip());
      },
      flushed: ({ tip }) => {
        if (isFarBehind()) flushNews?.();
        flushNews = deliveries.push(() => listener.chainStateFlushed(mainChainstate, serializeLocator(tip)));
      },
    });
    const stop = (): void => {
      endMempool();
      endChain();
      deliveries.end();
      this.#active.delete(deliveries);
    };
    this.#active.add(deliveries);
    const handler = handlerOf(async () => {
      stop();
      await listener.destroy();
    });
    return { ...handler, drained: () => deliveries.drained() };
  }

  /** Resolves when every subscriber has been told all that has happened so far, but for those that do not listen. */
  async drained(): Promise<void> {
    await Promise.all([...this.#active].map((deliveries) => deliveries.drainedOrStuck(this.#isInTime)));
  }
}
