import { outpointKey, txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';

/** Transactions kept while their parents are unknown. */
const maxOrphans = 100;
/** Milliseconds one is kept. */
const maxAge = 20 * 60_000;

export interface Orphan {
  readonly tx: Transaction;
  /** Id of the peer that sent it. */
  readonly peer: number;
  readonly expires: number;
}

/** Transactions that came before their parents. */
export class OrphanPool {
  /** By wtxid. */
  readonly #orphans = new Map<string, Orphan>();
  readonly #byOutpoint = new Map<string, Set<string>>();
  readonly #random: () => number;

  /** @param random a number from 0 up to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  get size(): number {
    return this.#orphans.size;
  }

  has(wtxid: Uint8Array): boolean {
    return this.#orphans.has(hashKey(wtxid));
  }

  add(tx: Transaction, peer: number, now: number): void {
    const key = hashKey(wtxidOf(tx));
    if (this.#orphans.has(key)) return;
    this.#orphans.set(key, { tx, peer, expires: now + maxAge });
    for (const { prevout } of tx.inputs) {
      const outpoint = outpointKey(prevout);
      const waiting = this.#byOutpoint.get(outpoint);
      if (waiting === undefined) this.#byOutpoint.set(outpoint, new Set([key]));
      else waiting.add(key);
    }
    this.expire(now);
    // A random victim: a peer must not be able to choose whom it pushes out.
    while (this.#orphans.size > maxOrphans) {
      const keys = [...this.#orphans.keys()];
      const victim = keys[Math.floor(this.#random() * keys.length)];
      if (victim !== undefined) this.#remove(victim);
    }
  }

  /** Takes out the orphans that spend from a transaction. */
  takeChildren(parent: Transaction): Orphan[] {
    const txid = txidOf(parent);
    const keys = new Set<string>();
    parent.outputs.forEach((_, index) => {
      for (const key of this.#byOutpoint.get(outpointKey({ txid, index })) ?? []) keys.add(key);
    });
    return [...keys].flatMap((key) => {
      const orphan = this.#orphans.get(key);
      this.#remove(key);
      return orphan ?? [];
    });
  }

  /** A block confirmed transactions: they, and what spends the same, are of no use any more. */
  removeConfirmed(transactions: readonly Transaction[]): void {
    for (const tx of transactions) {
      for (const { prevout } of tx.inputs) {
        for (const key of [...(this.#byOutpoint.get(outpointKey(prevout)) ?? [])]) this.#remove(key);
      }
    }
  }

  removePeer(peer: number): void {
    for (const [key, orphan] of [...this.#orphans]) if (orphan.peer === peer) this.#remove(key);
  }

  expire(now: number): void {
    for (const [key, orphan] of [...this.#orphans]) if (orphan.expires <= now) this.#remove(key);
  }

  #remove(key: string): void {
    const orphan = this.#orphans.get(key);
    if (orphan === undefined) return;
    this.#orphans.delete(key);
    for (const { prevout } of orphan.tx.inputs) {
      const outpoint = outpointKey(prevout);
      const waiting = this.#byOutpoint.get(outpoint);
      waiting?.delete(key);
      if (waiting?.size === 0) this.#byOutpoint.delete(outpoint);
    }
  }
}
