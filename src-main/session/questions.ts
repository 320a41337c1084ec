/** What OpenSSH asks of the person while it connects: shown in the window one at a time, answered there. */
import { randomUUID } from 'node:crypto';
import type { ConnectionQuestion } from '../../src-interfaces/facade.js';
import type { Answer, AskPerson, Question } from '../../src-ipc/process/index.js';
import { FacadeFailure } from '../bridge/facade-failure.js';

interface OpenQuestion {
  readonly shown: ConnectionQuestion;
  readonly answer: (answer: Answer) => void;
}

function shownQuestion({ kind, prompt, host, fingerprint, keyType, keyFile, attempt }: Question): ConnectionQuestion {
  return { id: randomUUID(), kind, prompt, host, fingerprint: fingerprint ?? null, keyType: keyType ?? null, keyFile: keyFile ?? null, attempt };
}

/** Holds questions only; an answer goes straight to whoever asked, and is kept nowhere. */
export class Questions {
  readonly #changed: () => void;
  #open: readonly OpenQuestion[] = [];

  /** @param changed the question that is to be shown is another */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The question to show. */
  get current(): ConnectionQuestion | null {
    return this.#open[0]?.shown ?? null;
  }

  readonly ask: AskPerson = (question, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(undefined);
      const shown = shownQuestion(question);
      const close = (): void => void this.#close(shown.id, undefined);
      signal.addEventListener('abort', close, { once: true });
      const answer = (given: Answer): void => {
        signal.removeEventListener('abort', close);
        resolve(given);
      };
      this.#open = [...this.#open, { shown, answer }];
      this.#changed();
    });

  /**
   * Answers a question of those that are open.
   * @param answer undefined cancels connecting
   * @throws FacadeFailure when the question is moot
   */
  answer(id: string, answer: Answer): void {
    if (!this.#close(id, answer)) throw new FacadeFailure('expired', 'The connection no longer waits for this answer.');
  }

  #close(id: string, answer: Answer): boolean {
    const found = this.#open.find(({ shown }) => shown.id === id);
    if (found === undefined) return false;
    this.#open = this.#open.filter((other) => other !== found);
    found.answer(answer);
    this.#changed();
    return true;
  }
}
