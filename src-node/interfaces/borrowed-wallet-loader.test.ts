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

  async getWallets(): Promise<readonly object[]> {
    return [{ getWalletName: async () => this.wallet }];
  }

  async getWalletDir(): Promise<string> {
    return '/home/carol/wallets';
  }

  /** Of a loader only these methods are called, and of wallets only their name is asked. */
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
  const borrowed = new BorrowedWalletLoader(own.asLoader(), async () => undefined, attached);
  const told: unknown[] = [];
  const handler = await borrowed.handleLoadWallet(Object.assign(async (wallet: Wallet) => void told.push(await wallet.getWalletName()), { destroy: async () => undefined }));
  assert.deepEqual([own.followers, late.followers, told], [1, 1, ['late']]);
  await handler.destroy();
  assert.deepEqual([own.followers, late.followers], [0, 0]);
});

const nobody = (): Promise<undefined> => Promise.resolve(undefined);

/** Has processes attach that have these wallets, one each; returns what makes one leave. */
async function attach(attached: AttachedLoaders, ...wallets: readonly string[]): Promise<readonly (() => Promise<void>)[]> {
  const leave: (() => Promise<void>)[] = [];
  for (const wallet of wallets) {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const followed = attached.follow({ init: () => ({ makeWalletLoader: async () => new OneWallet(wallet).asLoader() }) as unknown as Init, ended: () => ended }, {} as Chain);
    leave.push(async () => {
      end();
      await followed;
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return leave;
}

const namesOf = async (loader: BorrowedWalletLoader): Promise<readonly string[]> => Promise.all((await loader.getWallets()).map((wallet) => wallet.getWalletName()));

test('wallets of one name are told apart by their folders, and keep the names they were told by', async () => {
  const attached = new AttachedLoaders(() => undefined, silentLogger);
  const [, leave] = await attach(attached, 'Ada', 'Ada', 'Bob');
  const borrowed = new BorrowedWalletLoader(new OneWallet('Ada').asLoader(), nobody, attached);
  const names = ['Ada', 'Ada (/home/carol/wallets)', 'Ada (/home/carol/wallets, 2)', 'Bob'];
  assert.deepEqual(await namesOf(borrowed), names);
  assert.deepEqual(await namesOf(borrowed), names);
  await leave?.();
  assert.deepEqual(await namesOf(borrowed), [names[0], names[1], names[3]]);
  const told: string[] = [];
  await borrowed.handleLoadWallet(async (wallet) => void told.push(await wallet.getWalletName()));
  await attach(attached, 'Bob');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told, ['Bob (/home/carol/wallets)']);
});

test('without wallets of the node itself those of attached processes are told, and what only the node can do is refused', async () => {
  const attached = new AttachedLoaders(() => undefined, silentLogger);
  await attach(attached, 'Ada');
  const borrowed = new BorrowedWalletLoader(undefined, nobody, attached);
  assert.deepEqual(await namesOf(borrowed), ['Ada']);
  await (await borrowed.handleLoadWallet(async () => undefined)).destroy();
  await assert.rejects(borrowed.createWallet('Eve', '', 0n), { message: 'The node has no wallet process of its own' });
  const started = new BorrowedWalletLoader(undefined, async () => new OneWallet('own').asLoader(), attached);
  assert.equal(await started.getWalletDir(), '/home/carol/wallets');
});
