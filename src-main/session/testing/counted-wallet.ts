/** A wallet without a process. */
import { hashToHex } from '../../../src-bitcoin/bytes/hex.js';
import { serializeTransaction, txidOf, type Transaction } from '../../../src-bitcoin/primitives/transaction.js';
import type { Handler } from '../../../src-interfaces/generated/handler.js';
import type { TransactionChangedCallback, Wallet, WalletTx } from '../../../src-interfaces/generated/wallet.js';

const amount = 1000n;

/** A payment that spends the output of somebody else's transaction. */
export function paymentOf(spent: number, index = 0): Transaction {
  return {
    version: 2,
    inputs: [{ prevout: { txid: new Uint8Array(32).fill(spent), index }, scriptSig: new Uint8Array(0), sequence: 0xffffffff, witness: [] }],
    outputs: [{ value: amount, scriptPubKey: Uint8Array.of(0x51) }],
    locktime: 0,
  };
}

/** A wallet that received payments, and counts how often it is asked about one. It may hang. */
export class CountedWallet {
  readonly depths = new Map<string, number>();
  readonly #transactions = new Map<string, Transaction>();
  #changed: TransactionChangedCallback = async () => undefined;
  #goOn = (): void => undefined;
  #hanging: Promise<void> | undefined;
  asked = 0;
  /** Who is told of changes. */
  followers = 0;
  /** How often it is held. */
  handles = 1;

  /** @param title what it is called */
  constructor(public title = 'counted') {}

  /** @param depth confirmations; negative once another payment in its place is confirmed */
  receive(tx: Transaction, depth = 0): Uint8Array {
    const txid = txidOf(tx);
    this.#transactions.set(hashToHex(txid), tx);
    this.depths.set(hashToHex(txid), depth);
    return txid;
  }

  /** It is told to, and does not tell of it. */
  forget(txid: Uint8Array): void {
    this.#transactions.delete(hashToHex(txid));
    this.depths.delete(hashToHex(txid));
  }

  #follow(): Handler {
    this.followers++;
    return { disconnect: async () => undefined, destroy: async () => void this.followers-- };
  }

  hang(): void {
    this.#hanging = new Promise((resolve) => (this.#goOn = resolve));
  }

  goOn(): void {
    this.#hanging = undefined;
    this.#goOn();
  }

  announce(txid: Uint8Array): Promise<void> {
    return this.#changed(txid, 0);
  }

  #entry(tx: Transaction): WalletTx {
    const own = { txinIsMine: [false], txoutIsMine: [true], txoutIsChange: [false], txoutAddress: [], txoutAddressIsMine: [true] };
    return { ...own, tx: serializeTransaction(tx), credit: amount, debit: 0n, change: 0n, time: 0n, valueMap: [], isCoinbase: false };
  }

  async getWalletTxs(): Promise<WalletTx[]> {
    return [...this.#transactions.values()].map((tx) => this.#entry(tx));
  }

  async getWalletTxDetails(txid: Uint8Array): Promise<object> {
    this.asked++;
    const id = hashToHex(txid);
    const tx = this.#transactions.get(id);
    return { result: tx === undefined ? {} : this.#entry(tx), txStatus: { depthInMainChain: this.depths.get(id) ?? 0, blockHeight: 7, isAbandoned: false } };
  }

  async getBalances(): Promise<object> {
    const unconfirmed = [...this.depths.values()].filter((depth) => depth === 0).length;
    return { balance: 0n, unconfirmedBalance: BigInt(unconfirmed) * amount, immatureBalance: 0n };
  }

  readonly getWalletName = async (): Promise<string> => {
    await this.#hanging;
    return this.title;
  };
  readonly isCrypted = async (): Promise<boolean> => false;
  readonly privateKeysDisabled = async (): Promise<boolean> => false;
  readonly getAvailableBalance = async (): Promise<bigint> => 0n;
  readonly getAddresses = async (): Promise<unknown[]> => [];
  readonly getAddressReceiveRequests = async (): Promise<unknown[]> => [];
  readonly destroy = async (): Promise<void> => void this.handles--;
  readonly handleUnload = async (): Promise<Handler> => {
    await this.#hanging;
    return this.#follow();
  };
  readonly handleStatusChanged = async (): Promise<Handler> => this.#follow();
  readonly handleAddressBookChanged = async (): Promise<Handler> => this.#follow();
  readonly handleShowProgress = async (): Promise<Handler> => this.#follow();
  readonly handleTransactionChanged = async (changed: TransactionChangedCallback): Promise<Handler> => {
    this.#changed = changed;
    return this.#follow();
  };

  /** Only these methods are called. */
  asWallet(): Wallet {
    return this as unknown as Wallet;
  }
}
