import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hasWitness, outpointKey, txidOf, type Outpoint, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { StoredTransaction } from '../store/transaction-record.js';
import type { WalletWriter } from '../store/wallet-writer.js';
import type { Change } from '../wallet-events.js';
import { isGenerated, keyOf, sameStoredState, storedForm, type TransactionState, type WalletTransaction } from './wallet-transaction.js';

/** An output that belongs to the wallet, spent or not. */
export interface OwnedOutput {
  readonly outpoint: Outpoint;
  readonly output: TxOut;
  readonly transaction: WalletTransaction;
}

export interface HistoryOptions {
  readonly writer: WalletWriter;
  readonly isMine: (script: Uint8Array) => boolean;
  /** Told of each transaction that was added (`new`), changed or forgotten (`deleted`). */
  readonly changed: (transaction: WalletTransaction, change: Change) => void;
}

/** What a transaction is added with besides itself. */
export interface TransactionDetails {
  readonly timeReceived: number;
  readonly timeSmart: number;
  readonly notes?: ReadonlyMap<string, string>;
  readonly orderForm?: readonly (readonly [string, string])[];
}

/**
 * All transactions that touch the wallet, which of its outputs they create and which they spend.
 * Changes are on disk when the enclosing transaction ends.
 */
export class TransactionHistory {
  readonly #options: HistoryOptions;
  /** By txid, in the order of their positions. */
  readonly #transactions = new Map<string, WalletTransaction>();
  /** Transactions of the wallet that spend an outpoint, be it the wallet's or not. */
  readonly #spenders = new Map<string, Set<WalletTransaction>>();
  readonly #owned = new Map<string, OwnedOutput>();
  #nextPosition: bigint;
  #revision = 0;

  constructor(options: HistoryOptions, nextPosition: bigint) {
    this.#options = options;
    this.#nextPosition = nextPosition;
  }

  /** Grows with every change; caches compare it. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#transactions.size;
  }

  all(): Iterable<WalletTransaction> {
    return this.#transactions.values();
  }

  /** Oldest first: as they were loaded and added. */
  ordered(): readonly WalletTransaction[] {
    return [...this.#transactions.values()];
  }

  /** @param txid hex as displayed */
  get(txid: string): WalletTransaction | undefined {
    return this.#transactions.get(txid);
  }

  find(txid: Uint8Array): WalletTransaction | undefined {
    return this.#transactions.get(hashToHex(txid));
  }

  ownedOutputs(): Iterable<OwnedOutput> {
    return this.#owned.values();
  }

  get ownedCount(): number {
    return this.#owned.size;
  }

  owned(outpoint: Outpoint): OwnedOutput | undefined {
    return this.#owned.get(outpointKey(outpoint));
  }

  spenders(outpoint: Outpoint): Iterable<WalletTransaction> {
    return this.#spenders.get(outpointKey(outpoint)) ?? [];
  }

  /** Whether a transaction that may still confirm, or has, spends the outpoint. */
  isSpent(outpoint: Outpoint): boolean {
    for (const { state, mempoolConflicts } of this.spenders(outpoint)) {
      const dead = (state.kind === 'inactive' && state.abandoned) || state.kind === 'conflicted' || mempoolConflicts.size > 0;
      if (!dead) return true;
    }
    return false;
  }

  /** Transactions of the wallet that spend an input that this one spends too. */
  conflictsOf(transaction: WalletTransaction): ReadonlySet<WalletTransaction> {
    const conflicts = new Set<WalletTransaction>();
    for (const { prevout } of transaction.tx.inputs) {
      for (const spender of this.spenders(prevout)) if (spender !== transaction) conflicts.add(spender);
    }
    return conflicts;
  }

  /** Whether a transaction of the wallet spends one of its outputs. */
  hasSpenders(transaction: WalletTransaction): boolean {
    const txid = txidOf(transaction.tx);
    return transaction.tx.outputs.some((_output, index) => (this.#spenders.get(outpointKey({ txid, index }))?.size ?? 0) > 0);
  }

  /** Whether it creates or spends outputs of the wallet. */
  concerns(tx: Transaction): boolean {
    return tx.outputs.some((output) => this.#options.isMine(output.scriptPubKey)) || this.spendsOwned(tx);
  }

  /** Whether taking it in changes anything here: it concerns the wallet, or competes with one of its transactions. */
  affects(tx: Transaction): boolean {
    return this.concerns(tx) || tx.inputs.some((input) => this.#spenders.has(outpointKey(input.prevout)));
  }

  spendsOwned(tx: Transaction): boolean {
    return tx.inputs.some((input) => this.#owned.has(outpointKey(input.prevout)));
  }

  #index(transaction: WalletTransaction): void {
    // All coinbase transactions name the same null outpoint; that makes them no rivals.
    for (const { prevout } of isGenerated(transaction) ? [] : transaction.tx.inputs) {
      const key = outpointKey(prevout);
      const spenders = this.#spenders.get(key);
      if (spenders === undefined) this.#spenders.set(key, new Set([transaction]));
      else spenders.add(transaction);
    }
    this.#indexOutputs(transaction);
  }

  #indexOutputs(transaction: WalletTransaction): void {
    const txid = txidOf(transaction.tx);
    transaction.tx.outputs.forEach((output, index) => {
      if (!this.#options.isMine(output.scriptPubKey)) return;
      const outpoint = { txid, index };
      this.#owned.set(outpointKey(outpoint), { outpoint, output, transaction });
    });
  }

  /** Takes over a transaction read from the file, in the state the chain gives it now. They come in the order of their positions. */
  loadStored(stored: StoredTransaction, state: TransactionState): void {
    const notes = new Map(stored.notes);
    const mempoolConflicts = new Set<string>();
    this.#load({ ...stored, txid: keyOf(stored.tx), state, notes, mempoolConflicts });
    if (stored.orderPosition >= this.#nextPosition) this.#nextPosition = stored.orderPosition + 1n;
  }

  #load(transaction: WalletTransaction): void {
    this.#transactions.set(transaction.txid, transaction);
    this.#index(transaction);
    this.#revision++;
  }

  /** Looks at all outputs again after scripts were added to the wallet. */
  refreshOwned(): void {
    for (const transaction of this.#transactions.values()) this.#indexOutputs(transaction);
    this.#revision++;
  }

  #save(transaction: WalletTransaction): void {
    this.#options.writer.walletTransaction(storedForm(transaction));
  }

  /** Adds a transaction in a state, after all others in order. */
  add(tx: Transaction, state: TransactionState, details: TransactionDetails): WalletTransaction {
    const transaction: WalletTransaction = {
      txid: keyOf(tx),
      tx,
      state,
      notes: new Map(details.notes ?? []),
      orderForm: details.orderForm ?? [],
      timeReceived: details.timeReceived,
      timeSmart: details.timeSmart,
      orderPosition: this.#nextPosition,
      mempoolConflicts: new Set(),
    };
    this.#options.writer.transaction(() => {
      this.#nextPosition += 1n;
      this.#options.writer.orderPositionNext(this.#nextPosition);
      this.#save(transaction);
    });
    this.#load(transaction);
    this.#inheritConflicts(transaction);
    this.#options.changed(transaction, 'new');
    return transaction;
  }

  /** Forgets a transaction: what it spent is unspent again, and what it created is no longer there. */
  remove(transaction: WalletTransaction): void {
    const txid = txidOf(transaction.tx);
    this.#options.writer.deleteTransaction(txid);
    for (const { prevout } of transaction.tx.inputs) this.#spenders.get(outpointKey(prevout))?.delete(transaction);
    transaction.tx.outputs.forEach((_output, index) => this.#owned.delete(outpointKey({ txid, index })));
    this.#transactions.delete(transaction.txid);
    this.#revision++;
    this.#options.changed(transaction, 'deleted');
  }

  /** A child of a transaction that lost its input in a block has lost with it. */
  #inheritConflicts(transaction: WalletTransaction): void {
    for (const { prevout } of transaction.tx.inputs) {
      const parent = this.find(prevout.txid)?.state;
      if (parent?.kind === 'conflicted') this.markConflicted(transaction, parent.blockHash, parent.height);
    }
  }

  /**
   * Puts a transaction into a state; writes it when the file keeps the difference.
   * @param tx a form with witness, to replace one that was stored without.
   */
  update(transaction: WalletTransaction, state: TransactionState, tx?: Transaction): void {
    const gainsWitness = tx !== undefined && hasWitness(tx) && !hasWitness(transaction.tx);
    const before = transaction.state;
    if (gainsWitness) transaction.tx = tx;
    transaction.state = state;
    this.#revision++;
    const stored = sameStoredState(before, state);
    if (!stored || gainsWitness) this.#save(transaction);
    if (stored && !gainsWitness && before.kind === state.kind) return;
    this.touched(transaction);
  }

  /** Announces a transaction whose looks changed though its record did not. */
  touched(transaction: WalletTransaction): void {
    this.#revision++;
    this.#options.changed(transaction, 'updated');
  }

  note(transaction: WalletTransaction, name: string, text: string): void {
    transaction.notes.set(name, text);
    this.#save(transaction);
    this.touched(transaction);
  }

  /** A transaction and all of the wallet's that build on it. */
  *withDescendants(transaction: WalletTransaction): Iterable<WalletTransaction> {
    const seen = new Set([transaction]);
    for (const each of seen) {
      yield each;
      const txid = txidOf(each.tx);
      for (let index = 0; index < each.tx.outputs.length; index++) for (const spender of this.spenders({ txid, index })) seen.add(spender);
    }
  }

  /** Marks a transaction and its descendants as overruled by the block at `height`. */
  markConflicted(transaction: WalletTransaction, blockHash: Uint8Array, height: number): void {
    for (const each of this.withDescendants(transaction)) {
      const deeper = each.state.kind === 'conflicted' && each.state.height <= height;
      if (each.state.kind === 'confirmed' || deeper) continue;
      this.update(each, { kind: 'conflicted', blockHash, height });
    }
  }

  /** Lets transactions that a removed block overruled live again. */
  releaseConflicts(tx: Transaction, height: number): void {
    for (const { prevout } of tx.inputs) {
      for (const spender of [...this.spenders(prevout)]) {
        for (const each of [...this.withDescendants(spender)]) {
          if (each.state.kind === 'conflicted' && each.state.height >= height) this.update(each, { kind: 'inactive', abandoned: false });
        }
      }
    }
  }

  /** Notes that a mempool transaction came (`present`) or went that competes with some of the wallet's. */
  mempoolRival(tx: Transaction, present: boolean): void {
    const rival = keyOf(tx);
    for (const { prevout } of tx.inputs) {
      for (const spender of [...this.spenders(prevout)]) {
        if (equalBytes(txidOf(spender.tx), txidOf(tx))) continue;
        for (const each of [...this.withDescendants(spender)]) {
          const changed = present ? !each.mempoolConflicts.has(rival) : each.mempoolConflicts.has(rival);
          if (!changed) continue;
          if (present) each.mempoolConflicts.add(rival);
          else each.mempoolConflicts.delete(rival);
          this.touched(each);
        }
      }
    }
  }
}
