/** Runs asynchronous tasks one after another, in the order they were added. */
export class TaskQueue {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Rejects with what the task throws; later tasks run all the same. */
  run<T>(task: () => Promise<T> | T): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the chain state is closed'));
    return this.#append(task);
  }

  #append<T>(task: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Runs a last task after those waiting, and takes no more. */
  close(task: () => Promise<void>): Promise<void> {
    if (this.#closed) return this.#last.then(() => undefined);
    this.#closed = true;
    return this.#append(task);
  }
}
