import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import type { LoadWalletCallback, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { CountedWallet } from './testing/counted-wallet.js';
import { WalletsSession } from './wallets-session.js';

/** A loader of wallets without a process. */
class FewWallets {
  readonly #wallets: CountedWallet[];
  #loaded: LoadWalletCallback = async () => undefined;

  constructor(...wallets: CountedWallet[]) {
    this.#wallets = wallets;
  }

  readonly getWallets = async (): Promise<unknown[]> => this.#wallets;
  readonly handleLoadWallet = async (callback: LoadWalletCallback): Promise<object> => {
    this.#loaded = callback;
    return { destroy: async () => undefined };
  };
  readonly destroy = async (): Promise<void> => undefined;

  async load(wallet: CountedWallet): Promise<void> {
    await this.#loaded(wallet.asWallet());
  }

  /** Only these methods are called. */
  asLoader(): WalletLoader {
    return this as unknown as WalletLoader;
  }
}

const open = (loader: FewWallets, earlier?: WalletsSession): Promise<WalletsSession> =>
  WalletsSession.open(loader.asLoader(), chainParams('regtest'), { push: () => undefined, unloading: async () => undefined, isApart: false }, earlier);
const shown = (session: WalletsSession): readonly (readonly [string, string])[] => session.states().map(({ name, title }) => [name, title]);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a wallet that hangs while it is opened keeps no other from being shown; it is shown when it goes on', { timeout: 30_000 }, async () => {
  const [ada, bob] = [new CountedWallet('Ada'), new CountedWallet('Bob')];
  ada.hang();
  const loader = new FewWallets(ada, bob);
  const session = await open(loader);
  assert.deepEqual(shown(session), [['Bob', 'Bob']]);
  await loader.load(new CountedWallet('Eve'));
  await turn();
  assert.deepEqual(shown(session).map(([name]) => name), ['Bob', 'Eve']);
  ada.goOn();
  await turn();
  await turn();
  assert.deepEqual(shown(session).map(([name]) => name), ['Ada', 'Bob', 'Eve']);
  // The second handle on one that is open.
  await loader.load(new CountedWallet('Ada'));
  await turn();
  assert.equal(shown(session).length, 3);
});

test('a wallet that is called otherwise since another has its name is the same to the window, also in its next session', async () => {
  const own = new CountedWallet('Own');
  const loader = new FewWallets(own);
  const session = await open(loader);
  own.title = 'Own (this node)';
  await loader.load(new CountedWallet('Own (/home/carol)'));
  await turn();
  assert.deepEqual(shown(session), [['Own (/home/carol)', 'Own (/home/carol)'], ['Own', 'Own (this node)']]);
  // A second handle on what was there.
  await loader.load(new CountedWallet('Own (this node)'));
  await turn();
  assert.equal(shown(session).length, 2);
  const { drafts } = session.get('Own');
  await session.close();
  const next = await open(new FewWallets(new CountedWallet('Own (this node)'), new CountedWallet('Own (/home/carol)')), session);
  assert.deepEqual(shown(next), shown(session));
  assert.notEqual(next.get('Own').drafts, drafts);
  assert.equal(session.states().length, 2, 'still told as it was');
});
