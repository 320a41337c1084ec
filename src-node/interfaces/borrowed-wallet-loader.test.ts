import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import { Patience } from '../../src-ipc/process/patience.js';
import { AttachedLoaders } from './attached-loaders.js';
import { BorrowedWalletLoader, type OwnLender } from './borrowed-wallet-loader.js';
import { UserInterface } from './user-interface.js';
import { WalletProcess } from './wallet-process.js';

/** A loader that has one wallet, and counts who follows it. It may stop answering. */
class OneWallet {
  followers = 0;
  readonly #unloading = new Set<() => Promise<void>>();
  #thaw = (): void => undefined;
  #frozen: Promise<void> | undefined;

  constructor(
    readonly wallet: string,
    private readonly folder = '/home/carol/wallets',
    private readonly beforeFollowed: () => Promise<void> = () => Promise.resolve(),
  ) {}

  freeze(): void {
    this.#frozen = new Promise((resolve) => (this.#thaw = resolve));
  }

  thaw(): void {
    this.#frozen = undefined;
    this.#thaw();
  }

  async handleLoadWallet(): Promise<object> {
    await this.#frozen;
    await this.beforeFollowed();
    this.followers++;
    return {
      disconnect: () => Promise.resolve(),
      destroy: async () => {
        await this.#frozen;
        this.followers--;
      },
    };
  }

  async getWallets(): Promise<readonly object[]> {
    await this.#frozen;
    return [
      {
        getWalletName: async () => {
          await this.#frozen;
          return this.wallet;
        },
        handleUnload: async (callback: () => Promise<void>) => void this.#unloading.add(callback),
      },
    ];
  }

  async migrateWallet(): Promise<object> {
    const [wallet] = await this.getWallets();
    return { value: { wallet, watchonlyWalletName: 'watched', backupPath: '/backup' } };
  }

  async unload(): Promise<void> {
    await Promise.all([...this.#unloading].map((callback) => callback()));
  }

  async getWalletDir(): Promise<string> {
    await this.#frozen;
    return this.folder;
  }

  /** Of a loader only these methods are called, and of wallets only these. */
  asLoader(): WalletLoader {
    return this as unknown as WalletLoader;
  }
}

/** Milliseconds. */
const short = 30;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const makeLoaders = (userInterface = new UserInterface(silentLogger)): AttachedLoaders => new AttachedLoaders(userInterface, (tell) => new Patience(short, tell), silentLogger);

const own = (loader: OneWallet | undefined, start: () => Promise<WalletLoader | undefined> = () => Promise.resolve(undefined)): OwnLender => ({
  process: new WalletProcess(new Patience(short), 'this node'),
  loader: loader?.asLoader(),
  start,
});

/** Has processes attach; returns what makes one leave. */
async function attach(attached: AttachedLoaders, ...loaders: readonly OneWallet[]): Promise<readonly (() => Promise<void>)[]> {
  const leave: (() => Promise<void>)[] = [];
  for (const loader of loaders) {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const followed = attached.follow({ init: () => ({ makeWalletLoader: async () => loader.asLoader() }) as unknown as Init, ended: () => ended }, {} as Chain, attached.newProcess());
    leave.push(async () => {
      end();
      await followed;
    });
    await turn();
  }
  return leave;
}

const callbackInto = (told: string[]): ((wallet: Wallet) => Promise<void>) => async (wallet) => void told.push(await wallet.getWalletName());

test('a process that attaches while a window subscribes is followed once, and its wallets are told once', async () => {
  const attached = makeLoaders();
  const late = new OneWallet('late');
  // The window has asked, and the node's own wallets have not answered yet.
  const first = new OneWallet('own', '', async () => void (await attach(attached, late)));
  const borrowed = new BorrowedWalletLoader(own(first), attached);
  const told: string[] = [];
  const handler = await borrowed.handleLoadWallet(callbackInto(told));
  assert.deepEqual([first.followers, late.followers, told], [1, 1, ['late']]);
  await handler.destroy();
  assert.deepEqual([first.followers, late.followers], [0, 0]);
});

test('a window that could not subscribe is told of nothing later on', async () => {
  const attached = makeLoaders();
  const gone = new OneWallet('own', '', () => Promise.reject(new Error('gone')));
  const borrowed = new BorrowedWalletLoader(own(gone), attached);
  const told: string[] = [];
  await assert.rejects(borrowed.handleLoadWallet(callbackInto(told)), { message: 'gone' });
  const late = new OneWallet('late');
  await attach(attached, late);
  await turn();
  assert.deepEqual([told, late.followers], [[], 0]);
});

const namesOf = async (loader: BorrowedWalletLoader): Promise<readonly string[]> => Promise.all((await loader.getWallets()).map((wallet) => wallet.getWalletName()));

test('while wallets have one name, each is told by its place as well', async () => {
  const userInterface = new UserInterface(silentLogger);
  const attached = makeLoaders(userInterface);
  const first = new OneWallet('Ada', '');
  const [, leave] = await attach(attached, new OneWallet('Ada'), new OneWallet('Ada'), new OneWallet('Bob'));
  const borrowed = new BorrowedWalletLoader(own(first), attached);
  const names = ['Ada (this node)', 'Ada (/home/carol/wallets)', 'Ada (/home/carol/wallets, 2)', 'Bob'];
  assert.deepEqual(await namesOf(borrowed), names);
  await leave?.();
  assert.deepEqual(await namesOf(borrowed), [names[0], names[1], names[3]]);
  const wallets = await borrowed.getWallets();
  const [ada, other, bob] = wallets;
  const told: string[] = [];
  await borrowed.handleLoadWallet(callbackInto(told));
  await attach(attached, new OneWallet('Bob', '/home/eve/wallets'));
  await turn();
  assert.deepEqual(told, ['Bob (/home/eve/wallets)']);
  assert.equal(await bob?.getWalletName(), 'Bob (/home/carol/wallets)', 'the one that was there is marked, too');
  // The other is unloaded, and the first needs no mark any longer.
  await ada?.handleUnload(async () => undefined);
  assert.equal(await other?.getWalletName(), names[1]);
  let changes = 0;
  userInterface.alerts.add(async () => void changes++);
  await first.unload();
  assert.equal(await other?.getWalletName(), 'Ada');
  await userInterface.alerts.told();
  assert.equal(changes, 1, 'windows are told to ask again');
});

test('a migrated wallet is told by its place, too, while another one has its name', async () => {
  const attached = makeLoaders();
  await attach(attached, new OneWallet('Ada'));
  const borrowed = new BorrowedWalletLoader(own(new OneWallet('Ada', '')), attached);
  await borrowed.getWallets();
  const { value } = await borrowed.migrateWallet('Ada', '');
  assert.deepEqual([await value?.wallet.getWalletName(), value?.watchonlyWalletName, value?.backupPath], ['Ada (this node)', 'watched', '/backup']);
});

test('without wallets of the node itself those of attached processes are told, and what only the node can do is refused', async () => {
  const attached = makeLoaders();
  await attach(attached, new OneWallet('Ada'));
  const borrowed = new BorrowedWalletLoader(own(undefined), attached);
  assert.deepEqual(await namesOf(borrowed), ['Ada']);
  await (await borrowed.handleLoadWallet(async () => undefined)).destroy();
  await assert.rejects(borrowed.createWallet('Eve', '', 0n), { message: 'The node has no wallet process of its own' });
  const started = new BorrowedWalletLoader(own(undefined, async () => new OneWallet('own').asLoader()), attached);
  assert.equal(await started.getWalletDir(), '/home/carol/wallets');
});

test('a process that does not answer is waited for once; its wallets are told when it goes on, and it keeps no window from leaving', { timeout: 10_000 }, async () => {
  const userInterface = new UserInterface(silentLogger);
  const attached = makeLoaders(userInterface);
  const [ada, bob] = [new OneWallet('Ada', '/home/ada'), new OneWallet('Bob', '/home/bob')];
  await attach(attached, ada, bob);
  const before = new BorrowedWalletLoader(own(new OneWallet('own')), attached);
  assert.deepEqual(await namesOf(before), ['own', 'Ada', 'Bob']);
  await before.handleLoadWallet(async () => undefined);
  assert.deepEqual(userInterface.warnings, []);
  ada.freeze();
  const borrowed = new BorrowedWalletLoader(own(new OneWallet('own')), attached);
  const told: string[] = [];
  const handler = await borrowed.handleLoadWallet(callbackInto(told));
  assert.deepEqual(await namesOf(borrowed), ['own', 'Bob']);
  assert.deepEqual(userInterface.warnings, ['A wallet process that attached to the node does not answer. Its wallets: “Ada”. It may be busy, and go on by itself.']);
  await before.destroy();
  assert.equal(bob.followers, 1, 'the window that stays');
  ada.thaw();
  await turn();
  await turn();
  assert.deepEqual(told, ['Ada']);
  assert.deepEqual(await namesOf(borrowed), ['own', 'Ada', 'Bob']);
  assert.deepEqual(userInterface.warnings, []);
  assert.equal(ada.followers, 1, 'the window that left is let go of');
  await handler.destroy();
  assert.deepEqual([ada.followers, bob.followers], [0, 0]);
});
