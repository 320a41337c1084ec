import { forAll } from './for-all.js';

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
  try {
    // Those that are added meanwhile, too.
    forAll(jobs, (next) => next());
  } finally {
    jobs.length = 0;
    isRunning = false;
  }
}
