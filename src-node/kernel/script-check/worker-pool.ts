import { Worker } from 'node:worker_threads';
import type { InputRange, ScriptFailure } from './check-inputs.js';
import { writeRanges, type Job, type JobResult } from './job.js';

/** Jobs a worker holds at a time: the one it works on and some more, so that it does not wait for this thread. */
const jobsPerWorker = 3;

interface Pending {
  readonly ranges: readonly InputRange[];
  readonly flags: number;
  readonly resolve: (failure: ScriptFailure | undefined) => void;
  readonly reject: (fault: Error) => void;
}

interface PoolWorker {
  readonly thread: Worker;
  readonly jobs: Map<number, Pending>;
}

/** Where the worker's code is: its own bundle beside the program's, or its source when run from source. */
export function scriptCheckWorkerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './script-check-worker.mjs', import.meta.url);
}

/** Threads that check inputs. They start with the first job and do not keep the process alive when idle. */
export class WorkerPool {
  readonly #size: number;
  readonly #url: URL;
  readonly #workers: PoolWorker[] = [];
  readonly #queue: Pending[] = [];
  #nextId = 0;
  #fault: Error | undefined;
  #closing = false;

  constructor(size: number, url: URL) {
    this.#size = size;
    this.#url = url;
  }

  /**
   * Queues a job; jobs are begun in the order they come.
   * @returns the first input of the ranges that may not spend what it spends.
   * Rejects when the job could not be done: that says nothing about the inputs.
   */
  check(ranges: readonly InputRange[], flags: number): Promise<ScriptFailure | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#closing || this.#fault !== undefined) {
        reject(new Error('script check workers have stopped', { cause: this.#fault }));
        return;
      }
      this.#queue.push({ ranges, flags, resolve, reject });
      this.#start();
      this.#assign();
    });
  }

  /** Takes back those of some jobs that no worker has yet; they resolve as if nothing were wrong. */
  drop(unwanted: ReadonlySet<readonly InputRange[]>): void {
    for (const pending of this.#queue.splice(0)) {
      if (unwanted.has(pending.ranges)) pending.resolve(undefined);
      else this.#queue.push(pending);
    }
  }

  /** Stops the threads. Jobs not done reject. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#rejectAll(new Error('script check workers were closed'));
    await Promise.all(this.#workers.splice(0).map(({ thread }) => thread.terminate()));
  }

  #start(): void {
    while (this.#workers.length < this.#size) {
      const worker: PoolWorker = { thread: new Worker(this.#url, { execArgv: [] }), jobs: new Map() };
      worker.thread.on('message', (result: JobResult) => {
        this.#settle(worker, result);
      });
      worker.thread.on('error', (cause) => {
        this.#fail(new Error('a script check worker failed', { cause }));
      });
      worker.thread.on('exit', (code) => {
        if (!this.#closing) this.#fail(new Error(`a script check worker exited with status ${code}`));
      });
      worker.thread.unref();
      this.#workers.push(worker);
    }
  }

  #assign(): void {
    for (let depth = 1; depth <= jobsPerWorker; depth++) {
      for (const worker of this.#workers) {
        const pending = worker.jobs.size < depth ? this.#queue.shift() : undefined;
        if (pending === undefined) continue;
        const id = this.#nextId++;
        const bytes = writeRanges(pending.ranges);
        worker.jobs.set(id, pending);
        worker.thread.ref();
        const { buffer } = bytes;
        worker.thread.postMessage({ id, flags: pending.flags, bytes } satisfies Job, buffer instanceof ArrayBuffer ? [buffer] : []);
      }
    }
  }

  #settle(worker: PoolWorker, result: JobResult): void {
    const pending = worker.jobs.get(result.id);
    worker.jobs.delete(result.id);
    if (worker.jobs.size === 0) worker.thread.unref();
    if ('fault' in result) pending?.reject(new Error('a script check could not be done', { cause: result.fault }));
    else pending?.resolve(result.failure);
    this.#assign();
  }

  #fail(fault: Error): void {
    this.#fault ??= fault;
    this.#rejectAll(fault);
  }

  #rejectAll(fault: Error): void {
    for (const pending of this.#queue.splice(0)) pending.reject(fault);
    for (const { jobs } of this.#workers) {
      for (const pending of jobs.values()) pending.reject(fault);
      jobs.clear();
    }
  }
}
