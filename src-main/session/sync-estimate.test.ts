import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyncEstimate } from './sync-estimate.js';

test('an even pace gives the time left', () => {
  const estimate = new SyncEstimate();
  assert.equal(estimate.secondsLeft(0, 0.1), null);
  assert.equal(estimate.secondsLeft(1_000, 0.11), null);
  assert.equal(estimate.secondsLeft(10_000, 0.2), 80);
});

test('no estimate without progress', () => {
  const estimate = new SyncEstimate();
  estimate.secondsLeft(0, 0.5);
  assert.equal(estimate.secondsLeft(60_000, 0.5), null);
});

test('old samples are forgotten', () => {
  const estimate = new SyncEstimate();
  estimate.secondsLeft(0, 0);
  estimate.secondsLeft(600_000, 0.5);
  assert.equal(estimate.secondsLeft(700_000, 0.6), 400);
});
