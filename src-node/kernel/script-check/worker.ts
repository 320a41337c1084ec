// A thread that checks inputs. Started by the worker pool; see job.ts for what passes between them.
import { parentPort } from 'node:worker_threads';
import { checkRange, type ScriptFailure } from './check-inputs.js';
import { readRanges, type Job, type JobResult } from './job.js';

function run(job: Job): ScriptFailure | undefined {
  for (const range of readRanges(job.bytes)) {
    const checks = checkRange(range, job.flags);
    let step = checks.next();
    while (step.done !== true) step = checks.next();
    if (step.value !== undefined) return step.value;
  }
  return undefined;
}

function answer(job: Job): JobResult {
  try {
    return { id: job.id, failure: run(job) };
  } catch (error) {
    return { id: job.id, fault: error instanceof Error ? error : new Error(String(error)) };
  }
}

const port = parentPort;
if (port === null) throw new Error('the script check worker runs in a worker thread only');
port.on('message', (job: Job) => {
  port.postMessage(answer(job));
});
