import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconnectPolicy, restartPolicy, RetrySchedule, type RetryPolicy } from './retry-schedule.js';

const policy: RetryPolicy = { first: 100, factor: 3, longest: 1000, attempts: 4, jitter: 0, stableAfter: 5000 };
const delays = (schedule: RetrySchedule, times: number): (number | undefined)[] => Array.from({ length: times }, () => schedule.failed(0)?.delay);

test('pauses grow up to the longest, and attempts come to an end', () => {
  const schedule = new RetrySchedule(policy);
  assert.deepEqual(schedule.failed(0), { delay: 100, attempt: 1, of: 4 });
  assert.deepEqual(delays(schedule, 5), [300, 900, 1000, undefined, undefined]);
});

test('work that lasted makes earlier failures forgotten; a short recovery does not', () => {
  const schedule = new RetrySchedule(policy);
  schedule.failed(0);
  schedule.worked(1000);
  assert.equal(schedule.failed(5999)?.attempt, 2);
  schedule.worked(10_000);
  assert.deepEqual(schedule.failed(15_000), { delay: 100, attempt: 1, of: 4 });
});

test('what worked before it failed twice is not taken for still working', () => {
  const schedule = new RetrySchedule(policy);
  schedule.worked(0);
  schedule.failed(10);
  // The attempt itself took long, and failed.
  assert.equal(schedule.failed(60_000)?.attempt, 2);
});

test('a new beginning has all attempts again, also after giving up', () => {
  const schedule = new RetrySchedule(policy);
  delays(schedule, 5);
  schedule.reset();
  assert.deepEqual(schedule.failed(0), { delay: 100, attempt: 1, of: 4 });
});

test('chance only shortens a pause, by the part it may', () => {
  for (const [random, first] of [[0, 100], [0.5, 75], [0.999, 50]] as const) {
    assert.equal(new RetrySchedule({ ...policy, jitter: 0.5 }, () => random).failed(0)?.delay, first);
  }
});

test('a program is given up on; a connection never, and never tried in a tight loop', () => {
  assert.deepEqual(delays(new RetrySchedule(restartPolicy), 6), [1000, 4000, 16_000, 30_000, 30_000, undefined]);
  const connection = new RetrySchedule(reconnectPolicy, () => 0.99);
  for (let attempt = 1; attempt < 1000; attempt++) {
    const retry = connection.failed(0);
    assert.ok(retry !== undefined && retry.delay >= 800 && retry.delay <= 60_000 && retry.attempt === attempt);
  }
});
