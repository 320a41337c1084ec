import { randomInt } from 'node:crypto';
import { resubmitTransactions } from '../sync/attach.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';

const checkEvery = 60_000;
const hour = 3_600_000;

/** When to send again: at a moment that gives nothing away, 12 to 36 hours on. Milliseconds. */
const nextDelay = (): number => 12 * hour + randomInt(24 * hour);

/**
 * Sends the wallets' unconfirmed transactions out again from time to time, in case the network forgot
 * them. It looks at the clock once a minute and asks the node nothing unless it is time.
 */
export class Resubmission {
  readonly #registry: WalletRegistry;
  readonly #due = new WeakMap<LoadedWallet, number>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(registry: WalletRegistry) {
    this.#registry = registry;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => {
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
    }, checkEvery);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const { chain, logger } = this.#registry.context;
    for (const wallet of this.#registry.list()) {
      const due = this.#due.get(wallet);
      if (due === undefined) this.#due.set(wallet, Date.now() + nextDelay());
      if (due === undefined || Date.now() < due) continue;
      try {
        if (!(await chain.isReadyToBroadcast())) continue;
        this.#due.set(wallet, Date.now() + nextDelay());
        const sent = await resubmitTransactions(wallet, true);
        if (sent > 0) wallet.log(`ResubmitWalletTransactions: resubmit ${sent} unconfirmed transactions`);
      } catch (error) {
        logger.warning(`Resubmitting transactions: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }
}
