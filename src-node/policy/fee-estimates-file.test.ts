import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeFeeEstimates, encodeFeeEstimates } from './fee-estimates-file.js';
import { FeeEstimator } from './fee-estimator.js';

function taught(): FeeEstimator {
  const estimator = new FeeEstimator();
  let waiting: { key: string; height: number; fee: bigint; virtualSize: number }[] = [];
  for (let height = 1; height <= 60; height++) {
    estimator.blockConnected(height, waiting);
    waiting = Array.from({ length: 20 }, (_, i) => ({ key: `${height}/${i}`, height, fee: 5000n, virtualSize: 1000 }));
    for (const tx of waiting) estimator.transactionAdded(tx, true);
  }
  return estimator;
}

test('estimates survive in their file', () => {
  const estimator = taught();
  const before = estimator.estimate(6, true);
  assert.ok(before.feeRate !== undefined);
  const again = new FeeEstimator();
  assert.equal(decodeFeeEstimates(encodeFeeEstimates(estimator), again), true);
  assert.equal(again.bestHeight, 60);
  assert.deepEqual(again.recordedHeights(), { first: 2, best: 60 });
  assert.deepEqual(again.estimate(6, true), before);
});

test('damaged files change nothing, earlier versions say nothing', () => {
  const good = encodeFeeEstimates(taught());
  const estimator = new FeeEstimator();
  assert.throws(() => decodeFeeEstimates(good.subarray(0, good.length - 1), estimator), /end of data/);
  assert.throws(() => decodeFeeEstimates(Uint8Array.of(0xff, 0xff, 0xff, 0x7f), estimator), /version/);
  const shuffled = good.slice();
  shuffled[4] = 1;
  assert.throws(() => decodeFeeEstimates(shuffled, estimator), /no order/);
  assert.equal(decodeFeeEstimates(new Uint8Array(16), estimator), false);
  assert.equal(estimator.bestHeight, 0);
  assert.equal(Math.max(...estimator.short.counts), 0);
});
