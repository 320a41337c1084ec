/** Where the wallets live, seen from the node: in a process of their own, or in this one. */
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';

/** How the wallet's process is; ended with exit status 0 it has stopped, however that came. Times in milliseconds since 1970. */
export interface WalletProcessState {
  readonly state: 'running' | 'stopped' | 'crashed' | 'disabled' | 'in-process';
  readonly pid: number | undefined;
  readonly startedAt: number | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly endedAt: number | undefined;
}

/** How a process ended, for the end of a sentence. */
export function wayOfEnding(exitCode: number | undefined, signal: string | undefined): string {
  return signal === undefined ? `ended with exit status ${exitCode ?? 'unknown'}` : `was ended by ${signal}`;
}

/** Makes wallet loaders. The node does not know whether they are objects of its own process or proxies. */
export interface WalletHost {
  readonly state: WalletProcessState;
  /**
   * Starts the wallets on a Chain and gives their loader; nothing is registered or loaded yet.
   * @throws when the wallet program cannot be started; nothing of it is left running then
   */
  start(chain: Chain): Promise<WalletLoader>;
  /** Lets go of the loader and waits until its process, if it has one, has ended. */
  stop(): Promise<void>;
  /** Whether their process answers, waited for some seconds; true where it is no other one. An error is an answer, too. */
  answers(): Promise<boolean>;
  /** Ends a process that may not answer, and resolves when it has ended. What it has acknowledged is on disk. */
  kill(): Promise<void>;
  /** Called when the wallets end without having been asked to; `how` ends a sentence: "was killed by SIGKILL". */
  onEnded(ended: (how: string) => void): void;
}
