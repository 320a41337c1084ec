import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { TxBroadcast } from '../../src-interfaces/enums.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { TransactionState } from '../coins/wallet-transaction.js';
import { inactive, isGenerated, type WalletTransaction } from '../coins/wallet-transaction.js';
import { parseLocator } from '../store/locator.js';
import type { StoredState, StoredTransaction } from '../store/transaction-record.js';
import type { WalletRecords } from '../store/wallet-records.js';
import type { LoadedWallet } from '../wallet.js';
import { ChainFollower } from './follower.js';
import { timestampWindow } from './rescan.js';
import { scanBlocks } from './scan.js';

/** Why a wallet could not be brought in step with the chain, in words for people. */
export class AttachFailure extends Error {
  override readonly name = 'AttachFailure';
}

/** A wallet's connection to the chain. */
export interface Attachment {
  readonly follower: ChainFollower;
  readonly handler: Handler;
}

interface BlockPlace {
  readonly height: number;
  readonly active: boolean;
}

/** Heights of the blocks that stored states name: the file does not keep them. */
async function placesOf(wallet: LoadedWallet, records: WalletRecords): Promise<ReadonlyMap<string, BlockPlace>> {
  const hashes = new Map<string, Uint8Array>();
  for (const { state } of records.transactions) {
    if (state.kind === 'confirmed' || state.kind === 'conflicted') hashes.set(toHex(state.blockHash), state.blockHash);
  }
  const places = new Map<string, BlockPlace>();
  await Promise.all(
    [...hashes].map(async ([key, hash]) => {
      const { block, result } = await wallet.context.chain.findBlock(hash, { wantHeight: true, wantInActiveChain: true });
      if (result) places.set(key, { height: block.height ?? 0, active: block.inActiveChain === true });
    }),
  );
  return places;
}

function liveState(state: StoredState, places: ReadonlyMap<string, BlockPlace>): TransactionState {
  switch (state.kind) {
    case 'inactive':
      return inactive;
    case 'abandoned':
      return { kind: 'inactive', abandoned: true };
    case 'unrecognized':
      return state;
    case 'confirmed':
    case 'conflicted': {
      // A block that is no longer part of the chain confirms and overrules nothing.
      const place = places.get(toHex(state.blockHash));
      return place?.active === true ? { ...state, height: place.height } : inactive;
    }
  }
}

/** Puts the stored transactions into the history, with states as the node's chain is now. */
export async function loadTransactions(wallet: LoadedWallet, records: WalletRecords): Promise<void> {
  const places = await placesOf(wallet, records);
  const renumber = records.transactions.some(({ orderPosition }) => orderPosition === -1n);
  const order = (tx: StoredTransaction): bigint => (renumber ? BigInt(tx.timeReceived) : tx.orderPosition);
  const sorted = [...records.transactions].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  sorted.forEach((stored, i) => {
    const orderPosition = renumber ? BigInt(i) : stored.orderPosition;
    wallet.history.loadStored({ ...stored, orderPosition }, liveState(stored.state, places));
  });
}

/** First height to scan: after what the wallet has seen, and not before it had keys. Undefined: nothing is missing. */
async function firstMissingHeight(wallet: LoadedWallet, tipHeight: number, saved: Uint8Array | undefined): Promise<number | undefined> {
  const { chain } = wallet.context;
  const hasPosition = saved !== undefined && parseLocator(saved).length > 0;
  const fork = hasPosition ? await chain.findLocatorFork(saved) : undefined;
  if (fork === tipHeight) return undefined;
  const birth = wallet.birthTime;
  if (birth === undefined) return fork ?? 0;
  const window = birth > BigInt(timestampWindow) ? birth - BigInt(timestampWindow) : 0n;
  const { block, result } = await chain.findFirstBlockWithTimeAndHeight(window, fork ?? 0, { wantHeight: true });
  return result ? block.height : undefined;
}

async function catchUp(wallet: LoadedWallet, start: number): Promise<void> {
  const { chain } = wallet.context;
  if (!(await chain.hasBlocks(wallet.lastBlock.hash, start, undefined))) {
    throw new AttachFailure(
      (await chain.havePruned())
        ? 'Prune: last wallet synchronisation goes beyond pruned data. You need to -reindex (download the whole blockchain again in case of a pruned node)'
        : 'last wallet synchronisation goes beyond available data; wait until the node has caught up, then load the wallet again',
    );
  }
  await chain.initMessage('Rescanning…');
  wallet.log(`Rescanning last ${wallet.lastBlock.height - start} blocks (from block ${start})...`);
  const outcome = await scanBlocks(wallet, {
    start: await chain.getBlockHash(start),
    startHeight: start,
    update: true,
    saveProgress: true,
  });
  if (outcome.status !== 'success') throw new AttachFailure('Failed to rescan the wallet during initialization');
}

/**
 * Brings a wallet in step with the node's chain and keeps it so.
 * @param saved locator of the last block that the wallet has seen, or that was there before it; undefined when unknown.
 * @throws AttachFailure
 */
export async function attachChain(wallet: LoadedWallet, saved: Uint8Array | undefined): Promise<Attachment> {
  const { chain } = wallet.context;
  wallet.catchingUp = true;
  const follower = new ChainFollower(wallet);
  // From here on nothing is missed; what arrives twice changes nothing the second time.
  const handler = await chain.handleNotifications(follower);
  try {
    const tipHeight = await chain.getHeight();
    if (tipHeight !== undefined) {
      const hash = await chain.getBlockHash(tipHeight);
      if (wallet.lastBlock.height < tipHeight) wallet.lastBlock = { hash, height: tipHeight };
      const start = await firstMissingHeight(wallet, tipHeight, saved);
      if (start !== undefined) await catchUp(wallet, start);
    }
    await wallet.chainTurns.run(async () => {
      wallet.catchingUp = false;
      await follower.savePosition();
    });
    return { follower, handler };
  } catch (fault) {
    await handler.destroy();
    throw fault;
  }
}

function mayRebroadcast(transaction: WalletTransaction): boolean {
  const { state } = transaction;
  return !isGenerated(transaction) && (state.kind === 'mempool' || (state.kind === 'inactive' && !state.abandoned)) && transaction.mempoolConflicts.size === 0;
}

/** Offers the wallet's unconfirmed transactions to the mempool again, parents first. @returns how many it took. */
export async function resubmitTransactions(wallet: LoadedWallet, relay: boolean): Promise<number> {
  const { chain, settings } = wallet.context;
  if (!settings.broadcast) return 0;
  let accepted = 0;
  for (const transaction of wallet.history.ordered()) {
    if (!mayRebroadcast(transaction)) continue;
    const method = relay ? TxBroadcast.mempoolAndBroadcast : TxBroadcast.mempoolNoBroadcast;
    const { result } = await chain.broadcastTransaction(serializeTransaction(transaction.tx), settings.maxFee, method);
    if (!result) continue;
    accepted++;
    await wallet.chainTurns.run(() => {
      if (wallet.isOpen && transaction.state.kind === 'inactive') wallet.change(() => wallet.history.update(transaction, { kind: 'mempool' }));
    });
  }
  return accepted;
}

/** After loading: puts unconfirmed transactions back into the mempool and learns which are there. */
export async function syncMempool(wallet: LoadedWallet, follower: ChainFollower): Promise<void> {
  await resubmitTransactions(wallet, false);
  await wallet.context.chain.requestMempoolTransactions(follower);
}

