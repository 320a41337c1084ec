/** Coins that are spent together or not at all. Amounts are satoshis. */
export interface CoinGroup<Coin> {
  readonly coins: readonly Coin[];
  readonly value: bigint;
  /** Value minus what spending it costs at the payment's fee rate. */
  readonly effectiveValue: bigint;
  /** What spending it costs now, and what it would cost at a calm time. */
  readonly fee: bigint;
  readonly longTermFee: bigint;
  /** Weight units of its inputs. */
  readonly weight: number;
}

export interface SelectionGoal {
  /** Sum of effective values to reach (of values, when recipients pay the fee). */
  readonly target: bigint;
  /** Count values rather than effective values: the recipients pay the fee. */
  readonly subtractFee: boolean;
  /** What making change and spending it later costs. */
  readonly costOfChange: bigint;
  /** What making change costs now. */
  readonly changeFee: bigint;
  /** Least change worth making. */
  readonly minViableChange: bigint;
  /** Change to aim at where there is change. */
  readonly changeTarget: bigint;
  readonly maxWeight: number;
}

export interface Selection<Coin> {
  readonly groups: readonly CoinGroup<Coin>[];
  readonly algorithm: 'bnb' | 'srd' | 'knapsack' | 'largest';
  /** Satoshis lost to a bad time for spending, to change, or to overpaying. */
  readonly waste: bigint;
}

/** Random numbers for selection; tests bring their own. */
export interface SelectionRandom {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

const branchAndBoundTries = 100_000;
const knapsackRounds = 1000;

const amountOf = <Coin>(group: CoinGroup<Coin>, goal: SelectionGoal): bigint => (goal.subtractFee ? group.value : group.effectiveValue);
const sumOf = <Coin>(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal): bigint => groups.reduce((sum, group) => sum + amountOf(group, goal), 0n);
const weightOf = <Coin>(groups: readonly CoinGroup<Coin>[]): number => groups.reduce((sum, group) => sum + group.weight, 0);

/** Change a selection leaves; 0 when it is too little to be worth an output. */
export function changeOfSelection<Coin>(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal): bigint {
  const excess = sumOf(groups, goal) - goal.target;
  const change = goal.subtractFee ? excess : excess - goal.changeFee;
  return change < goal.minViableChange ? 0n : change;
}

function wasteOf<Coin>(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal): bigint {
  const timing = groups.reduce((sum, group) => sum + group.fee - group.longTermFee, 0n);
  const change = changeOfSelection(groups, goal);
  return timing + (change > 0n ? goal.costOfChange : sumOf(groups, goal) - goal.target);
}

/** Descending amounts. */
function byAmount<Coin>(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal): CoinGroup<Coin>[] {
  return [...groups].sort((a, b) => (amountOf(a, goal) > amountOf(b, goal) ? -1 : amountOf(a, goal) < amountOf(b, goal) ? 1 : 0));
}

/**
 * Searches for coins that pay the target exactly, or so nearly that change would not be worth it: depth
 * first over "with or without this coin", leaving branches that cannot succeed or cannot win.
 */
class BranchAndBound<Coin> {
  readonly #sorted: readonly CoinGroup<Coin>[];
  readonly #goal: SelectionGoal;
  /** While fees are high, every further coin makes things worse. */
  readonly #expensive: boolean;
  readonly #chosen: CoinGroup<Coin>[] = [];
  #best: readonly CoinGroup<Coin>[] | undefined;
  #bestWaste = 0n;
  #tries = 0;

  constructor(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal) {
    this.#sorted = byAmount(groups, goal);
    this.#goal = goal;
    this.#expensive = groups.every((group) => group.fee >= group.longTermFee);
  }

  run(): readonly CoinGroup<Coin>[] | undefined {
    this.#search(0, 0n, sumOf(this.#sorted, this.#goal), 0n, 0);
    return this.#best;
  }

  /** @param rest sum of the coins from `index` on */
  #search(index: number, value: bigint, rest: bigint, waste: bigint, weight: number): void {
    const { target, costOfChange, maxWeight } = this.#goal;
    if (value > target + costOfChange || weight > maxWeight) return;
    if (value >= target) {
      const total = waste + value - target;
      if (this.#best !== undefined && total > this.#bestWaste) return;
      this.#best = [...this.#chosen];
      this.#bestWaste = total;
      return;
    }
    let left = rest;
    for (let i = index; value + left >= target; ) {
      const group = this.#sorted[i];
      if (group === undefined || ++this.#tries > branchAndBoundTries) return;
      if (this.#best !== undefined && this.#expensive && waste > this.#bestWaste) return;
      const amount = amountOf(group, this.#goal);
      this.#chosen.push(group);
      this.#search(i + 1, value + amount, left - amount, waste + group.fee - group.longTermFee, weight + group.weight);
      this.#chosen.pop();
      // A coin just like the one left out now would only repeat the search.
      do {
        left -= amount;
        i++;
      } while (this.#isTwin(group, this.#sorted[i]));
    }
  }

  #isTwin(group: CoinGroup<Coin>, next: CoinGroup<Coin> | undefined): boolean {
    return next !== undefined && amountOf(next, this.#goal) === amountOf(group, this.#goal) && next.fee === group.fee;
  }
}

function shuffled<T>(items: readonly T[], random: SelectionRandom): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const [a, b] = [mixed[i], mixed[j]];
    if (a === undefined || b === undefined) continue;
    mixed[i] = b;
    mixed[j] = a;
  }
  return mixed;
}

/** What to reach so that a good amount of change is left. */
const withChange = (goal: SelectionGoal): bigint => goal.target + goal.changeTarget + (goal.subtractFee ? 0n : goal.changeFee);

function takeUntil<Coin>(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal, target: bigint): CoinGroup<Coin>[] | undefined {
  const taken: CoinGroup<Coin>[] = [];
  let sum = 0n;
  for (const group of groups) {
    taken.push(group);
    sum += amountOf(group, goal);
    // Too heavy: give up the coin worth least.
    while (weightOf(taken) > goal.maxWeight) {
      const least = taken.reduce((low, each) => (amountOf(each, goal) < amountOf(low, goal) ? each : low));
      taken.splice(taken.indexOf(least), 1);
      sum -= amountOf(least, goal);
    }
    if (sum >= target) return taken;
  }
  return undefined;
}

/** Knapsack: the smallest sum at or above the target that random tries find, or one larger coin if that is closer. */
function knapsack<Coin>(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal, random: SelectionRandom): CoinGroup<Coin>[] | undefined {
  const target = withChange(goal);
  const small = byAmount(groups.filter((group) => amountOf(group, goal) < target), goal);
  const large = byAmount(groups.filter((group) => amountOf(group, goal) >= target), goal).at(-1);
  if (sumOf(small, goal) < target) return large && [large];
  let best = small;
  let bestSum = sumOf(small, goal);
  for (let round = 0; round < knapsackRounds && bestSum > target; round++) {
    const picked = new Set<CoinGroup<Coin>>();
    let sum = 0n;
    // First by coin toss, then whatever was left out.
    for (const pass of [0, 1]) {
      for (const group of small) {
        if (sum >= target || picked.has(group) || (pass === 0 && random.below(2) === 0)) continue;
        picked.add(group);
        sum += amountOf(group, goal);
        if (sum >= target && sum < bestSum) {
          bestSum = sum;
          best = [...picked];
        }
      }
    }
  }
  if (large !== undefined && (amountOf(large, goal) <= bestSum || weightOf(best) > goal.maxWeight)) return [large];
  return best;
}

/**
 * Chooses coins for a payment: tries several ways and takes the least wasteful.
 * @returns undefined when the coins do not suffice.
 */
export function selectCoins<Coin>(groups: readonly CoinGroup<Coin>[], goal: SelectionGoal, random: SelectionRandom): Selection<Coin> | undefined {
  const useful = groups.filter((group) => amountOf(group, goal) > 0n);
  const results: Selection<Coin>[] = [];
  const consider = (algorithm: Selection<Coin>['algorithm'], chosen: readonly CoinGroup<Coin>[] | undefined): void => {
    if (chosen === undefined || sumOf(chosen, goal) < goal.target || weightOf(chosen) > goal.maxWeight) return;
    results.push({ groups: chosen, algorithm, waste: wasteOf(chosen, goal) });
  };
  // An exact match needs the fee to be known beforehand.
  if (!goal.subtractFee) consider('bnb', new BranchAndBound(useful, goal).run());
  consider('knapsack', knapsack(useful, goal, random));
  consider('srd', takeUntil(shuffled(useful, random), goal, withChange(goal)));
  consider('largest', takeUntil(byAmount(useful, goal), goal, withChange(goal)));
  // Whatever leaves less change than wished is still a payment.
  if (results.length === 0) consider('largest', takeUntil(byAmount(useful, goal), goal, goal.target));
  const score = (each: Selection<Coin>): readonly [bigint, number] => [each.waste, -each.groups.length];
  return results.reduce<Selection<Coin> | undefined>((best, each) => {
    if (best === undefined) return each;
    const [a, b] = [score(each), score(best)];
    return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? each : best;
  }, undefined);
}
