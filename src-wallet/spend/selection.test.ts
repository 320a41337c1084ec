import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOfSelection, selectCoins, type CoinGroup, type SelectionGoal, type SelectionRandom } from './selection.js';

/** Repeats itself from run to run. */
function repeatable(seed: number): SelectionRandom {
  let state = seed;
  return {
    below(limit) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 0x1_0000_0000) * limit);
    },
  };
}

function coin(value: bigint, fee = 68n, longTermFee = 680n): CoinGroup<string> {
  return { coins: [String(value)], value, effectiveValue: value - fee, fee, longTermFee, weight: 272 };
}

const goal = (target: bigint, more: Partial<SelectionGoal> = {}): SelectionGoal => ({
  target,
  subtractFee: false,
  costOfChange: 99n,
  changeFee: 31n,
  minViableChange: 300n,
  changeTarget: 50_000n,
  maxWeight: 400_000,
  ...more,
});

const total = (groups: readonly CoinGroup<string>[]): bigint => groups.reduce((sum, group) => sum + group.effectiveValue, 0n);

test('an exact match is found, and makes no change', () => {
  const coins = [1n, 2n, 3n, 5n, 8n, 13n, 21n, 34n].map((value) => coin(value * 100_000n, 68n, 68n));
  const exact = goal((1n + 8n + 34n) * 100_000n - 3n * 68n);
  const selection = selectCoins(coins, exact, repeatable(1));
  assert.equal(selection?.algorithm, 'bnb');
  assert.equal(total(selection.groups), exact.target);
  assert.equal(changeOfSelection(selection.groups, exact), 0n);
});

test('exact matches are the smallest waste that any subset has', () => {
  const random = repeatable(7);
  for (let round = 0; round < 200; round++) {
    const coins = Array.from({ length: 10 }, () => coin(BigInt(1000 + random.below(9000)), BigInt(50 + random.below(100)), 75n));
    const wanted = goal(BigInt(5000 + random.below(20_000)), { costOfChange: 60n, changeTarget: 1_000_000n });
    let best: bigint | undefined;
    for (let subset = 1; subset < 1 << coins.length; subset++) {
      const chosen = coins.filter((_coin, i) => ((subset >> i) & 1) === 1);
      const value = total(chosen);
      if (value < wanted.target || value > wanted.target + wanted.costOfChange) continue;
      const waste = chosen.reduce((sum, each) => sum + each.fee - each.longTermFee, 0n) + value - wanted.target;
      if (best === undefined || waste < best) best = waste;
    }
    const selection = selectCoins(coins, wanted, random);
    if (best !== undefined && selection?.algorithm === 'bnb') assert.equal(selection.waste, best);
    if (best !== undefined) assert.ok(selection !== undefined && selection.waste <= best);
  }
});

test('whatever is chosen pays the target, within the weight', () => {
  const random = repeatable(42);
  for (let round = 0; round < 300; round++) {
    const coins = Array.from({ length: 1 + random.below(60) }, () => coin(BigInt(100 + random.below(1_000_000)), BigInt(random.below(2000)), 680n));
    const wanted = goal(BigInt(1 + random.below(5_000_000)), { subtractFee: random.below(4) === 0, maxWeight: 272 * (1 + random.below(60)) });
    const selection = selectCoins(coins, wanted, random);
    if (selection === undefined) continue;
    const sum = selection.groups.reduce((all, each) => all + (wanted.subtractFee ? each.value : each.effectiveValue), 0n);
    assert.ok(sum >= wanted.target);
    assert.ok(selection.groups.reduce((all, each) => all + each.weight, 0) <= wanted.maxWeight);
    assert.equal(new Set(selection.groups).size, selection.groups.length);
  }
});

test('coins that cost more than they are worth are left alone, and too little is nothing', () => {
  const dust = coin(50n);
  assert.equal(selectCoins([dust], goal(1n), repeatable(1)), undefined);
  assert.equal(selectCoins([], goal(1n), repeatable(1)), undefined);
  assert.equal(selectCoins([coin(1000n)], goal(1000n), repeatable(1)), undefined);
  const selection = selectCoins([dust, coin(100_000n)], goal(20_000n), repeatable(1));
  assert.deepEqual(selection?.groups.map((group) => group.value), [100_000n]);
});

test('cheap times gather coins, dear times spend few', () => {
  const many = Array.from({ length: 40 }, () => coin(10_000n, 680n, 680n));
  const cheap = [...many, coin(1_000_000n, 680n, 680n)].map((group) => ({ ...group, fee: 68n, longTermFee: 680n, effectiveValue: group.value - 68n }));
  const dear = [...many, coin(1_000_000n, 680n, 680n)].map((group) => ({ ...group, fee: 6800n, longTermFee: 680n, effectiveValue: group.value - 6800n }));
  const wanted = goal(100_000n, { changeTarget: 10_000n });
  assert.ok((selectCoins(cheap, wanted, repeatable(3))?.groups.length ?? 0) >= 10);
  assert.equal(selectCoins(dear, wanted, repeatable(3))?.groups.length, 1);
});

test('thousands of coins are searched within bounds', () => {
  const random = repeatable(9);
  const coins = Array.from({ length: 5000 }, () => coin(BigInt(1000 + random.below(100_000))));
  assert.ok(selectCoins(coins, goal(30_000_000n, { maxWeight: 400_000 }), random));
});
