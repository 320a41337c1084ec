/** Milliseconds by which the fine clock may differ from the system's before it is set anew. */
const largestDrift = 5;
/** Milliseconds; a step back that is larger is somebody setting the clock. */
const largestStepBack = 1000;

/** The time of log lines: finer than the system clock's milliseconds, in step with it, and not going back between lines. */
export class LineClock {
  #offset = performance.timeOrigin;
  #last = 0;

  /** Milliseconds since 1970, with fraction. */
  now(): number {
    const system = Date.now();
    let time = this.#offset + performance.now();
    if (Math.abs(time - system) > largestDrift) {
      this.#offset = system - performance.now();
      time = system;
    }
    if (time < this.#last && this.#last - time < largestStepBack) time = this.#last;
    this.#last = time;
    return time;
  }
}
