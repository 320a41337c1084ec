import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serializeOutpoint, serializeTxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { WalletTxOut } from '../../src-interfaces/generated/wallet.js';
import { coinControl } from './drafts.js';
import { spendableBalance } from './spendable-coins.js';

const outpoint = (index: number): Uint8Array => serializeOutpoint({ txid: new Uint8Array(32).fill(9), index });
const output = (value: bigint, isSpent = false): WalletTxOut => ({
  txout: serializeTxOut({ value, scriptPubKey: Uint8Array.of(0x51) }),
  time: 0n,
  depthInMainChain: 1,
  isSpent,
});

/** A wallet with coins of these satoshis, some of them locked, that says how often all were listed. */
class CountedCoins {
  listed = 0;

  constructor(
    readonly amounts: readonly bigint[],
    readonly locked: readonly number[],
    readonly available: bigint,
    readonly spent: readonly number[] = [],
  ) {}

  async getAvailableBalance(): Promise<bigint> {
    return this.available;
  }
  async listLockedCoins(): Promise<Uint8Array[]> {
    return this.locked.map(outpoint);
  }
  async getCoins(outpoints: readonly Uint8Array[]): Promise<WalletTxOut[]> {
    const index = (each: Uint8Array): number => new DataView(each.buffer, each.byteOffset).getUint32(32, true);
    return outpoints.map((each) => output(this.amounts[index(each)] ?? 0n, this.spent.includes(index(each))));
  }
  async listCoins(): Promise<{ readonly key: Record<string, never>; readonly value: { readonly key: Uint8Array; readonly value: WalletTxOut }[] }[]> {
    this.listed++;
    return [{ key: {}, value: this.amounts.map((value, i) => ({ key: outpoint(i), value: output(value) })) }];
  }
}

test('locked coins cannot be spent, and all coins need not be listed to know it', async () => {
  const wallet = new CountedCoins([5n, 7n, 11n], [1], 16n);
  assert.equal(await spendableBalance(wallet, 23n, coinControl({})), 16n);
  const free = new CountedCoins([5n, 7n, 11n], [], 23n);
  assert.equal(await spendableBalance(free, 23n, coinControl({})), 23n);
  assert.deepEqual([wallet.listed, free.listed], [0, 0]);
});

test('coins that a wallet misses are found in its list', async () => {
  const missing = new CountedCoins([5n, 7n, 11n], [1], 5n);
  assert.equal(await spendableBalance(missing, 23n, coinControl({})), 16n);
  const spentLock = new CountedCoins([5n, 7n, 11n], [1], 9n, [1]);
  assert.equal(await spendableBalance(spentLock, 16n, coinControl({})), 16n);
  assert.deepEqual([missing.listed, spentLock.listed], [1, 1]);
});
