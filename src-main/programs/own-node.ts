/** The node that this window started last. */
import { constants } from 'node:os';
import type { PreferencesFile } from '../settings/preferences.js';
import type { RunningNodeProcess } from './node-launcher.js';

export class OwnNode {
  readonly #preferences: PreferencesFile;
  readonly #log: (text: string) => void;
  #exitStatus = 0;
  /** Until it has ended. */
  #running: RunningNodeProcess | undefined;

  constructor(preferences: PreferencesFile, log: (text: string) => void) {
    this.#preferences = preferences;
    this.#log = log;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** That of the last one that ended, as shells give it; 0 while there is one. */
  get exitStatus(): number {
    return this.isRunning ? 0 : this.#exitStatus;
  }

  launched(process: RunningNodeProcess): void {
    this.#running = process;
    this.#preferences.update({ startedNode: { pid: process.pid, startedAt: process.startedAt } });
    void process.ended.then(({ exitCode, signal }) => {
      if (this.#running !== process) return;
      this.#running = undefined;
      this.#exitStatus = exitStatusOf(exitCode, signal);
      this.#log(`the node, process ${process.pid}, ended ${signal === null ? `with exit status ${exitCode ?? 'unknown'}` : `by ${signal}`}`);
    });
  }

  /** Ends one that was started a moment ago, and to which nothing is connected yet. */
  async terminate(): Promise<void> {
    const process = this.#running;
    if (process === undefined) return;
    process.kill('SIGTERM');
    const { signal } = await process.ended;
    // It had not come far enough to end by itself, as it was asked to.
    if (signal === 'SIGTERM') this.#exitStatus = 0;
  }
}

/** A status as shells give it: a signal counts from 128. */
function exitStatusOf(exitCode: number | null, signal: NodeJS.Signals | null): number {
  return exitCode ?? (signal === null ? 1 : 128 + constants.signals[signal]);
}
