import assert from 'node:assert/strict';
import test from 'node:test';
import { FeeEstimator, feeRateBounds, type EstimatedTransaction } from './fee-estimator.js';

test('the buckets are those of the file format', () => {
  const bounds = feeRateBounds();
  assert.equal(bounds.length, 237);
  assert.equal(bounds[0], 100);
  assert.equal(bounds[236], 1e99);
});

/** Blocks with ten payments each at several feerates: each feerate confirms after its own delay. */
function teach(estimator: FeeEstimator, delays: readonly (readonly [feeRate: number, blocks: number])[], blocks: number): void {
  let waiting: (EstimatedTransaction & { due: number })[] = [];
  let number = 0;
  for (let height = 1; height <= blocks; height++) {
    const confirmed = waiting.filter((tx) => tx.due <= height);
    waiting = waiting.filter((tx) => tx.due > height);
    estimator.blockConnected(height, confirmed);
    for (const [feeRate, delay] of delays) {
      for (let i = 0; i < 10; i++) {
        const tx = { key: String(number++), height, fee: BigInt(feeRate), virtualSize: 1000, due: height + delay };
        estimator.transactionAdded(tx, true);
        waiting.push(tx);
      }
    }
  }
}

test('without blocks there is no answer', () => {
  const estimator = new FeeEstimator();
  assert.deepEqual(estimator.estimate(6, false), { feeRate: undefined, blocks: 0 });
  assert.equal(estimator.estimate(1009, false).feeRate, undefined);
});

test('the answer is the cheapest feerate that confirms in time', () => {
  const estimator = new FeeEstimator();
  teach(estimator, [[20_000, 1], [5_000, 5], [1_000, 18]], 400);
  const near = (target: number, expected: number): void => {
    const { feeRate, blocks } = estimator.estimate(target, false);
    assert.equal(blocks, Math.max(target, 2));
    assert.ok(feeRate !== undefined && Math.abs(Number(feeRate) - expected) < expected * 0.06, `${target}: ${feeRate}`);
  };
  near(1, 20_000);
  near(2, 20_000);
  near(10, 5_000);
  near(44, 1_000);
});

test('transactions that came with unconfirmed parents or at an old height teach nothing', () => {
  const estimator = new FeeEstimator();
  estimator.blockConnected(1, []);
  estimator.transactionAdded({ key: 'a', height: 1, fee: 1000n, virtualSize: 100 }, false);
  estimator.transactionAdded({ key: 'b', height: 0, fee: 1000n, virtualSize: 100 }, true);
  estimator.blockConnected(2, [{ key: 'a', height: 1, fee: 1000n, virtualSize: 100 }, { key: 'b', height: 0, fee: 1000n, virtualSize: 100 }]);
  assert.equal(Math.max(...estimator.short.counts), 0);
});
