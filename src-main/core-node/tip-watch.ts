/** Follows the tip with calls that wait inside the node: nothing polls. */
import { setTimeout as pause } from 'node:timers/promises';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { isDisconnected } from '../../src-interfaces/errors.js';
import type { BlockRef } from '../../src-interfaces/generated/common.js';
import type { Mining } from '../../src-interfaces/generated/mining.js';
import { inTime } from '../../src-ipc/process/index.js';

/**
 * Milliseconds that one call waits. A node that cannot be asked to stop waiting (before Bitcoin Core 31) may
 * answer nobody between our leaving and the end of the wait.
 */
const longWait = 10 * 60_000;
const shortWait = 1000;
/** Milliseconds that the end of a wait is waited for. */
const endPatience = 2000;
/** Milliseconds of rest after a call that failed or gave nothing. */
const rest = 1000;

const noHash = new Uint8Array(32);

/** What of Mining it takes. */
export type TipSource = Pick<Mining, 'getTip' | 'waitTipChanged' | 'isInitialBlockDownload' | 'interrupt'>;

export class TipWatch {
  readonly #mining: TipSource;
  readonly #changed: (tip: BlockRef) => Promise<void>;
  readonly #stopping: () => void;
  readonly #ended = new AbortController();
  #interruptible = false;
  #following: Promise<void> | undefined;

  /**
   * @param changed hears each new tip and is waited for; tips that come meanwhile are told as one
   * @param stopping hears that the node has begun to end, perhaps more than once
   */
  constructor(mining: TipSource, changed: (tip: BlockRef) => Promise<void>, stopping: () => void) {
    this.#stopping = stopping;
    this.#mining = mining;
    this.#changed = changed;
  }

  /** Takes the present tip as known and begins to follow. Resolves when no later one can be missed. */
  async start(): Promise<void> {
    const tip = await this.#mining.getTip();
    const known = tip?.hash ?? noHash;
    this.#interruptible = await this.#canInterrupt(known);
    if (!this.#ended.signal.aborted) this.#following = this.#follow(known);
  }

  /** Whether waits can be ended from here. Asking ends the next wait, so that one is made at once. */
  async #canInterrupt(known: Uint8Array): Promise<boolean> {
    try {
      await this.#mining.interrupt();
    } catch {
      return false;
    }
    await this.#mining.waitTipChanged(known, 0);
    return true;
  }

  async #follow(start: Uint8Array): Promise<void> {
    let known = start;
    while (!this.#ended.signal.aborted) {
      try {
        const tip = await this.#mining.waitTipChanged(known, this.#interruptible ? longWait : shortWait);
        if (this.#ended.signal.aborted) return;
        if (tip === undefined) {
          // The connection ends soon.
          this.#stopping();
          await this.#rest();
        } else if (!equalBytes(tip.hash, known)) {
          known = tip.hash;
          await this.#changed(tip);
        }
      } catch (error) {
        if (isDisconnected(error)) return;
        await this.#rest();
      }
    }
  }

  #rest(): Promise<void> {
    return pause(rest, undefined, { signal: this.#ended.signal }).catch(() => undefined);
  }

  /** Ends the wait that is going on in the node, and resolves when it has ended. */
  async close(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    // The Mining object is ours alone: other programs' waits have objects of their own.
    if (this.#interruptible) await this.#mining.interrupt().catch(() => undefined);
    if (this.#following !== undefined) await inTime(endPatience, this.#following);
  }
}
