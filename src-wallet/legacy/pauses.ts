import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MigrationFault } from './distribute.js';

/** Milliseconds for which others wait for their answers at most. */
const longestWork = 30;

/** Pauses of work that takes long, in which the process answers others. */
export class Pauses {
  readonly #ending: AbortSignal;
  #since = performance.now();

  /** @param ending when the work is to be given up */
  constructor(ending: AbortSignal) {
    this.#ending = ending;
  }

  /** Makes a pause if there was none for a while. @throws MigrationFault when the work is to be given up */
  async take(): Promise<void> {
    if (performance.now() - this.#since < longestWork) return;
    await nextTurn();
    if (this.#ending.aborted) throw new MigrationFault('Error: The wallet process was told to end while it migrated the wallet');
    this.#since = performance.now();
  }
}
