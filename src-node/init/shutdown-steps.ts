import type { Logger } from '../../src-interfaces/logging.js';

/** What must be undone when the node ends, in the reverse of the order in which it was done. */
export class ShutdownSteps {
  readonly #steps: { readonly name: string; readonly run: () => void | Promise<void> }[] = [];

  add(name: string, run: () => void | Promise<void>): void {
    this.#steps.push({ name, run });
  }

  /** Runs all steps, also after one fails: what is left open costs more than an error. */
  async run(log: Logger): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.run();
      } catch (error) {
        log.error(`Shutdown: ${step.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  }
}
