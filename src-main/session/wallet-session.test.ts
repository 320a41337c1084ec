import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import type { EventData } from '../../src-interfaces/facade.js';
import { CountedWallet, paymentOf } from './testing/counted-wallet.js';
import { WalletSession, type Push } from './wallet-session.js';

const nothing = (): undefined => undefined;

async function openWith(wallet: CountedWallet, push: Push = nothing): Promise<WalletSession> {
  const session = await WalletSession.open({ wallet: wallet.asWallet(), name: 'counted', title: 'counted', params: chainParams('regtest'), push, isApart: false, unloaded: nothing, answers: nothing });
  wallet.asked = 0;
  return session;
}

/** What is under way when a block comes has been looked at the second time. */
async function settled(session: WalletSession): Promise<void> {
  await session.tipChanged();
  await session.tipChanged();
}

const many = 200;
const withMany = (): CountedWallet => {
  const wallet = new CountedWallet();
  for (let index = 0; index < many; index++) wallet.receive(paymentOf(1, index));
  return wallet;
};

test('a block that changes no payment asks about none, however many are unconfirmed', async () => {
  const wallet = withMany();
  const session = await openWith(wallet);
  for (let block = 0; block < 3; block++) await session.tipChanged();
  assert.equal(wallet.asked, 0);
});

test('a block that confirms a payment asks about that one', async () => {
  const wallet = withMany();
  const paid = wallet.receive(paymentOf(2));
  const session = await openWith(wallet);
  wallet.depths.set(hashToHex(paid), 1);
  await wallet.announce(paid);
  await session.tipChanged();
  assert.equal(session.cache.row(hashToHex(paid))?.status, 'confirmed');
  assert.equal(wallet.asked, 1);
});

test('a payment that lost to another is seen without the wallet telling of it', async () => {
  const wallet = withMany();
  const lost = wallet.receive(paymentOf(2));
  const session = await openWith(wallet);
  wallet.depths.set(hashToHex(lost), -1);
  await session.tipChanged();
  assert.equal(session.cache.row(hashToHex(lost))?.status, 'conflicted');
  // Where what it lost to is the wallet's as well, that one is told, even if the balance is what it was.
  const [first, second] = [wallet.receive(paymentOf(3)), wallet.receive({ ...paymentOf(3), locktime: 1 }, -1)];
  await Promise.all([wallet.announce(first), wallet.announce(second)]);
  await settled(session);
  assert.deepEqual([first, second].map((txid) => session.cache.row(hashToHex(txid))?.status), ['pending', 'conflicted']);
  wallet.depths.set(hashToHex(first), -1);
  wallet.depths.set(hashToHex(second), 1);
  // Unconfirmed as well, so that as much is as before.
  wallet.receive(paymentOf(4));
  await wallet.announce(second);
  await settled(session);
  assert.equal(session.cache.row(hashToHex(first))?.status, 'conflicted');
});

test('a wallet that could not be opened is let go of, so that it can be unloaded', async () => {
  for (const broken of ['handleShowProgress', 'getBalances'] as const) {
    const wallet = withMany();
    Object.defineProperty(wallet, broken, { value: () => Promise.reject(new Error('broken')) });
    await assert.rejects(openWith(wallet), { message: 'broken' });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([wallet.followers, wallet.handles], [0, 0], broken);
  }
  const other = withMany();
  const session = await openWith(other);
  assert.deepEqual([other.followers, other.handles], [5, 1]);
  await session.close();
  assert.deepEqual([other.followers, other.handles], [0, 0]);
});

test('a payment that the wallet has forgotten goes from the window as well', async () => {
  const wallet = withMany();
  const forgotten = wallet.receive(paymentOf(2));
  const told: EventData<'wallet.transactions'>[] = [];
  const session = await openWith(wallet, (name, data) => {
    if (name === 'wallet.transactions') told.push(data as EventData<'wallet.transactions'>);
  });
  wallet.forget(forgotten);
  await session.tipChanged();
  assert.equal(session.cache.row(hashToHex(forgotten)), undefined);
  assert.deepEqual(told.flatMap(({ removed }) => removed), [hashToHex(forgotten)]);
});
