import type { ChildProcess } from 'node:child_process';
import { processorTime } from '../processor-time.js';

/** How long a process may be silent. Milliseconds. */
export interface Silence {
  /** Of its own processor time: one that other programs keep from running is not to blame. */
  readonly busyMs: number;
  /** Of anybody's time: one that only waits uses no other. */
  readonly idleMs: number;
}

/** Ends a process that hangs. */
export class Watchdog {
  readonly #child: ChildProcess;
  readonly #silence: Silence;
  readonly #timer: NodeJS.Timeout;
  #heardAt = Date.now();
  #used = 0;
  #hasBitten = false;

  constructor(child: ChildProcess, silence: Silence) {
    this.#child = child;
    this.#silence = silence;
    this.#timer = setInterval(() => this.#look(), silence.busyMs / 10);
    child.once('close', () => clearInterval(this.#timer));
  }

  /** Whether the process was ended because it hung. */
  get hasBitten(): boolean {
    return this.#hasBitten;
  }

  /** The process has said something. */
  heard(): void {
    this.#heardAt = Date.now();
    this.#used = this.#processorTime() ?? this.#used;
  }

  #processorTime(): number | undefined {
    const { pid, exitCode, signalCode } = this.#child;
    return pid === undefined || exitCode !== null || signalCode !== null ? undefined : processorTime(pid);
  }

  #look(): void {
    const used = this.#processorTime();
    if (used === undefined) return;
    const { busyMs, idleMs } = this.#silence;
    if (used - this.#used <= busyMs && Date.now() - this.#heardAt <= idleMs) return;
    this.#hasBitten = true;
    this.#child.kill('SIGKILL');
  }
}
