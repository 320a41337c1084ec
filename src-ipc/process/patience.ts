/** Waiting for another program, but not for ever. */

/**
 * What some work comes to, if it does so in time. The work goes on.
 * @returns undefined after that many milliseconds
 * @throws what the work throws until then; what it throws later is nobody's concern
 */
export async function inTime<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, enough]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same where being late is a failure. @throws what the work throws, or Error with `text` after that many milliseconds */
export async function within<T>(milliseconds: number, work: Promise<T>, text: string): Promise<T> {
  const done = await inTime(milliseconds, work.then((value) => ({ value })));
  if (done === undefined) throw new Error(text);
  return done.value;
}

/**
 * One's patience with another program. Once it has let somebody wait for too long, nobody waits for it again until it
 * answers: what it owed, or what it is asked then.
 */
export class Patience {
  readonly #milliseconds: number;
  readonly #changed: () => void;
  #isSpent = false;

  /**
   * @param milliseconds for which it is waited once
   * @param changed called when it is found not to answer, and when it answers again
   */
  constructor(milliseconds: number, changed: () => void = () => undefined) {
    this.#milliseconds = milliseconds;
    this.#changed = changed;
  }

  /** Whether it owes an answer for too long. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /**
   * The answer to a question. While another answer is owed it is not even asked, so that no questions pile up.
   * @returns undefined when no answer came in time
   * @throws what the question throws in time
   */
  async ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    return this.#isSpent ? undefined : this.waitFor(question());
  }

  /** The same of work that goes on anyhow, like letting go of something. */
  async waitFor<T>(work: Promise<T>): Promise<T | undefined> {
    let isSettled = false;
    const settled = work.finally(() => {
      isSettled = true;
      this.#set(false);
    });
    if (this.#isSpent) {
      settled.catch(() => undefined);
      return undefined;
    }
    const answer = await inTime(this.#milliseconds, settled);
    if (!isSettled) this.#set(true);
    return answer;
  }

  /**
   * What some work comes to, however long it takes, as long as the program answers meanwhile.
   * @returns undefined once it does not; the work goes on
   * @throws what the work throws until then
   */
  async whileAnswering<T>(work: Promise<T>, question: () => Promise<unknown>): Promise<T | undefined> {
    const settled = work.then((value) => ({ value }));
    for (;;) {
      const done = await inTime(this.#isSpent ? 0 : this.#milliseconds, settled);
      if (done !== undefined) return done.value;
      // A refusal is an answer.
      await this.ask(question).catch(() => undefined);
      if (this.#isSpent) return undefined;
    }
  }

  #set(isSpent: boolean): void {
    if (this.#isSpent === isSpent) return;
    this.#isSpent = isSpent;
    this.#changed();
  }
}
