/** Runs a limited number of jobs at once and keeps a limited number waiting. */
export class WorkQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly workers: number,
    private readonly depth: number,
  ) {}

  /** Runs a job when there is a free worker; undefined when too many wait already. */
  submit<T>(job: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.workers) return this.#run(job);
    if (this.#waiting.length >= this.depth) return undefined;
    return new Promise<void>((resolve) => this.#waiting.push(resolve)).then(() => this.#run(job));
  }

  async #run<T>(job: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await job();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
