/** One open wallet as the window knows it: its state, pushed when it changes, and what can be done with it. */
import { setTimeout as pause } from 'node:timers/promises';
import { hashFromHex, hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { decodeAddress } from '../../src-bitcoin/address/address.js';
import { parsePaymentUri } from '../../src-bitcoin/address/payment-uri.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { parseTransaction, serializeOutpoint } from '../../src-bitcoin/primitives/transaction.js';
import type {
  AddressEntry,
  Balances,
  Coin,
  EventData,
  FacadeEventName,
  FeeEstimate,
  ParsedRecipient,
  TransactionDetails,
  WalletState,
} from '../../src-interfaces/facade.js';
import { isDisconnected } from '../../src-interfaces/errors.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Wallet } from '../../src-interfaces/generated/wallet.js';
import { Patience } from '../../src-ipc/process/index.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import { listedCoins } from './coin-list.js';
import { addressText, destinationOfAddress } from './destinations.js';
import { coinControl, Drafts } from './drafts.js';
import { estimatedFees } from './fee-estimates.js';
import { detailParts, replacements, transactionInputs } from './history.js';
import { silence } from './patience.js';
import { spendableBalance } from './spendable-coins.js';
import { TransactionCache } from './transaction-cache.js';
import { WalletRequests } from './wallet-requests.js';

export type Push = <N extends FacadeEventName>(name: N, data: EventData<N>) => void;

/** Changed rows in one event; more are only announced, as the views ask again anyway. */
const mostRowsPushed = 500;
/** Milliseconds: a scan brings far more changes than anybody can read, and each refresh adds up all coins. */
const betweenRefreshes = 100;

export interface OpenWallet {
  readonly wallet: Wallet;
  readonly name: string;
  readonly title: string;
  readonly params: ChainParams;
  readonly push: Push;
  /** Whether it is there without the node's own wallet process. */
  readonly isApart: boolean;
  /** Called when the wallet is being closed by the wallet process. */
  unloaded(session: WalletSession): void;
  /** Called when it answers again, or is gone, after it was waited for in vain. */
  answers(): void;
}

export class WalletSession {
  readonly name: string;
  readonly wallet: Wallet;
  readonly drafts: Drafts;
  readonly requests: WalletRequests;
  readonly cache: TransactionCache;
  readonly #params: ChainParams;
  readonly #push: Push;
  readonly #handlers: Handler[] = [];
  readonly #patience: Patience;
  #labels = new Map<string, { label: string; purpose: number }>();
  readonly #labelOf = (address: string): string => this.#labels.get(address)?.label ?? '';
  #state: WalletState;
  /** Transactions the wallet spoke of since the last refresh. */
  #touched = new Set<string>();
  #hasNewBlock = false;
  #refreshing: Promise<void> | undefined;
  #again = false;
  #closing: Promise<void> | undefined;

  private constructor({ wallet, name, title, params, push, isApart, answers }: OpenWallet) {
    this.name = name;
    this.#patience = new Patience(silence, () => {
      this.#setState({ ...this.#state, isSilent: this.#patience.isSpent });
      if (this.#patience.isSpent) return;
      this.refresh();
      answers();
    });
    this.wallet = wallet;
    this.#params = params;
    this.#push = push;
    this.cache = new TransactionCache(wallet, params, this.#labelOf);
    this.drafts = new Drafts(wallet, params, this.cache, this.#labelOf);
    this.requests = new WalletRequests(wallet, params, this.cache, {
      setLabel: (address, label) => this.setLabel(address, label),
      changed: (requests) => this.#push('wallet.requests', { wallet: name, requests }),
    });
    this.#state = { name, title, isSilent: false, isApart, encrypted: false, locked: false, watchOnly: false, balances: { spendable: 0n, kept: 0n, pending: 0n, immature: 0n }, transactionCount: 0, scanProgress: null };
  }

  static async open(opening: OpenWallet): Promise<WalletSession> {
    const session = new WalletSession(opening);
    try {
      await session.#subscribe(opening.unloaded);
      await Promise.all([session.#readAddresses(), session.requests.read()]);
      await session.cache.load();
      await session.#readState();
      return session;
    } catch (error) {
      void session.close();
      throw error;
    }
  }

  /** Finds out whether its process answers, and what it is called now. @returns whether it is gone for good */
  async isGone(): Promise<boolean> {
    try {
      const title = await this.#patience.ask(() => this.wallet.getWalletName());
      if (title !== undefined && title !== this.#state.title) this.#setState({ ...this.#state, title });
      return false;
    } catch (error) {
      return isDisconnected(error);
    }
  }

  async #subscribe(unloaded: (session: WalletSession) => void): Promise<void> {
    const { wallet } = this;
    const follow = async (following: Promise<Handler>): Promise<void> => void this.#handlers.push(await following);
    await follow(wallet.handleUnload(async () => unloaded(this)));
    await follow(wallet.handleStatusChanged(async () => this.refresh()));
    await follow(wallet.handleTransactionChanged(async (txid) => {
      this.#touched.add(hashToHex(txid));
      this.refresh();
    }));
    await follow(wallet.handleAddressBookChanged(async (destination, label, _isMine, purpose) => {
      this.#labels.set(addressText(destination, this.#params), { label, purpose });
      for (const txid of this.cache.paying(addressText(destination, this.#params))) this.#touched.add(txid);
      this.refresh();
    }));
    await follow(wallet.handleShowProgress(async (title, progress) => {
      const fraction = progress / 100;
      this.#setState({ ...this.#state, scanProgress: progress >= 100 ? null : fraction });
      this.#push('app.progress', { id: `wallet:${this.name}`, title: title.replace(/^\[[^\]]*\] /, ''), fraction, done: progress >= 100 });
    }));
  }

  get state(): WalletState {
    return this.#state;
  }

  #setState(state: WalletState): void {
    this.#state = state;
    if (!this.#closed) this.#push('wallets.state', state);
  }

  async #readState(): Promise<void> {
    const { wallet } = this;
    const [encrypted, watchOnly, balances] = await Promise.all([wallet.isCrypted(), wallet.privateKeysDisabled(), wallet.getBalances()]);
    const spendable = await spendableBalance(wallet, balances.balance, coinControl({}));
    const locked = encrypted && (await wallet.isLocked());
    const shown: Balances = { spendable, kept: balances.balance - spendable, pending: balances.unconfirmedBalance, immature: balances.immatureBalance };
    this.#state = { ...this.#state, encrypted, locked, watchOnly, balances: shown, transactionCount: this.cache.size };
  }

  async #readAddresses(): Promise<void> {
    const addresses = await this.wallet.getAddresses();
    this.#labels = new Map(addresses.map(({ dest, name, purpose }) => [addressText(dest, this.#params), { label: name, purpose }]));
  }

  /** A block came: balances may have changed, and payments of which the wallet does not tell. */
  async tipChanged(): Promise<void> {
    this.#hasNewBlock = true;
    this.refresh();
    await this.#refreshing;
  }

  /** Brings rows and balances up to date and pushes what changed. Calls while it runs, and shortly after, are joined into one more run. */
  refresh(): void {
    if (this.#closed) return;
    if (this.#refreshing !== undefined) {
      this.#again = true;
      return;
    }
    this.#refreshing = this.#runRefresh().then(async () => {
      await pause(betweenRefreshes);
      this.#refreshing = undefined;
      if (this.#again) {
        this.#again = false;
        this.refresh();
      }
    });
  }

  async #runRefresh(): Promise<void> {
    const touched = [...this.#touched];
    this.#touched = new Set();
    const hasNewBlock = this.#hasNewBlock;
    this.#hasNewBlock = false;
    try {
      const told = await this.cache.refresh(touched);
      await this.#readState();
      const untold = await this.cache.refresh(this.cache.untold(touched, hasNewBlock ? this.#state.balances.pending : undefined));
      if (this.#closed) return;
      const [changed, removed] = [[...told.changed, ...untold.changed], [...told.removed, ...untold.removed]];
      this.#push('wallets.state', this.#state);
      if (changed.length > 0 || removed.length > 0) {
        this.#push('wallet.transactions', { wallet: this.name, rows: changed.slice(0, mostRowsPushed), removed });
        this.#push('wallet.coins', { wallet: this.name });
        this.requests.paid();
      }
    } catch {
      // The wallet went away while it was asked; its end is told elsewhere.
    }
  }

  /** All about one payment, but for the block it is in: that the node knows. */
  async details(txid: string): Promise<Omit<TransactionDetails, 'blockHash' | 'blockTime'>> {
    const bytes = hashFromHex(txid);
    const row = this.cache.row(txid);
    const entry = this.cache.entry(txid);
    if (row === undefined || entry === undefined) throw new FacadeFailure('not-found', 'This wallet does not know that payment.', { field: 'txid' });
    const pending = row.status === 'pending';
    const [canBump, canAbandon] = pending
      ? await Promise.all([this.wallet.transactionCanBeBumped(bytes), this.wallet.transactionCanBeAbandoned(bytes)])
      : [false, false];
    const tx = parseTransaction(entry.tx);
    return {
      row,
      ...detailParts(tx, entry.txoutIsMine, entry.txoutIsChange, row.fee, this.#params, this.#labelOf),
      inputs: transactionInputs(tx, entry.txinIsMine, (id) => this.cache.transaction(id), this.#params),
      fee: row.fee,
      canBump,
      canAbandon,
      ...replacements(entry),
    };
  }

  async setLabel(address: string, label: string): Promise<void> {
    const destination = destinationOfAddress(address, this.#params, 'address');
    const purpose = (await this.wallet.isSpendable(destination)) ? 0 : 1;
    if (!(await this.wallet.setAddressBook(destination, label, purpose))) throw new FacadeFailure('rejected', 'The label could not be stored.', { field: 'label' });
  }

  addresses(): readonly AddressEntry[] {
    return [...this.#labels].map(([address, { label, purpose }]) => ({ address, label, purpose: purpose === 1 ? 'send' : 'receive' }));
  }

  async parseRecipient(text: string): Promise<ParsedRecipient> {
    const trimmed = text.trim();
    const link = /bitcoin:\S+/i.exec(trimmed)?.[0];
    if (link !== undefined) {
      const parsed = parsePaymentUri(link, this.#params);
      if (!parsed.ok) throw new FacadeFailure('invalid-address', parsed.error, { field: 'text' });
      const { address, amount, label, message } = parsed.uri;
      return { address, amount: amount ?? null, label: label ?? '', message: message ?? '', mine: await this.#ownAddress(address) };
    }
    const words = trimmed.split(/[\s,;<>"'()]+/).filter((word) => word !== '');
    const address = words.find((word) => decodeAddress(word, this.#params).ok) ?? trimmed;
    const decoded = decodeAddress(address, this.#params);
    if (!decoded.ok) throw new FacadeFailure('invalid-address', `This is not an address on this network: ${decoded.error}`, { field: 'text' });
    return { address, amount: null, label: this.#labelOf(address), message: '', mine: await this.#ownAddress(address) };
  }

  async #ownAddress(address: string): Promise<boolean> {
    return this.wallet.isSpendable(destinationOfAddress(address, this.#params, 'text'));
  }

  feeEstimates(targets: readonly number[]): Promise<FeeEstimate[]> {
    return estimatedFees(this.wallet, targets);
  }

  coins(): Promise<Coin[]> {
    return listedCoins(this.wallet, this.cache, this.#params, this.#labelOf);
  }

  async lockCoin(txid: string, vout: number, lock: boolean): Promise<void> {
    const outpoint = serializeOutpoint({ txid: hashFromHex(txid), index: vout });
    if (lock) await this.wallet.lockCoin(outpoint, true);
    else await this.wallet.unlockCoin(outpoint);
    this.#push('wallet.coins', { wallet: this.name });
    this.refresh();
  }

  async abandon(txid: string): Promise<void> {
    if (!(await this.wallet.abandonTransaction(hashFromHex(txid)))) {
      throw new FacadeFailure('rejected', 'Only a payment that is neither confirmed nor waiting in the mempool can be abandoned.', { field: 'txid' });
    }
    this.#touched.add(txid);
    this.refresh();
  }

  get #closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Lets go of the wallet. The wallet process cannot unload it before. */
  close(): Promise<void> {
    return (this.#closing ??= this.#letGo());
  }

  /** One that does not answer lets go when it goes on. */
  async #letGo(): Promise<void> {
    await this.#patience.whileAnswering(Promise.allSettled(this.#handlers.map((handler) => handler.destroy())), () => this.wallet.getWalletName());
    await this.#patience.waitFor(this.wallet.destroy().catch(() => undefined));
  }
}
