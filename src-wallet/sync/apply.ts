import type { Block } from '../../src-bitcoin/primitives/block.js';
import { isCoinbase, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { inactive, keyOf, transactionTime, type TransactionState } from '../coins/wallet-transaction.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { LoadedWallet } from '../wallet.js';

/** A block as the wallet gets to see it. Times in seconds since 1970. */
export interface BlockFacts {
  readonly block: Block;
  /** Internal byte order. */
  readonly hash: Uint8Array;
  readonly height: number;
  /** Largest time of this block and all before it. */
  readonly maxTime: number;
}

interface ApplyOptions {
  /** Of the block, where there is one. */
  readonly blockTime?: number;
  readonly maxTime?: number;
  /** The block is old: what it pays was received then, not now. */
  readonly rescan?: boolean;
  /** Leave known transactions alone. */
  readonly onlyNew?: boolean;
}

/** Seconds into the future up to which other transactions' times are believed. */
const tolerance = 300;

/** The time to show for a transaction that came with a block: not before earlier ones, not after now. */
function smartTime(wallet: LoadedWallet, now: number, options: ApplyOptions): number {
  if (options.blockTime === undefined) return now;
  if (options.rescan === true) return options.maxTime ?? options.blockTime;
  let latestNow = now;
  let latestEntry = 0;
  for (const transaction of wallet.history.ordered().toReversed()) {
    const time = transactionTime(transaction);
    if (time > now + tolerance) continue;
    latestEntry = time;
    latestNow = Math.max(latestNow, time);
    break;
  }
  return Math.max(latestEntry, Math.min(options.blockTime, latestNow));
}

/** Notes which addresses a transaction uses, so that they are not given out again. */
function markAddresses(wallet: LoadedWallet, tx: Transaction): boolean {
  let grown = false;
  for (const output of tx.outputs) {
    for (const { script, descriptor } of wallet.keyring.markUsed(output.scriptPubKey)) {
      grown = true;
      const activity = wallet.keyring.activity(descriptor);
      const address = wallet.addressOf(script);
      // A receive address this file did not give out, as after restoring a backup: without an entry it would pass for change.
      if (activity?.internal === false && address !== undefined && wallet.addressBook.get(address) === undefined) {
        wallet.addressBook.set(address, '', 'receive');
      }
    }
  }
  return grown;
}

/** What spending coins leaves behind: they need no lock any more, and in a wallet that avoids reuse their addresses are marked. */
export function noteSpending(wallet: LoadedWallet, tx: Transaction): void {
  for (const { prevout } of tx.inputs) if (wallet.isLockedOutput(prevout)) wallet.unlockOutput(prevout);
  if (!wallet.hasFlag(WalletFlag.avoidReuse)) return;
  for (const { prevout } of tx.inputs) {
    const owned = wallet.history.owned(prevout);
    const address = owned && wallet.addressOf(owned.output.scriptPubKey);
    if (address !== undefined) wallet.addressBook.setUsed(address, true);
  }
}

/**
 * Takes in a transaction if it concerns the wallet, in the state it was found in.
 * @returns whether it concerns the wallet.
 */
export function applyTransaction(wallet: LoadedWallet, tx: Transaction, state: TransactionState, options: ApplyOptions = {}): boolean {
  const { history } = wallet;
  if (state.kind === 'confirmed') {
    for (const { prevout } of tx.inputs) {
      for (const rival of [...history.spenders(prevout)]) {
        if (rival.txid !== keyOf(tx)) history.markConflicted(rival, state.blockHash, state.height);
      }
    }
  }
  const known = history.get(keyOf(tx));
  if (known !== undefined && options.onlyNew === true) return true;
  if (known === undefined && !history.concerns(tx)) return false;
  if (markAddresses(wallet, tx)) wallet.announce(() => wallet.events.canGetAddresses.emit());
  if (known === undefined) {
    const now = wallet.context.clock.now();
    history.add(tx, state, { timeReceived: now, timeSmart: smartTime(wallet, now, options) });
  } else {
    history.update(known, state, tx);
  }
  noteSpending(wallet, tx);
  return true;
}

/** Takes in a block that became part of the chain. @returns whether anything in it concerns the wallet. */
export function applyBlock(wallet: LoadedWallet, facts: BlockFacts, options: Pick<ApplyOptions, 'rescan' | 'onlyNew'> = {}): boolean {
  const { block, hash, height, maxTime } = facts;
  const times = { blockTime: block.header.time, maxTime };
  let concerned = false;
  block.transactions.forEach((tx, index) => {
    const found = applyTransaction(wallet, tx, { kind: 'confirmed', blockHash: hash, height, index }, { ...times, ...options });
    concerned = found || concerned;
    // Its competitors in the mempool are gone with it, and it no longer competes there itself.
    wallet.history.mempoolRival(tx, false);
  });
  return concerned;
}

/** Takes back a block that left the chain. */
export function revertBlock(wallet: LoadedWallet, facts: Pick<BlockFacts, 'block' | 'height'>): boolean {
  let concerned = false;
  for (const tx of facts.block.transactions) {
    // A coinbase transaction cannot come back except in another block.
    const state: TransactionState = isCoinbase(tx) ? { kind: 'inactive', abandoned: true } : inactive;
    concerned = applyTransaction(wallet, tx, state) || concerned;
    wallet.history.releaseConflicts(tx, facts.height);
  }
  return concerned;
}
