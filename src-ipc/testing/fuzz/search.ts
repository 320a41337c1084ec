import { pick, seededRandom, type Random } from '../random.js';
import { attempt, type Failure } from './attempt.js';
import type { Coverage } from './coverage.js';
import { mutate } from './mutate.js';
import { targetNames, type TargetName } from './targets.js';

/** Inputs between two looks at what they reached; looking takes longer than a small input. */
const BATCH: Readonly<Record<TargetName, number>> = { frames: 64, content: 32, conversation: 8 };

/** How the time is shared. */
const SHARES: readonly TargetName[] = ['frames', 'content', 'content', 'conversation', 'conversation', 'conversation'];

/** What happens during a search. */
export interface SearchEvents {
  /** An input is about to run. */
  running(target: TargetName, input: Uint8Array): void;
  /** An input reached something new. */
  kept(target: TargetName, input: Uint8Array): void;
  failed(target: TargetName, input: Uint8Array, failure: Failure): Promise<void>;
}

/** Makes inputs out of inputs, and keeps those that reach code which no other reached. */
export class Search {
  runs = 0;
  readonly #random: Random;
  readonly #pools: Record<TargetName, Uint8Array[]> = { frames: [], content: [], conversation: [] };

  constructor(
    seed: number,
    private readonly coverage: Coverage,
    private readonly events: SearchEvents,
  ) {
    this.#random = seededRandom(seed);
  }

  /** Inputs that are mutated. */
  get kept(): number {
    return targetNames.reduce((total, name) => total + this.#pools[name].length, 0);
  }

  /** Bytes of these inputs. */
  get keptBytes(): number {
    return targetNames.reduce((total, name) => total + this.#pools[name].reduce((sum, input) => sum + input.byteLength, 0), 0);
  }

  /** Takes in an input to begin with. */
  async begin(target: TargetName, input: Uint8Array): Promise<void> {
    this.#pools[target].push(input);
    await this.#run(target, input);
  }

  /** Runs one batch of new inputs. */
  async step(): Promise<void> {
    const target = pick(this.#random, SHARES);
    const pool = this.#pools[target];
    // What was found last is looked at more: nobody has gone on from there yet.
    const recent = this.#random.oneIn(2) ? pool.slice(-20) : pool;
    const inputs = Array.from({ length: BATCH[target] }, () => mutate(target, recent, this.#random).slice());
    for (const input of inputs) await this.#run(target, input);
    if (!this.coverage.hasGrown(true)) return;
    // Which of them it was shows when each runs again on its own.
    for (const input of inputs) {
      await this.#run(target, input);
      if (!this.coverage.hasGrown()) continue;
      pool.push(input);
      this.events.kept(target, input);
    }
  }

  async #run(target: TargetName, input: Uint8Array): Promise<void> {
    this.runs++;
    this.events.running(target, input);
    const failure = await attempt(target, input);
    if (failure !== undefined) await this.events.failed(target, input, failure);
  }
}
