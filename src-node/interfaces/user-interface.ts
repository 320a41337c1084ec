/** What the node says to people: progress, warnings and questions, for whoever listens. */
import type { BilingualStr } from '../../src-interfaces/generated/common.js';
import type {
  InitMessageCallback,
  MessageBoxCallback,
  NotifyAlertChangedCallback,
  QuestionCallback,
  ShowNodeProgressCallback,
} from '../../src-interfaces/generated/node.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { Deliveries, handlerOf, mostNews } from './subscription.js';

/** Message box bits: error icon with an OK button; the warning icon is 0. */
const errorBox = 1 | 0x400;
const warningBox = 0x400;

type Callback = { destroy?(): Promise<void> };

/** Listeners of one kind. */
export class Listeners<C extends Callback> {
  readonly #all = new Map<C, Deliveries>();

  add(callback: C): Handler {
    const deliveries = new Deliveries(() => this.#all.delete(callback), mostNews);
    this.#all.set(callback, deliveries);
    return handlerOf(async () => {
      deliveries.end();
      this.#all.delete(callback);
      await callback.destroy?.();
    });
  }

  /** Tells all of them, each in order with what it was told before; does not wait. */
  tell(deliver: (callback: C) => Promise<void>): void {
    for (const [callback, deliveries] of this.#all) deliveries.push(() => deliver(callback));
  }

  /** Resolves when all have been told everything so far. */
  async told(): Promise<void> {
    await Promise.all([...this.#all.values()].map((deliveries) => deliveries.drained()));
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#all.keys();
  }
}

export class UserInterface {
  readonly initMessages = new Listeners<InitMessageCallback>();
  readonly messageBoxes = new Listeners<MessageBoxCallback>();
  readonly questions = new Listeners<QuestionCallback>();
  readonly progress = new Listeners<ShowNodeProgressCallback>();
  readonly alerts = new Listeners<NotifyAlertChangedCallback>();
  readonly #log: Logger;
  readonly #warnings = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** What start-up is doing. */
  initMessage(message: string): void {
    this.#log.info(`init message: ${message}`);
    this.initMessages.tell((callback) => callback(message));
  }

  error(message: BilingualStr): void {
    this.#log.error(`Error: ${message.original}`);
    this.messageBoxes.tell(async (callback) => void (await callback(message, errorBox)));
  }

  warning(message: BilingualStr): void {
    this.#log.warning(`Warning: ${message.original}`);
    this.messageBoxes.tell(async (callback) => void (await callback(message, warningBox)));
  }

  /** @param percent 0 to 100; 100 ends it. */
  showProgress(title: string, percent: number, resumePossible: boolean): void {
    this.progress.tell((callback) => callback(title, percent, resumePossible));
  }

  /**
   * Sets the standing warning called `name`, or takes it back.
   * @param isNews there is something else to look at as well: people are told even if the warning is the same
   */
  setWarning(name: string, text: string | undefined, isNews = false): void {
    if (this.#warnings.get(name) === text && !isNews) return;
    if (text === undefined) this.#warnings.delete(name);
    else this.#warnings.set(name, text);
    this.alertsChanged();
  }

  /** Something people should look at has changed: a warning, or the state of a process. */
  alertsChanged(): void {
    this.alerts.tell((callback) => callback());
  }

  get warnings(): readonly string[] {
    return [...this.#warnings.values()];
  }
}
