import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { serializeTransaction, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { TransactionChangedCallback, Wallet, WalletTx } from '../../src-interfaces/generated/wallet.js';
import { WalletSession } from './wallet-session.js';

const handler: Handler = { disconnect: async () => undefined, destroy: async () => undefined };
const amount = 1000n;

/** A payment that spends the output of somebody else's transaction. */
function paymentOf(spent: number, index = 0): Transaction {
  return {
    version: 2,
    inputs: [{ prevout: { txid: new Uint8Array(32).fill(spent), index }, scriptSig: new Uint8Array(0), sequence: 0xffffffff, witness: [] }],
    outputs: [{ value: amount, scriptPubKey: Uint8Array.of(0x51) }],
    locktime: 0,
  };
}

/** A wallet that received payments, and counts how often it is asked about one. */
class CountedWallet {
  readonly depths = new Map<string, number>();
  readonly #transactions = new Map<string, Transaction>();
  #changed: TransactionChangedCallback = async () => undefined;
  asked = 0;

  /** @param depth confirmations; negative once another payment in its place is confirmed */
  receive(tx: Transaction, depth = 0): Uint8Array {
    const txid = txidOf(tx);
    this.#transactions.set(hashToHex(txid), tx);
    this.depths.set(hashToHex(txid), depth);
    return txid;
  }

  announce(txid: Uint8Array): Promise<void> {
    return this.#changed(txid, 0);
  }

  #entry(tx: Transaction): WalletTx {
    const own = { txinIsMine: [false], txoutIsMine: [true], txoutIsChange: [false], txoutAddress: [], txoutAddressIsMine: [true] };
    return { ...own, tx: serializeTransaction(tx), credit: amount, debit: 0n, change: 0n, time: 0n, valueMap: [], isCoinbase: false };
  }

  async getWalletTxs(): Promise<WalletTx[]> {
    return [...this.#transactions.values()].map((tx) => this.#entry(tx));
  }

  async getWalletTxDetails(txid: Uint8Array): Promise<object> {
    this.asked++;
    const id = hashToHex(txid);
    const tx = this.#transactions.get(id);
    return { result: tx === undefined ? {} : this.#entry(tx), txStatus: { depthInMainChain: this.depths.get(id) ?? 0, blockHeight: 7, isAbandoned: false } };
  }

  async getBalances(): Promise<object> {
    const unconfirmed = [...this.depths.values()].filter((depth) => depth === 0).length;
    return { balance: 0n, unconfirmedBalance: BigInt(unconfirmed) * amount, immatureBalance: 0n };
  }

  readonly getWalletName = async (): Promise<string> => 'counted';
  readonly isCrypted = async (): Promise<boolean> => false;
  readonly privateKeysDisabled = async (): Promise<boolean> => false;
  readonly getAvailableBalance = async (): Promise<bigint> => 0n;
  readonly getAddresses = async (): Promise<unknown[]> => [];
  readonly getAddressReceiveRequests = async (): Promise<unknown[]> => [];
  readonly handleUnload = async (): Promise<Handler> => handler;
  readonly handleStatusChanged = async (): Promise<Handler> => handler;
  readonly handleAddressBookChanged = async (): Promise<Handler> => handler;
  readonly handleShowProgress = async (): Promise<Handler> => handler;
  readonly handleTransactionChanged = async (changed: TransactionChangedCallback): Promise<Handler> => {
    this.#changed = changed;
    return handler;
  };

  /** Only these methods are called. */
  asWallet(): Wallet {
    return this as unknown as Wallet;
  }
}

async function openWith(wallet: CountedWallet): Promise<WalletSession> {
  const nothing = (): undefined => undefined;
  const session = await WalletSession.open({ wallet: wallet.asWallet(), name: 'counted', title: 'counted', params: chainParams('regtest'), push: nothing, isApart: false, unloaded: nothing, answers: nothing });
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
