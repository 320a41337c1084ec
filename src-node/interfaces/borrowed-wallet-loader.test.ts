import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import { AttachedLoaders } from './attached-loaders.js';
import { BorrowedWalletLoader } from './borrowed-wallet-loader.js';

/** A loader that has one wallet, and counts who follows it. */
class OneWallet {
  followers = 0;

  constructor(
    readonly wallet: string,
    private readonly beforeFollowed: () => Promise<void> = () => Promise.resolve(),
  ) {}

  async handleLoadWallet(): Promise<object> {
    await this.beforeFollowed();
    this.followers++;
    return { disconnect: () => Promise.resolve(), destroy: async () => void this.followers-- };
  }

  async getWallets(): Promise<readonly string[]> {
    return [this.wallet];
  }

  /** Of a loader only these methods are called, and wallets are only handed on. */
  asLoader(): WalletLoader {
    return this as unknown as WalletLoader;
  }
}

test('a process that attaches while a window subscribes is followed once, and its wallets are told once', async () => {
  const attached = new AttachedLoaders(() => undefined, silentLogger);
  const late = new OneWallet('late');
  // The window has asked, and the node's own wallets have not answered yet.
  const own = new OneWallet('own', async () => {
    const caller = { init: () => ({ makeWalletLoader: async () => late.asLoader() }) as unknown as Init, ended: () => new Promise<void>(() => {}) };
    void attached.follow(caller, {} as Chain);
    await new Promise((resolve) => setImmediate(resolve));
  });
  const borrowed = new BorrowedWalletLoader(own.asLoader(), attached);
  const told: unknown[] = [];
  const handler = await borrowed.handleLoadWallet(Object.assign(async (wallet: Wallet) => void told.push(wallet), { destroy: async () => undefined }));
  assert.deepEqual([own.followers, late.followers, told], [1, 1, ['late']]);
  await handler.destroy();
  assert.deepEqual([own.followers, late.followers], [0, 0]);
});
