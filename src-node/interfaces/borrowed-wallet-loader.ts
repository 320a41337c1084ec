/** The node's wallet loader as it is lent to a window: giving it back leaves the wallets alone. */
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { LoadWalletCallback, WalletLoader } from '../../src-interfaces/generated/wallet.js';

/**
 * Passes every call on. What the borrower subscribed to ends with the loan, but not the loader: other windows
 * and the node itself go on using it.
 */
export class BorrowedWalletLoader implements WalletLoader {
  readonly #loader: WalletLoader;
  readonly #handlers = new Set<Handler>();

  constructor(loader: WalletLoader) {
    this.#loader = loader;
  }

  async destroy(): Promise<void> {
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
  getWallets: WalletLoader['getWallets'] = () => this.#loader.getWallets();

  async handleLoadWallet(callback: LoadWalletCallback): Promise<Handler> {
    const inner = await this.#loader.handleLoadWallet(callback);
    const end = async (): Promise<void> => {
      this.#handlers.delete(inner);
      await inner.destroy();
    };
    this.#handlers.add(inner);
    return { disconnect: () => inner.disconnect(), destroy: end };
  }
}
