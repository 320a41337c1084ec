/**
 * What a wallet can spend, also where it does not find that itself: wallets of Bitcoin Core's multiprocess branch lose
 * the greatest depth of a coin choice on its way between processes, and consider only coins of exactly the least.
 */
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { readTxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { BilingualStr } from '../../src-interfaces/generated/common.js';
import type { CoinControl, Recipient, Wallet } from '../../src-interfaces/generated/wallet.js';

interface SpendableCoin {
  readonly outpoint: Uint8Array;
  /** Satoshis. */
  readonly amount: bigint;
}

type Created = Awaited<ReturnType<Wallet['createTransaction']>>;

const isShort = ({ original }: BilingualStr): boolean => /insufficient funds|total exceeds|does not cover/i.test(original);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** Coins that are not locked, largest first. */
async function unlockedCoins(wallet: Pick<Wallet, 'listCoins' | 'listLockedCoins'>): Promise<SpendableCoin[]> {
  const [groups, lockedCoins] = await Promise.all([wallet.listCoins(), wallet.listLockedCoins()]);
  const locked = new Set(lockedCoins.map((outpoint) => Buffer.from(outpoint).toString('hex')));
  return groups
    .flatMap(({ value }) => value)
    .filter(({ key }) => !locked.has(Buffer.from(key).toString('hex')))
    .map(({ key, value }) => ({ outpoint: key, amount: readTxOut(new ByteReader(value.txout)).value }))
    .sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
}

/** Satoshis in locked coins that nothing has spent. */
async function lockedBalance(wallet: Pick<Wallet, 'getCoins' | 'listLockedCoins'>): Promise<bigint> {
  const coins = await wallet.getCoins(await wallet.listLockedCoins());
  return sum(coins.filter(({ isSpent }) => !isSpent).map(({ txout }) => readTxOut(new ByteReader(txout)).value));
}

/**
 * Satoshis that can be spent now.
 * @param balance the wallet's, which counts locked coins
 */
export async function spendableBalance(
  wallet: Pick<Wallet, 'getAvailableBalance' | 'getCoins' | 'listCoins' | 'listLockedCoins'>,
  balance: bigint,
  control: CoinControl,
): Promise<bigint> {
  const available = await wallet.getAvailableBalance(control);
  if (available >= balance) return balance;
  // Where locked coins make up the difference, no others were missed, and the wallet's coins need not be listed.
  if (available + (await lockedBalance(wallet)) === balance) return available;
  return sum((await unlockedCoins(wallet)).map(({ amount }) => amount));
}

/** How many of the coins, largest first, make up an amount; undefined when all of them do not. */
function countFor(coins: readonly SpendableCoin[], amount: bigint): number | undefined {
  let total = 0n;
  const last = coins.findIndex((coin) => (total += coin.amount) >= amount);
  return last < 0 ? undefined : last + 1;
}

/** Has the wallet build a payment. Coins that it should have found and did not are chosen here, the largest first. */
export async function createPayment(wallet: Wallet, recipients: readonly Recipient[], control: CoinControl, sign: boolean): Promise<Created> {
  const created = await wallet.createTransaction(recipients, control, sign, undefined);
  if (created.error === undefined || control.allowOtherInputs !== true || !isShort(created.error)) return created;
  const coins = await unlockedCoins(wallet);
  let count = countFor(coins, sum(recipients.map(({ amount }) => amount)));
  while (count !== undefined) {
    const setSelected = coins.slice(0, count).map(({ outpoint }) => outpoint);
    const chosen = await wallet.createTransaction(recipients, { ...control, allowOtherInputs: false, setSelected }, sign, undefined);
    if (chosen.error === undefined || !isShort(chosen.error)) return chosen;
    // The fee comes on top; it takes few coins more, or more than there are.
    count = count === coins.length ? undefined : Math.min(coins.length, count * 2);
  }
  return created;
}
