import { lockWallet } from '../keys/wallet-lock.js';
import type { LoadedWallet } from '../wallet.js';
import { isScanReserved } from './scan-reservation.js';

/** Longest wait of one timer, milliseconds: what fits 31 bits. */
const longestWait = 0x7fffffff;
const retryAfter = 1000;
const timers = new WeakMap<LoadedWallet, NodeJS.Timeout>();

/** Forgets that the wallet was to be locked later. */
export function cancelRelock(wallet: LoadedWallet): void {
  clearTimeout(timers.get(wallet));
  timers.delete(wallet);
}

/** Locks an unlocked wallet after so many seconds, instead of when it was to be locked before. */
export function relockAfter(wallet: LoadedWallet, seconds: number): void {
  cancelRelock(wallet);
  const until = wallet.context.clock.now() + seconds;
  wallet.unlockedUntil = until;
  const deadline = performance.now() + seconds * 1000;
  const wait = (milliseconds: number): void => {
    const timer = setTimeout(check, Math.min(milliseconds, longestWait));
    // Waiting to lock is no reason to keep the process.
    timer.unref();
    timers.set(wallet, timer);
  };
  const check = (): void => {
    // Locked meanwhile, and perhaps unlocked again by somebody else: that is not this timer's business.
    if (!wallet.isOpen || wallet.unlockedUntil !== until) return;
    const left = deadline - performance.now();
    if (left > 0) wait(left);
    // A scan needs the keys to look ahead; it is locked as soon as that is over.
    else if (isScanReserved(wallet)) wait(retryAfter);
    else lockWallet(wallet);
  };
  wait(seconds * 1000);
}
