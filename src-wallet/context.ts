import type { OutputType } from '../src-bitcoin/descriptor/descriptor.js';
import type { ChainParams } from '../src-bitcoin/params/chain-params.js';
import type { Chain } from '../src-interfaces/generated/chain.js';
import type { Logger } from '../src-interfaces/logging.js';

/** How wallets behave, as the options say. Feerates are satoshis per 1000 vbytes. */
export interface WalletSettings {
  /** Directory in which wallets are looked for by name. */
  readonly walletDirectory: string;
  readonly addressType: OutputType;
  /** Undefined: chosen for each payment. */
  readonly changeType: OutputType | undefined;
  readonly keypoolSize: number;
  readonly spendZeroConfChange: boolean;
  readonly avoidPartialSpends: boolean;
  /** Blocks within which payments should confirm. */
  readonly confirmTarget: number;
  readonly signalRbf: boolean;
  /** Send own transactions out. */
  readonly broadcast: boolean;
  readonly rejectLongChains: boolean;
  /** Where there is no estimate; 0 switches it off. */
  readonly fallbackFee: bigint;
  readonly minFee: bigint;
  readonly discardFee: bigint;
  /** Above it as few inputs as possible are used. */
  readonly consolidateFee: bigint;
  /** Most satoshis of fee in one transaction. */
  readonly maxFee: bigint;
  /** Most satoshis to pay more for spending all outputs of an address together; below 0 never. */
  readonly maxAvoidPartialFee: bigint;
  readonly unsafeSync: boolean;
}

/** Wall clock in whole seconds since 1970, which tests can set. */
export class WalletClock {
  #mocked = 0;

  /** @param seconds 0 goes back to the real time. */
  mock(seconds: number): void {
    this.#mocked = seconds;
  }

  now(): number {
    return this.#mocked === 0 ? Math.floor(Date.now() / 1000) : this.#mocked;
  }
}

/** What all wallets of a process share. */
export interface WalletContext {
  readonly chain: Chain;
  readonly params: ChainParams;
  readonly settings: WalletSettings;
  readonly logger: Logger;
  readonly clock: WalletClock;
  /** Aborted when the wallets are to be closed for good: what takes long gives up. */
  readonly ending: AbortSignal;
}
