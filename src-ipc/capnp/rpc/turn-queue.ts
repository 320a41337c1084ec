/** What is still to be done in this turn, in order. */
const jobs: (() => void)[] = [];
let isRunning = false;

/**
 * Runs a job at once, or, when called by a job, after those already waiting. Chains of promises that resolve one
 * another are thus worked through one by one, instead of deeper and deeper on the stack.
 */
export function runInTurn(job: () => void): void {
  jobs.push(job);
  if (isRunning) return;
  isRunning = true;
  let failure: { error: unknown } | undefined;
  for (let next = 0; next < jobs.length; next++) {
    try {
      jobs[next]?.();
    } catch (error) {
      failure ??= { error };
    }
  }
  jobs.length = 0;
  isRunning = false;
  if (failure !== undefined) throw failure.error;
}
