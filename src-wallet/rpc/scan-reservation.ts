import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { LoadedWallet } from '../wallet.js';

const reserved = new WeakSet<LoadedWallet>();

/** Whether a command is scanning old blocks for the wallet, or about to. */
export function isScanReserved(wallet: LoadedWallet): boolean {
  return wallet.scan !== undefined || reserved.has(wallet);
}

/** Runs work that scans, one such work per wallet at a time. @throws RpcFailure while another one is under way */
export async function withScanReserved<T>(wallet: LoadedWallet, work: () => Promise<T>): Promise<T> {
  if (isScanReserved(wallet)) throw rpcError('wallet', 'Wallet is currently rescanning. Abort existing rescan or wait.');
  reserved.add(wallet);
  try {
    return await work();
  } finally {
    reserved.delete(wallet);
  }
}
