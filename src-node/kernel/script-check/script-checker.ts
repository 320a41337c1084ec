import { wtxidOf } from '../../../src-bitcoin/primitives/transaction.js';
import { BlockCheck } from './block-check.js';
import { checkRange, type ScriptFailure, type Spend } from './check-inputs.js';
import { CheckedTransactions } from './checked-transactions.js';
import { scriptCheckWorkerUrl, WorkerPool } from './worker-pool.js';

export type { BlockCheck } from './block-check.js';
export type { ScriptFailure, Spend, SpentOutput } from './check-inputs.js';

/** More threads do not help: one thread must hand out the work. */
const maxThreads = 16;

/**
 * Threads for `-par=N` on a machine with this many cores: 0 is one per core, a negative N leaves that many free.
 */
export function scriptThreads(par: number, cores: number): number {
  return Math.min(Math.max(par > 0 ? par : cores + par, 1), maxThreads);
}

export interface ScriptCheckerOptions {
  /** As `scriptThreads` says. With 1 everything is done in this thread. */
  readonly threads: number;
  /** The worker's code; found beside the program when not given. */
  readonly workerUrl?: URL;
  /** How many checked transactions to remember. */
  readonly remembered?: number;
}

/** Checks that inputs may spend what they spend, over threads where it pays. */
export class ScriptChecker {
  readonly #threads: number;
  readonly #pool: WorkerPool | undefined;
  readonly #checked: CheckedTransactions;

  constructor(options: ScriptCheckerOptions) {
    this.#threads = options.threads;
    this.#pool = options.threads > 1 ? new WorkerPool(options.threads, options.workerUrl ?? scriptCheckWorkerUrl()) : undefined;
    this.#checked = new CheckedTransactions(options.remembered);
  }

  /**
   * Checks one transaction in this thread, at once: for the mempool. A valid one is remembered, so
   * that a block with it need not check it again.
   */
  checkTransaction(spend: Spend, flags: number): ScriptFailure | undefined {
    const wtxid = wtxidOf(spend.tx);
    if (this.#checked.has(wtxid, flags)) return undefined;
    const checks = checkRange({ spendIndex: 0, spend, from: 0, to: spend.tx.inputs.length }, flags);
    let step = checks.next();
    while (step.done !== true) step = checks.next();
    if (step.value === undefined) this.#checked.add(wtxid, flags);
    return step.value;
  }

  /** Begins the checks of a block. Several blocks may be checked at a time. */
  beginBlock(flags: number): BlockCheck {
    // Hashing a transaction to look it up is only worth it when something is known.
    const anyKnown = this.#checked.size > 0;
    return new BlockCheck(flags, this.#pool, this.#threads * 2, (tx) => anyKnown && this.#checked.has(wtxidOf(tx), flags));
  }

  /** Checks all transactions of a block but its coinbase; see `BlockCheck.finish`. */
  checkBlock(spends: readonly Spend[], flags: number): Promise<ScriptFailure | undefined> {
    const check = this.beginBlock(flags);
    for (const { tx, spentOutputs } of spends) check.add(tx, spentOutputs);
    return check.finish();
  }

  /** Stops the threads; checks under way reject. */
  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
