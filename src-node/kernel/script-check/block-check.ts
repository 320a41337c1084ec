import type { Transaction } from '../../../src-bitcoin/primitives/transaction.js';
import { checkRange, type InputRange, type ScriptFailure, type SpentOutput } from './check-inputs.js';
import type { WorkerPool } from './worker-pool.js';

/** Fewer inputs than this are checked sooner here than they are sent to another thread. */
const fewInputs = 32;
/** Inputs checked in this thread before others get a turn: some milliseconds. */
const inputsPerTurn = 64;
/** Inputs in a job: enough to be worth a message, few enough to spread. */
const inputsPerJob = 64;

function isBefore(a: ScriptFailure, b: ScriptFailure): boolean {
  return a.spendIndex < b.spendIndex || (a.spendIndex === b.spendIndex && a.inputIndex < b.inputIndex);
}

async function checkHere(ranges: readonly InputRange[], flags: number): Promise<ScriptFailure | undefined> {
  let sinceTurn = 0;
  for (const range of ranges) {
    const checks = checkRange(range, flags);
    let step = checks.next();
    while (step.done !== true) {
      if (++sinceTurn === inputsPerTurn) {
        sinceTurn = 0;
        await new Promise(setImmediate);
      }
      step = checks.next();
    }
    if (step.value !== undefined) return step.value;
  }
  return undefined;
}

/**
 * The script checks of one block. Workers begin while transactions are still being added. `finish`
 * must be called, and waited for, in any case.
 */
export class BlockCheck {
  readonly #flags: number;
  readonly #pool: WorkerPool | undefined;
  readonly #pieces: number;
  readonly #isChecked: (tx: Transaction) => boolean;
  readonly #jobs: { readonly ranges: readonly InputRange[]; readonly done: Promise<void> }[] = [];
  #waiting: InputRange[] = [];
  #waitingInputs = 0;
  #spends = 0;
  #first: ScriptFailure | undefined;

  /**
   * @param pieces into which at most one transaction is cut: each costs a worker to read all of it.
   * @param isChecked whether a transaction is known to be valid with these flags.
   */
  constructor(flags: number, pool: WorkerPool | undefined, pieces: number, isChecked: (tx: Transaction) => boolean) {
    this.#flags = flags;
    this.#pool = pool;
    this.#pieces = pieces;
    this.#isChecked = isChecked;
  }

  /**
   * Adds the next transaction; not the coinbase.
   * @param spentOutputs what each input spends, in order.
   * @throws RangeError when there is not one for each input.
   */
  add(tx: Transaction, spentOutputs: readonly SpentOutput[]): void {
    const count = tx.inputs.length;
    if (spentOutputs.length !== count) throw new RangeError(`${count} inputs spend ${count} outputs, not ${spentOutputs.length}`);
    const spendIndex = this.#spends++;
    if (this.#isChecked(tx)) return;
    const step = this.#pool === undefined ? count : Math.max(inputsPerJob, Math.ceil(count / this.#pieces));
    for (let from = 0; from < count; from += step) {
      const to = Math.min(from + step, count);
      this.#waiting.push({ spendIndex, spend: { tx, spentOutputs }, from, to });
      this.#waitingInputs += to - from;
      if (this.#waitingInputs >= inputsPerJob) this.#send();
    }
  }

  /**
   * Waits for all checks. The result is the first input, in block order, that may not spend what it spends.
   * Rejects when checks could not be done: that says nothing about the block.
   */
  async finish(): Promise<ScriptFailure | undefined> {
    if (this.#pool === undefined || (this.#jobs.length === 0 && this.#waitingInputs < fewInputs)) {
      return checkHere(this.#waiting, this.#flags);
    }
    if (this.#waiting.length > 0) this.#send();
    const settled = await Promise.allSettled(this.#jobs.map(({ done }) => done));
    const fault = settled.find((job) => job.status === 'rejected');
    if (fault !== undefined) throw fault.reason;
    return this.#first;
  }

  #send(): void {
    const pool = this.#pool;
    if (pool === undefined) return;
    const ranges = this.#waiting;
    this.#waiting = [];
    this.#waitingInputs = 0;
    const done = pool.check(ranges, this.#flags).then((failure) => {
      if (failure === undefined || (this.#first !== undefined && !isBefore(failure, this.#first))) return;
      this.#first = failure;
      // Jobs that only have later inputs cannot change the result.
      const sent = this.#jobs.findIndex((job) => job.ranges === ranges);
      pool.drop(new Set(this.#jobs.slice(sent + 1).map((job) => job.ranges)));
    });
    // `finish` sees the fault; until it is called nobody else needs to.
    done.catch(() => undefined);
    this.#jobs.push({ ranges, done });
  }
}
