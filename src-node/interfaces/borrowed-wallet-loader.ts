/** The node's wallet loader as it is lent to a window: giving it back leaves the wallets alone. */
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Result } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { LoadWalletCallback, UnloadWalletCallback, Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { replacing } from '../../src-interfaces/replacing.js';
import type { AttachedLoaders, WalletLender } from './attached-loaders.js';
import { shownWalletName, type WalletProcess } from './wallet-process.js';

/** The node's own wallet process, which may not be there. */
export interface OwnLender {
  readonly process: WalletProcess;
  readonly loader: WalletLoader | undefined;
  /** Has the node start it when something only that can do is asked for. */
  start(): Promise<WalletLoader | undefined>;
}

/**
 * Passes every call on. What the borrower subscribed to ends with the loan, but not the loader: other windows
 * and the node itself go on using it. The wallets of attached processes are shown with the node's own, and also when
 * the node has none. An attached process that does not answer is not waited for; its wallets are told once it does.
 */
export class BorrowedWalletLoader implements WalletLoader {
  readonly #own: OwnLender;
  readonly #attached: AttachedLoaders;
  readonly #handlers = new Set<Handler>();
  readonly #endings = new Set<() => void>();

  constructor(own: OwnLender, attached: AttachedLoaders) {
    this.#own = own;
    this.#attached = attached;
  }

  #ownLender(loader: WalletLoader | undefined = this.#own.loader): readonly WalletLender[] {
    return loader === undefined ? [] : [{ process: this.#own.process, loader }];
  }

  /** @throws CallFailure when the node has no wallets of its own */
  async #need(): Promise<WalletLoader> {
    const loader = this.#own.loader ?? (await this.#own.start());
    if (loader === undefined) throw new CallFailure('failed', 'The node has no wallet process of its own');
    return loader;
  }

  /** What came of asking for a wallet, with the name that it is told by. */
  async #opened<T extends { readonly result: Result<Wallet | undefined> }>(ask: (loader: WalletLoader) => Promise<T>): Promise<T> {
    const answer = await ask(await this.#need());
    const { value } = answer.result;
    return value === undefined ? answer : { ...answer, result: { ...answer.result, value: await this.#loaded(value, this.#own.process) } };
  }

  /** A wallet that is loaded, as the borrower gets it. */
  async #loaded(wallet: Wallet, process: WalletProcess): Promise<Wallet> {
    const before = process.wallets;
    process.loaded(await wallet.getWalletName());
    if (process.wallets !== before) this.#attached.changed();
    return this.#lent(wallet, process);
  }

  /** The wallet, called so that it can be told from those of other processes. */
  #lent(wallet: Wallet, process: WalletProcess): Wallet {
    const shown = (name: string): string => shownWalletName(name, process, [this.#own.process, ...this.#attached.list().map((lender) => lender.process)]);
    return replacing(wallet, {
      getWalletName: async () => shown(await wallet.getWalletName()),
      handleUnload: async (callback) => {
        const name = await wallet.getWalletName();
        const told: UnloadWalletCallback = async () => {
          process.unloaded(name);
          this.#attached.changed();
          await callback();
        };
        return wallet.handleUnload(Object.assign(told, { destroy: async () => callback.destroy?.() }));
      },
    });
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
  migrateWallet: WalletLoader['migrateWallet'] = async (name, passphrase) => {
    const { value, error } = await (await this.#need()).migrateWallet(name, passphrase);
    return value === undefined ? { error } : { value: { ...value, wallet: await this.#loaded(value.wallet, this.#own.process) } };
  };
  isEncrypted: WalletLoader['isEncrypted'] = async (name) => (await this.#need()).isEncrypted(name);
  listWalletDir: WalletLoader['listWalletDir'] = async () => (await this.#need()).listWalletDir();

  async getWallets(): Promise<readonly Wallet[]> {
    const walletsOf = async ({ process, loader }: WalletLender): Promise<{ readonly process: WalletProcess; readonly wallets: readonly Wallet[] }> => {
      const wallets = await loader.getWallets();
      process.told(await Promise.all(wallets.map((wallet) => wallet.getWalletName())));
      return { process, wallets };
    };
    const own = this.#ownLender().map(walletsOf);
    // One that leaves meanwhile takes its wallets along.
    const attached = this.#attached.list().map((lender) => lender.process.patience.ask(() => walletsOf(lender)).catch(() => undefined));
    const all = (await Promise.all([...own, ...attached])).filter((one) => one !== undefined);
    return all.flatMap(({ process, wallets }) => wallets.map((wallet) => this.#lent(wallet, process)));
  }

  async handleLoadWallet(callback: LoadWalletCallback): Promise<Handler> {
    const following = new LoadFollowing(async (wallet, process) => callback(await this.#loaded(wallet, process)));
    const stop = this.#attached.onAdded((lender) => void this.#welcome(lender, following, callback).catch(() => undefined));
    this.#endings.add(stop);
    this.#handlers.add(following);
    const end = async (): Promise<void> => {
      stop();
      this.#endings.delete(stop);
      this.#handlers.delete(following);
      await following.destroy();
    };
    // Those that come from here on are welcomed.
    const there = this.#attached.list();
    try {
      await Promise.all(this.#ownLender().map((lender) => following.follow(lender)));
    } catch (error) {
      await end();
      throw error;
    }
    await Promise.allSettled(there.map((lender) => lender.process.patience.ask(() => following.follow(lender))));
    return { disconnect: end, destroy: end };
  }

  /** Tells of the wallets of a process that came just now, or answers again, and of those it loads later. */
  async #welcome({ process, loader }: WalletLender, following: LoadFollowing, callback: LoadWalletCallback): Promise<void> {
    await following.follow({ process, loader });
    for (const wallet of await loader.getWallets()) await callback(await this.#loaded(wallet, process));
  }
}

/** Follows what several processes load, each of them once. */
class LoadFollowing implements Handler {
  readonly #tell: (wallet: Wallet, process: WalletProcess) => Promise<void>;
  readonly #handlers = new Map<WalletProcess, Promise<Handler>>();
  #hasEnded = false;

  constructor(tell: (wallet: Wallet, process: WalletProcess) => Promise<void>) {
    this.#tell = tell;
  }

  async follow({ process, loader }: WalletLender): Promise<void> {
    if (this.#hasEnded) throw new CallFailure('disconnected', 'The window follows no longer');
    const handler = this.#handlers.get(process) ?? loader.handleLoadWallet((wallet) => this.#tell(wallet, process));
    this.#handlers.set(process, handler);
    await handler;
  }

  disconnect(): Promise<void> {
    return this.destroy();
  }

  /** One that does not answer is told as soon as it does. */
  async destroy(): Promise<void> {
    this.#hasEnded = true;
    const ended = [...this.#handlers].map(([process, handler]) => process.patience.waitFor(handler.then((one) => one.destroy())));
    this.#handlers.clear();
    await Promise.allSettled(ended);
  }
}
