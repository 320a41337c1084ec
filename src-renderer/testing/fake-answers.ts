/** How handlers of the fake bridge answer. */
import type { FacadeResult } from '../../src-interfaces/facade.js';
import { bad, good, type FakeWallet } from './fake-wallet.js';
import type { FakeWorld } from './fake-world.js';

export const done = (): FacadeResult<null> => Promise.resolve(good(null));

/** After some milliseconds. */
export const later = <T>(milliseconds: number, act: () => T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(act()), milliseconds));

/** What `act` says of an open wallet. */
export function withWallet<T>(world: FakeWorld, name: string, act: (wallet: FakeWallet) => ReturnType<typeof bad> | { readonly ok: true; readonly value: T }): FacadeResult<T> {
  const wallet = world.walletsGone ? undefined : world.wallets.get(name);
  if (world.walletsGone || world.isAway('wallet')) return Promise.resolve(bad('disconnected', 'The wallet is not running.'));
  return Promise.resolve(wallet === undefined ? bad('not-found', 'This wallet is not open.') : act(wallet));
}
