/** The wallet's transactions as the window lists them: read once, then kept fresh by the wallet's own events. */
import { hashFromHex, hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { outpointKey, parseTransaction, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { TransactionRow, TransactionStatus, TransactionKind } from '../../src-interfaces/facade.js';
import type { Wallet, WalletTx } from '../../src-interfaces/generated/wallet.js';
import { scriptAddress } from './destinations.js';
import { historyRow, type LabelOf } from './history.js';

/** What a search of the history may ask for. Times in seconds, amounts in satoshis. */
export interface HistoryFilter {
  readonly search: string;
  readonly kinds: readonly TransactionKind[];
  readonly statuses: readonly TransactionStatus[];
  readonly since?: number;
  readonly until?: number;
  readonly minimum?: bigint;
}

/** Height for sorting: what is in no block yet is the newest. */
const heightOf = (row: TransactionRow): number => row.height ?? Number.MAX_SAFE_INTEGER;
const newestFirst = (a: TransactionRow, b: TransactionRow): number => b.time - a.time || heightOf(b) - heightOf(a) || (a.txid < b.txid ? -1 : 1);
const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

function matches(row: TransactionRow, filter: HistoryFilter, words: readonly string[], textOf: (row: TransactionRow) => string): boolean {
  if (filter.kinds.length > 0 && !filter.kinds.includes(row.kind)) return false;
  if (filter.statuses.length > 0 && !filter.statuses.includes(row.status)) return false;
  if (filter.since !== undefined && row.time < filter.since) return false;
  if (filter.until !== undefined && row.time > filter.until) return false;
  if (filter.minimum !== undefined && absolute(row.amount) < filter.minimum) return false;
  if (words.length === 0) return true;
  const text = textOf(row).toLowerCase();
  return words.every((word) => text.includes(word));
}

/** How many transactions are asked about at a time. */
const batch = 64;

export class TransactionCache {
  readonly #wallet: Wallet;
  readonly #params: ChainParams;
  readonly #labelOf: LabelOf;
  readonly #rows = new Map<string, TransactionRow>();
  readonly #entries = new Map<string, WalletTx & { readonly tx: Uint8Array }>();
  /** Addresses that a transaction pays to. */
  readonly #addresses = new Map<string, readonly string[]>();
  /** Satoshis that transactions pay to an address, by address and txid. */
  readonly #payments = new Map<string, Map<string, bigint>>();
  /** Transactions that spend an output, by its outpoint. */
  readonly #spenders = new Map<string, Set<string>>();
  #sorted: TransactionRow[] | undefined;

  constructor(wallet: Wallet, params: ChainParams, labelOf: LabelOf) {
    this.#wallet = wallet;
    this.#params = params;
    this.#labelOf = labelOf;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** All rows, newest first. */
  rows(): readonly TransactionRow[] {
    return (this.#sorted ??= [...this.#rows.values()].sort(newestFirst));
  }

  search(filter: HistoryFilter): readonly TransactionRow[] {
    const words = filter.search.toLowerCase().split(/\s+/).filter((word) => word !== '');
    // All who were paid, not only the one that the row shows.
    const textOf = (row: TransactionRow): string => {
      const addresses = this.#addresses.get(row.txid) ?? [];
      return [row.label, row.txid, ...addresses, ...addresses.map(this.#labelOf)].join('\n');
    };
    return this.rows().filter((row) => matches(row, filter, words, textOf));
  }

  row(txid: string): TransactionRow | undefined {
    return this.#rows.get(txid);
  }

  entry(txid: string): (WalletTx & { readonly tx: Uint8Array }) | undefined {
    return this.#entries.get(txid);
  }

  transaction(txid: string): Transaction | undefined {
    const entry = this.#entries.get(txid);
    return entry === undefined ? undefined : parseTransaction(entry.tx);
  }

  async load(): Promise<void> {
    const all = await this.#wallet.getWalletTxs();
    const txids = all.flatMap((entry) => (entry.tx === undefined ? [] : [this.#keep({ ...entry, tx: entry.tx })]));
    await this.refresh(txids);
  }

  #keep(entry: WalletTx & { readonly tx: Uint8Array }): string {
    // The id comes from the bytes: the wallet does not repeat it.
    const txid = hashToHex(txidOf(parseTransaction(entry.tx)));
    this.#entries.set(txid, entry);
    return txid;
  }

  /** Asks the wallet again about some transactions; tells which rows changed and which are gone. */
  async refresh(txids: readonly string[]): Promise<{ changed: TransactionRow[]; removed: string[] }> {
    const changed: TransactionRow[] = [];
    const removed: string[] = [];
    for (let from = 0; from < txids.length; from += batch) {
      await Promise.all(
        txids.slice(from, from + batch).map(async (txid) => {
          const details = await this.#wallet.getWalletTxDetails(hashFromHex(txid));
          const { tx } = details.result;
          if (tx === undefined) {
            if (this.#rows.delete(txid)) removed.push(txid);
            this.#forgetParts(txid);
            this.#entries.delete(txid);
            return;
          }
          const entry = { ...details.result, tx };
          this.#entries.set(txid, entry);
          this.#noteParts(txid, parseTransaction(tx));
          const row = historyRow(entry, details.txStatus, this.#params, this.#labelOf);
          this.#rows.set(txid, row);
          changed.push(row);
        }),
      );
    }
    if (changed.length > 0 || removed.length > 0) this.#sorted = undefined;
    return { changed: changed.sort(newestFirst), removed };
  }

  #forgetParts(txid: string): void {
    for (const { prevout } of this.transaction(txid)?.inputs ?? []) this.#spenders.get(outpointKey(prevout))?.delete(txid);
    for (const address of this.#addresses.get(txid) ?? []) this.#payments.get(address)?.delete(txid);
    this.#addresses.delete(txid);
  }

  #noteParts(txid: string, { inputs, outputs }: Transaction): void {
    if (this.#addresses.has(txid)) return;
    for (const { prevout } of inputs) {
      const key = outpointKey(prevout);
      this.#spenders.set(key, (this.#spenders.get(key) ?? new Set()).add(txid));
    }
    const paid = new Map<string, bigint>();
    for (const { scriptPubKey, value } of outputs) {
      const address = scriptAddress(scriptPubKey, this.#params);
      if (address !== '') paid.set(address, (paid.get(address) ?? 0n) + value);
    }
    this.#addresses.set(txid, [...paid.keys()]);
    for (const [address, amount] of paid) {
      const payments = this.#payments.get(address);
      if (payments === undefined) this.#payments.set(address, new Map([[txid, amount]]));
      else payments.set(txid, amount);
    }
  }

  /** Transactions that pay to an address. */
  paying(address: string): string[] {
    return [...(this.#payments.get(address)?.keys() ?? [])];
  }

  /** Satoshis that an address received, unconfirmed included. */
  received(address: string): bigint {
    let sum = 0n;
    for (const [txid, amount] of this.#payments.get(address) ?? []) {
      const status = this.#rows.get(txid)?.status;
      if (status !== 'conflicted' && status !== 'abandoned') sum += amount;
    }
    return sum;
  }

  /**
   * Transactions that may have changed without a word of the wallet's: of one that lost to another, and of those that
   * build on it, wallets of Bitcoin Core tell nothing. But then the other one is told, or the balance lacks what is
   * pending here.
   * @param told transactions that the wallet told of
   * @param unconfirmed the unconfirmed balance in satoshis; undefined while it cannot have changed for that
   */
  untold(told: readonly string[], unconfirmed: bigint | undefined): string[] {
    const rows = [...this.#rows.values()];
    const pending = rows.filter((row) => row.status === 'pending' && row.kind === 'received');
    const isMissing = unconfirmed !== undefined && pending.reduce((sum, { amount }) => sum + amount, 0n) !== unconfirmed;
    if (!isMissing && !told.some((txid) => this.#hasRival(txid))) return [];
    return rows.filter((row) => row.status !== 'confirmed' && !told.includes(row.txid)).map((row) => row.txid);
  }

  /** Whether another transaction spends what this one spends. */
  #hasRival(txid: string): boolean {
    return this.transaction(txid)?.inputs.some(({ prevout }) => (this.#spenders.get(outpointKey(prevout))?.size ?? 0) > 1) === true;
  }
}
