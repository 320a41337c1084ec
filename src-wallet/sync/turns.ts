/** Runs asynchronous work one piece after another, in the order asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for all earlier work, then runs `work`. A failure reaches only whoever asked for that piece. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
