/** The node's wallet loader as it is lent to a window: giving it back leaves the wallets alone. */
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { LoadWalletCallback, Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { AttachedLoaders } from './attached-loaders.js';

/**
 * Passes every call on. What the borrower subscribed to ends with the loan, but not the loader: other windows
 * and the node itself go on using it. The wallets of attached processes are shown with the node's own.
 */
export class BorrowedWalletLoader implements WalletLoader {
  readonly #loader: WalletLoader;
  readonly #attached: AttachedLoaders;
  readonly #handlers = new Set<Handler>();
  readonly #endings = new Set<() => void>();

  constructor(loader: WalletLoader, attached: AttachedLoaders) {
    this.#loader = loader;
    this.#attached = attached;
  }

  async destroy(): Promise<void> {
    for (const end of this.#endings) end();
    this.#endings.clear();
    await Promise.allSettled([...this.#handlers].map((handler) => handler.destroy()));
    this.#handlers.clear();
  }

  registerRpcs: WalletLoader['registerRpcs'] = () => this.#loader.registerRpcs();
  verify: WalletLoader['verify'] = () => this.#loader.verify();
  load: WalletLoader['load'] = () => this.#loader.load();
  start: WalletLoader['start'] = () => this.#loader.start();
  stop: WalletLoader['stop'] = () => this.#loader.stop();
  setMockTime: WalletLoader['setMockTime'] = (time) => this.#loader.setMockTime(time);
  schedulerMockForward: WalletLoader['schedulerMockForward'] = (seconds) => this.#loader.schedulerMockForward(seconds);
  createWallet: WalletLoader['createWallet'] = (name, passphrase, flags) => this.#loader.createWallet(name, passphrase, flags);
  loadWallet: WalletLoader['loadWallet'] = (name) => this.#loader.loadWallet(name);
  getWalletDir: WalletLoader['getWalletDir'] = () => this.#loader.getWalletDir();
  restoreWallet: WalletLoader['restoreWallet'] = (file, name, load) => this.#loader.restoreWallet(file, name, load);
  migrateWallet: WalletLoader['migrateWallet'] = (name, passphrase) => this.#loader.migrateWallet(name, passphrase);
  isEncrypted: WalletLoader['isEncrypted'] = (name) => this.#loader.isEncrypted(name);
  listWalletDir: WalletLoader['listWalletDir'] = () => this.#loader.listWalletDir();

  async getWallets(): Promise<readonly Wallet[]> {
    // One that leaves meanwhile takes its wallets along.
    const attached = await Promise.all(this.#attached.list().map((loader) => loader.getWallets().catch(() => [])));
    return [...(await this.#loader.getWallets()), ...attached.flat()];
  }

  async handleLoadWallet(callback: LoadWalletCallback): Promise<Handler> {
    const inner = new Set<Handler>();
    const follow = async (loader: WalletLoader): Promise<void> => {
      const handler = await loader.handleLoadWallet(callback);
      inner.add(handler);
      this.#handlers.add(handler);
    };
    const stop = this.#attached.onAdded((loader) => void this.#welcome(loader, follow, callback).catch(() => undefined));
    this.#endings.add(stop);
    // Those that come from here on are welcomed.
    const there = this.#attached.list();
    await follow(this.#loader);
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
    for (const wallet of await loader.getWallets()) await callback(wallet);
  }
}
