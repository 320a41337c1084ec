import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import { WalletClock, type WalletContext, type WalletSettings } from '../context.js';
import { MemoryChain } from './memory-chain.js';

export const regtest = chainParams('regtest');

/** Anything that can be cleaned up after: a test. */
export interface Cleanup {
  after(fn: () => void): void;
}

export function temporaryDirectory(t: Cleanup): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-wallet-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function testSettings(walletDirectory: string, overrides: Partial<WalletSettings> = {}): WalletSettings {
  return {
    walletDirectory,
    addressType: 'bech32',
    changeType: undefined,
    keypoolSize: 20,
    spendZeroConfChange: true,
    avoidPartialSpends: false,
    confirmTarget: 6,
    signalRbf: true,
    broadcast: true,
    rejectLongChains: true,
    fallbackFee: 20_000n,
    minFee: 1000n,
    discardFee: 10_000n,
    consolidateFee: 10_000n,
    maxFee: 10_000_000n,
    maxAvoidPartialFee: 0n,
    unsafeSync: true,
    ...overrides,
  };
}

/** A context on a fresh chain of one block, with its own directory. */
export function testContext(t: Cleanup, overrides: Partial<WalletSettings> = {}): WalletContext & { readonly chain: MemoryChain } {
  return {
    chain: new MemoryChain(regtest.genesis),
    params: regtest,
    settings: testSettings(temporaryDirectory(t), overrides),
    logger: silentLogger,
    clock: new WalletClock(), ending: new AbortController().signal,
  };
}
