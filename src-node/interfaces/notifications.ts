/** Forwards what happens to chain and mempool to a wallet's ChainNotifications. */
import { serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import type { BlockInfo, ChainNotifications, ChainstateRole } from '../../src-interfaces/generated/chain.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Logger } from '../../src-interfaces/logging.js';
import type { Block, BlockIndex, Chainstate } from '../kernel/types.js';
import type { Mempool, RemovalReason } from '../mempool/types.js';
import { serializeLocator } from './found-block.js';
import { Deliveries, handlerOf } from './subscription.js';

const removalReasonNumber: Readonly<Record<RemovalReason, number>> = { expiry: 0, sizelimit: 1, reorg: 2, block: 3, conflict: 4, replaced: 5 };

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

  /** @param isInTime whether a subscriber takes something in before one's patience with it ends */
  constructor(chainstate: Chainstate, mempool: Mempool, log: Logger, isInTime: (work: Promise<void>) => Promise<boolean>) {
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
    const endMempool = this.#mempool.subscribe({
      added: ({ entry }) => {
        const { tx } = entry;
        deliveries.push(() => listener.transactionAddedToMempool(serializeTransaction(tx)));
      },
      removed: ({ tx, reason }) => {
        // A transaction that went into a block is told with the block.
        if (reason !== 'block') deliveries.push(() => listener.transactionRemovedFromMempool(serializeTransaction(tx), removalReasonNumber[reason]));
      },
    });
    const endChain = this.#chainstate.subscribe({
      blockConnected: ({ block, index }) => deliveries.push(() => listener.blockConnected(mainChainstate, blockInfo(block, index))),
      blockDisconnected: ({ block, index }) => deliveries.push(() => listener.blockDisconnected(blockInfo(block, index))),
      tipChanged: () => deliveries.push(() => listener.updatedBlockTip()),
      flushed: ({ tip }) => deliveries.push(() => listener.chainStateFlushed(mainChainstate, serializeLocator(tip))),
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
