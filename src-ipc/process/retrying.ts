import { RetrySchedule, type RetryPolicy } from './retry-schedule.js';

/** How far the attempts are. Times in milliseconds since 1970; `of` is Infinity when there is no end to them. */
export type RetryState =
  /** Nothing is wrong, or nobody wants another attempt. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly reason: string; readonly attempt: number; readonly of: number; readonly at: number }
  | { readonly kind: 'trying'; readonly reason: string; readonly attempt: number; readonly of: number }
  /** It failed too often, or in a way that another attempt cannot mend. */
  | { readonly kind: 'given-up'; readonly reason: string };

/** The time, and a way to wait for it. */
export interface RetryClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after some milliseconds; returns a function that calls it off. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: RetryClock = {
  now: Date.now,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

export interface RetryingParts {
  readonly policy: RetryPolicy;
  /** Starts or connects; rejects when that did not work. */
  attempt(): Promise<void>;
  /** True when trying again after this failure would be in vain. */
  isFinal(error: unknown): boolean;
  /** The state is another. */
  changed(state: RetryState): void;
  readonly clock?: RetryClock;
  readonly random?: () => number;
}

const idle: RetryState = { kind: 'idle' };

/** Brings back what has ended or was lost: attempts by a schedule until one works, they are enough, or somebody calls it off. */
export class Retrying {
  readonly #parts: RetryingParts;
  readonly #clock: RetryClock;
  readonly #schedule: RetrySchedule;
  #state: RetryState = idle;
  #callOff: (() => void) | undefined;
  /** Grows when what is under way no longer counts. */
  #round = 0;

  constructor(parts: RetryingParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
    this.#schedule = new RetrySchedule(parts.policy, parts.random);
  }

  get state(): RetryState {
    return this.#state;
  }

  /** It works, by whatever means it was brought back. */
  worked(): void {
    this.#stop();
    this.#schedule.worked(this.#clock.now());
    this.#set(idle);
  }

  /** It ended; the next attempt is planned, if there is to be one. */
  failed(reason: string): void {
    this.#stop();
    const now = this.#clock.now();
    const retry = this.#schedule.failed(now);
    if (retry === undefined) {
      this.#set({ kind: 'given-up', reason });
      return;
    }
    const { attempt, of, delay } = retry;
    this.#callOff = this.#clock.after(delay, () => void this.#try(reason, attempt, of));
    this.#set({ kind: 'waiting', reason, attempt, of, at: now + delay });
  }

  /** Makes the planned attempt now. Does nothing when none is planned. */
  tryNow(): void {
    const state = this.#state;
    if (state.kind !== 'waiting') return;
    void this.#try(state.reason, state.attempt, state.of);
  }

  /** No attempt is to follow. */
  giveUp(reason: string): void {
    this.#stop();
    this.#set({ kind: 'given-up', reason });
  }

  /** Calls everything off and forgets earlier failures; an attempt under way no longer counts. */
  reset(): void {
    this.#stop();
    this.#schedule.reset();
    this.#set(idle);
  }

  #stop(): void {
    this.#round += 1;
    this.#callOff?.();
    this.#callOff = undefined;
  }

  async #try(reason: string, attempt: number, of: number): Promise<void> {
    this.#stop();
    const round = this.#round;
    this.#set({ kind: 'trying', reason, attempt, of });
    try {
      await this.#parts.attempt();
      if (this.#round === round) this.worked();
    } catch (error) {
      if (this.#round !== round) return;
      const text = error instanceof Error ? error.message : String(error);
      if (this.#parts.isFinal(error)) this.giveUp(text);
      else this.failed(text);
    }
  }

  #set(state: RetryState): void {
    if (this.#state.kind === 'idle' && state.kind === 'idle') return;
    this.#state = state;
    this.#parts.changed(state);
  }
}

/** "4 s": until a time, in whole seconds, never less than one. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000));
}
