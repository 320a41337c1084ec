/** Longest time that a timer takes, milliseconds; longer waits are made of several. */
const maxTimer = 0x7fffffff;

/** How a wait ended. */
export type WaitEnd = 'done' | 'timeout' | 'interrupted';

/** What a wait is for. */
export interface WaitRequest {
  /** Asked at once and whenever something may have changed. */
  readonly isDone: () => boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Ends the wait as an interruption, beside those that end all waits. */
  readonly signal?: AbortSignal | undefined;
}

/** Waits that end when something has happened, after a time, or because they are interrupted. */
export class InterruptibleWaits {
  readonly #subscribe: (changed: () => void) => () => void;
  readonly #stopping: AbortSignal;
  readonly #running = new Set<() => void>();
  #isInterrupted = false;

  /**
   * @param subscribe calls back whenever what waits are for may have happened; returns what ends that
   * @param stopping ends all waits for good
   */
  constructor(subscribe: (changed: () => void) => () => void, stopping: AbortSignal) {
    this.#subscribe = subscribe;
    this.#stopping = stopping;
  }

  /** Ends all waits under way or, if there are none, the next: it may be on its way. */
  interrupt(): void {
    if (this.#running.size === 0) this.#isInterrupted = true;
    for (const end of [...this.#running]) end();
  }

  /** Waits as long as the request says. */
  async wait({ isDone, timeout, signal }: WaitRequest): Promise<WaitEnd> {
    const deadline = performance.now() + Math.max(timeout, 0);
    for (;;) {
      if (this.#stopping.aborted || signal?.aborted === true || this.#isInterrupted) {
        this.#isInterrupted = false;
        return 'interrupted';
      }
      if (isDone()) return 'done';
      const left = deadline - performance.now();
      // Also when the time given is no number.
      if (!(left > 0)) return 'timeout';
      if (await this.#next(isDone, Math.min(left, maxTimer), signal)) return 'interrupted';
    }
  }

  /** Waits for the next thing to happen; true if that is an interruption. */
  #next(isDone: () => boolean, timeout: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const signals = [this.#stopping, ...(signal === undefined ? [] : [signal])];
      const end = (isInterrupted: boolean): void => {
        clearTimeout(timer);
        stop();
        this.#running.delete(interrupt);
        for (const each of signals) each.removeEventListener('abort', interrupt);
        resolve(isInterrupted);
      };
      const interrupt = (): void => end(true);
      const timer = setTimeout(() => end(false), Math.ceil(timeout));
      const stop = this.#subscribe(() => {
        if (isDone()) end(false);
      });
      this.#running.add(interrupt);
      for (const each of signals) each.addEventListener('abort', interrupt);
    });
  }
}
