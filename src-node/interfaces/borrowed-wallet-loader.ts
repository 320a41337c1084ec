/** The node's wallet loader as it is lent to a window: giving it back leaves the wallets alone. */
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Result } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { LoadWalletCallback, Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { AttachedLoaders } from './attached-loaders.js';
import { WalletNames } from './wallet-names.js';

/**
 * Passes every call on. What the borrower subscribed to ends with the loan, but not the loader: other windows
 * and the node itself go on using it. The wallets of attached processes are shown with the node's own, and also when
 * the node has none.
 */
export class BorrowedWalletLoader implements WalletLoader {
  readonly #own: WalletLoader | undefined;
  readonly #start: () => Promise<WalletLoader | undefined>;
  readonly #attached: AttachedLoaders;
  readonly #handlers = new Set<Handler>();
  readonly #endings = new Set<() => void>();

  readonly #names: WalletNames;

  /**
   * @param own undefined while the node has no wallet process
   * @param start has the node start it when something only that can do is asked for
   */
  constructor(own: WalletLoader | undefined, start: () => Promise<WalletLoader | undefined>, attached: AttachedLoaders) {
    this.#own = own;
    this.#start = start;
    this.#attached = attached;
    this.#names = new WalletNames(() => this.#all());
  }

  #all(): readonly WalletLoader[] {
    return [...(this.#own === undefined ? [] : [this.#own]), ...this.#attached.list()];
  }

  /** @throws CallFailure when the node has no wallets of its own */
  async #need(): Promise<WalletLoader> {
    const loader = this.#own ?? (await this.#start());
    if (loader === undefined) throw new CallFailure('failed', 'The node has no wallet process of its own');
    return loader;
  }

  /** What came of asking for a wallet, with the name that it is told by. */
  async #opened<T extends { readonly result: Result<Wallet | undefined> }>(ask: (loader: WalletLoader) => Promise<T>): Promise<T> {
    const loader = await this.#need();
    const answer = await ask(loader);
    const { value } = answer.result;
    return value === undefined ? answer : { ...answer, result: { ...answer.result, value: await this.#names.distinct(value, loader) } };
  }

  async destroy(): Promise<void> {
    for (const end of this.#endings) end();
    this.#endings.clear();
    await Promise.allSettled([...this.#handlers].map((handler) => handler.destroy()));
    this.#handlers.clear();
  }

  registerRpcs: WalletLoader['registerRpcs'] = async () => (await this.#need()).registerRpcs();
  verify: WalletLoader['verify'] = async () => (await this.#need()).verify();
  load: WalletLoader['load'] = async () => (await this.#need()).load();
  start: WalletLoader['start'] = async () => (await this.#need()).start();
  stop: WalletLoader['stop'] = async () => (await this.#need()).stop();
  setMockTime: WalletLoader['setMockTime'] = async (time) => (await this.#need()).setMockTime(time);
  schedulerMockForward: WalletLoader['schedulerMockForward'] = async (seconds) => (await this.#need()).schedulerMockForward(seconds);
  createWallet: WalletLoader['createWallet'] = (name, passphrase, flags) => this.#opened((loader) => loader.createWallet(name, passphrase, flags));
  loadWallet: WalletLoader['loadWallet'] = (name) => this.#opened((loader) => loader.loadWallet(name));
  getWalletDir: WalletLoader['getWalletDir'] = async () => (await this.#need()).getWalletDir();
  restoreWallet: WalletLoader['restoreWallet'] = (file, name, load) => this.#opened((loader) => loader.restoreWallet(file, name, load));
  migrateWallet: WalletLoader['migrateWallet'] = async (name, passphrase) => (await this.#need()).migrateWallet(name, passphrase);
  isEncrypted: WalletLoader['isEncrypted'] = async (name) => (await this.#need()).isEncrypted(name);
  listWalletDir: WalletLoader['listWalletDir'] = async () => (await this.#need()).listWalletDir();

  async getWallets(): Promise<readonly Wallet[]> {
    const own = (await this.#own?.getWallets()) ?? [];
    // One that leaves meanwhile takes its wallets along.
    const attached = await Promise.all(this.#attached.list().map(async (loader) => ({ loader, wallets: await loader.getWallets().catch(() => []) })));
    const all: Wallet[] = [];
    for (const { loader, wallets } of [...(this.#own === undefined ? [] : [{ loader: this.#own, wallets: own }]), ...attached]) {
      for (const wallet of wallets) all.push(await this.#names.distinct(wallet, loader));
    }
    return all;
  }

  async handleLoadWallet(callback: LoadWalletCallback): Promise<Handler> {
    const inner = new Set<Handler>();
    const follow = async (loader: WalletLoader): Promise<void> => {
      const handler = await loader.handleLoadWallet(async (wallet) => callback(await this.#names.distinct(wallet, loader)));
      inner.add(handler);
      this.#handlers.add(handler);
    };
    const stop = this.#attached.onAdded((loader) => void this.#welcome(loader, follow, callback).catch(() => undefined));
    this.#endings.add(stop);
    // Those that come from here on are welcomed.
    const there = this.#attached.list();
    if (this.#own !== undefined) await follow(this.#own);
    await Promise.allSettled(there.map(follow));
    const endAll = async (how: 'disconnect' | 'destroy'): Promise<void> => {
      stop();
      this.#endings.delete(stop);
      for (const handler of inner) this.#handlers.delete(handler);
      await Promise.allSettled([...inner].map((handler) => handler[how]()));
    };
    return { disconnect: () => endAll('disconnect'), destroy: () => endAll('destroy') };
  }

  /** Tells of the wallets of a process that came just now, and of those it loads later. */
  async #welcome(loader: WalletLoader, follow: (loader: WalletLoader) => Promise<void>, callback: LoadWalletCallback): Promise<void> {
    await follow(loader);
    for (const wallet of await loader.getWallets()) await callback(await this.#names.distinct(wallet, loader));
  }
}
