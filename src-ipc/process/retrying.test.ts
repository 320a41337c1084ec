import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Retrying, secondsUntil, type RetryState } from './retrying.js';
import { ManualClock } from './testing-clock.js';

const policy = { first: 1000, factor: 4, longest: 30_000, attempts: 2, jitter: 0, stableAfter: 60_000 };

function retrying(attempt: () => Promise<void>, isFinal: (error: unknown) => boolean = () => false) {
  const clock = new ManualClock();
  const states: RetryState[] = [];
  return { clock, states, subject: new Retrying({ policy, attempt, isFinal, changed: (state) => states.push(state), clock }) };
}

test('an end, an attempt that fails, one that works', async () => {
  const results: (() => Promise<void>)[] = [() => Promise.reject(new Error('no program')), () => Promise.resolve()];
  const { clock, states, subject } = retrying(() => results.shift()?.() ?? Promise.reject(new Error('asked too often')));
  subject.failed('killed');
  assert.deepEqual(subject.state, { kind: 'waiting', reason: 'killed', attempt: 1, of: 2, at: 1000 });
  await clock.move(999);
  assert.equal(subject.state.kind, 'waiting');
  await clock.move(1);
  assert.deepEqual(subject.state, { kind: 'waiting', reason: 'no program', attempt: 2, of: 2, at: 5000 });
  await clock.move(4000);
  assert.deepEqual(states.map(({ kind }) => kind), ['waiting', 'trying', 'waiting', 'trying', 'idle']);
});

test('after the last attempt nothing is planned any more', async () => {
  const { clock, subject } = retrying(() => Promise.reject(new Error('still broken')));
  subject.failed('killed');
  await clock.move(1000);
  await clock.move(4000);
  assert.deepEqual(subject.state, { kind: 'given-up', reason: 'still broken' });
  assert.equal(clock.planned, 0);
});

test('a failure that another attempt cannot mend ends it at once', async () => {
  const { clock, subject } = retrying(() => Promise.reject(new Error('damaged')), () => true);
  subject.failed('killed');
  await clock.move(1000);
  assert.deepEqual([subject.state, clock.planned], [{ kind: 'given-up', reason: 'damaged' }, 0]);
});

test('somebody who cannot wait', async () => {
  let attempts = 0;
  const { clock, subject } = retrying(() => Promise.resolve(void (attempts += 1)));
  subject.tryNow();
  assert.equal(attempts, 0);
  subject.failed('lost');
  subject.tryNow();
  await clock.move(0);
  assert.deepEqual([subject.state.kind, attempts, clock.planned], ['idle', 1, 0]);
});

test('an attempt that was called off changes nothing when it ends', async () => {
  for (const outcome of ['resolve', 'reject'] as const) {
    const end: { resolve?: () => void; reject?: (error: Error) => void } = {};
    const { clock, subject } = retrying(() => new Promise((resolve, reject) => Object.assign(end, { resolve, reject })));
    subject.failed('lost');
    await clock.move(1000);
    subject.reset();
    if (outcome === 'resolve') end.resolve?.();
    else end.reject?.(new Error('too late'));
    await clock.move(0);
    assert.deepEqual([subject.state, clock.planned], [{ kind: 'idle' }, 0]);
  }
});

test('seconds are shown whole, and never as none', () => {
  assert.deepEqual([secondsUntil(4000, 0), secondsUntil(4001, 0), secondsUntil(0, 0), secondsUntil(0, 5000)], [4, 5, 1, 1]);
});
